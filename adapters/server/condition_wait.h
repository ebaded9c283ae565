// Waits until something is so, or for so long, without keeping the loop from anything else.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "adapters/server/host.h"

namespace tote::server {

// Loop thread only.
class ConditionWait {
 public:
  explicit ConditionWait(Host& host) : host_(host) {}
  ~ConditionWait() { cancel(); }
  ConditionWait(const ConditionWait&) = delete;
  ConditionWait& operator=(const ConditionWait&) = delete;

  // Asks `is_so` every two milliseconds, and calls `then` once it is, after `most_ms` at the latest; never within this
  // call. What was waited for before is forgotten.
  void start(std::int64_t most_ms, std::function<bool()> is_so, std::function<void()> then);
  void cancel();  // nothing is asked or called any more

 private:
  struct Wait;

  Host& host_;
  std::weak_ptr<Wait> wait_{};
};

}  // namespace tote::server
