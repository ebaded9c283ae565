# Installs the build to an empty prefix, then configures, builds and runs consumer/ against it.
file(REMOVE_RECURSE ${work})
foreach(step
    "--install;${build};--prefix;${work}/prefix;--component;development"
    "-S;${CMAKE_CURRENT_LIST_DIR}/consumer;-B;${work}/build;-G;Ninja;-DCMAKE_PREFIX_PATH=${work}/prefix;-DCMAKE_CXX_COMPILER=${compiler}"
    "--build;${work}/build")
  execute_process(COMMAND ${CMAKE_COMMAND} ${step} COMMAND_ERROR_IS_FATAL ANY)
endforeach()
execute_process(COMMAND ${work}/build/consumer ${work}/data COMMAND_ERROR_IS_FATAL ANY)
