// Several commands as one transaction: all of them in one record, or none.
#include "actors/transaction/composite.h"

#include "actors/transaction/results.h"
#include "tests/actors/match_words.h"
#include "tests/actors/property.h"

namespace tote {
namespace {

template <class... Parts>
std::vector<PartPtr> parts(Parts... some) {
  std::vector<PartPtr> all;
  (all.push_back(std::move(some)), ...);
  return all;
}
PartPtr debit_of(std::string wallet, std::int64_t amount) {
  return part<Wallet>(std::move(wallet), Wallet::Debit{{amount}});
}
PartPtr credit_of(std::string wallet, std::int64_t amount) {
  return part<Wallet>(std::move(wallet), Wallet::Credit{{amount}});
}
PartPtr pick_of(std::string item, std::int64_t quantity) { return part<Item>(std::move(item), Item::Pick{quantity}); }

// A club with a shop: ann 1000, bob 0, ten of sku1.
struct Market : Club {
  Market() : Club(2) {
    wallet("ann", 1'000);
    wallet("bob", 0);
    REQUIRE(!world.command<Item>("sku1", Item::Open{10}).refused());
  }
  Verdict all(std::vector<PartPtr> those) { return run(composite_command(std::move(those))); }
  // Refused at this part, with nothing recorded but the attempts of the player, which share a record.
  void refuses(std::vector<PartPtr> those, Code code, std::int64_t index, const std::string& player = "ann",
               std::int64_t counted = 0) {
    const std::size_t before = world.records();
    const auto attempts_before = attempts(player);
    const Verdict verdict = all(std::move(those));
    INFO("said ", name_of(verdict.code));
    CHECK(verdict.code == code);
    CHECK(verdict.facts.find(FactName::index) == index);
    CHECK(world.records() == before + (counted > 0 ? 1 : 0));
    CHECK(attempts(player) == attempts_before + counted);
    CHECK(world.answer().empty());
  }
  std::int64_t on_hand() { return world.state<Item>("sku1").on_hand; }
};

TEST_CASE("composite: all of it in one record") {
  Market market;
  const std::size_t before = market.world.records();
  CHECK(
      market
          .all(parts(debit_of("ann", 300), credit_of("bob", 300), pick_of("sku1", 2), booking_part(from_wallet("ann"))))
          .code == Code::ok);
  CHECK(market.world.records() == before + 1);
  CHECK(market.balance("ann") == 200);
  CHECK(market.balance("bob") == 300);
  CHECK(market.on_hand() == 8);
  CHECK(market.text() == "ann wallet");
}

TEST_CASE("composite: answers each part in order: its entity as it is after all of them") {
  Market market;
  market.all(parts(debit_of("ann", 100), pick_of("sku1", 2), booking_part(from_wallet("ann")), debit_of("ann", 50)));
  std::vector<transaction::Result> results;
  REQUIRE(transaction::read_results(market.world.answer(), results));
  REQUIRE(results.size() == 4);
  const auto described = [&](std::size_t i) {
    OrderText fields;
    const auto describe = results[i].kind == Wallet::kind_id ? Wallet::describe_answer
                          : results[i].kind == Item::kind_id ? Item::describe_answer
                                                             : Match::describe_answer;
    CHECK(results[i].name.empty());
    CHECK(describe(results[i].entity, results[i].answer, fields));
    return fields.out;
  };
  CHECK(described(0) == "id=ann;currency=EUR;balance=350;held=0;available=350;");
  CHECK(described(1) == "id=sku1;on_hand=8;reserved=0;available=8;");
  CHECK(described(2) == "match=thu;player=ann;status=in;payment{method=wallet;wallet=ann;amount=500;currency=EUR;}");
  CHECK(described(3) == described(0));
  CHECK(results[0].version == Version{3});
  CHECK(results[3].version == Version{3});
  CHECK(results[1].version == Version{2});
}

TEST_CASE("composite: the first refusal refuses all, names its part and keeps its facts") {
  Market market;
  market.refuses(parts(debit_of("ann", 1), pick_of("sku1", 11), debit_of("none", 1)), Code::out_of_stock, 1);
  const Verdict verdict = market.all(parts(debit_of("ann", 1), debit_of("ann", 1'000)));
  CHECK(verdict.facts == Facts{{FactName::index, 1}, {FactName::available, 999}, {FactName::requested, 1'000}});
  market.refuses(parts(debit_of("ann", 0)), Code::invalid_request, 0);
  market.refuses(parts(credit_of("bob", 1), credit_of("none", 1)), Code::not_found, 1);
  CHECK(market.balance("ann") == 1'000);
  CHECK(market.balance("bob") == 0);
  CHECK(market.on_hand() == 10);
}

TEST_CASE("composite: an entity may come several times; each part sees what those before have done") {
  Market market;
  CHECK(market.all(parts(credit_of("bob", 10), debit_of("bob", 10), credit_of("bob", 5), debit_of("bob", 4))).code ==
        Code::ok);
  CHECK(market.balance("bob") == 1);
  market.refuses(parts(debit_of("bob", 2), credit_of("bob", 2)), Code::insufficient_funds, 0);
  market.refuses(parts(pick_of("sku1", 6), pick_of("sku1", 6)), Code::out_of_stock, 1);
  CHECK(market.all(parts(pick_of("sku1", 5), pick_of("sku1", 5))).code == Code::ok);
  CHECK(market.on_hand() == 0);
}

TEST_CASE("composite: opens what it then uses") {
  Market market;
  CHECK(market
            .all(parts(part<Wallet>("new", Wallet::Open{*currency_of("EUR")}), credit_of("new", 7),
                       part<Item>("sku2", Item::Open{3}), pick_of("sku2", 3)))
            .code == Code::ok);
  CHECK(market.balance("new") == 7);
  market.refuses(parts(part<Wallet>("newer", Wallet::Open{*currency_of("EUR")}), debit_of("newer", 1)),
                 Code::insufficient_funds, 1);
  CHECK(!market.world.state<Wallet>("newer").exists());
}

TEST_CASE("composite: reservations and holds are parts like any other") {
  Market market;
  CHECK(market.all(parts(part<Item>("sku1", Item::Reserve{"r1", 4}), part<Wallet>("ann", Wallet::Hold{"h1", {400}})))
            .code == Code::ok);
  market.refuses(parts(part<Item>("sku1", Item::Commit{"r1"}), part<Wallet>("ann", Wallet::Capture{"h1", {401}})),
                 Code::capture_exceeds_hold, 1);
  CHECK(market.world.state<Item>("sku1").reserved == 4);
  CHECK(market.all(parts(part<Item>("sku1", Item::Commit{"r1"}), part<Wallet>("ann", Wallet::Capture{"h1"}))).code ==
        Code::ok);
  CHECK(market.on_hand() == 6);
  CHECK(market.balance("ann") == 600);
}

TEST_CASE("composite: one that changes nothing is a yes without a record") {
  Market market;
  const std::size_t before = market.world.records();
  CHECK(market.all(parts(part<Item>("sku1", Item::Open{10}))).code == Code::ok);
  CHECK(market.world.records() == before);
}

TEST_CASE("composite: 1 to 64 parts") {
  Market market;
  CHECK(market.all({}).code == Code::invalid_request);
  for (const std::size_t count : {std::size_t{64}, std::size_t{65}}) {
    std::vector<PartPtr> many;
    for (std::size_t i = 0; i < count; ++i) many.push_back(credit_of("bob", 1));
    CHECK(market.all(std::move(many)).code == (count == 64 ? Code::ok : Code::invalid_request));
    CHECK(market.balance("bob") == 64);
  }
}

TEST_CASE("composite: a booking: refused with all that goes with it, but for the attempt") {
  Market market;
  market.refuses(parts(debit_of("ann", 501), booking_part(from_wallet("ann"))), Code::insufficient_funds, 1, "ann", 1);
  market.refuses(parts(pick_of("sku1", 1), booking_part(with_pass("ann"))), Code::payment_required, 1, "ann", 1);
  market.refuses(parts(booking_part(from_wallet("ann")), pick_of("sku1", 11)), Code::out_of_stock, 1, "ann", 1);
  market.refuses(parts(booking_part(from_wallet("ann")), booking_part(from_wallet("ann"))), Code::already_booked, 1,
                 "ann", 2);
  market.refuses(parts(booking_part(with_card("ann"))), Code::invalid_request, 0);
  CHECK(market.balance("ann") == 1'000);
  CHECK(market.text().empty());
}

TEST_CASE("composite: a booking that is paid by what comes before it") {
  Market market;
  CHECK(market
            .all(parts(debit_of("ann", 500), credit_of("bob", 500), booking_part(from_wallet("bob")),
                       booking_part(from_wallet("cid", "ann"))))
            .code == Code::ok);
  CHECK(market.text() == "bob wallet, cid wallet");
  CHECK(market.balance("ann") == 0);
  CHECK(market.balance("bob") == 0);
  market.wallet("dan", 500);
  market.refuses(parts(debit_of("dan", 1), booking_part(from_wallet("eve", "dan"))), Code::match_full, 1, "eve", 1);
}

TEST_CASE("composite: too many attempts refuse it, and nothing of it is recorded") {
  Market market;
  for (int i = 0; i < 5; ++i) market.book(with_pass("ann"));
  market.refuses(parts(pick_of("sku1", 1), booking_part(from_wallet("ann"))), Code::too_many_attempts, 1);
  CHECK(market.on_hand() == 10);
}

TEST_CASE("composite: two that ask the same have the same digest, others haven't") {
  const auto digest = [](std::vector<PartPtr> all) {
    std::string bytes;
    Composite(std::move(all)).digest(bytes);
    return bytes;
  };
  CHECK(digest(parts(debit_of("a", 1), pick_of("a", 1))) == digest(parts(debit_of("a", 1), pick_of("a", 1))));
  std::set<std::string> seen;
  CHECK(seen.insert(digest(parts(debit_of("a", 1)))).second);
  CHECK(seen.insert(digest(parts(debit_of("a", 1), debit_of("a", 1)))).second);
  CHECK(seen.insert(digest(parts(credit_of("a", 1)))).second);
  CHECK(seen.insert(digest(parts(debit_of("a", 2)))).second);
  CHECK(seen.insert(digest(parts(debit_of("b", 1)))).second);
  CHECK(seen.insert(digest(parts(pick_of("a", 1)))).second);
  CHECK(seen.insert(digest(parts(debit_of("a", 1), pick_of("a", 1)))).second);
  CHECK(seen.insert(digest(parts(pick_of("a", 1), debit_of("a", 1)))).second);
  CHECK(seen.insert(digest(parts(booking_part(from_wallet("a"))))).second);
  CHECK(seen.insert(digest(parts(booking_part(with_pass("a", "a"))))).second);
  CHECK(seen.insert(digest(parts(booking_part(or_waitlist(from_wallet("a")))))).second);
}

// References are anybody's text: what separates two parts may stand in one.
TEST_CASE("composite: a reference can't make one transaction look like another") {
  const auto digest = [](const Composite& composite) {
    std::string bytes;
    composite.digest(bytes);
    return bytes;
  };
  const std::string two = digest(Composite(parts(debit_of("a", 1), debit_of("b", 1))));
  const std::string first = digest(Composite(parts(debit_of("a", 1))));
  const std::string rest = two.substr(first.size() - 1);
  const Composite one(parts(part<Wallet>("a", Wallet::Debit{{1}, rest.substr(0, rest.size() - 1)})));
  CHECK(digest(one) != two);
}

TEST_CASE("composite: damaged answers aren't read") {
  Market market;
  market.all(parts(debit_of("ann", 1), pick_of("sku1", 1)));
  const std::string answer = market.world.answer();
  std::vector<transaction::Result> results;
  for (std::size_t size = 0; size < answer.size(); ++size) {
    const std::string cut = answer.substr(0, size);
    if (transaction::read_results(cut, results)) CHECK(results.size() <= transaction::results_max);
  }
  CHECK(!transaction::read_results({}, results));
}

struct Wish {
  int sort = 0;
  std::string wallet;
  std::int64_t amount = 0;
};

Wish any_wish() {
  return {*rc::gen::inRange(0, 6), *rc::gen::element<std::string>("ann", "bob", "none"),
          *rc::gen::inRange<std::int64_t>(0, 400)};
}

PartPtr part_of(const Wish& wish) {
  switch (wish.sort) {
    case 0: return pick_of("sku1", 1 + wish.amount % 5);
    case 1: return booking_part(from_wallet(wish.wallet));
    case 2:
    case 3: return credit_of(wish.wallet, wish.amount);
    default: return debit_of(wish.wallet, wish.amount);
  }
}

// All that can be seen of it.
std::string seen(Market& market) {
  std::string text = market.text();
  for (const std::int64_t number : {market.balance("ann"), market.balance("bob"), market.on_hand()})
    text.append(1, ' ').append(std::to_string(number));
  return text;
}

TEST_CASE("composites: all of it happens, as if one after the other, or nothing does") {
  check_property("a composite is its parts in turn, or nothing", [] {
    Market at_once, in_turn;
    for (int i = 0; i < 10; ++i) {
      std::vector<Wish> wishes(static_cast<std::size_t>(*rc::gen::inRange(1, 5)));
      std::generate(wishes.begin(), wishes.end(), any_wish);
      std::vector<PartPtr> those;
      those.reserve(wishes.size());
      for (const Wish& wish : wishes) those.push_back(part_of(wish));
      const std::size_t before = at_once.world.records();
      const Verdict verdict = at_once.all(std::move(those));
      if (verdict.refused()) {
        RC_ASSERT(at_once.world.records() <= before + 1);  // an attempt that counts; nothing else is seen below
        RC_ASSERT(verdict.facts.find(FactName::index).value_or(99) < static_cast<std::int64_t>(wishes.size()));
      } else {
        RC_ASSERT(at_once.world.records() == before + 1);
        for (const Wish& wish : wishes) RC_ASSERT(!in_turn.all(parts(part_of(wish))).refused());
      }
      RC_ASSERT(seen(at_once) == seen(in_turn));
    }
  });
}

}  // namespace
}  // namespace tote
