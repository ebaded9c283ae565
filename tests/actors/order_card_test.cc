// Orders paid by card: reserved, charged outside, confirmed; every way in which that can end.
#include "tests/actors/order_words.h"

namespace tote {
namespace {

TEST_CASE("order, card: reserved and pending while the card is charged, then confirmed") {
  Shop shop;
  CHECK(shop.place("o1", by_card({{"sku1", 2}, {"sku2", 3}}, 500)).code == Code::accepted);
  CHECK(shop.status("o1") == "pending");
  CHECK(shop.on_hand("sku1") == 10);
  CHECK(shop.reserved("sku1") == 2);
  CHECK(shop.reserved("sku2") == 3);
  CHECK(shop.waits_for("o1") == "charge/1");
  const payment::Charge charge = shop.charge("o1");
  CHECK(charge.key == "order:o1:" + std::to_string(shop.progress("o1").started_at.ns) + ":charge");
  CHECK(charge.token == "tok_ok");
  CHECK(charge.amount.minor == 500);
  CHECK(charge.currency.text() == "EUR");
  shop.report("o1", "charge/1", charge_succeeded());
  CHECK(shop.text("o1") == "o1 completed: reserve completed, charge completed 1, confirm completed, notify completed");
  CHECK(shop.on_hand("sku1") == 8);
  CHECK(shop.on_hand("sku2") == 7);
  CHECK(shop.reserved("sku1") == 0);
  CHECK(shop.refunds() == 0);
  shop.world.pass(2 * hour_ns);
  CHECK(shop.status("o1") == "confirmed");
  CHECK(shop.on_hand("sku1") == 8);
}

TEST_CASE("order, card: what it answers, without the card's token") {
  Shop shop;
  shop.place("o1", by_card({{"sku1", 2}}, 500));
  CHECK(shop.described("o1") ==
        "order=o1;status=pending;lines{{item=sku1;quantity=2;}}"
        "pay{method=card;amount=500;currency=EUR;}saga=order:o1;");
  shop.report("o1", "charge/1", charge_declined());
  CHECK(shop.described("o1") ==
        "order=o1;status=failed;lines{{item=sku1;quantity=2;}}"
        "pay{method=card;amount=500;currency=EUR;}saga=order:o1;error=payment_declined;");
  CHECK(shop.described_saga("o1") ==
        "id=order:o1;kind=order;status=compensated;steps{{name=reserve;status=compensated;attempts=0;}"
        "{name=charge;status=failed;attempts=1;error=no money;}{name=confirm;status=pending;attempts=0;}"
        "{name=notify;status=pending;attempts=0;}}");
}

TEST_CASE("order, card: declined: what was reserved is free again, nothing is refunded") {
  Shop shop;
  shop.place("o1", by_card({{"sku1", 2}, {"sku2", 3}, {"sku1", 1}}, 500));
  CHECK(shop.reserved("sku1") == 3);
  shop.report("o1", "charge/1", charge_declined());
  CHECK(shop.status("o1") == "failed");
  CHECK(shop.reserved("sku1") == 0);
  CHECK(shop.reserved("sku2") == 0);
  CHECK(shop.on_hand("sku1") == 10);
  CHECK(shop.refunds() == 0);
}

TEST_CASE("order, card: out of stock or no such item: refused at once, nothing is reserved or called") {
  Shop shop;
  CHECK(shop.place("o1", by_card({{"sku1", 2}, {"sku2", 11}}, 500)).code == Code::out_of_stock);
  CHECK(shop.reserved("sku1") == 0);
  CHECK(shop.waits_for("o1").empty());
  CHECK(shop.status("o1") == "failed");
  CHECK(shop.place("o2", by_card({{"sku1", 2}, {"sku9", 1}}, 500)).code == Code::not_found);
  CHECK(shop.reserved("sku1") == 0);
}

TEST_CASE("order, card: refused while card payments are paused; wallets still pay") {
  Shop shop;
  shop.pause_payments();
  const std::size_t before = shop.world.records();
  CHECK(shop.place("o1", by_card({{"sku1", 2}}, 500)).code == Code::payments_paused);
  CHECK(shop.world.records() == before);
  CHECK(shop.place("o1", by_wallet({{"sku1", 2}}, 500)).code == Code::created);
}

TEST_CASE("order, card: charged, but the reservation has expired: paid back through the queue, once") {
  Shop shop;
  shop.place("o1", by_card({{"sku1", 2}, {"sku2", 1}}, 500));
  shop.world.pass(hour_ns);
  CHECK(shop.reserved("sku1") == 0);
  CHECK(shop.progress("o1").status == saga::Status::compensating);
  shop.report("o1", "charge/1", charge_succeeded());
  CHECK(shop.status("o1") == "failed");
  CHECK(shop.refunds() == 1);
  CHECK(shop.on_hand("sku1") == 10);
  CHECK(shop.on_hand("sku2") == 10);
  shop.report("o1", "charge/1", charge_succeeded());
  CHECK(shop.refunds() == 1);
}

TEST_CASE("order, card: charged in time, but the commit is refused: paid back, released, failed") {
  Shop shop;
  shop.place("o1", by_card({{"sku1", 2}, {"sku2", 1}}, 500));
  const std::string reservation = "~o-" + std::to_string(shop.progress("o1").started_at.ns) + "-1";
  REQUIRE(!shop.world.command<Item>("sku2", Item::Release{reservation, true}).refused());
  shop.report("o1", "charge/1", charge_succeeded());
  CHECK(shop.text("o1") ==
        "o1 compensated: reserve compensated, charge compensated 1, confirm failed [reservation_closed], notify "
        "pending");
  CHECK(shop.refunds() == 1);
  CHECK(shop.on_hand("sku1") == 10);
  CHECK(shop.reserved("sku1") == 0);
}

TEST_CASE("order, card: money that comes in wakes the refunds that wait for it") {
  Shop shop;
  shop.wait_for_funds();
  shop.place("o1", by_card({{"sku1", 2}}, 500));
  CHECK(!shop.is_refunding());
  shop.report("o1", "charge/1", charge_succeeded());
  CHECK(shop.status("o1") == "confirmed");
  CHECK(shop.is_refunding());
}

TEST_CASE("order, card: a lost answer is asked for again with the same key") {
  Shop shop;
  shop.place("o1", by_card({{"sku1", 2}}, 500));
  const std::string key = shop.charge("o1").key;
  shop.report("o1", "charge/1", charge_lost());
  CHECK(shop.waits_for("o1").empty());
  shop.world.pass(100 * ns_per_ms);
  CHECK(shop.waits_for("o1") == "charge/2");
  CHECK(shop.charge("o1").key == key);
  shop.report("o1", "charge/2", charge_succeeded());
  CHECK(shop.status("o1") == "confirmed");
}

TEST_CASE("order, card: nobody answers before the deadline: asked on, and what had been charged is paid back") {
  Shop shop;
  shop.place("o1", by_card({{"sku1", 2}}, 500));
  shop.report("o1", "charge/1", charge_lost());
  while (shop.progress("o1").status == saga::Status::running) {
    shop.world.pass(30 * ns_per_s);
    if (const std::string call = shop.waits_for("o1"); !call.empty()) shop.report("o1", call, charge_lost());
  }
  CHECK(shop.progress("o1").code == Code::deadline_exceeded);
  CHECK(shop.reserved("sku1") == 2);
  CHECK(shop.status("o1") == "pending");
  if (shop.waits_for("o1").empty()) shop.world.pass(60 * ns_per_s);
  SUBCASE("charged") {
    shop.report("o1", shop.waits_for("o1"), charge_succeeded());
    CHECK(shop.refunds() == 1);
  }
  SUBCASE("not charged") {
    shop.report("o1", shop.waits_for("o1"), charge_declined());
    CHECK(shop.refunds() == 0);
  }
  CHECK(shop.status("o1") == "failed");
  CHECK(shop.described("o1").find("error=deadline_exceeded") != std::string::npos);
  CHECK(shop.reserved("sku1") == 0);
}

TEST_CASE("order, card: a provider that never answers ends with an operator") {
  Shop shop;
  shop.place("o1", by_card({{"sku1", 2}}, 500));
  for (int i = 0; i < 200 && shop.progress("o1").status != saga::Status::stuck; ++i) {
    if (const std::string call = shop.waits_for("o1"); !call.empty()) shop.report("o1", call, charge_lost());
    shop.world.pass(30 * ns_per_s);
  }
  CHECK(shop.progress("o1").status == saga::Status::stuck);
  CHECK(!shop.world.alert(Order::kind_id, "o1").empty());
  CHECK(shop.place("o1", by_card({{"sku1", 2}}, 500)).code == Code::order_exists);
  SUBCASE("who looked, and found no charge") {
    CHECK(shop.operate("o1", saga::Remedy::skip).code == Code::ok);
    CHECK(shop.refunds() == 0);
  }
  SUBCASE("who has it asked again") {
    CHECK(shop.operate("o1", saga::Remedy::retry).code == Code::ok);
    shop.report("o1", shop.waits_for("o1"), charge_succeeded());
    CHECK(shop.refunds() == 1);
  }
  CHECK(shop.status("o1") == "failed");
  CHECK(shop.reserved("sku1") == 0);
}

TEST_CASE("order, card: a refund that the queue can't take leaves the saga stuck, and tells an operator") {
  Shop shop;
  shop.place("o1", by_card({{"sku1", 2}}, 500));
  shop.world.pass(hour_ns);
  shop.report("o1", "charge/1", charge_succeeded(""));  // a charge without a name: nobody could pay it back
  CHECK(shop.progress("o1").status == saga::Status::stuck);
  CHECK(shop.world.alert(Order::kind_id, "o1").starts_with("stuck: step 'charge' can't be undone"));
  shop.operate("o1", saga::Remedy::retry);
  CHECK(shop.progress("o1").status == saga::Status::stuck);
  shop.operate("o1", saga::Remedy::skip);
  CHECK(shop.text("o1").starts_with("o1 compensated: reserve compensated, charge skipped 1"));
  CHECK(shop.refunds() == 0);
}

TEST_CASE("order, card: placed again after a decline it is another charge, and the old report is nobody's") {
  Shop shop;
  shop.place("o1", by_card({{"sku1", 2}}, 500, "tok_declined"));
  const std::string key = shop.charge("o1").key;
  shop.report("o1", "charge/1", charge_declined());
  CHECK(shop.place("o1", by_card({{"sku1", 2}}, 500)).code == Code::accepted);
  CHECK(shop.charge("o1").key != key);
  CHECK(shop.waits_for("o1") == "charge/2");
  shop.report("o1", "charge/1", charge_declined());
  CHECK(shop.status("o1") == "pending");
  shop.report("o1", "charge/2", charge_succeeded());
  CHECK(shop.status("o1") == "confirmed");
}

// An order by card as the first versions placed it: its reservation has a name that a client's might have.
class PlaceAsBefore final : public Script {
 public:
  void entities(std::vector<EntityRef>& out) const override { out.push_back({Order::kind_id, "o1"}); }
  Verdict run(Transaction& on) const override {
    const auto order = std::make_shared<const OrderPlan::Input>(by_card({{"sku1", 2}}, 500));
    const std::string name = "o-" + std::to_string(on.now().ns) + "-0";
    if (const Step step = tote::run<Item>(on, "sku1", Item::Reserve{name, 2, 3'600}); step.refused())
      return step.verdict();
    const saga::Changes changes{{saga::ChangeType::completed, 0},
                                {saga::ChangeType::called, 1, Code::ok, Time::never()}};
    return tote::run<Order>(on, "o1", Order::Start{order, changes}).verdict();
  }
  void answer(Transaction&, std::string&) const override {}
  void digest(std::string&) const override {}
};

TEST_CASE("order, card: one that was under way in a log of the first versions commits and releases its own") {
  for (const bool is_charged : {true, false}) {
    Shop shop;
    REQUIRE(shop.world.run(PlaceAsBefore()).code == Code::created);
    const std::string name = "o-" + std::to_string(shop.progress("o1").started_at.ns) + "-0";
    CHECK(shop.reserved("sku1") == 2);
    CHECK(shop.world.command<Item>("sku1", Item::Release{name}).code == Code::reservation_not_found);
    CHECK(shop.world.command<Item>("sku1", Item::Commit{name}).code == Code::reservation_not_found);
    shop.report("o1", "charge/1", is_charged ? charge_succeeded() : charge_declined());
    CHECK(shop.status("o1") == (is_charged ? "confirmed" : "failed"));
    CHECK(shop.on_hand("sku1") == (is_charged ? 8 : 10));
    CHECK(shop.reserved("sku1") == 0);
    CHECK(shop.refunds() == 0);
  }
}

TEST_CASE("order: an operator's answer is the saga's view") {
  Shop shop;
  shop.place("o1", by_card({{"sku1", 2}}, 500));
  CHECK(shop.operate("o1", saga::Remedy::retry).code == Code::saga_not_stuck);
  for (int i = 0; i < 200 && shop.progress("o1").status != saga::Status::stuck; ++i) {
    if (const std::string call = shop.waits_for("o1"); !call.empty()) shop.report("o1", call, charge_lost());
    shop.world.pass(30 * ns_per_s);
  }
  shop.operate("o1", saga::Remedy::skip);
  OrderText fields;
  CHECK(Order::describe_answer("o1", shop.world.answer(), fields));
  CHECK(fields.out.starts_with("id=order:o1;kind=order;status=compensated;steps{"));
}

}  // namespace
}  // namespace tote
