// Reservations: made, committed, released, expired, and each of them once.
#include "tests/actors/item_words.h"

namespace tote {
namespace {

const auto closings = {Item::Event{Item::Committed{"r1"}}, Item::Event{Item::Released{"r1"}},
                       Item::Event{Item::Expired{"r1"}}};

TEST_CASE("reserve: takes from what is available, not from what is on hand") {
  auto item = given<Item>(item_opened());
  item.when(reserve("r1", 4)).as(Code::created).records(reserved("r1", 4));
  CHECK(item.state().on_hand == 10);
  CHECK(item.state().reserved == 4);
  CHECK(item.state().available() == 6);
  item.when(reserve("r2", 7)).refused(Code::out_of_stock, out_of(6, 7));
  item.when(reserve("r2", 6)).records(reserved("r2", 6));
  item.when(reserve("r3", 1)).refused(Code::out_of_stock, out_of(0, 1));
  item.when(pick(1)).refused(Code::out_of_stock, out_of(0, 1));
}

TEST_CASE("reserve: refusals, in the order in which they are looked at") {
  for (const std::string& id : {std::string(), std::string("a/b"), std::string(129, 'r')})
    given<Item>().when(reserve(id, 0)).refused(Code::invalid_id);
  for (const std::int64_t quantity : {std::int64_t{0}, std::int64_t{-1}, quantity_max + 1, INT64_MIN})
    given<Item>().when(reserve("r1", quantity)).refused(Code::invalid_request);
  for (const std::int64_t expires_in_s : {std::int64_t{0}, std::int64_t{-1}, Item::expires_in_s_max + 1, INT64_MAX})
    given<Item>().when(reserve("r1", 1, expires_in_s)).refused(Code::invalid_request);
  given<Item>().when(reserve("r1", 1)).refused(Code::not_found);
  given<Item>(item_opened(1), reserved("r1", 1)).when(reserve("r1", 5)).refused(Code::reservation_exists);
  given<Item>(item_opened(1)).when(reserve("r1", 2)).refused(Code::out_of_stock, out_of(1, 2));
}

TEST_CASE("reserve: no client can take a name of the sort that orders give to their own, and they no other") {
  for (const std::string& name : {std::string("~r1"), std::string("~"), '~' + std::string(127, 'r')})
    given<Item>(item_opened()).when(reserve(name, 1)).refused(Code::invalid_id);
  for (const std::string& name :
       {std::string("r1"), std::string("~"), std::string("~~r1"), '~' + std::string(128, 'r')})
    given<Item>(item_opened()).when(own_reserve(name, 1)).refused(Code::invalid_id);
  for (const std::string& name : {std::string("~r1"), '~' + std::string(127, 'r')})
    given<Item>(item_opened()).when(own_reserve(name, 1)).as(Code::created).records(reserved(name, 1));
}

TEST_CASE("reserve: what an order reserved for itself isn't there for anybody else, and the other way round") {
  auto item = given<Item>(item_opened(), reserved("~r1", 4), reserved("r1", 3));
  item.when(Item::Commit{"~r1"}).refused(Code::reservation_not_found);
  item.when(Item::Release{"~r1"}).refused(Code::reservation_not_found);
  item.when(Item::Commit{"r1", true}).refused(Code::reservation_not_found);
  item.when(Item::Release{"r1", true}).refused(Code::reservation_not_found);
  item.when(Item::Commit{"~r1", true}).records(Item::Committed{"~r1"});
  item.when(Item::Commit{"~r1"}).refused(Code::reservation_not_found);
  item.when(Item::Release{"r1"}).records(Item::Released{"r1"});
}

TEST_CASE("reserve: orders of the first versions named theirs like a client; they are an order's own all the same") {
  const Time start{1'700'000'000'000'000'000};
  const std::string of_order = "o-" + std::to_string(start.ns) + "-0",
                    of_client = "o-" + std::to_string(start.ns) + "-1";
  auto item = given<Item>(item_opened(), reserved(of_order, 4, after(start, 3'600)),
                          reserved(of_client, 3, after({start.ns + 1}, 3'600)));
  item.at(start).when(Item::Commit{of_order}).refused(Code::reservation_not_found);
  item.when(Item::Release{of_order}).refused(Code::reservation_not_found);
  item.when(Item::Commit{of_order, true}).records(Item::Committed{of_order});
  item.when(Item::Commit{of_client}).records(Item::Committed{of_client});
}

TEST_CASE("reserve: from a second to a year") {
  for (const std::int64_t expires_in_s : {std::int64_t{1}, Item::expires_in_s_max})
    given<Item>(item_opened())
        .when(reserve("r1", 1, expires_in_s))
        .records(reserved("r1", 1, after({1}, expires_in_s)));
}

TEST_CASE("reserve: an id is used once, even when its reservation is closed") {
  for (const Item::Event& closing : closings)
    given<Item>(item_opened(), reserved("r1", 6), closing)
        .when(reserve("r1", 1))
        .refused(Code::reservation_exists)
        .when(Item::Commit{"r1"})
        .refused(Code::reservation_closed)
        .when(Item::Release{"r1"})
        .refused(Code::reservation_closed);
}

TEST_CASE("commit: what was reserved is gone") {
  auto item = given<Item>(item_opened(), reserved("r1", 4), reserved("r2", 3));
  item.when(Item::Commit{"r1"}).as(Code::ok).records(Item::Committed{"r1"});
  CHECK(item.state().on_hand == 6);
  CHECK(item.state().reserved == 3);
  item.when(pick(4)).refused(Code::out_of_stock, out_of(3, 4));
  item.when(pick(3)).records(Item::Picked{3});
}

TEST_CASE("release: what was reserved is available again") {
  auto item = given<Item>(item_opened(), reserved("r1", 10));
  item.when(Item::Release{"r1"}).as(Code::ok).records(Item::Released{"r1"});
  CHECK(item.state().on_hand == 10);
  CHECK(item.state().reserved == 0);
  item.when(pick(10)).records(Item::Picked{10});
}

TEST_CASE("commit and release: none that isn't there") {
  for (const Item::Command& command : {Item::Command{Item::Commit{"r1"}}, Item::Command{Item::Release{"r1"}}}) {
    given<Item>().when(command).refused(Code::not_found);
    given<Item>(item_opened(), reserved("r2", 1)).when(command).refused(Code::reservation_not_found);
  }
}

TEST_CASE("expiry: a reservation holds until its end, not a nanosecond longer") {
  const Time end{100};
  auto before = given<Item>(item_opened(), reserved("r1", 10, end));
  before.at({99}).when(pick(1)).refused(Code::out_of_stock).after_time_brought();
  before.at({99}).when(Item::Commit{"r1"}).records(Item::Committed{"r1"}).after_time_brought();
  auto at_end = given<Item>(item_opened(), reserved("r1", 10, end));
  at_end.at(end).when(Item::Commit{"r1"}).refused(Code::reservation_closed).after_time_brought(Item::Expired{"r1"});
  at_end.when(pick(10)).records(Item::Picked{10}).after_time_brought();
}

TEST_CASE("expiry: each at its own time, the earliest first, and only those that are open") {
  auto item = given<Item>(item_opened(), reserved("c", 1, {100}), reserved("a", 2, {300}), reserved("b", 3, {200}),
                          reserved("d", 4, {100}), Item::Released{"d"});
  CHECK(Item::next_due(item.state()) == Time{100});
  item.at({200}).when(pick(9)).refused(Code::out_of_stock, out_of(8, 9));
  item.after_time_brought(Item::Expired{"c"}, Item::Expired{"b"});
  CHECK(item.state().reserved == 2);
  CHECK(Item::next_due(item.state()) == Time{300});
  item.at({300}).when(pick(10)).records(Item::Picked{10}).after_time_brought(Item::Expired{"a"});
  CHECK(Item::next_due(item.state()) == Time::never());
}

TEST_CASE("reservations: ten thousand open ones and not one more") {
  auto item = given<Item>(item_opened(1'000'000));
  for (std::size_t i = 0; i < Item::reservations_max; ++i) item.when(reserve("r" + std::to_string(i), 1));
  const Facts facts{{FactName::limit, static_cast<std::int64_t>(Item::reservations_max)}};
  item.when(reserve("last", 1)).refused(Code::too_many_reservations, facts);
  item.when(Item::Release{"r5"}).records(Item::Released{"r5"});
  item.when(reserve("last", 1)).as(Code::created);
  CHECK(item.state().reserved == static_cast<std::int64_t>(Item::reservations_max));
}

TEST_CASE("reservations: closed ones are remembered up to a bound; a forgotten one moves no stock either") {
  auto item = given<Item>(item_opened(10));
  for (std::size_t i = 0; i <= Item::closed_reservations_max; ++i)
    item.when(reserve("r" + std::to_string(i), 1)).when(Item::Release{"r" + std::to_string(i)});
  CHECK(item.state().reservations.size() == Item::closed_reservations_max);
  item.when(Item::Commit{"r0"}).refused(Code::reservation_not_found);
  item.when(Item::Commit{"r1"}).refused(Code::reservation_closed);
  CHECK(item.state().on_hand == 10);
  CHECK(item.state().reserved == 0);
}

}  // namespace
}  // namespace tote
