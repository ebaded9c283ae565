# `cmake --install` gives the embedding API: find_package(tote), target tote::tote, headers by the paths they have here;
# and docs/, as the headers name them.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

# tote_libraries_below(actors into): the libraries of all rooms in this folder.
function(tote_libraries_below folder into)
  get_property(folders DIRECTORY ${PROJECT_SOURCE_DIR}/${folder} PROPERTY SUBDIRECTORIES)
  set(libraries "")
  foreach(room ${folders})
    get_property(targets DIRECTORY ${room} PROPERTY BUILDSYSTEM_TARGETS)
    foreach(target ${targets})
      get_target_property(type ${target} TYPE)
      if(type MATCHES "^(STATIC|INTERFACE)_LIBRARY$")
        list(APPEND libraries ${target})
      endif()
    endforeach()
  endforeach()
  set(${into} ${libraries} PARENT_SCOPE)
endfunction()

# Every actor's: an embedding program picks its kinds by including their headers.
tote_libraries_below(actors actors)
tote_libraries_below(adapters adapters)

add_library(tote_api INTERFACE)
add_library(tote::tote ALIAS tote_api)
set_target_properties(tote_api PROPERTIES EXPORT_NAME tote)
target_link_libraries(tote_api INTERFACE tote_engine ${actors})
target_compile_features(tote_api INTERFACE cxx_std_20)

install(TARGETS tote_api tote_kernel tote_wal tote_engine ${actors} EXPORT tote
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT development)
install(FILES engine/tote.h engine/backup_status.h engine/request.h engine/effect_call.h engine/history_entry.h engine/hot_entity.h engine/ids_page.h engine/retention.h DESTINATION include/tote/engine COMPONENT development)
install(FILES wal/record.h wal/damage.h wal/log.h wal/log_reader.h wal/trim_limit.h DESTINATION include/tote/wal COMPONENT development)
install(DIRECTORY engine/kernel DESTINATION include/tote/engine COMPONENT development FILES_MATCHING PATTERN *.h PATTERN *.inc)
install(DIRECTORY actors DESTINATION include/tote COMPONENT development FILES_MATCHING PATTERN *.h)

# find_package(tote COMPONENTS program): the program's parts, for a program with kinds of one's own. A set of its own, so
# that an embedding program needs none of the libraries that only the program uses.
add_library(tote_program INTERFACE)
add_library(tote::program ALIAS tote_program)
set_target_properties(tote_program PROPERTIES EXPORT_NAME program)
target_link_libraries(tote_program INTERFACE tote_cli tote_api)
install(TARGETS tote_program tote_replication ${adapters} EXPORT tote_program
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT development)
install(FILES adapters/cli/program.h DESTINATION include/tote/adapters/cli COMPONENT development)

install(DIRECTORY docs DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT development)

set(package ${CMAKE_INSTALL_LIBDIR}/cmake/tote)
configure_package_config_file(cmake/tote-config.cmake.in ${PROJECT_BINARY_DIR}/tote-config.cmake INSTALL_DESTINATION ${package})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/tote-config-version.cmake COMPATIBILITY SameMinorVersion)
install(EXPORT tote NAMESPACE tote:: FILE tote-targets.cmake DESTINATION ${package} COMPONENT development)
install(EXPORT tote_program NAMESPACE tote:: FILE tote-program-targets.cmake DESTINATION ${package} COMPONENT development)
install(FILES ${PROJECT_BINARY_DIR}/tote-config.cmake ${PROJECT_BINARY_DIR}/tote-config-version.cmake
  cmake/SystemLibrary.cmake DESTINATION ${package} COMPONENT development)

if(TARGET tote)
  install(TARGETS tote RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT program)
endif()
