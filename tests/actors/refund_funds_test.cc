// Refunds that the provider has no money for: they wait, pause card payments when they are three, and heal by
// themselves once money is there.
#include <map>

#include "tests/actors/given.h"
#include "tests/actors/property.h"
#include "tests/actors/refund_words.h"

namespace tote {
namespace {

TEST_CASE("refunds: no money: it waits, is tried again by itself with a new key, and is done once there is some") {
  RefundWorld refunds;
  refunds.enqueue_all(1);
  refunds.answer("r0", refund_lacks_funds());
  CHECK(refunds.text() == "r0 pending_funds");
  CHECK(refunds.recorded().starts_with("pending_funds{refund=r0;retry_at="));
  CHECK(refunds.calls().empty());
  CHECK(Refunds::has_pending_funds(refunds.queue()));
  REQUIRE(refunds.world.pass_to_next_timer());
  CHECK(refunds.calls() == "r0/2");
  CHECK(refunds.key("r0") == "refund:r0:2");
  CHECK(Refunds::has_pending_funds(refunds.queue()));
  refunds.answer("r0", refund_done());
  CHECK(!Refunds::has_pending_funds(refunds.queue()));
  CHECK(!refunds.world.pass_to_next_timer());
}

TEST_CASE("refunds: no money: no answer to the next try keeps the key, the answer no changes it") {
  RefundWorld refunds;
  refunds.enqueue_all(1);
  refunds.answer("r0", refund_lacks_funds());
  refunds.world.pass_to_next_timer();
  refunds.answer("r0", refund_lost());
  CHECK(Refunds::has_pending_funds(refunds.queue()));
  refunds.world.pass_to_next_timer();
  CHECK(refunds.key("r0") == "refund:r0:2");
  refunds.answer("r0", refund_lacks_funds());
  refunds.world.pass_to_next_timer();
  CHECK(refunds.key("r0") == "refund:r0:3");
}

TEST_CASE("refunds: money comes in: all that wait for it go out at once, the oldest first") {
  RefundWorld refunds;
  refunds.enqueue_all(10);
  for (int i = 0; i < 10; ++i) refunds.answer("r" + std::to_string(i), refund_lacks_funds());
  CHECK(refunds.calls().empty());
  refunds.funds_arrive();
  CHECK(refunds.recorded() == "all_due{}");
  CHECK(refunds.calls() == "r0/2 r1/2 r2/2 r3/2 r4/2 r5/2 r6/2 r7/2");
  while (!refunds.calls().empty()) refunds.answer_all(refund_done());
  CHECK(refunds.queue().closed.size() == 10);
  CHECK(!Refunds::has_pending_funds(refunds.queue()));
  CHECK(!refunds.world.pass_to_next_timer());
}

TEST_CASE("refunds: money comes in: nothing is recorded when nobody waits for it") {
  RefundWorld refunds;
  refunds.enqueue_all(2);
  refunds.answer("r0", refund_lost());
  const std::size_t before = refunds.world.records();
  refunds.funds_arrive();
  CHECK(refunds.world.records() == before);
  CHECK(refunds.queue().later.size() == 1);
}

TEST_CASE("refunds: money comes in: those that just weren't answered keep their time") {
  RefundWorld refunds;
  refunds.enqueue_all(2);
  refunds.answer("r0", refund_lost());
  refunds.answer("r1", refund_lacks_funds());
  refunds.funds_arrive();
  CHECK(refunds.calls() == "r1/2");
  CHECK(refunds.queue().later.size() == 1);
}

TEST_CASE("refunds: three without money at once pause card payments, two don't") {
  RefundWorld refunds;
  refunds.enqueue_all(4);
  refunds.answer("r0", refund_lacks_funds());
  refunds.answer("r1", refund_lacks_funds());
  CHECK(!refunds.is_paused());
  CHECK(refunds.alert().empty());
  refunds.answer("r2", refund_lacks_funds());
  CHECK(refunds.is_paused());
  CHECK(refunds.recorded().ends_with("paused{}"));
  CHECK(refunds.alert().starts_with("card payments are paused"));
  CHECK(refunds.described().starts_with("card_payments=paused;"));
  refunds.answer("r3", refund_lacks_funds());
  CHECK(refunds.recorded().starts_with("pending_funds{refund=r3;"));
  CHECK(!refunds.recorded().ends_with("paused{}"));
}

TEST_CASE("refunds: one that lacks money three times is still one") {
  RefundWorld refunds;
  refunds.enqueue_all(2);
  for (int i = 0; i < 5; ++i) {
    refunds.answer_all(refund_lacks_funds());
    refunds.funds_arrive();
  }
  CHECK(!refunds.is_paused());
  CHECK(refunds.queue().lacking_funds == 2);
}

TEST_CASE("refunds: only those that lack money now count: who succeeded or failed meanwhile doesn't") {
  for (const auto& result : {refund_done(), refund_failed()}) {
    RefundWorld refunds;
    refunds.enqueue_all(4);
    refunds.answer("r0", refund_lacks_funds());
    refunds.answer("r1", refund_lacks_funds());
    refunds.funds_arrive();
    refunds.answer("r0", result);
    refunds.answer("r2", refund_lacks_funds());
    CHECK(!refunds.is_paused());
    refunds.answer("r3", refund_lacks_funds());
    CHECK(refunds.is_paused());
  }
}

TEST_CASE("refunds: a pause stays until an operator ends it, with a reason; the refunds heal by themselves meanwhile") {
  RefundWorld refunds;
  refunds.enqueue_all(3);
  refunds.answer_all(refund_lacks_funds());
  REQUIRE(refunds.is_paused());
  refunds.funds_arrive();
  refunds.answer_all(refund_done());
  CHECK(refunds.text() == "r0 succeeded, r1 succeeded, r2 succeeded");
  CHECK(refunds.is_paused());
  CHECK(refunds.resume("").code == Code::invalid_request);
  CHECK(refunds.resume(std::string(Refunds::text_bytes_max + 1, 'r')).code == Code::invalid_request);
  CHECK(refunds.is_paused());
  CHECK(refunds.resume("topped up").code == Code::ok);
  CHECK(refunds.recorded() == "resumed{reason=topped up;}");
  CHECK(!refunds.is_paused());
  CHECK(refunds.alert().empty());
  const std::size_t before = refunds.world.records();
  CHECK(refunds.resume().code == Code::ok);
  CHECK(refunds.world.records() == before);
}

TEST_CASE("refunds, resume: wakes those that wait for funds, whether card payments were paused or not") {
  RefundWorld refunds;
  refunds.enqueue_all(3);
  refunds.answer_all(refund_lacks_funds());
  REQUIRE(refunds.is_paused());
  CHECK(refunds.resume("topped up").code == Code::ok);
  CHECK(refunds.recorded() == "resumed{reason=topped up;}all_due{}");
  CHECK(refunds.calls() == "r0/2 r1/2 r2/2");
  refunds.answer_all(refund_lacks_funds());
  CHECK(!refunds.is_paused());
  CHECK(refunds.calls().empty());
  CHECK(refunds.resume("topped up again").code == Code::ok);
  CHECK(refunds.recorded() == "all_due{}");
  CHECK(refunds.calls() == "r0/3 r1/3 r2/3");
}

TEST_CASE("refunds: new ones are queued and sent while card payments are paused") {
  RefundWorld refunds;
  refunds.enqueue_all(3);
  refunds.answer_all(refund_lacks_funds());
  CHECK(refunds.enqueue(refund_of("r3")).code == Code::ok);
  refunds.answer("r3", refund_done());
  CHECK(refunds.text() == "r0 pending_funds, r1 pending_funds, r2 pending_funds, r3 succeeded");
}

TEST_CASE("refunds: an operator who resumes isn't overruled by the same refunds, but by another that lacks money") {
  RefundWorld refunds;
  refunds.enqueue_all(3);
  refunds.answer_all(refund_lacks_funds());
  CHECK(refunds.resume().code == Code::ok);
  for (int i = 0; i < 3; ++i) {
    refunds.funds_arrive();
    refunds.answer_all(refund_lacks_funds());
    CHECK(!refunds.is_paused());
  }
  refunds.enqueue(refund_of("r3"));
  refunds.answer("r3", refund_lacks_funds());
  CHECK(refunds.is_paused());
}

TEST_CASE("refunds: a queue that never had one isn't paused, and may be resumed") {
  RefundWorld refunds;
  CHECK(refunds.resume().code == Code::ok);
  CHECK(refunds.world.records() == 0);
  OrderText fields;
  CHECK(Refunds::describe_answer(Refunds::id, refunds.world.answer(), fields));
  CHECK(fields.out == "card_payments=running;refunds{}");
}

// A provider with an account: it executes a key once, and pays a charge back once at most if we are right.
struct Account {
  std::int64_t balance = 0;
  bool is_healthy = false;
  std::map<std::string, payment::Result> said;  // by key
  std::map<std::string, int> paid;              // by charge

