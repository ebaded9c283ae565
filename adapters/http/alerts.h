// What an operator must hear, for whoever asks later: each line `alert:` of the program's log, since when, how often,
// and what to do about it. Those that last are here until they are over, those that have happened for a day.
//
// All of it is bounded, and no tenant takes another's room. Any thread.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/effect_call.h"
#include "engine/kernel/time.h"

namespace tote::http {

class Alerts {
 public:
  static constexpr std::size_t lasting_max = 100'000;  // of all tenants; beyond: only counted
  static constexpr std::size_t lasting_of_a_tenant_max = 1'000;
  static constexpr std::size_t past_max = 1'000;  // that have happened, or are over
  static constexpr std::size_t text_bytes_max = 512;
  static constexpr std::int64_t past_kept_s = 86'400;

  struct Entry {
    std::uint64_t number = 0;  // the newer, the higher
    std::string tenant{};      // empty: of the server itself
    std::string kind{}, entity{}, text{};
    bool lasts = true;
    Time since{}, last{};     // when it was told first and, of one that comes again and again, last
    std::uint64_t times = 1;  // told, within a day
  };
  struct Page {
    std::vector<Entry> alerts{};  // newest first
    std::uint64_t total = 0;      // of those asked for, with those that are only counted
    std::optional<std::uint64_t> next{};
  };

  // As Options::on_alert and Options::on_alert_change tell them.
  void tell(const Alert& alert, Time now);
  void change(const Alert& alert, Time now);

  // Those with a number below `before`, at most so many: of one tenant, or all and the server's own.
  Page page(const std::optional<std::string>& tenant, std::uint64_t before, std::size_t count_max, Time now);

 private:
  enum class State : std::uint8_t { lasts, happened, over };
  struct Kept {
    Entry entry{};
    State state = State::lasts;
  };
  using Order = std::map<std::uint64_t, const Entry*>;  // by number

  void begin(const std::string& key, Kept& kept, bool lasts, std::string_view text, Time now);
  void show(const Entry& entry);
  void hide(const Entry& entry);
  void leave_past(const std::string& key, const Kept& kept);
  void forget(Time now);
  bool has_room(const std::string& tenant) const;

  std::mutex mutex_;  // guards all of it
  std::uint64_t number_ = 0;
  std::map<std::string, Kept> kept_;                             // by what they are of
  Order shown_;                                                  // those that aren't over
  std::map<std::string, Order> shown_of_;                        // by tenant
  std::map<std::string, std::size_t> lasting_of_, left_out_of_;  // by tenant: kept, and only counted
  std::size_t lasting_ = 0, left_out_ = 0;
  std::set<std::pair<std::int64_t, std::string>> past_;  // by when they were told last, with their key
};

// What the runbook (docs/operations.md) says about such a one.
std::string_view remedy_of(const Alerts::Entry& alert);

// The body of GET /v1/alerts.
void append_alerts(std::string& out, const Alerts::Page& page);

}  // namespace tote::http
