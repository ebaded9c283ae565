#include "actors/pass/pass.h"

#include "engine/kernel/name.h"

namespace tote {

Decision<Pass::Event> Pass::decide(const State& pass, const Command& command, Time) {
  if (const auto* open = std::get_if<Open>(&command)) {
    if (!open->player.empty() && !is_valid_id(open->player)) return Refusal{Code::invalid_id};
    if (open->valid_until.ns <= 0) return Refusal{Code::invalid_request};
    if (!pass.exists) return Decision<Event>(Opened{open->player, open->valid_until}).as(Code::created);
    const bool same = pass.player == open->player && pass.valid_until == open->valid_until;
    return same ? Decision<Event>(Code::ok) : Refusal{Code::already_exists};
  }
  const std::string& reason = std::get<Revoke>(command).reason;
  if (reason.size() > reason_bytes_max) return Refusal{Code::invalid_request};
  if (!pass.exists) return Refusal{Code::not_found};
  return pass.revoked ? Decision<Event>(Code::ok) : Decision<Event>(Revoked{reason});
}

void Pass::apply(State& pass, const Event& event) {
  if (const auto* opened = std::get_if<Opened>(&event))
    pass = {true, false, opened->player, opened->valid_until};
  else
    pass.revoked = true;
}

bool Pass::fits(const State& pass, const Event& event) {
  return std::holds_alternative<Opened>(event) ? !pass.exists : pass.exists && !pass.revoked;
}

}  // namespace tote
