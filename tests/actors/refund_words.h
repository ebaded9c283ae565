// The words that tests of the refund queue share: a world with nothing but the queue, and a provider that answers when
// and as the test says.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "actors/refund/refunds.h"
#include "tests/actors/order_words.h"

namespace tote {

inline payment::Result refund_done() { return {payment::Status::succeeded, "re_1", {}}; }
inline payment::Result refund_already_done() { return {payment::Status::already_refunded, {}, "already"}; }
inline payment::Result refund_lacks_funds() { return {payment::Status::balance_insufficient, {}, "no money"}; }
inline payment::Result refund_lost() { return {payment::Status::unreachable, {}, "timed out"}; }
inline payment::Result refund_failed() { return {payment::Status::failed, {}, "no such charge"}; }
inline payment::Result refund_disputed() { return {payment::Status::disputed, {}, {}}; }

// Of the charge "ch-<id>".
inline Refunds::Enqueue refund_of(const std::string& id, std::int64_t amount = 100) {
  return {id, "ch-" + id, {amount}, *currency_of("EUR")};
}

class RefundWorld {
 public:
  RefundWorld() : world({kind_of<Refunds>()}) {}

  Step enqueue(const Refunds::Enqueue& refund) { return world.command<Refunds>(Refunds::id, refund); }
  void enqueue_all(int count);  // "r0", "r1", …
  Verdict report(std::string_view effect, const payment::Result& result) {
    return world.report(Refunds::kind_id, Refunds::id, effect, CommandRef::to(result));
  }
  // To the call that is out for this refund.
  void answer(const std::string& id, const payment::Result& result);
  void answer_all(const payment::Result& result);
  void funds_arrive() { world.command<Refunds>(Refunds::id, Refunds::FundsArrived{}); }
  Verdict retry(std::string id) { return run(retry_refund(std::move(id))); }
  Verdict resume(std::string reason = "money is there") { return run(resume_payments(std::move(reason))); }
  Verdict run(const Command& command) { return world.run(**command.get<ScriptPtr>()); }

  const Refunds::State& queue() { return world.state<Refunds>(Refunds::id); }
  const Refunds::Refund& refund(const std::string& id) { return queue().refunds.at(id); }
  // The ids of the calls that are out, in the order in which they are made: "r0/1 r1/1".
  std::string calls();
  // The provider's idempotency key of the call that is out for this refund.
  std::string key(const std::string& id);
  // "r0 sent, r1 pending_funds", in the order of their coming.
  std::string text();
  std::string alert() { return world.alert(Refunds::kind_id, Refunds::id); }
  bool is_paused() { return Refunds::is_paused(queue()); }
  // What the last record said: "succeeded{refund=r0;}".
  std::string recorded();
  std::string described(std::string_view status = {});

  SagaWorld world;
};

}  // namespace tote
