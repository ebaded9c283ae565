// actors/session/session.h: a player at a betting provider's, until it ends: asked to, or by time.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "engine/kernel/entity.h"

namespace tote {

struct Session {
  static constexpr KindId kind_id = 11;
  static constexpr std::string_view kind = "session", event_names[] = {"opened", "ended", "expired"};
  static constexpr std::int64_t expires_in_s_max = 366LL * 24 * 60 * 60;  // one year

  enum class Status : std::uint8_t { none = 0, open = 1, ended = 2, expired = 3 };
  struct State {
    Status status = Status::none;
    std::string player{}, wallet{};  // no wallet: whichever the provider's settings say
    Time expires_at{};
    static constexpr void members(auto&& is) {
      is("status", &State::status), is("player", &State::player);
      is("wallet", &State::wallet, {.may_lack = true}), is("expires_at", &State::expires_at);
    }
    bool is_open_for(std::string_view who) const { return status == Status::open && player == who; }
  };

  // Commands: what is asked.
  struct Open {
    std::string player{}, wallet{};
    std::int64_t expires_in_s = 3'600;
    static constexpr void members(auto&& is) {
      is("player", &Open::player, {.is_id = true}), is("wallet", &Open::wallet, {.may_lack = true, .is_id = true});
      is("expires_in_s", &Open::expires_in_s, {.may_lack = true, .min = 1, .max = expires_in_s_max});
    }
  };
  struct End {};
  using Command = std::variant<Open, End>;

  // Events: what happened. On disk by their members: add at the end, never edit.
  struct Opened {
    std::string player{}, wallet{};
    Time expires_at{};
    static constexpr void members(auto&& is) {
      is("player", &Opened::player), is("wallet", &Opened::wallet, {.may_lack = true});
      is("expires_at", &Opened::expires_at);
    }
  };
  struct Ended {};
  struct Expired {};
  using Event = std::variant<Opened, Ended, Expired>;

  // already_exists (with another player or wallet; ids are used once), not_found, session_ended.
  static Decision<Event> decide(const State& session, const Command& command, Time now);
  static void apply(State& session, const Event& event);
  static bool check(const State& session) { return session.status != Status::none; }
  static bool fits(const State& session, const Event& event);
  static Time next_due(const State& session) {
    return session.status == Status::open ? session.expires_at : Time::never();
  }
  static Event due(const State&) { return Expired{}; }

  // What it says to the world.
  static std::span<const Table> tables();
  static void rows(std::string_view id, const State& session, std::span<const Event> events, RowWriter& out);
};

constexpr std::string_view name_of(Session::Status status) {
  switch (status) {
    case Session::Status::none: return "none";
    case Session::Status::open: return "open";
    case Session::Status::ended: return "ended";
    case Session::Status::expired: return "expired";
  }
  return {};
}

}  // namespace tote
