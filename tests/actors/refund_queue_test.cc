// The refund queue: in the order of coming, each charge paid back at most once, and what fails for good is out of the
// way of the others.
#include "tests/actors/refund_words.h"

namespace tote {
namespace {

TEST_CASE("refunds: one that comes is sent at once, with all that the provider needs") {
  RefundWorld refunds;
  CHECK(refunds.enqueue(refund_of("r0", 700)).code == Code::ok);
  CHECK(refunds.recorded() == "enqueued{refund=r0;charge=ch-r0;amount=700;currency=EUR;}");
  CHECK(refunds.text() == "r0 sent");
  const auto calls = refunds.world.calls();
  REQUIRE(calls.size() == 1);
  CHECK(calls.front().effect == "r0/1");
  const auto& call = *calls.front().command.get<payment::Refund>();
  CHECK(call.key == "refund:r0:1");
  CHECK(call.charge == "ch-r0");
  CHECK(call.amount.minor == 700);
  CHECK(call.currency.text() == "EUR");
  refunds.answer("r0", refund_done());
  CHECK(refunds.recorded() == "succeeded{refund=r0;}");
  CHECK(refunds.text() == "r0 succeeded");
  CHECK(refunds.calls().empty());
  CHECK(!refunds.world.pass_to_next_timer());
}

TEST_CASE("refunds: what isn't one is invalid, and records nothing") {
  RefundWorld refunds;
  const auto is_invalid = [&](const auto& change) {
    Refunds::Enqueue enqueue = refund_of("r0");
    change(enqueue);
    CHECK(refunds.enqueue(enqueue).code == Code::invalid_request);
  };
  is_invalid([](auto& enqueue) { enqueue.refund.clear(); });
  is_invalid([](auto& enqueue) { enqueue.refund = "a/b"; });
  is_invalid([](auto& enqueue) { enqueue.refund = std::string(129, 'r'); });
  is_invalid([](auto& enqueue) { enqueue.charge.clear(); });
  is_invalid([](auto& enqueue) { enqueue.charge = std::string(Refunds::text_bytes_max + 1, 'c'); });
  for (const std::int64_t amount : {std::int64_t{0}, std::int64_t{-1}, limits::amount_max + 1, INT64_MIN})
    is_invalid([&](auto& enqueue) { enqueue.amount = {amount}; });
  CHECK(refunds.world.records() == 0);
  CHECK(refunds.enqueue({std::string(128, 'r'), std::string(1'000, 'c'), {limits::amount_max}, *currency_of("JPY")})
            .code == Code::ok);
}

TEST_CASE("refunds: eight calls at a time, the oldest first; each answer lets the next one out") {
  RefundWorld refunds;
  refunds.enqueue_all(12);
  CHECK(refunds.calls() == "r0/1 r1/1 r2/1 r3/1 r4/1 r5/1 r6/1 r7/1");
  refunds.answer("r5", refund_done());
  CHECK(refunds.calls() == "r0/1 r1/1 r2/1 r3/1 r4/1 r6/1 r7/1 r8/1");
  refunds.answer("r0", refund_failed());
  refunds.answer("r1", refund_lacks_funds());
  refunds.answer("r2", refund_lost());
  CHECK(refunds.calls() == "r3/1 r4/1 r6/1 r7/1 r8/1 r9/1 r10/1 r11/1");
  refunds.answer_all(refund_done());
  CHECK(refunds.calls().empty());
}

TEST_CASE("refunds: one that is tried again goes before those that came later") {
  RefundWorld refunds;
  refunds.enqueue_all(1);
  refunds.answer("r0", refund_failed());
  for (int i = 1; i <= 12; ++i) refunds.enqueue(refund_of("r" + std::to_string(i)));
  CHECK(refunds.retry("r0").code == Code::ok);
  CHECK(refunds.text().starts_with("r0 queued, r1 sent"));
  refunds.answer("r4", refund_done());
  CHECK(refunds.refund("r0").status == Refunds::Status::sent);
  CHECK(refunds.refund("r9").status == Refunds::Status::queued);
}

TEST_CASE("refunds: the same charge again is a yes that changes nothing, whatever became of the first") {
  RefundWorld refunds;
  refunds.enqueue(refund_of("r0"));
  SUBCASE("sent") {}
  SUBCASE("succeeded") { refunds.answer("r0", refund_done()); }
  SUBCASE("waits for money") { refunds.answer("r0", refund_lacks_funds()); }
  SUBCASE("not answered") { refunds.answer("r0", refund_lost()); }
  SUBCASE("failed") { refunds.answer("r0", refund_failed()); }
  const std::size_t before = refunds.world.records();
  CHECK(refunds.enqueue(refund_of("r0")).code == Code::ok);
  Refunds::Enqueue other_id = refund_of("r0");
  other_id.refund = "r1";
  CHECK(refunds.enqueue(other_id).code == Code::ok);
  other_id.amount = {999};
  CHECK(refunds.enqueue(other_id).code == Code::ok);
  CHECK(refunds.world.records() == before);
  CHECK(refunds.queue().refunds.size() == 1);
  CHECK(refunds.refund("r0").amount.minor == 100);
}

TEST_CASE("refunds: the same id for another charge is a mistake, and records nothing") {
  RefundWorld refunds;
  refunds.enqueue(refund_of("r0"));
  Refunds::Enqueue other = refund_of("r0");
  other.charge = "ch-other";
  CHECK(refunds.enqueue(other).code == Code::invalid_request);
  CHECK(refunds.queue().by_charge.size() == 1);
  CHECK(refunds.world.records() == 1);
}

TEST_CASE("refunds: an answer that comes twice, late, or about nothing changes nothing") {
  RefundWorld refunds;
  refunds.enqueue_all(1);
  const auto changes_nothing = [&](std::string_view effect, const payment::Result& result) {
    const std::size_t before = refunds.world.records();
    refunds.report(effect, result);
    CHECK(refunds.world.records() == before);
  };
  for (const char* effect : {"r0/0", "r0/2", "r0/", "r0", "", "/", "r9/1", "r0/1/1", "r0/01", "r0/x"})
    changes_nothing(effect, refund_done());
  refunds.answer("r0", refund_lost());
  changes_nothing("r0/1", refund_done());
  refunds.world.pass_to_next_timer();
  CHECK(refunds.calls() == "r0/2");
  changes_nothing("r0/1", refund_failed());
  refunds.answer("r0", refund_done());
  for (const auto& result : {refund_done(), refund_failed(), refund_lost(), refund_lacks_funds()})
    changes_nothing("r0/2", result);
  CHECK(refunds.text() == "r0 succeeded");
}

TEST_CASE("refunds: no answer: asked again with the same key, as long as the provider has said no no") {
  RefundWorld refunds;
  refunds.enqueue_all(1);
  for (int i = 1; i <= 30; ++i) {
    CHECK(refunds.calls() == "r0/" + std::to_string(i));
    CHECK(refunds.key("r0") == "refund:r0:1");
    refunds.answer("r0", refund_lost());
    CHECK(refunds.text() == "r0 queued");
    CHECK(refunds.calls().empty());
    CHECK(refunds.refund("r0").last_error == "timed out");
    REQUIRE(refunds.world.pass_to_next_timer());
  }
  refunds.answer("r0", refund_already_done());
  CHECK(refunds.text() == "r0 succeeded");
  CHECK(refunds.refund("r0").last_error.empty());
}

TEST_CASE("refunds: waits between tries grow to ten minutes, no further, and aren't the same for all") {
  for (const auto& result : {refund_lost(), refund_lacks_funds()}) {
    RefundWorld refunds;
    refunds.enqueue_all(2);
    std::int64_t longest_s = 1;
    bool is_different = false;
    for (int i = 0; i < 20; ++i) {
      const std::int64_t longest = longest_s * ns_per_s;
      std::vector<std::int64_t> waits;
      for (const char* id : {"r0", "r1"}) {
        refunds.answer(id, result);
        waits.push_back(refunds.refund(id).retry_at.ns - refunds.world.now().ns);
        CHECK(waits.back() >= longest / 2);
        CHECK(waits.back() <= longest);
      }
      is_different = is_different || waits[0] != waits[1];
      const Time due = std::max(refunds.refund("r0").retry_at, refunds.refund("r1").retry_at);
      refunds.world.pass(due.ns - 1 - refunds.world.now().ns);
      CHECK(refunds.queue().later.size() == 1);
      refunds.world.pass(1);
      CHECK(refunds.queue().sent.size() == 2);
      longest_s = std::min<std::int64_t>(2 * longest_s, 600);
    }
    CHECK(is_different);
    CHECK(longest_s == 600);
  }
}

TEST_CASE("refunds: what fails for good waits for an operator and doesn't stand in anybody's way") {
  RefundWorld refunds;
  refunds.enqueue_all(20);
  for (int i = 0; i < 10; ++i)
    refunds.answer("r" + std::to_string(i), i % 2 == 0 ? refund_failed() : refund_disputed());
  CHECK(refunds.queue().failed.size() == 10);
  CHECK(refunds.refund("r0").last_error == "no such charge");
  CHECK(refunds.refund("r1").last_error == "disputed");
  CHECK(refunds.alert() == "10 refunds have failed for good, the oldest is r0");
  CHECK(!refunds.is_paused());
  while (!refunds.calls().empty()) refunds.answer_all(refund_done());
  CHECK(refunds.queue().closed.size() == 10);
  CHECK(refunds.queue().failed.size() == 10);
  CHECK(!refunds.world.pass_to_next_timer());
  refunds.funds_arrive();
  CHECK(refunds.calls().empty());
}

TEST_CASE("refunds: a declined one has failed for good, too") {
  RefundWorld refunds;
  refunds.enqueue_all(1);
  refunds.answer("r0", {payment::Status::declined, {}, {}});
  CHECK(refunds.text() == "r0 failed");
  CHECK(refunds.recorded() == "failed{refund=r0;error=declined;}");
}

TEST_CASE("refunds, retry: one that waits for funds goes out at once, with its reason and the key that it had anyway") {
  RefundWorld refunds;
  refunds.enqueue_all(2);
  refunds.answer("r0", refund_lacks_funds());
  refunds.answer("r1", refund_lacks_funds());
  CHECK(refunds.run(retry_refund("r0", std::string(Refunds::text_bytes_max + 1, 'r'))).code == Code::invalid_request);
  CHECK(refunds.run(retry_refund("r0", "topped up")).code == Code::ok);
  CHECK(refunds.recorded() == "requeued{refund=r0;reason=topped up;}");
  CHECK(refunds.text() == "r0 sent, r1 pending_funds");
  CHECK(refunds.key("r0") == "refund:r0:2");
  CHECK(refunds.queue().lacking_funds == 2);
  CHECK(refunds.retry("r0").code == Code::refund_not_failed);
  refunds.answer("r0", refund_done());
  CHECK(refunds.queue().lacking_funds == 1);
  CHECK(refunds.text() == "r0 succeeded, r1 pending_funds");
}

TEST_CASE("refunds, retry: only what has failed, with a new key") {
  RefundWorld refunds;
  CHECK(refunds.retry("r0").code == Code::not_found);
  refunds.enqueue_all(1);
  CHECK(refunds.retry("r9").code == Code::not_found);
  CHECK(refunds.retry("r0").code == Code::refund_not_failed);
  refunds.answer("r0", refund_failed());
  CHECK(refunds.retry("r0").code == Code::ok);
  CHECK(refunds.recorded() == "requeued{refund=r0;}");
  CHECK(refunds.calls() == "r0/2");
  CHECK(refunds.key("r0") == "refund:r0:2");
  CHECK(refunds.retry("r0").code == Code::refund_not_failed);
  refunds.answer("r0", refund_failed());
  CHECK(refunds.retry("r0").code == Code::ok);
  CHECK(refunds.key("r0") == "refund:r0:3");
  refunds.answer("r0", refund_done());
  CHECK(refunds.retry("r0").code == Code::refund_not_failed);
  CHECK(refunds.alert().empty());
}

TEST_CASE("refunds, retry: answers that refund, and the list shows the newest first, or those of one status") {
  RefundWorld refunds;
  refunds.enqueue_all(2);
  refunds.answer("r0", refund_failed());
  const std::string created = std::to_string(refunds.refund("r0").created_at.ns);
  const std::string r0 =
      "id=r0;amount=100;currency=EUR;status=failed;attempts=1;last_error=no such charge;created_at=" + created + ";";
  CHECK(refunds.described("failed") == "card_payments=running;refunds{{" + r0 + "}}");
  CHECK(refunds.described("pending_funds") == "card_payments=running;refunds{}");
  CHECK(refunds.described().find("id=r1") < refunds.described().find("id=r0"));
  CHECK(refunds.retry("r0").code == Code::ok);
  OrderText fields;
  CHECK(Refunds::describe_answer(Refunds::id, refunds.world.answer(), fields));
  CHECK(fields.out.starts_with("id=r0;amount=100;currency=EUR;status=sent;attempts=2;"));
}

TEST_CASE("refunds: an error is kept, but not longer than a record may be") {
  RefundWorld refunds;
  refunds.enqueue_all(1);
  refunds.answer("r0", {payment::Status::failed, {}, std::string(5'000, 'e')});
  CHECK(refunds.refund("r0").last_error.size() == Refunds::text_bytes_max);
}

}  // namespace
}  // namespace tote
