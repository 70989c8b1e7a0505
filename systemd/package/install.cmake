# The part of an installation that install(FILES) cannot say: files that are compressed on their way, as Debian wants
# them, and those whose place is /etc for the prefix /usr and PREFIX/etc for any other.
function(install_compressed file folder)
    cmake_path(GET file FILENAME name)
    # Without a name and a time in it, the same bytes come out each time.
    execute_process(COMMAND gzip -9nc ${file} OUTPUT_FILE ${REELD_SCRATCH}/${name}.gz COMMAND_ERROR_IS_FATAL ANY)
    file(INSTALL DESTINATION ${CMAKE_INSTALL_PREFIX}/${folder} TYPE FILE FILES ${REELD_SCRATCH}/${name}.gz)
endfunction()

install_compressed(${REELD_CHANGELOG} ${REELD_DOCDIR})
install_compressed(${REELD_MAN}/reeld.1 ${REELD_MANDIR}/man1)
install_compressed(${REELD_MAN}/reeld.yaml.5 ${REELD_MANDIR}/man5)
install_compressed(${REELD_MAN}/reeld-storyboard.5 ${REELD_MANDIR}/man5)

if(CMAKE_INSTALL_PREFIX STREQUAL "/usr")
    set(etc /etc)
else()
    set(etc ${CMAKE_INSTALL_PREFIX}/etc)
endif()
file(INSTALL DESTINATION ${etc}/reeld TYPE FILE FILES ${REELD_CONFIG_FILE})
file(INSTALL DESTINATION ${CMAKE_INSTALL_PREFIX}/share/lintian/overrides TYPE FILE FILES ${REELD_OVERRIDES} RENAME reeld)
