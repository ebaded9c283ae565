// engine/kernel/money_books.h: how much of everything was made and destroyed, by unit (money: by currency). The engine
// keeps the books beside the entities that have something (engine/books.h); this entity, one a tenant, is what the log
// says of them from time to time, so that a start that begins with a snapshot knows them, and who reads the log can
// check them: what stands in it is true of all records before.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/kernel/decision.h"
#include "engine/kernel/entity.h"
#include "engine/kernel/sum.h"

namespace tote {

struct MoneyBooks {
  static constexpr KindId kind_id = 14;
  static constexpr std::string_view kind = "money_books";
  static constexpr std::string_view id = "books";
  static constexpr bool is_one_of_tenant = true;
  static constexpr std::string_view event_names[] = {"counted"};

  // More than 64 bits.
  struct Wide {
    std::int64_t high = 0, low = 0;

    static Wide of(Sum sum) {
      return {static_cast<std::int64_t>(sum >> 64), static_cast<std::int64_t>(static_cast<std::uint64_t>(sum))};
    }
    Sum sum() const { return static_cast<Sum>(high) * (static_cast<Sum>(1) << 64) + static_cast<std::uint64_t>(low); }
    bool operator==(const Wide&) const = default;
    static constexpr void members(auto&& is) { is("high", &Wide::high), is("low", &Wide::low); }
  };
  struct Line {
    std::string unit;
    Wide issued{}, destroyed{}, balances{}, held{};

    bool operator==(const Line&) const = default;
    static constexpr void members(auto&& is) {
      is("unit", &Line::unit), is("issued", &Line::issued), is("destroyed", &Line::destroyed);
      is("balances", &Line::balances), is("held", &Line::held);
    }
  };
  struct State {
    std::vector<Line> lines{};  // by unit
    bool found = false;
    static constexpr void members(auto&& is) { is("lines", &State::lines), is("found", &State::found); }
  };
  // `found`: nobody had counted before, so all that was there is taken for made.
  struct Count {
    std::vector<Line> lines{};
    bool found = false;
    static constexpr void members(auto&& is) { is("lines", &Count::lines), is("found", &Count::found); }
  };
  using Command = std::variant<Count>;
  struct Counted {
    std::vector<Line> lines{};
    bool found = false;
    static constexpr void members(auto&& is) { is("lines", &Counted::lines), is("found", &Counted::found); }
  };
  using Event = std::variant<Counted>;

  static Decision<Event> decide(const State&, const Count& count, Time) { return Counted{count.lines, count.found}; }
  static void apply(State& books, const Counted& event) { books = {event.lines, event.found}; }
  static bool check(const State& books) {
    for (const Line& line : books.lines)
      if (line.issued.sum() - line.destroyed.sum() != line.balances.sum()) return false;
    return true;
  }
};

}  // namespace tote
