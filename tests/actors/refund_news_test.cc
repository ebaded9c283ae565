// What the refund queue hears of the provider besides the answers to its calls: late, doubled, in any order.
#include "tests/actors/given.h"
#include "tests/actors/refund_words.h"

namespace tote {
namespace {

using News = Refunds::News;

void hear(RefundWorld& refunds, News news) {
  CHECK(!refunds.world.command<Refunds>(Refunds::id, Refunds::Heard{"ch-r0", news, "said"}).refused());
}

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
