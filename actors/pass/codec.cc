#include "actors/codec/by_table.h"
#include "actors/pass/pass.h"
#include "actors/pass/pass_generated.h"
#include "engine/kernel/by_members.h"

namespace tote {
namespace {

using flat::append;
using flat::builder;
using flat::optional_string;
using flat::verified;
using flat::view;

}  // namespace

void Pass::encode(const Event& event, std::string& out) { flat::encode<pass::fbs::Event>(event, builder<Pass>(), out); }

bool Pass::decode(std::string_view bytes, Event& event) {
  const auto* from = verified<pass::fbs::Event>(bytes);
  return from != nullptr && flat::decode(*from, event);
}

std::string_view Pass::name_of(const Event& event) {
  return std::holds_alternative<Opened>(event) ? "opened" : "revoked";
}

void Pass::describe_event(const Event& event, Fields& fields) { by_members::describe(event, fields); }

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

// From before digests followed from members: these two fields and this one, and no other.
void Pass::digest(const Command& command, std::string& out) {
  static_assert(count_members<Open>() == 2 && count_members<Revoke>() == 1);
  out.push_back(static_cast<char>(command.index()));
  if (const auto* open = std::get_if<Open>(&command))
    out.append(open->player).append(1, '\0').append(std::to_string(open->valid_until.ns));
  else
    out.append(std::get<Revoke>(command).reason);
}

}  // namespace tote
