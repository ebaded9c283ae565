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
    std::string player{};  // empty: whoever shows it
    Time valid_until = Time::never();
    static constexpr void members(auto&& is) {
      is("exists", &State::exists);
      is("revoked", &State::revoked);
      is("player", &State::player);
      is("valid_until", &State::valid_until);
    }
  };

  // Commands: what is asked.
  struct Open {
    std::string player{};
    Time valid_until = Time::never();
    static constexpr void members(auto&& is) {
      is("player", &Open::player, {.may_lack = true, .is_id = true});
      is("valid_until", &Open::valid_until, {.may_lack = true});
    }
  };
  struct Revoke {
    std::string reason{};  // for people; may be empty
    static constexpr void members(auto&& is) {
      is("reason", &Revoke::reason, {.may_lack = true, .max = reason_bytes_max});
    }
  };
  using Command = std::variant<Open, Revoke>;

  // Events: what happened. On disk by pass.fbs: add at the end, never edit.
  struct Opened {
    std::string player;
    Time valid_until = Time::never();
    static constexpr void members(auto&& is) {
      is("player", &Opened::player, {.may_lack = true});
      is("valid_until", &Opened::valid_until, {.may_lack = true});
    }
  };
  struct Revoked {
    std::string reason{};
    static constexpr void members(auto&& is) { is("reason", &Revoked::reason, {.may_lack = true}); }
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

  // Names for the edges (codec.cc).
  static std::string_view name_of(const Event& event);
  static void describe_event(const Event& event, Fields& fields);
  static bool describe_answer(std::string_view id, std::string_view answer, Fields& fields);
};

}  // namespace tote
