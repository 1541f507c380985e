# A room is a static library with its own sources and its own links: the link graph repeats docs/arrows.txt.
#   envlock_room(diff SOURCES metric.cpp LINKS model version PRIVATE fmt::fmt)
add_library(envlock_warnings INTERFACE)
target_compile_options(envlock_warnings INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor
                       -Wno-missing-field-initializers  # designated initialisers leave the rest at its default on purpose
                       $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>  # GCC 12: false alarms inside short std::string values
                       $<$<BOOL:${ENVLOCK_WERROR}>:-Werror>)

function(envlock_room name)
  cmake_parse_arguments(ROOM "" "" "SOURCES;LINKS;PRIVATE" ${ARGN})
  string(REPLACE "/" "_" target ${name})
  add_library(envlock_${target} STATIC ${ROOM_SOURCES})
  add_library(envlock::${target} ALIAS envlock_${target})
  target_include_directories(envlock_${target} PUBLIC ${CMAKE_SOURCE_DIR}/include PRIVATE ${CMAKE_SOURCE_DIR}/src)
  foreach(link IN LISTS ROOM_LINKS)
    target_link_libraries(envlock_${target} PUBLIC envlock::${link})
  endforeach()
  target_link_libraries(envlock_${target} PUBLIC envlock_expected PRIVATE envlock_warnings ${ROOM_PRIVATE})
endfunction()

# envlock_test(base SOURCES test_text.cpp LINKS base): one executable a room, sentences for names.
function(envlock_test name)
  cmake_parse_arguments(TEST "" "" "SOURCES;LINKS;PRIVATE" ${ARGN})
  add_executable(test_${name} ${TEST_SOURCES})
  target_include_directories(test_${name} PRIVATE ${CMAKE_SOURCE_DIR}/src ${CMAKE_SOURCE_DIR}/tests)
  foreach(link IN LISTS TEST_LINKS)
    target_link_libraries(test_${name} PRIVATE envlock::${link})
  endforeach()
  target_link_libraries(test_${name} PRIVATE envlock_test_main envlock_warnings ${TEST_PRIVATE})
  target_compile_definitions(test_${name} PRIVATE ENVLOCK_SOURCE_DIR="${CMAKE_SOURCE_DIR}" ENVLOCK_BINARY_DIR="${CMAKE_BINARY_DIR}")
  add_test(NAME ${name} COMMAND test_${name} WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
endfunction()

# envlock_fuzz(record ROOM dist): tests/fuzz/fuzz_record.cpp with corpus tests/fuzz/corpus/record/.
# With ENVLOCK_FUZZ a libFuzzer target; else a plain program that runs the corpus, and is a test.
function(envlock_fuzz name)
  cmake_parse_arguments(FUZZ "" "" "LINKS" ${ARGN})
  add_executable(fuzz_${name} ${CMAKE_SOURCE_DIR}/tests/fuzz/fuzz_${name}.cpp)
  target_include_directories(fuzz_${name} PRIVATE ${CMAKE_SOURCE_DIR}/src ${CMAKE_SOURCE_DIR}/tests)
  foreach(link IN LISTS FUZZ_LINKS)
    target_link_libraries(fuzz_${name} PRIVATE envlock::${link})
  endforeach()
  target_link_libraries(fuzz_${name} PRIVATE envlock_warnings)
  if(ENVLOCK_FUZZ)
    target_link_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
    set_property(GLOBAL APPEND PROPERTY ENVLOCK_FUZZ_TARGETS ${name})
  else()
    target_sources(fuzz_${name} PRIVATE ${CMAKE_SOURCE_DIR}/tests/fuzz/run_corpus.cpp)
    add_test(NAME corpus_${name} COMMAND fuzz_${name} ${CMAKE_SOURCE_DIR}/tests/fuzz/corpus/${name})
  endif()
endfunction()
