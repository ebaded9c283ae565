#include "tests/cli/program.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <stdexcept>

#include "tests/places.h"

namespace tote::cli::test {
namespace {

using Clock = std::chrono::steady_clock;

int ms_until(Clock::time_point deadline) {
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
  return ms > 0 ? static_cast<int>(ms) : 0;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> all;
  for (auto& text : texts) all.push_back(text.data());
  all.push_back(nullptr);
  return all;
}

// Takes what is there; closes the pipe at its end.
void drain(int& pipe, std::string& into) {
  std::array<char, 4096> bytes{};
  const auto count = ::read(pipe, bytes.data(), bytes.size());
  if (count > 0) {
    into.append(bytes.data(), static_cast<std::size_t>(count));
  } else {
    ::close(pipe);
    pipe = -1;
  }
}

}  // namespace

Child::Child(const std::string& program, const Arguments& arguments, const std::string& directory,
             const std::map<std::string, std::string>& environment) {
  std::vector<std::string> words{program};
  words.insert(words.end(), arguments.begin(), arguments.end());
  const char* path = std::getenv("PATH");
  std::vector<std::string> variables{std::string("PATH=") + (path != nullptr ? path : "/usr/bin:/bin")};
  for (const auto& [name, value] : environment) variables.push_back(name + "=" + value);
  const auto argv = pointers(words);
  const auto envp = pointers(variables);
  std::array<int, 2> out{}, err{};
  if (::pipe2(out.data(), O_CLOEXEC) != 0 || ::pipe2(err.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  pid_ = ::fork();
  if (pid_ == 0) {
    ::dup2(out[1], STDOUT_FILENO);
    ::dup2(err[1], STDERR_FILENO);
    if (::chdir(directory.c_str()) == 0) ::execve(program.c_str(), argv.data(), envp.data());
    ::_exit(127);
  }
  ::close(out[1]);
  ::close(err[1]);
  out_pipe_ = out[0];
  err_pipe_ = err[0];
  if (pid_ < 0) throw std::runtime_error("no child process");
}

Child::~Child() {
  if (pid_ > 0) {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  for (const int pipe : {out_pipe_, err_pipe_})
    if (pipe >= 0) ::close(pipe);
}

bool Child::read_some(int timeout_ms) {
  if (out_pipe_ < 0 && err_pipe_ < 0) return false;
  std::array<pollfd, 2> pipes{pollfd{out_pipe_, POLLIN, 0}, pollfd{err_pipe_, POLLIN, 0}};
  if (::poll(pipes.data(), pipes.size(), timeout_ms) <= 0) return true;
  if (pipes[0].revents != 0) drain(out_pipe_, out_);
  if (pipes[1].revents != 0) drain(err_pipe_, err_);
  return true;
}

template <class IsThere>
bool Child::wait_until(const IsThere& is_there) {
  const auto deadline = Clock::now() + std::chrono::seconds(20);
  while (!is_there() && Clock::now() < deadline)
    if (!read_some(ms_until(deadline))) break;
  return is_there();
}

bool Child::wait_for_line(const std::string& beginning) {
  return wait_until([&] { return out_.starts_with(beginning) || contains(out_, "\n" + beginning); });
}

bool Child::wait_for_error(const std::string& part) {
  return wait_until([&] { return contains(err_, part); });
}

int Child::wait(int seconds) {
  const auto deadline = Clock::now() + std::chrono::seconds(seconds);
  while (Clock::now() < deadline && read_some(ms_until(deadline))) {
  }
  if (out_pipe_ >= 0 || err_pipe_ >= 0) return -1;  // it is still there: it has not let go of them
  int status = 0;
  ::waitpid(pid_, &status, 0);
  pid_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

void Child::signal(int number) const { ::kill(pid_, number); }

Finished run_tote(const Child::Arguments& arguments, const std::string& directory,
                  const std::map<std::string, std::string>& environment) {
  Child child(::tests::program(), arguments, directory, environment);
  const int code = child.wait();
  return {code, child.out(), child.err()};
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find('\n', at), text.size());
    lines.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace tote::cli::test
