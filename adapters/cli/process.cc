#include "adapters/cli/process.h"

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fstream>
#include <vector>

#include "adapters/cli/errors.h"
#include "adapters/cli/log_lines.h"

namespace tote::cli {
namespace {

constexpr int exit_second_signal = 130;

void end_at_once(int) { ::_exit(exit_second_signal); }

// Every connection is a file, and the soft limit is often 1024.
void raise_file_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == limit.rlim_max) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace

void prepare_process(const std::string& log_level, const std::string& log_format) {
  std::signal(SIGPIPE, SIG_IGN);
  raise_file_limit();
  auto logger = spdlog::stderr_color_mt("tote");
  logger->set_formatter(log_lines(log_format));
  logger->set_level(std::max(spdlog::level::from_str(log_level), spdlog::level::warn));
  spdlog::set_default_logger(std::move(logger));
}

std::uint64_t memory_bytes() {
  const std::uint64_t machine =
      static_cast<std::uint64_t>(::sysconf(_SC_PHYS_PAGES)) * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  std::uint64_t group = 0;
  std::ifstream file("/sys/fs/cgroup/memory.max");  // "max" where there is no bound
  return file >> group ? std::min(machine, group) : machine;
}

std::size_t files_max() {
  rlimit limit{};
  return ::getrlimit(RLIMIT_NOFILE, &limit) == 0 ? static_cast<std::size_t>(limit.rlim_cur) : 1024;
}

void begin_again() {
  std::ifstream file("/proc/self/cmdline", std::ios::binary);
  std::vector<std::string> words;
  for (std::string word; std::getline(file, word, '\0');) words.push_back(std::move(word));
  std::vector<char*> arguments;
  arguments.reserve(words.size() + 1);
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  spdlog::default_logger()->flush();
  ::close_range(STDERR_FILENO + 1, ~0U, CLOSE_RANGE_CLOEXEC);
  ::execv("/proc/self/exe", arguments.data());
  throw Failure(std::string("the process can't begin again: ") + std::strerror(errno));
}

void start_log(const std::string& log_level) { spdlog::set_level(spdlog::level::from_str(log_level)); }

void end_at_once_on_signals() {
  std::signal(SIGTERM, end_at_once);
  std::signal(SIGINT, end_at_once);
}

}  // namespace tote::cli
