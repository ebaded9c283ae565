# A room is one library: its sources, the rooms it may know (public), the outside libraries it uses (private).
add_library(tote_warnings INTERFACE)
target_compile_options(tote_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor -Woverloaded-virtual -Wold-style-cast -Werror
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>  # GCC 12 warns of std::string's own code (its bug 105651)
  $<$<CXX_COMPILER_ID:Clang>:-Wno-shadow>)  # to clang a local name shadows a static member; GCC's idea of it counts
if(TOTE_SANITIZE)
  add_compile_options(-fsanitize=${TOTE_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${TOTE_SANITIZE})
  if(TOTE_SANITIZE MATCHES "address" AND CMAKE_CXX_COMPILER_ID STREQUAL GNU)
    add_compile_options(-Wno-maybe-uninitialized)  # ASan's code confuses it: it calls an empty std::optional's content read
  endif()
  if(TOTE_SANITIZE MATCHES "thread")
    add_compile_options(-Wno-tsan)  # TSan can't see Asio's fences; it sees the locks beside them
  endif()
endif()
find_program(TOTE_MOLD mold)
if(TOTE_MOLD)
  add_link_options(-fuse-ld=mold)
endif()

# tote_sources(sources): this folder's *.cc. When a file comes or goes the folder changes, and CMake runs again; unlike
# GLOB's CONFIGURE_DEPENDS this needs no look at every folder in every build, and `ninja -n` knows when all is done.
function(tote_sources into)
  file(GLOB sources *.cc)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR})
  set(${into} ${sources} PARENT_SCOPE)
endfunction()

# tote_together(sources): eight files become one to the compiler, which reads their headers once: a third of the work.
# Not CMake's own UNITY_BUILD, whose files name the clone: a compiler cache couldn't share them, nor could objects be
# the same. What one of the files has for itself isn't in the way of another; builds of single files warn of it.
function(tote_together files)
  set(number 0)
  set(together "")
  while(${files})
    list(SUBLIST ${files} 0 8 some)
    list(REMOVE_ITEM ${files} ${some})
    set(content "#pragma GCC diagnostic ignored \"-Wshadow\"\n")
    if(CMAKE_CXX_COMPILER_ID STREQUAL GNU)
      string(APPEND content "#pragma GCC diagnostic ignored \"-Wsubobject-linkage\"\n")
    endif()
    foreach(file ${some})
      file(RELATIVE_PATH name ${PROJECT_SOURCE_DIR} ${file})
      string(APPEND content "#include \"${name}\"\n")
    endforeach()
    file(CONFIGURE OUTPUT together_${number}.cc CONTENT "${content}" @ONLY)
    list(APPEND together ${CMAKE_CURRENT_BINARY_DIR}/together_${number}.cc)
    math(EXPR number "${number} + 1")
  endwhile()
  set(${files} ${together} PARENT_SCOPE)
endfunction()

# tote_room(wal KNOWS kernel USES RocksDB::rocksdb): library tote_wal of this folder's *.cc (not of subfolders)
function(tote_room name)
  cmake_parse_arguments(ROOM "" "" "KNOWS;USES;SCHEMAS" ${ARGN})
  tote_sources(sources)
  if(TOTE_TOGETHER)
    tote_together(sources)
  endif()
  set(scope PUBLIC)
  if(sources)
    add_library(tote_${name} STATIC ${sources})
  else()
    add_library(tote_${name} INTERFACE)
    set(scope INTERFACE)
  endif()
  add_library(tote::${name} ALIAS tote_${name})
  set_target_properties(tote_${name} PROPERTIES EXPORT_NAME ${name})
  target_include_directories(tote_${name} ${scope}
    $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}> $<INSTALL_INTERFACE:include/tote>)
  foreach(room ${ROOM_KNOWS})
    target_link_libraries(tote_${name} ${scope} tote_${room})
  endforeach()
  if(sources)
    target_link_libraries(tote_${name} PRIVATE ${ROOM_USES} $<BUILD_INTERFACE:tote_warnings>)
  endif()
  if(sources AND TOTE_TOGETHER AND CMAKE_CXX_COMPILER_ID STREQUAL GNU)
    # What GCC inlines is bounded by the growth of a unit above 10 000 instructions; a unit of eight may grow as eight
    # units may. Without it the schema's small functions stay calls, and transfers between 10 000 wallets lose a fifth.
    target_compile_options(tote_${name} PRIVATE "SHELL:--param large-unit-insns=80000")
  endif()
  foreach(schema ${ROOM_SCHEMAS})
    tote_schema(tote_${name} ${schema})
  endforeach()
endfunction()

# Generates <folder>/<name>_generated.h from <name>.fbs, seen only by this room.
function(tote_schema target schema)
  get_filename_component(stem ${schema} NAME_WE)
  file(RELATIVE_PATH folder ${PROJECT_SOURCE_DIR} ${CMAKE_CURRENT_SOURCE_DIR})
  get_filename_component(folder ${folder}/${schema} DIRECTORY)
  set(generated ${PROJECT_BINARY_DIR}/generated/${folder}/${stem}_generated.h)
  add_custom_command(OUTPUT ${generated}
    COMMAND ${FLATC} --cpp --cpp-std c++17 --scoped-enums --no-prefix --cpp-static-reflection -o ${PROJECT_BINARY_DIR}/generated/${folder}
            ${CMAKE_CURRENT_SOURCE_DIR}/${schema}
    DEPENDS ${schema} VERBATIM)
  target_sources(${target} PRIVATE ${generated})
  target_include_directories(${target} SYSTEM PRIVATE ${PROJECT_BINARY_DIR}/generated)
endfunction()
