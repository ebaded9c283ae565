// What a service manager is told (sd_notify(3): systemd, podman): ready, reading its settings again, stopping, and, at
// the pace that it asks for, that the loop goes round. Without one ($NOTIFY_SOCKET) all of it is nothing.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

namespace tote::cli {

class Manager {
 public:
  // Looks at the environment. `post` runs work on the loop thread: while that doesn't, the manager hears nothing.
  explicit Manager(std::function<void(std::function<void()>)> post);
  ~Manager();
  Manager(const Manager&) = delete;
  Manager& operator=(const Manager&) = delete;

  // From here on the loop is watched, if the manager wants that.
  void ready();
  void reloading();  // until ready()
  void stopping();

 private:
  void tell(std::string_view what) const;
  void watch();

  const std::function<void(std::function<void()>)> post_;
  std::string socket_;            // a path, or "@name" of an abstract one; empty: nobody listens
  std::int64_t watchdog_ms_ = 0;  // half of the time after which the manager thinks that this hangs; 0: it doesn't ask
  std::thread watching_;
  std::mutex mutex_;  // of stopped_
  std::condition_variable changed_;
  bool stopped_ = false;
};

}  // namespace tote::cli
