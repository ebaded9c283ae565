#include "actors/session/session.h"

#include "engine/kernel/name.h"

namespace tote {
namespace {

using Status = Session::Status;

Decision<Session::Event> open(const Session::State& session, const Session::Open& asked, Time now) {
  if (!is_valid_id(asked.player) || (!asked.wallet.empty() && !is_valid_id(asked.wallet)))
    return Refusal{Code::invalid_id};
  if (asked.expires_in_s < 1 || asked.expires_in_s > Session::expires_in_s_max) return Refusal{Code::invalid_request};
  if (session.status == Status::none)
    return Decision<Session::Event>(Session::Opened{asked.player, asked.wallet, after(now, asked.expires_in_s)})
        .as(Code::created);
  if (session.player != asked.player || session.wallet != asked.wallet) return Refusal{Code::already_exists};
  return session.status == Status::open ? Decision<Session::Event>(Code::ok) : Refusal{Code::session_ended};
}

}  // namespace

Decision<Session::Event> Session::decide(const State& session, const Command& command, Time now) {
  if (const auto* asked = std::get_if<Open>(&command)) return open(session, *asked, now);
  if (session.status == Status::none) return Refusal{Code::not_found};
  return session.status == Status::open ? Decision<Event>(Ended{}) : Decision<Event>(Code::ok);
}

void Session::apply(State& session, const Event& event) {
  if (const auto* opened = std::get_if<Opened>(&event))
    session = {Status::open, opened->player, opened->wallet, opened->expires_at};
  else
    session.status = std::holds_alternative<Ended>(event) ? Status::ended : Status::expired;
}

bool Session::fits(const State& session, const Event& event) {
  return session.status == (std::holds_alternative<Opened>(event) ? Status::none : Status::open);
}

std::span<const Table> Session::tables() {
  static constexpr Column columns[] = {{"id"}, {"player"}, {"wallet"}, {"status"}, {"expires_at", ColumnType::time}};
  static constexpr Table all[] = {{"sessions", columns, 1}};
  return all;
}

void Session::rows(std::string_view id, const State& session, std::span<const Event>, RowWriter& out) {
  Fields& row = out.row("sessions");
  row.text("id", id);
  row.text("player", session.player);
  if (!session.wallet.empty()) row.text("wallet", session.wallet);
  row.text("status", tote::name_of(session.status));
  row.time("expires_at", session.expires_at);
}

}  // namespace tote
