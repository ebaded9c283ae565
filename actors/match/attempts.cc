#include "actors/match/attempts.h"

#include <algorithm>

namespace tote {

std::int64_t Attempts::count(std::string_view player, Time now, std::int64_t window_s) const {
  const Times* found = by_player_.find(player);
  if (found == nullptr) return 0;
  return std::count_if(found->times.begin(), found->times.end(), [&](Time at) { return after(at, window_s) > now; });
}

Time Attempts::room_at(std::string_view player, std::int64_t max, std::int64_t window_s) const {
  const std::vector<Time>& times = by_player_.at(player).times;
  return after(times[times.size() - static_cast<std::size_t>(max)], window_s);
}

void Attempts::add(const std::string& player, Time at, std::int64_t window_s) {
  Worth before, after_it;
  by_player_.put(player, [&](Times& seen) {
    before = seen.worth();
    std::erase_if(seen.times, [&](Time one) { return after(one, window_s) <= at; });
    seen.times.push_back(at);
    seen.last = ++added_;
    after_it = seen.worth();
  });
  if (before.count > 0) by_worth_.erase(before);
  by_worth_.emplace(after_it, {player, at});
  size_ += after_it.count - before.count;
  // More than one of them for one that comes: all that has left the window goes, and never many at once.
  for (int i = 0; i < 2; ++i) forget_what_has_left(1, at, window_s);
  if (after_it.count > 1) forget_what_has_left(after_it.count, at, window_s);
  if (size_ <= remembered_max) return;
  auto least = by_worth_.begin();
  if (least->first == after_it) ++least;
  if (least != by_worth_.end()) forget(Worth(least->first), std::string(least->second.player));
}

// The player of so many attempts who made the last of them longest ago.
void Attempts::forget_what_has_left(std::size_t count, Time now, std::int64_t window_s) {
  const auto oldest = by_worth_.lower_bound(Worth{count, 0});
  if (oldest == by_worth_.end() || oldest->first.count != count) return;
  if (after(oldest->second.at, window_s) <= now) forget(Worth(oldest->first), std::string(oldest->second.player));
}

void Attempts::forget(Worth worth, const std::string& player) {
  size_ -= worth.count;
  by_worth_.erase(worth);
  by_player_.erase(player);
}

}  // namespace tote
