// When to send: the gaps between the tries of an event, and how to treat an endpoint that is away as a whole: one probe
// at a time, with growing gaps, until one succeeds. No clock: times come in.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <random>

namespace tote::webhooks {

class Pace {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;
  using Milliseconds = std::chrono::milliseconds;

  explicit Pace(Milliseconds retry_first) : retry_first_(retry_first), random_(std::random_device{}()) {}

  // Until the try after the `failures`th failed one.
  Milliseconds gap(int failures) { return gap_within(failures, gap_max); }

  bool is_away() const { return failures_in_row_ >= failures_in_row_max; }
  std::int64_t failures_in_row() const { return failures_in_row_; }
  // Whether one more may be sent while `flying` are on their way.
  bool may_send(TimePoint now, std::size_t flying) const {
    return now >= held_until_ && (!is_away() || (flying == 0 && now >= probe_at_));
  }

  void succeeded() { failures_in_row_ = probes_failed_ = 0; }
  // `asked`: for how long the endpoint wants to be left alone; 0: it didn't say.
  void failed(TimePoint now, Milliseconds asked);
  // Nothing at all is sent before, away or not.
  void hold(TimePoint until) { held_until_ = std::max(held_until_, until); }

  static constexpr Milliseconds gap_max{3'600'000};

 private:
  // An endpoint that comes back waits no longer than this for what it has missed.
  static constexpr Milliseconds probe_gap_max{30'000};
  static constexpr std::int64_t failures_in_row_max = 5;

  Milliseconds gap_within(std::int64_t failures, Milliseconds max);

  const Milliseconds retry_first_;
  std::int64_t failures_in_row_ = 0, probes_failed_ = 0;
  TimePoint probe_at_{}, held_until_{};
  std::mt19937_64 random_;
};

}  // namespace tote::webhooks
