#include "adapters/cli/process.h"

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>

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

void prepare_process(const std::string& log_level) {
  std::signal(SIGPIPE, SIG_IGN);
  raise_file_limit();
  auto logger = spdlog::stderr_color_mt("tote");
  logger->set_pattern("%Y-%m-%dT%H:%M:%S.%e%z %^%l%$ %v");
  logger->set_level(std::max(spdlog::level::from_str(log_level), spdlog::level::warn));
  spdlog::set_default_logger(std::move(logger));
}

void start_log(const std::string& log_level) { spdlog::set_level(spdlog::level::from_str(log_level)); }

void end_at_once_on_signals() {
  std::signal(SIGTERM, end_at_once);
  std::signal(SIGINT, end_at_once);
}

}  // namespace tote::cli
