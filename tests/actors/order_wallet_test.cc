// Orders paid from a wallet: all in one record, or nothing but the refusal.
#include "tests/actors/order_words.h"

namespace tote {
namespace {

TEST_CASE("order, wallet: picked, paid and confirmed in one record") {
  Shop shop;
  const std::size_t before = shop.world.records();
  CHECK(shop.place("o1", by_wallet({{"sku1", 2}, {"sku2", 3}}, 300)).code == Code::created);
  CHECK(shop.world.records() == before + 1);
  CHECK(shop.on_hand("sku1") == 8);
  CHECK(shop.on_hand("sku2") == 7);
  CHECK(shop.balance() == 700);
  CHECK(shop.text("o1") == "o1 completed: reserve completed, charge completed, confirm completed, notify completed");
  CHECK(shop.world.calls().empty());
  CHECK(shop.world.events_of(Wallet::kind_id, "ann").back().find("o1") != std::string::npos);
}

TEST_CASE("order, wallet: what it answers") {
  Shop shop;
  shop.place("o1", by_wallet({{"sku1", 2}, {"sku2", 3}}, 300));
  CHECK(shop.world.answer() == shop.world.answer(Order::kind_id, "o1"));
  CHECK(shop.described("o1") ==
        "order=o1;status=confirmed;lines{{item=sku1;quantity=2;}{item=sku2;quantity=3;}}"
        "pay{wallet=ann;amount=300;}saga=order:o1;");
  CHECK(shop.described_saga("o1") ==
        "id=order:o1;kind=order;status=completed;steps{{name=reserve;status=completed;attempts=0;}"
        "{name=charge;status=completed;attempts=0;}{name=confirm;status=completed;attempts=0;}"
        "{name=notify;status=completed;attempts=0;}}");
}

TEST_CASE("order, wallet: an item that is named twice is one pick, and its shortage is the order's") {
  Shop shop;
  CHECK(shop.place("o1", by_wallet({{"sku1", 2}, {"sku2", 1}, {"sku1", 3}}, 300)).code == Code::created);
  CHECK(shop.on_hand("sku1") == 5);
  const Verdict verdict = shop.place("o2", by_wallet({{"sku1", 3}, {"sku1", 3}}, 300));
  CHECK(verdict.code == Code::out_of_stock);
  CHECK(verdict.facts == Facts{{FactName::available, 5}, {FactName::requested, 6}, {FactName::line, 0}});
}

TEST_CASE("order, wallet: a refusal takes all back; the order is on record as failed") {
  Shop shop;
  const std::size_t before = shop.world.records();
  const auto untouched = [&](std::string_view error, std::string_view text) {
    CHECK(shop.on_hand("sku1") == 10);
    CHECK(shop.on_hand("sku2") == 10);
    CHECK(shop.balance() == 1'000);
    CHECK(shop.world.records() == before + 1);
    CHECK(shop.text("o1") == text);
    CHECK(shop.described("o1").find("status=failed;") != std::string::npos);
    CHECK(shop.described("o1").find("error=" + std::string(error)) != std::string::npos);
  };
  SUBCASE("the last item is short") {
    const Verdict verdict = shop.place("o1", by_wallet({{"sku1", 2}, {"sku2", 11}}, 300));
    CHECK(verdict.code == Code::out_of_stock);
    CHECK(verdict.facts == Facts{{FactName::available, 10}, {FactName::requested, 11}, {FactName::line, 1}});
    untouched("out_of_stock",
              "o1 compensated: reserve failed [out_of_stock], charge pending, confirm pending, notify pending");
  }
  SUBCASE("an item doesn't exist") {
    CHECK(shop.place("o1", by_wallet({{"sku1", 2}, {"sku9", 1}}, 300)).code == Code::not_found);
    untouched("not_found",
              "o1 compensated: reserve failed [not_found], charge pending, confirm pending, notify pending");
  }
  SUBCASE("the wallet is short") {
    const Verdict verdict = shop.place("o1", by_wallet({{"sku1", 2}, {"sku2", 1}}, 1'001));
    CHECK(verdict.code == Code::insufficient_funds);
    CHECK(verdict.facts == Facts{{FactName::available, 1'000}, {FactName::requested, 1'001}});
    untouched(
        "insufficient_funds",
        "o1 compensated: reserve compensated, charge failed [insufficient_funds], confirm pending, notify pending");
  }
  SUBCASE("the wallet doesn't exist") {
    CHECK(shop.place("o1", by_wallet({{"sku1", 2}}, 300, "bob")).code == Code::not_found);
    untouched("not_found",
              "o1 compensated: reserve compensated, charge failed [not_found], confirm pending, notify pending");
  }
}

TEST_CASE("order: one that is confirmed or pending exists, one that failed may be placed again") {
  Shop shop;
  shop.place("o1", by_wallet({{"sku1", 2}}, 300));
  const std::size_t before = shop.world.records();
  CHECK(shop.place("o1", by_wallet({{"sku1", 2}}, 300)).code == Code::order_exists);
  CHECK(shop.world.records() == before);
  shop.place("o2", by_card({{"sku1", 2}}, 300));
  CHECK(shop.place("o2", by_wallet({{"sku1", 2}}, 300)).code == Code::order_exists);
  CHECK(shop.place("o3", by_wallet({{"sku1", 99}}, 300)).code == Code::out_of_stock);
  CHECK(shop.place("o3", by_wallet({{"sku1", 2}}, 1'300)).code == Code::insufficient_funds);
  CHECK(shop.place("o3", by_wallet({{"sku1", 2}}, 300)).code == Code::created);
  CHECK(shop.place("o3", by_wallet({{"sku1", 2}}, 300)).code == Code::order_exists);
  CHECK(shop.balance() == 400);
  CHECK(shop.described("o3").find("error=") == std::string::npos);
}

TEST_CASE("order: what is no order is refused and leaves no trace") {
  Shop shop;
  const std::size_t before = shop.world.records();
  const auto code = [&](OrderPlan::Input order, std::string id = "o1") {
    return shop.place(std::move(id), std::move(order)).code;
  };
  const std::int64_t amount_max = limits::amount_max;
  CHECK(code(by_wallet({}, 300)) == Code::invalid_request);
  CHECK(code(by_wallet(Lines(order_lines_max + 1, {"sku1", 1}), 300)) == Code::invalid_request);
  CHECK(code(by_wallet({{"sku1", 0}}, 300)) == Code::invalid_request);
  CHECK(code(by_wallet({{"sku1", -1}}, 300)) == Code::invalid_request);
  CHECK(code(by_wallet({{"sku1", amount_max + 1}}, 300)) == Code::invalid_request);
  CHECK(code(by_wallet(Lines(order_lines_max, {"sku1", amount_max}), 300)) == Code::invalid_request);
  CHECK(code(by_wallet({{"no item", 1}}, 300)) == Code::invalid_id);
  CHECK(code(by_wallet({{"sku1", 1}}, 0)) == Code::invalid_request);
  CHECK(code(by_wallet({{"sku1", 1}}, amount_max + 1)) == Code::invalid_request);
  CHECK(code(by_wallet({{"sku1", 1}}, 1, "no wallet")) == Code::invalid_id);
  CHECK(code(by_wallet({{"sku1", 1}}, 1), "no order") == Code::invalid_id);
  CHECK(code(by_card({{"sku1", 1}}, 1, "")) == Code::invalid_request);
  CHECK(code(by_card({{"sku1", 1}}, 1, std::string(256, 't'))) == Code::invalid_request);
  OrderPlan::Input both = by_wallet({{"sku1", 1}}, 1);
  both.card_token = "tok_ok";
  CHECK(code(both) == Code::invalid_request);
  OrderPlan::Input no_currency = by_card({{"sku1", 1}}, 1);
  no_currency.currency = {};
  CHECK(code(no_currency) == Code::invalid_request);
  CHECK(shop.world.records() == before);
}

TEST_CASE("order, wallet: 64 lines are served") {
  Shop shop;
  Lines lines;
  for (int i = 0; i < 64; ++i) {
    lines.push_back({"item" + std::to_string(i), 1});
    shop.stock(lines.back().item, 1);
  }
  CHECK(shop.place("o1", by_wallet(lines, 300)).code == Code::created);
  CHECK(shop.place("o2", by_wallet(lines, 300)).code == Code::out_of_stock);
  CHECK(shop.balance() == 700);
}

TEST_CASE("order: the entities that it needs are known before it runs") {
  std::vector<EntityRef> refs;
  const PlaceOrder wallet("o1", by_wallet({{"sku1", 1}, {"sku2", 1}}, 1));
  wallet.entities(refs);
  CHECK(refs ==
        std::vector<EntityRef>{
            {Order::kind_id, "o1"}, {Item::kind_id, "sku1"}, {Item::kind_id, "sku2"}, {Wallet::kind_id, "ann"}});
  refs.clear();
  const PlaceOrder card("o1", by_card({{"sku1", 1}}, 1));
  card.entities(refs);
  CHECK(refs ==
        std::vector<EntityRef>{{Order::kind_id, "o1"}, {Item::kind_id, "sku1"}, {Refunds::kind_id, Refunds::id}});
}

}  // namespace
}  // namespace tote
