// actors/bet/list.h: the ids of bets in their order, a page at a time. Their index is the entity of references called
// "bet": a bet is in it, with its player, since the record that made it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "actors/bet/bet.h"
#include "engine/kernel/script.h"

namespace tote::bet {

inline constexpr std::string_view index_id = "bet";

struct List {
  // What one page looks through at most: it may be short, or empty, and not be the last.
  static constexpr std::size_t looked_max = 2'000;

  std::string after{};   // a bet's id
  std::string prefix{};  // of the ids
  std::string player{};  // empty: of all
  std::size_t limit = 100;
};

struct Ids {
  std::vector<std::string> ids{};
  std::string next{};  // the last that was looked at; empty: there are no more
  static constexpr void members(auto&& is) { is("ids", &Ids::ids), is("next", &Ids::next); }
};

// Changes nothing. For a Request{kind = Bet::kind_id} without an entity; its answer is for read_ids().
ScriptPtr list(List asked);
bool read_ids(std::string_view answer, Ids& into);

}  // namespace tote::bet
