// Orders that wait for a payment from outside.
#include <functional>

#include "actors/order/outside_payment.h"
#include "tests/actors/order_words.h"

namespace tote {
namespace {

OrderPlan::Input by_webhook(Lines lines, std::int64_t amount) {
  OrderPlan::Input order{std::move(lines)};
  order.amount = {amount};
  order.currency = *currency_of("EUR");
  order.webhook = "stripe";
  return order;
}

class Doing final : public Script {
 public:
  explicit Doing(std::function<Verdict(Transaction&)> what) : what_(std::move(what)) {}
  void entities(std::vector<EntityRef>&) const override {}
  Verdict run(Transaction& on) const override { return what_(on); }
  void answer(Transaction&, std::string&) const override {}
  void digest(std::string&) const override {}

 private:
  const std::function<Verdict(Transaction&)> what_;
};

struct Store : Shop {
  Store() { CHECK(place("o1", by_webhook({{"sku1", 2}}, 500)).code == Code::accepted); }

  Code pay(std::string payment, std::int64_t amount = 500, std::string_view currency = "EUR") {
    const PaidOrder paid{"o1", std::move(payment), {}, {amount}, *currency_of(currency)};
    Code code{};
    // What a refusal has staged stays: the order has failed, and its refund is queued.
    world.run(Doing([&](Transaction& on) { return code = pay_order(on, paid).code, Verdict{}; }));
    return code;
  }
  Code fail() {
    return world.run(Doing([](Transaction& on) { return fail_order(on, "o1", "expired"); })).code;
  }
};

TEST_CASE("order, webhook: it waits with its stock reserved, and calls nobody") {
  Store store;
  CHECK(store.status("o1") == "pending");
  CHECK(store.reserved("sku1") == 2);
  CHECK(store.world.calls().empty());
  CHECK(store.described("o1") ==
        "order=o1;status=pending;lines{{item=sku1;quantity=2;}}"
        "pay{webhook=stripe;amount=500;currency=EUR;}saga=order:o1;");
  store.world.pass(24 * hour_ns);
  CHECK(store.status("o1") == "pending");
  CHECK(store.pay("pi_1") == Code::ok);
  CHECK(store.status("o1") == "confirmed");
  CHECK(store.on_hand("sku1") == 8);
  CHECK(store.pay("pi_1") == Code::ok);
  CHECK(store.pay("pi_2") == Code::not_awaited);
  CHECK(store.fail() == Code::not_awaited);
  CHECK(store.refunds() == 0);
}

TEST_CASE("order, webhook: nobody pays: after 25 hours it has failed, and its stock is free") {
  Store store;
  store.world.pass(25 * hour_ns + ns_per_s);
  CHECK(store.status("o1") == "failed");
  CHECK(store.reserved("sku1") == 0);
  CHECK(store.on_hand("sku1") == 10);
  CHECK(store.pay("pi_1") == Code::not_awaited);
  CHECK(store.place("o1", by_webhook({{"sku1", 1}}, 500)).code == Code::accepted);
}

TEST_CASE("order, webhook: what isn't the price leaves it waiting") {
  Store store;
  CHECK(store.pay("pi_1", 499) == Code::wrong_amount);
  CHECK(store.pay("pi_1", 500, "USD") == Code::currency_mismatch);
  CHECK(store.status("o1") == "pending");
  CHECK(store.fail() == Code::ok);
  CHECK(store.status("o1") == "failed");
  CHECK(store.reserved("sku1") == 0);
}

TEST_CASE("order, webhook: it is placed while card payments are paused") {
  Shop shop;
  shop.pause_payments();
  CHECK(shop.place("o1", by_webhook({{"sku1", 2}}, 500)).code == Code::accepted);
  CHECK(shop.place("o2", by_card({{"sku1", 2}}, 500)).code == Code::payments_paused);
}

TEST_CASE("order, webhook: it is paid in one way") {
  Shop shop;
  auto order = by_webhook({{"sku1", 2}}, 500);
  order.wallet = "ann";
  CHECK(shop.place("o1", order).code == Code::invalid_request);
  order.wallet.clear();
  order.card_token = "tok_ok";
  CHECK(shop.place("o1", order).code == Code::invalid_request);
  order.card_token.clear();
  order.currency = {};
  CHECK(shop.place("o1", order).code == Code::invalid_request);
  order.webhook = "not an id";
  CHECK(shop.place("o1", order).code == Code::invalid_id);
}

TEST_CASE("order, webhook: its bytes say by which it is told, and those of others stay as they were") {
  std::string bytes;
  OrderPlan::encode(by_webhook({{"sku1", 2}}, 500), bytes);
  OrderPlan::Input back;
  REQUIRE(OrderPlan::decode(bytes, back));
  CHECK(back.webhook == "stripe");
  CHECK(back.is_by_webhook());
  CHECK(!back.is_by_card());
  CHECK(back.currency.text() == "EUR");
}

}  // namespace
}  // namespace tote
