# What pip itself uses when no index is configured. Asked from pip, so that no file here names a host.
if(ENVLOCK_DEFAULT_INDEX STREQUAL "")
  find_program(ENVLOCK_PYTHON NAMES python3)
  if(ENVLOCK_PYTHON)
    execute_process(
      COMMAND ${ENVLOCK_PYTHON} -c "from pip._internal.models.index import PyPI; print(PyPI.simple_url)"
      OUTPUT_VARIABLE envlock_index OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE envlock_index_rc)
    if(envlock_index_rc EQUAL 0)
      set(ENVLOCK_DEFAULT_INDEX_FOUND "${envlock_index}")
    endif()
  endif()
  if(NOT ENVLOCK_DEFAULT_INDEX_FOUND)
    message(STATUS "pip was not found: envlock will have no default index (set ENVLOCK_DEFAULT_INDEX)")
  endif()
else()
  set(ENVLOCK_DEFAULT_INDEX_FOUND "${ENVLOCK_DEFAULT_INDEX}")
endif()
