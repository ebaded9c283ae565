// actors/pass/pass.h: what lets a player into matches without paying.
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "engine/kernel/entity.h"

namespace tote {

struct Pass {
  static constexpr KindId kind_id = 4;
  static constexpr std::string_view kind = "pass";

  static constexpr std::size_t reason_bytes_max = 256;

  struct State {
    bool exists = false;
    bool revoked = false;
    std::string player;  // empty: whoever shows it
    Time valid_until = Time::never();
  };

  // Commands: what is asked.
  struct Open {
    std::string player{};
    Time valid_until = Time::never();
  };
  struct Revoke {
    std::string reason{};  // for people; may be empty
  };
  using Command = std::variant<Open, Revoke>;

  // Events: what happened. On disk by pass.fbs: add at the end, never edit.
  struct Opened {
    std::string player;
    Time valid_until = Time::never();
  };
  struct Revoked {
    std::string reason{};
  };
  using Event = std::variant<Opened, Revoked>;

  static bool is_valid_for(const State& pass, std::string_view player, Time now) {
    return pass.exists && !pass.revoked && now < pass.valid_until && (pass.player.empty() || pass.player == player);
  }

  static Decision<Event> decide(const State& pass, const Command& command, Time now);
  static void apply(State& pass, const Event& event);
  static bool check(const State& pass) { return pass.exists; }
  static bool fits(const State& pass, const Event& event);

  static Time next_due(const State&) { return Time::never(); }  // it is looked at when it is used
  static Event due(const State&) { return Revoked{}; }

  // Bytes (codec.cc).
  static void encode(const Event& event, std::string& out);
  static bool decode(std::string_view bytes, Event& event);
  static void answer(const State& pass, const Command* command, std::string& out);
  static void digest(const Command& command, std::string& out);

  // Names for the edges (pass.cc, codec.cc).
  static std::string_view name_of(const Event& event);
  static void describe_event(const Event& event, Fields& fields);
  static bool describe_answer(std::string_view id, std::string_view answer, Fields& fields);
};

}  // namespace tote
