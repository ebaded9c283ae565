#include "adapters/cli/hangup.h"

#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <system_error>

namespace tote::cli {
namespace {

std::atomic<int> write_end{-1};  // of the one that lives

// All that may be done in a handler.
void tell(int) {
  const int kept = errno;
  const char byte = 'h';
  if (const int to = write_end.load(); to >= 0) [[maybe_unused]]
    const auto written = ::write(to, &byte, 1);
  errno = kept;
}

}  // namespace

Hangup::Hangup(std::function<void()> on_hangup) {
  if (::pipe2(pipe_, O_CLOEXEC) != 0) throw std::system_error(errno, std::generic_category(), "pipe");
  write_end = pipe_[1];
  std::signal(SIGHUP, tell);
  thread_ = std::thread([from = pipe_[0], on_hangup = std::move(on_hangup)] {
    for (char byte = 0;;) {
      const auto count = ::read(from, &byte, 1);
      if (count < 0 && errno == EINTR) continue;
      if (count != 1 || byte == 'e') return;
      on_hangup();
    }
  });
}

Hangup::~Hangup() {
  std::signal(SIGHUP, SIG_IGN);
  write_end = -1;
  const char end = 'e';
  while (::write(pipe_[1], &end, 1) < 0 && errno == EINTR) {
  }
  thread_.join();
  ::close(pipe_[0]);
  ::close(pipe_[1]);
}

}  // namespace tote::cli
