# Installs the build to an empty prefix; then configures, builds and runs against it what embedding programs are: consumer/
# and the code in docs/.
set(prefix ${work}/prefix)
set(here ${CMAKE_CURRENT_LIST_DIR})
file(REMOVE_RECURSE ${work})

function(run)
  execute_process(COMMAND ${ARGV} COMMAND_ERROR_IS_FATAL ANY)
endfunction()

# Adds what the program prints to `output`, one after the other.
function(run_printing)
  execute_process(COMMAND ${ARGV} OUTPUT_VARIABLE printed COMMAND_ERROR_IS_FATAL ANY TIMEOUT 60)
  set(output "${output}${printed}" PARENT_SCOPE)
endfunction()

function(build_project folder)
  run(${CMAKE_COMMAND} -S ${folder} -B ${folder}/build -G Ninja -DCMAKE_PREFIX_PATH=${prefix}
    -DCMAKE_CXX_COMPILER=${compiler})
  run(${CMAKE_COMMAND} --build ${folder}/build)
endfunction()

# The code of docs/<name>.md as a project, built.
function(build_document name)
  file(MAKE_DIRECTORY ${work}/${name})
  run(awk -v into=${work}/${name} -f ${here}/extract.awk ${source}/docs/${name}.md)
  build_project(${work}/${name})
endfunction()

# Each line that the document says is printed has been.
function(check_output name)
  file(STRINGS ${work}/${name}/output.txt lines)
  foreach(line IN LISTS lines)
    string(FIND "${output}" "${line}" at)
    if(at EQUAL -1)
      message(FATAL_ERROR "docs/${name}.md says that this is printed:\n${line}\nPrinted was:\n${output}")
    endif()
  endforeach()
endfunction()

run(${CMAKE_COMMAND} --install ${build} --prefix ${prefix} --component development)

# A header names no document that isn't installed.
execute_process(COMMAND grep -rhoE "DESIGN|[A-Za-z_/]+[.]md" ${prefix}/include OUTPUT_VARIABLE names)
string(REPLACE "\n" ";" names "${names}")
foreach(name IN LISTS names)
  if(NOT name STREQUAL "" AND NOT EXISTS ${prefix}/share/doc/tote/${name})
    message(FATAL_ERROR "an installed header names ${name}, which isn't installed")
  endif()
endforeach()

file(COPY ${here}/consumer DESTINATION ${work})
build_project(${work}/consumer)
run(${work}/consumer/build/consumer ${work}/data)

build_document(entities)
execute_process(COMMAND grep -cvE "^ *(//.*)?$" ${work}/entities/auction.h OUTPUT_VARIABLE lines)
if(lines GREATER 80)
  message(FATAL_ERROR "the auction of docs/entities.md has grown to ${lines} lines")
endif()
set(programs ${work}/entities/build)
set(data ${work}/auction-data)
set(output "")
run_printing(${programs}/auction ${data})
run_printing(${programs}/auction ${data})
run_printing(${programs}/auctions verify ${data})
run_printing(${programs}/auctions log --data ${data})
run(${here}/serve.sh ${programs}/auctions ${data})
file(READ ${data}.serve.txt served)
string(APPEND output "${served}")
check_output(entities)

build_document(embedding)
set(output "")
foreach(program threads host errors)
  run_printing(${work}/embedding/build/${program} ${work}/${program}-data)
endforeach()
check_output(embedding)
