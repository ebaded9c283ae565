// actors/match/attempts.h: who has asked for a seat how often lately: a window per player that slides exactly.
//
// What is remembered has a bound. Beyond it those with the fewest attempts are let go first, the oldest of them first:
// a crowd of players with one attempt each can't wash away the one who keeps asking, and nobody is refused because of
// the crowd.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/kernel/ordered_map.h"
#include "engine/kernel/time.h"

namespace tote {

class Attempts {
 public:
  static constexpr std::size_t remembered_max = 200'000;

  // Of a player, at most a window old at `now`.
  std::int64_t count(std::string_view player, Time now, std::int64_t window_s) const;
  // When a player who has `max` of them or more may make one again.
  Time room_at(std::string_view player, std::int64_t max, std::int64_t window_s) const;
  void add(const std::string& player, Time at, std::int64_t window_s);

  static constexpr void members(auto&& is) {
    is("by_player", &Attempts::by_player_), is("by_worth", &Attempts::by_worth_);
    is("size", &Attempts::size_), is("added", &Attempts::added_);
  }

  std::size_t size() const { return size_; }
  std::size_t players() const { return by_player_.size(); }

 private:
  // The less of them a player has made, and the longer ago the last was, the sooner they are let go.
  struct Worth {
    std::size_t count = 0;
    std::uint64_t last = 0;  // of all attempts, which was the newest

    auto operator<=>(const Worth&) const = default;
    static constexpr void members(auto&& is) {
      is("count", &Worth::count);
      is("last", &Worth::last);
    }
  };
  struct Times {
    std::vector<Time> times;  // oldest first
    std::uint64_t last = 0;

    Worth worth() const { return {times.size(), last}; }
    static constexpr void members(auto&& is) {
      is("times", &Times::times);
      is("last", &Times::last);
    }
  };
  struct Last {
    std::string player;
    Time at;
    static constexpr void members(auto&& is) {
      is("player", &Last::player);
      is("at", &Last::at);
    }
  };

  void forget_what_has_left(std::size_t count, Time now, std::int64_t window_s);
  void forget(Worth worth, const std::string& player);

  OrderedMap<std::string, Times> by_player_;
  OrderedMap<Worth, Last> by_worth_;
  std::size_t size_ = 0;     // of all players
  std::uint64_t added_ = 0;  // ever
};

}  // namespace tote
