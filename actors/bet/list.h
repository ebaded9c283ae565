// actors/bet/list.h: bets in the order of their ids, a page at a time. Their index is the entity of references called
// "bet": a bet is in it since the record that made it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "actors/bet/bet.h"
#include "engine/kernel/script.h"

namespace tote::bet {

inline constexpr std::string_view index_id = "bet";

struct List {
  // What one page looks through, and has, at most: it may be short, or empty, and not be the last.
  static constexpr std::size_t looked_max = 2'000, shown_max = 200;

  std::string after{};   // a bet's id
  std::string player{};  // empty: of all
  std::optional<Bet::Status> status{};
  std::size_t limit = 100;
};

// Changes nothing. For a Request{kind = Bet::kind_id} without an entity; the answer is Bet::describe_answer's.
ScriptPtr list(List asked);

}  // namespace tote::bet
