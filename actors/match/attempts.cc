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
  by_player_.emplace(player, {});
  std::size_t count = 0;
  by_player_.edit(player, [&](Times& seen) {
    by_worth_.erase(seen.worth());
    size_ -= seen.times.size();
    std::erase_if(seen.times, [&](Time one) { return after(one, window_s) <= at; });
    seen.times.push_back(at);
    seen.last = ++added_;
    count = seen.times.size();
    size_ += count;
    by_worth_.emplace(seen.worth(), player);
  });
  // More than one of them for one that comes: all that has left the window goes, and never many at once.
  for (int i = 0; i < 2; ++i) forget_what_has_left(1, at, window_s);
  if (count > 1) forget_what_has_left(count, at, window_s);
  if (size_ <= remembered_max) return;
  auto least = by_worth_.begin();
  if (least->second == player) ++least;
  if (least != by_worth_.end()) forget(std::string(least->second));
}

// The player of so many attempts who made the last of them longest ago.
void Attempts::forget_what_has_left(std::size_t count, Time now, std::int64_t window_s) {
  const auto oldest = by_worth_.lower_bound(std::pair<std::size_t, std::uint64_t>(count, 0));
  if (oldest == by_worth_.end() || oldest->first.first != count) return;
  const std::string player = oldest->second;
  if (after(by_player_.at(player).times.back(), window_s) <= now) forget(player);
}

void Attempts::forget(const std::string& player) {
  const Times& seen = by_player_.at(player);
  size_ -= seen.times.size();
  by_worth_.erase(seen.worth());
  by_player_.erase(player);
}

}  // namespace tote
