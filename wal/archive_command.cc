#include "wal/archive_command.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <string_view>
#include <system_error>
#include <thread>

namespace tote::wal {
namespace {

bool is_plain(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
         std::string_view("._/+-@=:,").find(c) != std::string_view::npos;
}

std::string text_of_exit(int status) {
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return {};
  if (WIFEXITED(status)) return "it exited with " + std::to_string(WEXITSTATUS(status));
  return "it was ended by signal " + std::to_string(WTERMSIG(status));
}

// A group of its own, so that what it starts can be ended with it.
int spawn(const std::string& command, pid_t& child) {
  posix_spawn_file_actions_t files;
  posix_spawnattr_t attributes;
  sigset_t none;
  ::sigemptyset(&none);
  ::posix_spawn_file_actions_init(&files);
  ::posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  ::posix_spawnattr_init(&attributes);
  ::posix_spawnattr_setpgroup(&attributes, 0);
  ::posix_spawnattr_setsigmask(&attributes, &none);
  ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK);
  std::string shell = "/bin/sh", option = "-c", text = command;
  const std::array<char*, 4> words{shell.data(), option.data(), text.data(), nullptr};
  const int error = ::posix_spawn(&child, shell.c_str(), &files, &attributes, words.data(), environ);
  ::posix_spawnattr_destroy(&attributes);
  ::posix_spawn_file_actions_destroy(&files);
  return error;
}

}  // namespace

std::string problem_of_archive_command(const std::string& command, const std::string& directory) {
  if (command.empty()) return {};
  for (std::size_t at = command.find('%'); at != std::string::npos; at = command.find('%', at + 2))
    if (at + 1 == command.size() || std::string_view("pf%").find(command[at + 1]) == std::string_view::npos)
      return "has a % that is neither %p, %f nor %%";
  if (command.find("%p") == std::string::npos) return "needs %p, the path of the segment";
  if (!std::ranges::all_of(directory, is_plain))
    return "can't be used with a directory whose name isn't made of A-Z a-z 0-9 . _ / + - @ = : , only (" + directory +
           ")";
  return {};
}

std::string with_names(const std::string& command, const std::string& path, const std::string& name) {
  std::string out;
  for (std::size_t i = 0; i < command.size(); ++i) {
    if (command[i] != '%' || i + 1 == command.size()) {
      out += command[i];
      continue;
    }
    const char what = command[++i];
    out += what == 'p' ? path : what == 'f' ? name : std::string(1, what);
  }
  return out;
}

std::string run_command(const std::string& command, std::int64_t timeout_ms, const std::atomic<bool>& stopped) {
  pid_t child = 0;
  if (const int error = spawn(command, child); error != 0)
    return "it can't be started: " + std::generic_category().message(error);
  const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(timeout_ms);
  int status = 0;
  for (;;) {
    const pid_t ended = ::waitpid(child, &status, WNOHANG);
    if (ended == child) return text_of_exit(status);
    if (ended < 0 && errno != EINTR) return "nobody knows what it came to: " + std::generic_category().message(errno);
    const bool is_late = std::chrono::steady_clock::now() >= end;
    if (is_late || stopped.load(std::memory_order_relaxed)) {
      ::kill(-child, SIGKILL);
      while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
      }
      return is_late ? "it took longer than " + std::to_string(timeout_ms / 1'000) + " s and was killed"
                     : "it was killed because the program ends";
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
}

}  // namespace tote::wal
