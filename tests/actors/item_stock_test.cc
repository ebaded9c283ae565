// Opening, restocking and picking: each command's refusals in the order in which they are looked at.
#include "tests/actors/item_words.h"
#include "tests/actors/order_words.h"

namespace tote {
namespace {

const auto no_quantities = {std::int64_t{0}, std::int64_t{-1}, quantity_max + 1, INT64_MAX, INT64_MIN};

TEST_CASE("item, open: creates one, sold out from the start if need be") {
  for (const std::int64_t quantity : {std::int64_t{0}, std::int64_t{1}, quantity_max})
    given<Item>().when(Item::Open{quantity}).as(Code::created).records(item_opened(quantity));
}

TEST_CASE("item, open: a quantity that is none is invalid, even for an item that exists") {
  for (const std::int64_t quantity : {std::int64_t{-1}, quantity_max + 1, INT64_MAX, INT64_MIN}) {
    given<Item>().when(Item::Open{quantity}).refused(Code::invalid_request);
    given<Item>(item_opened()).when(Item::Open{quantity}).refused(Code::invalid_request);
  }
}

TEST_CASE("item, open: the same quantity again is a yes that changes nothing, whatever is left of it") {
  given<Item>(item_opened(), Item::Picked{7}, Item::Restocked{2}).when(Item::Open{10}).as(Code::ok).records();
  given<Item>(item_opened(), Item::Picked{7}).when(Item::Open{3}).refused(Code::already_exists);
}

TEST_CASE("item, restock and pick: a quantity is 1 to 10^15, looked at before the item") {
  for (const std::int64_t quantity : no_quantities) {
    given<Item>().when(restock(quantity)).refused(Code::invalid_request);
    given<Item>().when(pick(quantity)).refused(Code::invalid_request);
    given<Item>(item_opened()).when(restock(quantity)).refused(Code::invalid_request);
    given<Item>(item_opened()).when(pick(quantity)).refused(Code::invalid_request);
  }
  given<Item>().when(restock(1)).refused(Code::not_found);
  given<Item>().when(pick(1)).refused(Code::not_found);
}

TEST_CASE("item, restock: the stock ends at 9 * 10^15") {
  auto item = given<Item>(item_opened(quantity_max));
  for (int i = 1; i < 9; ++i) item.when(restock(quantity_max)).as(Code::ok).records(Item::Restocked{quantity_max});
  CHECK(item.state().on_hand == Item::on_hand_max);
  const Facts facts{{FactName::limit, Item::on_hand_max}, {FactName::requested, 1}};
  item.when(restock(1)).refused(Code::stock_limit, facts);
  item.when(reserve("r1", 5)).when(restock(1)).refused(Code::stock_limit, facts);
  item.when(pick(1)).records(Item::Picked{1}).when(restock(1)).records(Item::Restocked{1});
}

TEST_CASE("item, pick: all there is, and not one more") {
  given<Item>(item_opened())
      .when(pick(11))
      .refused(Code::out_of_stock, out_of(10, 11))
      .when(pick(10))
      .as(Code::ok)
      .records(Item::Picked{10})
      .when(pick(1))
      .refused(Code::out_of_stock, out_of(0, 1));
}

TEST_CASE("item, pick: what is reserved isn't available") {
  given<Item>(item_opened(), reserved("r1", 6))
      .when(pick(5))
      .refused(Code::out_of_stock, out_of(4, 5))
      .when(pick(4))
      .records(Item::Picked{4})
      .when(pick(1))
      .refused(Code::out_of_stock, out_of(0, 1));
}

TEST_CASE("item: what it answers is what is there") {
  const auto item = given<Item>(item_opened(), reserved("r1", 2));
  std::string bytes;
  Item::answer(item.state(), nullptr, bytes);
  OrderText fields;
  CHECK(Item::describe_answer("sku1", bytes, fields));
  CHECK(fields.out == "id=sku1;on_hand=10;reserved=2;available=8;");
  OrderText none;
  CHECK(!Item::describe_answer("sku1", "damaged", none));
}

TEST_CASE("item: what happened has a name and its numbers") {
  const auto described = [](const Item::Event& event) {
    OrderText fields;
    Item::describe_event(event, fields);
    return std::string(Item::name_of(event)) + ' ' + fields.out;
  };
  CHECK(described(item_opened(3)) == "opened quantity=3;");
  CHECK(described(Item::Restocked{4}) == "restocked quantity=4;");
  CHECK(described(Item::Picked{5}) == "picked quantity=5;");
  CHECK(described(reserved("r1", 6, {7})) == "reserved reservation=r1;quantity=6;expires_at=7;");
  CHECK(described(Item::Committed{"r1"}) == "committed reservation=r1;");
  CHECK(described(Item::Released{"r1"}) == "released reservation=r1;");
  CHECK(described(Item::Expired{"r1"}) == "expired reservation=r1;");
}

TEST_CASE("item: a log that doesn't fit isn't believed") {
  const auto none = given<Item>();
  const auto item = given<Item>(item_opened(), reserved("r1", 6));
  const auto closed = given<Item>(item_opened(), reserved("r1", 6), Item::Released{"r1"});
  for (const std::int64_t quantity : no_quantities) {
    CHECK(!Item::fits(item.state(), Item::Restocked{quantity}));
    CHECK(!Item::fits(item.state(), Item::Picked{quantity}));
    CHECK(!Item::fits(item.state(), reserved("r2", quantity)));
  }
  CHECK(!Item::fits(none.state(), item_opened(-1)));
  CHECK(!Item::fits(none.state(), Item::Picked{1}));
  CHECK(!Item::fits(item.state(), item_opened()));
  CHECK(!Item::fits(item.state(), reserved("r1", 1)));
  CHECK(!Item::fits(closed.state(), Item::Committed{"r1"}));
  CHECK(!Item::fits(closed.state(), Item::Expired{"r1"}));
  CHECK(!Item::fits(item.state(), Item::Committed{"r2"}));
  Item::State sold_twice = item.state();
  Item::apply(sold_twice, Item::Picked{5});
  CHECK(!Item::check(sold_twice));
}

TEST_CASE("item: two commands that ask the same have the same digest, others haven't") {
  std::set<std::string> seen;
  for (const Item::Command& command : {Item::Command{Item::Open{1}},
                                       {Item::Open{2}},
                                       {Item::Restock{1}},
                                       {Item::Restock{2}},
                                       {Item::Pick{1}},
                                       {Item::Pick{2}},
                                       {reserve("a", 1)},
                                       {reserve("b", 1)},
                                       {reserve("a", 2)},
                                       {reserve("a", 1, 9)},
                                       {reserve("a1", 1)},
                                       {reserve("a", 11)},
                                       {Item::Commit{"a"}},
                                       {Item::Commit{"b"}},
                                       {Item::Release{"a"}}}) {
    std::string first, second;
    Item::digest(command, first);
    Item::digest(command, second);
    CHECK(first == second);
    CHECK(seen.insert(first).second);
  }
}

}  // namespace
}  // namespace tote
