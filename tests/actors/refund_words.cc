#include "tests/actors/refund_words.h"

namespace tote {

void RefundWorld::enqueue_all(int count) {
  for (int i = 0; i < count; ++i) REQUIRE(!enqueue(refund_of("r" + std::to_string(i))).refused());
}

void RefundWorld::answer(const std::string& id, const payment::Result& result) {
  REQUIRE(refund(id).status == Refunds::Status::sent);
  report(id + '/' + std::to_string(refund(id).attempts), result);
}

void RefundWorld::answer_all(const payment::Result& result) {
  for (const SagaCall& call : world.calls()) report(call.effect, result);
}

std::string RefundWorld::calls() {
  std::string text;
  for (const SagaCall& call : world.calls()) text.append(text.empty() ? "" : " ").append(call.effect);
  return text;
}

std::string RefundWorld::key(const std::string& id) {
  for (const SagaCall& call : world.calls())
    if (call.effect.starts_with(id + '/')) return call.command.get<payment::Refund>()->key;
  return {};
}

std::string RefundWorld::text() {
  std::string text;
  for (const auto& [number, id] : queue().by_number)
    text.append(text.empty() ? "" : ", ").append(id).append(1, ' ').append(name_of(refund(id).status));
  return text;
}

std::string RefundWorld::recorded() {
  OrderText fields;
  const auto events = world.events_of(Refunds::kind_id, Refunds::id);
  if (!events.empty()) CHECK(kind_of<Refunds>()->describe_events(events.back(), fields));
  return fields.out;
}

std::string RefundWorld::described(std::string_view status) {
  OrderText fields;
  CHECK(Refunds::describe_refunds(world.answer(Refunds::kind_id, Refunds::id), status, fields));
  return fields.out;
}

}  // namespace tote
