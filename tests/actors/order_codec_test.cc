// What an order asks, as bytes.
#include <set>

#include "tests/actors/order_words.h"
#include "tests/actors/property.h"

namespace tote {
namespace {

std::string encoded_order(const OrderPlan::Input& order) {
  std::string bytes;
  OrderPlan::encode(order, bytes);
  return bytes;
}

TEST_CASE("order codec: what was asked comes back") {
  for (const OrderPlan::Input& order :
       {by_wallet({{"sku1", 1}, {"sku2", limits::amount_max}}, 7), by_card({{"sku1", 2}}, limits::amount_max)}) {
    OrderPlan::Input back;
    REQUIRE(OrderPlan::decode(encoded_order(order), back));
    REQUIRE(back.lines.size() == order.lines.size());
    for (std::size_t i = 0; i < back.lines.size(); ++i) {
      CHECK(back.lines[i].item == order.lines[i].item);
      CHECK(back.lines[i].quantity == order.lines[i].quantity);
    }
    CHECK(back.wallet == order.wallet);
    CHECK(back.card_token == order.card_token);
    CHECK(back.amount == order.amount);
    CHECK(back.currency == order.currency);
    CHECK(back.is_by_card() == order.is_by_card());
  }
}

TEST_CASE("order codec: reference and metadata come back, in their order, and a wallet's currency") {
  OrderPlan::Input order = by_wallet({{"sku1", 1}}, 7), back;
  order.labels = share({"invoice 17", {{"zone", "a \"b\""}, {"empty", ""}, {"city", "Zürich"}}});
  order.currency = *currency_of("JPY");
  REQUIRE(OrderPlan::decode(encoded_order(order), back));
  CHECK(labels_of(back.labels) == labels_of(order.labels));
  CHECK(back.currency == order.currency);
  CHECK(!back.is_by_card());
  order.labels = share({{}, {Labels::metadata_max, {"n", "v"}}});
  order.lines.assign(order_lines_max, {"sku1", 1});
  CHECK(OrderPlan::decode(encoded_order(order), back));
}

TEST_CASE("order: reference and metadata have a kibibyte in all, names, and no control characters") {
  const auto says = [](Labels labels) {
    Shop shop;
    OrderPlan::Input order = by_wallet({{"sku1", 1}}, 7);
    order.labels = share(std::move(labels));
    return shop.place("o1", order).code;
  };
  CHECK(says({std::string(1'024, 'r'), {}}) == Code::created);
  CHECK(says({std::string(1'025, 'r'), {}}) == Code::invalid_request);
  CHECK(says({std::string(1'000, 'r'), {{"name", std::string(20, 'v')}}}) == Code::created);
  CHECK(says({std::string(1'000, 'r'), {{"name", std::string(21, 'v')}}}) == Code::invalid_request);
  CHECK(says({{}, {{"", "v"}}}) == Code::invalid_request);
  CHECK(says({{}, {{"n", "line\n"}}}) == Code::invalid_request);
  CHECK(says({{}, {{std::string(1, '\0'), "v"}}}) == Code::invalid_request);
  CHECK(says({"\t", {}}) == Code::invalid_request);
}

TEST_CASE("order codec: random and damaged bytes do no harm") {
  const std::string good = encoded_order(by_card({{"sku1", 2}, {"sku2", 3}}, 7));
  check_property("decode of damaged bytes ends", [&] {
    std::string bytes =
        *rc::gen::oneOf(rc::gen::container<std::string>(rc::gen::arbitrary<char>()), rc::gen::just(good));
    const auto changes = *rc::gen::inRange(0, 4);
    for (int i = 0; i < changes && !bytes.empty(); ++i)
      bytes[*rc::gen::inRange<std::size_t>(0, bytes.size())] = *rc::gen::arbitrary<char>();
    OrderPlan::Input order;
    if (!OrderPlan::decode(bytes, order)) return;
    OrderText fields;
    OrderPlan::describe(order, fields);
    RC_ASSERT(fields.depth == 0);
    RC_ASSERT(order.lines.size() <= order_lines_max);
  });
}

TEST_CASE("order codec: what can't have been asked is no order") {
  OrderPlan::Input back;
  OrderPlan::Input order = by_card({{"sku1", 2}}, 7);
  order.currency = {};
  CHECK(!OrderPlan::decode(encoded_order(order), back));
  CHECK(!OrderPlan::decode(encoded_order(by_wallet({}, 7)), back));
  CHECK(!OrderPlan::decode(encoded_order(by_wallet({{"sku1", 0}}, 7)), back));
  CHECK(!OrderPlan::decode(encoded_order(by_wallet({{"sku1", INT64_MAX}}, 7)), back));
  CHECK(!OrderPlan::decode(encoded_order(by_wallet({{"sku1", 1}}, 0)), back));
}

TEST_CASE("order codec: digests differ where the orders do") {
  OrderPlan::Input other_currency = by_card({{"a", 1}}, 1);
  other_currency.currency = *currency_of("JPY");
  std::set<std::string> digests;
  for (const auto& [id, order] :
       std::vector<std::pair<std::string, OrderPlan::Input>>{{"o", by_wallet({{"a", 1}}, 1)},
                                                             {"p", by_wallet({{"a", 1}}, 1)},
                                                             {"o", by_wallet({{"a", 1}}, 2)},
                                                             {"o", by_wallet({{"a", 2}}, 1)},
                                                             {"o", by_wallet({{"b", 1}}, 1)},
                                                             {"o", by_wallet({{"a", 1}, {"a", 1}}, 1)},
                                                             {"o", by_wallet({{"a", 1}}, 1, "bob")},
                                                             {"o", by_card({{"a", 1}}, 1)},
                                                             {"o", by_card({{"a", 1}}, 1, "tok_slow")},
                                                             {"o", other_currency}}) {
    std::string bytes;
    PlaceOrder(id, order).digest(bytes);
    CHECK(digests.insert(bytes).second);
  }
}

TEST_CASE("order codec: a digest is of what was asked, before the wallet's currency is known and after") {
  OrderPlan::Input order = by_wallet({{"sku1", 1}}, 7);
  std::string asked, known;
  PlaceOrder("o", order).digest(asked);
  order.currency = *currency_of("JPY");
  PlaceOrder("o", order).digest(known);
  CHECK(asked == known);
}

TEST_CASE("order codec: what will be refused has a digest all the same") {
  std::string bytes;
  PlaceOrder("o", by_wallet(Lines(10 * order_lines_max, {"sku1", -1}), 0)).digest(bytes);
  CHECK(bytes.size() > 10 * order_lines_max);
  OrderPlan::Input back;
  CHECK(!OrderPlan::decode(std::string_view(bytes).substr(8), back));
}

std::string told(Shop& shop, std::size_t record) {
  OrderText fields;
  CHECK(kind_of<Order>()->tell("o1", shop.world.events_of(Order::kind_id, "o1").at(record), fields));
  CHECK(fields.depth == 0);
  return fields.out;
}

TEST_CASE("order: who is told that it is confirmed is told what it is, in that very record") {
  const std::string of_card =
      "lines{{item=sku1;quantity=2;}}pay{method=card;amount=500;currency=EUR;}amount=500;currency=EUR;payer=card;"
      "reference=invoice 17;metadata{shop=north;}changes{";
  OrderPlan::Input card = by_card({{"sku1", 2}}, 500), wallet = by_wallet({{"sku1", 2}}, 500);
  card.labels = wallet.labels = share({"invoice 17", {{"shop", "north"}}});
  Shop shop;
  shop.place("o1", card);
  CHECK(told(shop, 0).starts_with("order.placed{" + of_card + "{step=reserve;change=completed;}"));
  shop.report("o1", "charge/1", charge_succeeded());
  CHECK(told(shop, 1).starts_with("order.confirmed{" + of_card + "{step=charge;change=completed;"));
  Shop declined;
  declined.place("o1", card);
  declined.report("o1", "charge/1", charge_declined());
  CHECK(told(declined, 1).starts_with("order.failed{" + of_card));
  Shop paid;
  paid.place("o1", wallet);
  const std::string both = told(paid, 0);
  const std::string of_wallet =
      "lines{{item=sku1;quantity=2;}}pay{wallet=ann;amount=500;}amount=500;currency=EUR;payer=ann;"
      "reference=invoice 17;metadata{shop=north;}changes{";
  CHECK(both.starts_with("order.placed{" + of_wallet));
  CHECK(both.find("}order.confirmed{" + of_wallet) != std::string::npos);
}

TEST_CASE("order: a record that nobody is told of doesn't carry the order again") {
  Shop shop;
  shop.place("o1", by_card({{"sku1", 2}}, 500));
  shop.report("o1", "charge/1", charge_lost());
  CHECK(told(shop, 1).empty());
  OrderText fields;
  CHECK(kind_of<Order>()->describe_events(shop.world.events_of(Order::kind_id, "o1").at(1), fields));
  CHECK(fields.out.starts_with("progressed{changes{{step=1;change=unreachable;"));
}

TEST_CASE("order: the event says what was asked, but not the card's token") {
  Shop shop;
  shop.place("o1", by_card({{"sku1", 2}}, 500));
  OrderText fields;
  CHECK(kind_of<Order>()->describe_events(shop.world.events_of(Order::kind_id, "o1").front(), fields));
  CHECK(
      fields.out.starts_with("started{lines{{item=sku1;quantity=2;}}pay{method=card;amount=500;currency=EUR;}"
                             "changes{{step=reserve;change=completed;}{step=charge;change=called;at="));
  CHECK(fields.out.find("tok_ok") == std::string::npos);
}

}  // namespace
}  // namespace tote
