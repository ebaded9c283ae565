#include "actors/codec/flat.h"
#include "actors/pass/pass.h"
#include "actors/pass/pass_generated.h"

namespace tote {
namespace {

using flat::append;
using flat::builder;
using flat::optional_string;
using flat::verified;
using flat::view;

}  // namespace

void Pass::encode(const Event& event, std::string& out) {
  auto& to = builder<Pass>();
  if (const auto* opened = std::get_if<Opened>(&event)) {
    const auto player = optional_string(to, opened->player);
    to.Finish(pass::fbs::CreateEvent(to, pass::fbs::EventType::opened, player, opened->valid_until.ns));
  } else {
    const auto reason = optional_string(to, std::get<Revoked>(event).reason);
    to.Finish(pass::fbs::CreateEvent(to, pass::fbs::EventType::revoked, {}, Time::never().ns, reason));
  }
  append(to, out);
}

bool Pass::decode(std::string_view bytes, Event& event) {
  const auto* from = verified<pass::fbs::Event>(bytes);
  if (from == nullptr) return false;
  switch (from->type()) {
    case pass::fbs::EventType::opened:
      event = Opened{std::string(view(from->player())), {from->valid_until_ns()}};
      return true;
    case pass::fbs::EventType::revoked: event = Revoked{std::string(view(from->reason()))}; return true;
    case pass::fbs::EventType::none: return false;
  }
  return false;
}

void Pass::answer(const State& pass, const Command*, std::string& out) {
  auto& to = builder<Pass>();
  const auto player = optional_string(to, pass.player);
  to.Finish(pass::fbs::CreateAnswer(to, player, pass.valid_until.ns, pass.revoked));
  append(to, out);
}

bool Pass::describe_answer(std::string_view id, std::string_view answer, Fields& fields) {
  const auto* from = verified<pass::fbs::Answer>(answer);
  if (from == nullptr) return false;
  fields.text("id", id);
  if (from->player() != nullptr) fields.text("player", view(from->player()));
  if (Time{from->valid_until_ns()} != Time::never()) fields.time("valid_until", {from->valid_until_ns()});
  fields.text("status", from->revoked() ? "revoked" : "valid");
  return true;
}

void Pass::digest(const Command& command, std::string& out) {
  out.push_back(static_cast<char>(command.index()));
  if (const auto* open = std::get_if<Open>(&command))
    out.append(open->player).append(1, '\0').append(std::to_string(open->valid_until.ns));
  else
    out.append(std::get<Revoke>(command).reason);
}

}  // namespace tote
