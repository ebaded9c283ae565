#include "tests/powercut/child.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <iterator>

namespace tests::powercut {
namespace {

constexpr int seconds_max = 60;  // a child that hangs is a failure, too

void become_plain(const std::string& stderr_file) {
  const int file = ::open(stderr_file.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  ::dup2(file, STDERR_FILENO);
  const rlimit no_core{0, 0};
  ::setrlimit(RLIMIT_CORE, &no_core);
  for (const int number : {SIGABRT, SIGSEGV, SIGTERM, SIGINT, SIGFPE, SIGILL}) std::signal(number, SIG_DFL);
  ::alarm(seconds_max);
}

}  // namespace

pid_t start_child(const std::string& stderr_file, const std::function<int()>& run) {
  const pid_t child = ::fork();
  if (child != 0) return child;
  become_plain(stderr_file);
  std::_Exit(run());
}

Ended wait_for_child(pid_t child, const std::string& stderr_file) {
  int status = 0;
  while (::waitpid(child, &status, 0) < 0) {
  }
  std::ifstream in(stderr_file);
  return {WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status), {std::istreambuf_iterator<char>(in), {}}};
}

Ended run_child(const std::string& stderr_file, const std::function<int()>& run) {
  return wait_for_child(start_child(stderr_file, run), stderr_file);
}

}  // namespace tests::powercut
