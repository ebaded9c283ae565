// A server that starts while a command has its log open to write: the command gives way, because the service is worth
// more than, say, a backup that can be made beside it just as well.
//
//   DIR/serve.waits   a server waits for the directory; it removes it when it waits no more
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <thread>

namespace tote::cli {

// Of a command that has the log open: looks for that file, by a thread of its own.
class GivingWay {
 public:
  // What a server left that waits no more is removed first; one that does makes it again.
  explicit GivingWay(const std::string& directory);

  // True from then on.
  const std::atomic<bool>& is_wanted() const { return is_wanted_; }

 private:
  void look(const std::stop_token& stop, const std::string& path);

  std::atomic<bool> is_wanted_ = false;
  std::jthread looking_;
};

// Of a server: returns when no process has the log open to write, at the latest after so long. Whoever opens it then
// says what is the matter.
void wait_until_free(const std::string& directory, std::int64_t timeout_ms);

}  // namespace tote::cli
