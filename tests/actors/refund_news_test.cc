// What the refund queue hears of the provider besides the answers to its calls: late, doubled, in any order.
#include "tests/actors/given.h"
#include "tests/actors/refund_words.h"

namespace tote {
namespace {

using News = Refunds::News;

void hear(RefundWorld& refunds, News news, const std::string& of = {}) {
  CHECK(!refunds.world.command<Refunds>(Refunds::id, Refunds::Heard{"ch-r0", news, "said", of}).refused());
}
payment::Result done_as(const std::string& id) { return {payment::Status::succeeded, id, {}}; }

TEST_CASE("refunds: news that money is back is taken before the call's own answer, once") {
  RefundWorld refunds;
  refunds.enqueue_all(1);
  hear(refunds, News::returned);
  CHECK(refunds.text() == "r0 succeeded");
  hear(refunds, News::returned);
  CHECK(refunds.text() == "r0 succeeded");
}

TEST_CASE("refunds: one that didn't arrive has failed, and late news of its first success doesn't make it good") {
  RefundWorld refunds;
  refunds.enqueue_all(1);
  refunds.answer("r0", refund_done());
  hear(refunds, News::bounced);
  CHECK(refunds.text() == "r0 failed");
  hear(refunds, News::returned);
  CHECK(refunds.text() == "r0 failed");
}

TEST_CASE("refunds: news of one that came back are of that one, and never of what was sent since") {
  RefundWorld refunds;
  refunds.enqueue_all(1);
  refunds.answer("r0", done_as("re_1"));
  hear(refunds, News::bounced, "re_0");
  CHECK(refunds.text() == "r0 succeeded");
  hear(refunds, News::bounced, "re_1");
  CHECK(refunds.text() == "r0 failed");
  CHECK(refunds.refund("r0").bounced_id == "re_1");
  CHECK(!refunds.retry("r0").refused());
  SUBCASE("whose id is known") { refunds.answer("r0", done_as("re_2")); }
  SUBCASE("whose id isn't") { refunds.answer("r0", refund_already_done()); }
  hear(refunds, News::bounced, "re_1");
  CHECK(refunds.text() == "r0 succeeded");
  hear(refunds, News::bounced, "re_2");
  CHECK(refunds.text() == "r0 failed");
}

TEST_CASE("refunds: one that is made by news is known by the id that they name; what is too long isn't remembered") {
  RefundWorld refunds;
  refunds.enqueue_all(1);
  SUBCASE("by the provider's own word") {
    hear(refunds, News::returned, "re_1");
    CHECK(refunds.refund("r0").provider_id == "re_1");
  }
  SUBCASE("at most so long") {
    refunds.answer("r0", done_as(std::string(Refunds::provider_id_bytes_max + 1, 'x')));
    CHECK(refunds.refund("r0").provider_id.empty());
  }
  hear(refunds, News::bounced, "re_1");
  CHECK(refunds.text() == "r0 failed");
}

TEST_CASE("refunds: one that didn't arrive is sent again by an operator, and only that call's answer makes it good") {
  RefundWorld refunds;
  refunds.enqueue_all(1);
  refunds.answer("r0", refund_done());
  hear(refunds, News::bounced);
  CHECK(!refunds.retry("r0").refused());
  CHECK(refunds.calls() == "r0/2");
  CHECK(refunds.key("r0") == "refund:r0:2");
  hear(refunds, News::returned);  // of the first
  CHECK(refunds.calls() == "r0/2");
  refunds.answer("r0", refund_done());
  CHECK(refunds.text() == "r0 succeeded");
  hear(refunds, News::bounced);
  CHECK(refunds.text() == "r0 failed");
}

}  // namespace
}  // namespace tote
