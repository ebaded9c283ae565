// SIGHUP: read again what may have changed on disk, without a restart.
#pragma once

#include <functional>
#include <thread>

namespace tote::cli {

// While one lives the signal doesn't end the process: it calls `on_hangup`, on a thread of its own. One at a time in a
// process.
class Hangup {
 public:
  explicit Hangup(std::function<void()> on_hangup);
  ~Hangup();
  Hangup(const Hangup&) = delete;
  Hangup& operator=(const Hangup&) = delete;

 private:
  int pipe_[2] = {-1, -1};
  std::thread thread_;
};

}  // namespace tote::cli
