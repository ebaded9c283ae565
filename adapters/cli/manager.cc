#include "adapters/cli/manager.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <charconv>
#include <chrono>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <ctime>

namespace tote::cli {
namespace {

std::string value_of(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

std::int64_t number_of(const char* name) {
  const std::string text = value_of(name);
  std::int64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

}  // namespace

Manager::Manager(std::function<void(std::function<void()>)> post)
    : post_(std::move(post)), socket_(value_of("NOTIFY_SOCKET")) {
  const std::int64_t pid = number_of("WATCHDOG_PID");
  if (pid == 0 || pid == ::getpid()) watchdog_ms_ = number_of("WATCHDOG_USEC") / 2'000;
}

Manager::~Manager() {
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
  }
  changed_.notify_all();
  if (watching_.joinable()) watching_.join();
}

void Manager::ready() {
  tell("READY=1");
  if (watchdog_ms_ > 0 && !socket_.empty() && !watching_.joinable()) watching_ = std::thread([this] { watch(); });
}

void Manager::reloading() {
  std::timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  const std::int64_t now_us = now.tv_sec * std::int64_t{1'000'000} + now.tv_nsec / 1'000;
  tell("RELOADING=1\nMONOTONIC_USEC=" + std::to_string(now_us));
}

void Manager::stopping() { tell("STOPPING=1"); }

// The loop itself says that it goes round; a thread of its own only asks it to.
void Manager::watch() {
  std::unique_lock lock(mutex_);
  while (!changed_.wait_for(lock, std::chrono::milliseconds(watchdog_ms_), [this] { return stopped_; }))
    post_([this] { tell("WATCHDOG=1"); });
}

// Nobody waits for the manager: what it can't take now it isn't told.
void Manager::tell(std::string_view what) const {
  sockaddr_un to{};
  to.sun_family = AF_UNIX;
  if (socket_.empty() || socket_.size() >= sizeof to.sun_path) return;
  std::memcpy(to.sun_path, socket_.data(), socket_.size());
  if (to.sun_path[0] == '@') to.sun_path[0] = '\0';
  const int from = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (from < 0) return;
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + socket_.size());
  [[maybe_unused]] const auto told =
      ::sendto(from, what.data(), what.size(), MSG_NOSIGNAL, reinterpret_cast<sockaddr*>(&to), size);
  ::close(from);
}

}  // namespace tote::cli
