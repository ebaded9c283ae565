// A kind of the embedding program's own: a shelf with room for ten things, and a refusal of its own when it is full.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "engine/kernel/any_entity.h"

struct Shelf {
  static constexpr tote::KindId kind_id = 1'000;  // of users: 1000 and above
  static constexpr std::string_view kind = "shelf";
  static constexpr tote::Code full = tote::user_code(40'000);  // of users: 40000 and above
  static constexpr std::array codes{tote::CodeText{full, "shelf_full", "The shelf has no room for that."}};
  static constexpr std::int64_t room = 10;

  struct State {
    std::int64_t things = 0;
  };
  struct Command {
    std::int64_t put = 0;
  };
  struct Event {
    std::int64_t put = 0;
  };

  static tote::Decision<Event> decide(const State& shelf, const Command& command, tote::Time) {
    if (command.put < 1) return tote::Refusal{tote::Code::invalid_request};
    if (shelf.things + command.put > room)
      return tote::Refusal{full, {{tote::FactName::available, room - shelf.things}}};
    return Event{command.put};
  }
  static void apply(State& shelf, const Event& event) { shelf.things += event.put; }
  static bool check(const State& shelf) { return shelf.things <= room; }
  static bool fits(const State& shelf, const Event& event) { return shelf.things + event.put <= room; }
  static tote::Time next_due(const State&) { return tote::Time::never(); }
  static Event due(const State&) { return {}; }

  static void encode(const Event& event, std::string& out) {
    out.append(reinterpret_cast<const char*>(&event.put), sizeof event.put);
  }
  static bool decode(std::string_view bytes, Event& event) {
    if (bytes.size() != sizeof event.put) return false;
    std::memcpy(&event.put, bytes.data(), sizeof event.put);
    return true;
  }
  static void answer(const State& shelf, const Command*, std::string& out) { out += std::to_string(shelf.things); }
  static void digest(const Command& command, std::string& out) { out += std::to_string(command.put); }

  static std::string_view name_of(const Event&) { return "put"; }
  static void describe_event(const Event& event, tote::Fields& fields) { fields.integer("put", event.put); }
  static bool describe_answer(std::string_view id, std::string_view answer, tote::Fields& fields) {
    fields.text("id", id);
    fields.integer("things", std::stoll(std::string(answer)));
    return true;
  }
};
