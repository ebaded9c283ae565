// A kind of a user: a box that numbers are put into, with a refusal of its own, and defects on demand.
#pragma once

#include <array>
#include <stdexcept>
#include <string>
#include <variant>

#include "engine/kernel/kind_of.h"

namespace tote {

struct Box {
  static constexpr KindId kind_id = 1'001;
  static constexpr std::string_view kind = "box";
  static constexpr std::string_view event_names[] = {"put"};
  static constexpr bool remembers_refusals = true;
  static constexpr Code too_small = user_code(40'001);
  static constexpr std::array codes{CodeText{too_small, "box_too_small", "It doesn't go into the box."}};

  struct State {
    std::int64_t sum = 0;
  };
  struct Put {
    std::int64_t number = 0;
  };
  struct Refuse {
    Code code{};
  };
  struct Throw {};
  using Command = std::variant<Put, Refuse, Throw>;
  struct Event {
    std::int64_t number = 0;
    static constexpr void members(auto&& is) { is("number", &Event::number); }
  };

  static Decision<Event> decide(const State&, const Command& command, Time) {
    if (std::holds_alternative<Throw>(command)) throw std::runtime_error("the box fell over");
    if (const auto* refuse = std::get_if<Refuse>(&command)) return Refusal{refuse->code};
    return Event{std::get<Put>(command).number};
  }
  static void apply(State& box, const Event& event) { box.sum += event.number; }
  static void answer(const State& box, const Command*, std::string& out) { out = std::to_string(box.sum); }
  static void digest(const Command& command, std::string& out) { out.push_back(static_cast<char>(command.index())); }
  static bool describe_answer(std::string_view, std::string_view answer, Fields& fields) {
    fields.text("sum", answer);
    return true;
  }
};

}  // namespace tote
