// The log's time never goes back. When it is ahead of the clock, because that was wrong once, time stands still until
// the clock has caught up: holds don't expire, keys aren't forgotten. Loop thread only.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>

#include "engine/effect_call.h"
#include "engine/kernel/time.h"

namespace tote {

class ClockWatch {
 public:
  static constexpr std::int64_t refused_s = 3'600;  // ahead at the start: an operator must say that it is meant
  static constexpr std::int64_t alerted_s = 60;     // ahead while running

  explicit ClockWatch(std::function<void(const Alert&)> on_alert, std::function<void(const Alert&)> on_change = {})
      : on_alert_(std::move(on_alert)), on_change_(std::move(on_change)) {}

  // Why a log whose newest record is of this time must not be continued now; empty: it may.
  static std::string refusal(Time log, Time wall) {
    const std::int64_t ahead_s = (log.ns - wall.ns) / ns_per_s;
    if (ahead_s <= refused_s) return {};
    return "the log's newest record is " + std::to_string(ahead_s) +
           " s ahead of this machine's clock: time would stand still until the clock is there; set the clock, or "
           "accept the skew (accept_clock_skew)";
  }

  // Alerts once each time that the log gets ahead.
  void look(Time log, Time wall) {
    skew_ns_ = std::max<std::int64_t>(log.ns - wall.ns, 0);
    const bool is_ahead = skew_ns_ > alerted_s * ns_per_s;
    const bool was_ahead = std::exchange(was_ahead_, is_ahead);
    if (was_ahead && !is_ahead && on_change_) on_change_({{}, "log", "time", {}, "time"});
    if (!was_ahead && is_ahead && on_alert_) {
      const std::string text = "time is " + std::to_string(skew_ns_ / ns_per_s) +
                               " s ahead of this machine's clock, and stands still until the clock is there";
      on_alert_({{}, "log", "time", text, "time"});
    }
  }
  std::int64_t skew_ns() const { return skew_ns_; }

 private:
  std::function<void(const Alert&)> on_alert_, on_change_;
  std::int64_t skew_ns_ = 0;
  bool was_ahead_ = false;
};

}  // namespace tote
