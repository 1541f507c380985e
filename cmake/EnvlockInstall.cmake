# What arrives on a user's machine: the program, its network module, the schemas, the documentation; and a .deb of it.
if(NOT TARGET envlock)
  return()
endif()

install(TARGETS envlock RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
if(TARGET envlock_net)
  # A private module that the program loads when it needs the network, not a library to link with.
  install(TARGETS envlock_net LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}/envlock)
endif()
install(DIRECTORY ${CMAKE_SOURCE_DIR}/schemas/ DESTINATION ${CMAKE_INSTALL_DATADIR}/envlock/schemas FILES_MATCHING PATTERN "*.json")
install(FILES ${CMAKE_SOURCE_DIR}/README.md ${CMAKE_SOURCE_DIR}/CHANGELOG.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(FILES ${CMAKE_SOURCE_DIR}/LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR} RENAME copyright)
install(DIRECTORY ${CMAKE_SOURCE_DIR}/docs/ DESTINATION ${CMAKE_INSTALL_DOCDIR} FILES_MATCHING PATTERN "*.md")

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME envlock)
set(CPACK_PACKAGE_VENDOR "The envlock authors")
set(CPACK_PACKAGE_CONTACT "The envlock authors <envlock@example.invalid>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${PROJECT_DESCRIPTION}")
set(CPACK_PACKAGE_DESCRIPTION
    "Captures a Python environment on a Nix base as one signed manifest, tells how far a later one has moved, and why it matters.")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION utils)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
# Run on request, when there: git for manifests in history, ssh-keygen and openssl to check a signature without envlock.
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "ca-certificates, git")
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "openssh-client, openssl")
include(CPack)
