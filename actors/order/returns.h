// actors/order/returns.h: what goes back of an order, once it is confirmed: money, goods, or all of it. An order that
// is still pending can be cancelled, too: that is kept as a wish, and done once it is known what became of its payment.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "actors/order/input.h"
#include "actors/saga/progress.h"
#include "engine/kernel/kind_of.h"

namespace tote {

struct OrderReturns {
  static constexpr std::size_t refunds_max = 100;  // of an order, without its cancellation: beyond, too_many_refunds
  static constexpr std::size_t reason_bytes_max = 256;  // of an operator

  struct Refund {
    std::string refund;  // its id; empty: the cancellation
    Money amount{};      // 0: goods only
    std::vector<OrderLine> lines{};
    std::string reason{};
    static constexpr void members(auto&& is) {
      is("refund", &Refund::refund), is("amount", &Refund::amount);
      is("lines", &Refund::lines), is("reason", &Refund::reason);
    }
  };
  struct State {
    std::vector<Refund> refunds{};
    Money refunded{};
    std::map<std::string, std::int64_t, std::less<>> returned{};  // of each item
    bool is_cancelled = false;
    bool is_wished = false;  // that it be cancelled
    std::string reason{};    // of the one or the other
    std::string failure{};   // why the wish couldn't be fulfilled
    static constexpr void members(auto&& is) {
      is("refunds", &State::refunds), is("refunded", &State::refunded), is("returned", &State::returned);
      is("is_cancelled", &State::is_cancelled), is("is_wished", &State::is_wished);
      is("reason", &State::reason), is("failure", &State::failure);
    }
  };

  // On disk by number: add, never renumber.
  enum class Type : std::uint8_t { refund = 0, cancel = 1, wish = 2, fail = 3 };
  // refund_exceeds_order, refund_exists, too_many_refunds, order_not_confirmed.
  struct Command {
    Type type = Type::refund;
    std::string refund{};
    std::optional<Money> amount{};  // none: all that is left
    std::vector<OrderLine> lines{};
    std::string reason{};
    static constexpr void members(auto&& is) {
      is("type", &Command::type), is("refund", &Command::refund), is("amount", &Command::amount);
      is("lines", &Command::lines), is("reason", &Command::reason);
    }
  };
  struct Event {
    Type type = Type::refund;
    Refund refund{};
    static constexpr void members(auto&& is) { is("type", &Event::type), is("refund", &Event::refund); }
  };

  static Decision<Event> decide(const OrderInput& order, const saga::Progress& progress, const State& state,
                                const Command& command, Time now);
  static bool fits(const OrderInput& order, const saga::Progress& progress, const State& state, const Event& event);
  static void apply(State& state, const Event& event);
  static bool is_empty(const State& state) { return state.refunds.empty() && !state.is_cancelled && !state.is_wished; }

  static std::string_view name_of(const Event& event);
  static std::string_view told(const Event& event);
  static void describe(const Event& event, Fields& fields);
  static void describe(const State& state, Fields& fields);
  static ScriptPtr follow_up(std::string_view id, const saga::Progress& progress, const State& state);  // give_back.cc
  static std::string alert(const State& state) { return state.failure; }
};

}  // namespace tote
