// Children of a process that has no threads: each runs a function and ends, however it may.
#pragma once

#include <sys/types.h>

#include <functional>
#include <string>

namespace tests::powercut {

struct Ended {
  int code = 0;      // 128 + the signal that ended it
  std::string said;  // on stderr
};

// Forks; the child ends with what `run` returns. Its stderr goes to the file.
pid_t start_child(const std::string& stderr_file, const std::function<int()>& run);
Ended wait_for_child(pid_t child, const std::string& stderr_file);
Ended run_child(const std::string& stderr_file, const std::function<int()>& run);

}  // namespace tests::powercut