  payment::Result refund(const payment::Refund& call) {
    if (said.contains(call.key)) return said[call.key];
    payment::Result result = is_healthy || *rc::gen::inRange(0, 6) != 0 ? refund_done() : refund_failed();
    if (result.status == payment::Status::succeeded && balance < call.amount.minor) result = refund_lacks_funds();
    if (result.status == payment::Status::succeeded) {
      balance -= call.amount.minor;
      ++paid[call.charge];
    }
    return said[call.key] = result;
  }
};

void answer_one(RefundWorld& refunds, Account& account) {
  const auto calls = refunds.world.calls();
  if (calls.empty()) return;
  const SagaCall& call = calls[*rc::gen::inRange<std::size_t>(0, calls.size())];
  const int luck = *rc::gen::inRange(0, 4);
  if (luck == 0) return void(refunds.report(call.effect, refund_lost()));
  const payment::Result result = account.refund(*call.command.get<payment::Refund>());
  refunds.report(call.effect, luck == 1 ? refund_lost() : result);
}

void check_queue(RefundWorld& refunds, const Account& account) {
  std::size_t lacking = 0;
  for (const auto& [id, refund] : refunds.queue().refunds) {
    lacking += refund.lacks_funds ? 1 : 0;
    const auto paid = account.paid.find(refund.charge);
    const int times = paid == account.paid.end() ? 0 : paid->second;
    RC_ASSERT(times <= 1);
    if (refund.status == Refunds::Status::succeeded) RC_ASSERT(times == 1);
    if (refund.status == Refunds::Status::failed) RC_ASSERT(times == 0);
    if (refund.status == Refunds::Status::pending_funds) RC_ASSERT(refund.lacks_funds);
  }
  RC_ASSERT(refunds.queue().lacking_funds == lacking);
  RC_ASSERT(refunds.queue().sent.size() <= Refunds::sent_max);
}

TEST_CASE("refunds: whatever the provider says and loses, no charge is paid back twice and none is forgotten") {
  check_property("random refunds, answers, money and times", [] {
    RefundWorld refunds;
    Account account;
    for (int i = 0; i < 60; ++i) {
      const auto id = "r" + std::to_string(*rc::gen::inRange(0, 15));
      switch (*rc::gen::inRange(0, 8)) {
        case 0:
        case 1: refunds.enqueue(refund_of(id)); break;
        case 2: refunds.world.pass(*rc::gen::element<std::int64_t>(1, ns_per_s, 100 * ns_per_s)); break;
        case 3: account.balance += 100, refunds.funds_arrive(); break;
        case 4: refunds.retry(id); break;
        default: answer_one(refunds, account); break;
      }
      check_queue(refunds, account);
    }
    account.balance = 1'000'000;
    account.is_healthy = true;
    for (int i = 0; i < 200; ++i) {
      for (const auto& [id, refund] : Refunds::State(refunds.queue()).refunds)
        if (refund.status == Refunds::Status::failed) refunds.retry(id);
      for (const SagaCall& call : refunds.world.calls())
        refunds.report(call.effect, account.refund(*call.command.get<payment::Refund>()));
      if (refunds.world.calls().empty() && !refunds.world.pass_to_next_timer() && refunds.queue().failed.empty()) break;
    }
    check_queue(refunds, account);
    RC_ASSERT(refunds.queue().closed.size() == refunds.queue().count);
    RC_ASSERT(account.paid.size() == refunds.queue().count);
  });
}

}  // namespace
}  // namespace tote
