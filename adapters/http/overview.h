// What the server did, moment by moment: the last 15 minutes second by second, and the last 24 hours in steps of ten
// seconds, so that a page that is opened after an incident shows it. Two rings, some 3 MB. Loop thread only; a page of
// it may be read anywhere.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/events/follower_status.h"
#include "engine/kernel/latency_histogram.h"
#include "engine/request.h"

namespace tote::http {

// Counts are of the time since the moment before it, gauges as of its end.
struct Moment {
  std::uint64_t time_s = 0, seconds = 0;                             // its end, since 1970; how long it took
  std::uint64_t executed = 0, refused = 0, replayed = 0, reads = 0;  // requests of the engine, by what they came to
  std::uint64_t p50_us = 0, p99_us = 0, p999_us = 0;                 // of the API's answers that the engine gave
  std::uint64_t in_flight = 0;
  std::uint64_t records = 0, syncs = 0, sync_us = 0, log_bytes = 0;
  std::uint64_t entities_live = 0, entities_dormant = 0, entities_resting = 0, entities_bytes = 0;
  std::uint64_t keys_in_memory = 0, keys_on_disk = 0;
  std::uint64_t snapshot_age_s = 0, alerts = 0, disk_free_bytes = 0;
  std::vector<std::uint64_t> lags{};  // records that each follower hasn't had

  struct Column {
    std::string_view name;
    std::uint64_t Moment::*of;
  };
  static const std::array<Column, 23> columns;
};

class Overview {
 public:
  static constexpr std::int64_t recent_step_s = 1, day_step_s = 10;
  static constexpr std::size_t recent_max = 900, day_max = 8'640;  // moments

  struct Page {
    std::int64_t step_s = recent_step_s;
    std::vector<std::string> followers{};
    std::vector<std::shared_ptr<const Moment>> moments{};  // oldest first
  };

  // A request was answered.
  void answered(std::int64_t took_ns) { recent_.latency.add(took_ns); }
  // Whether a moment is over.
  bool is_due(std::int64_t now_s) const { return now_s > recent_.ended_s; }
  void add(std::int64_t now_s, const Figures& figures, const std::vector<events::FollowerStatus>& followers);

  // The newest ones after a time, at most so many. `step_s`: one of the two.
  Page page(std::int64_t step_s, std::int64_t after_s, std::size_t count_max) const;

 private:
  struct Ring {
    const std::int64_t step_s;
    const std::size_t moments_max;
    std::int64_t ended_s = 0;  // the last moment
    Figures before{};          // as of then
    LatencyHistogram<std::uint64_t> latency{};
    std::deque<std::shared_ptr<const Moment>> moments{};
  };

  static void add_to(Ring& ring, std::int64_t now_s, const Figures& figures, const std::vector<std::uint64_t>& lags);

  Ring recent_{recent_step_s, recent_max};
  Ring day_{day_step_s, day_max};
  std::vector<std::string> followers_;  // in the order of lags
};

}  // namespace tote::http
