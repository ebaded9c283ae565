// How many refunds the queue keeps in mind: open ones up to a bound, succeeded ones the last ten thousand.
#include "tests/actors/refund_words.h"

namespace tote {
namespace {

void happen(Refunds::State& queue, const Refunds::Event& event) {
  REQUIRE(Refunds::fits(queue, event));
  Refunds::apply(queue, event);
}

Refunds::Enqueued enqueued(std::size_t i) {
  const std::string id = "r" + std::to_string(i);
  return {id, "ch-" + id, {100}, *currency_of("EUR"), {1}};
}

TEST_CASE("refunds: open ones have a bound, beyond it the queue is overloaded") {
  Refunds::State queue;
  for (std::size_t i = 0; i < Refunds::open_max; ++i) happen(queue, enqueued(i));
  CHECK(Refunds::check(queue));
  CHECK(Refunds::decide(queue, refund_of("last"), {1}).code() == Code::overloaded);
  CHECK(Refunds::decide(queue, refund_of("r7"), {1}).code() == Code::ok);
  happen(queue, Refunds::Succeeded{"r0"});
  CHECK(Refunds::decide(queue, refund_of("last"), {1}).code() == Code::ok);
}

TEST_CASE("refunds: succeeded ones are remembered up to a bound, the oldest are forgotten first") {
  Refunds::State queue;
  for (std::size_t i = 0; i < Refunds::closed_max + 2; ++i) {
    happen(queue, enqueued(i));
    happen(queue, Refunds::Succeeded{"r" + std::to_string(i)});
  }
  CHECK(Refunds::check(queue));
  CHECK(queue.refunds.size() == Refunds::closed_max);
  CHECK(!queue.refunds.contains("r0"));
  CHECK(!queue.refunds.contains("r1"));
  CHECK(queue.refunds.contains("r2"));
  CHECK(!queue.by_charge.contains("ch-r0"));
}

TEST_CASE("refunds: one that waited long and succeeds at last is remembered: its charge isn't paid back again") {
  Refunds::State queue;
  happen(queue, enqueued(0));
  happen(queue, Refunds::Failed{"r0", "the bank is closed"});
  for (std::size_t i = 1; i <= Refunds::closed_max; ++i) {
    happen(queue, enqueued(i));
    happen(queue, Refunds::Succeeded{"r" + std::to_string(i)});
  }
  happen(queue, Refunds::Requeued{"r0"});
  happen(queue, Refunds::Succeeded{"r0"});
  CHECK(queue.refunds.contains("r0"));
  const auto again = Refunds::decide(queue, refund_of("r0"), {2});
  CHECK(again.code() == Code::ok);
  CHECK(again.begin() == again.end());
}

TEST_CASE("refunds: one that failed long ago is still shown to who asks for the failed ones") {
  RefundWorld refunds;
  refunds.enqueue_all(1);
  refunds.answer("r0", refund_failed());
  for (std::size_t i = 1; i <= Refunds::shown_max; ++i) {
    const std::string id = "r" + std::to_string(i);
    refunds.enqueue(refund_of(id));
    refunds.answer(id, refund_done());
  }
  CHECK(refunds.described("failed").find("id=r0;") != std::string::npos);
}

}  // namespace
}  // namespace tote
