// Transfers: from one wallet to another, both or none.
#include "actors/transaction/transfer.h"

#include "actors/transaction/results.h"
#include "tests/actors/order_words.h"
#include "tests/actors/property.h"

namespace tote {
namespace {

struct Bank {
  Bank() : world({kind_of<Wallet>()}) {
    open("ann", 1'000);
    open("bob", 100);
  }
  void open(std::string_view id, std::int64_t balance, std::string_view currency = "EUR") {
    REQUIRE(!world.command<Wallet>(id, Wallet::Open{*currency_of(currency)}).refused());
    if (balance != 0) REQUIRE(!world.command<Wallet>(id, Wallet::Credit{{balance}}).refused());
  }
  Verdict transfer(std::string from, std::string to, std::int64_t amount) {
    return world.run(Transfer(std::move(from), std::move(to), {amount}));
  }
  std::int64_t balance(std::string_view id) { return world.state<Wallet>(id).balance.minor; }
  // Refused, with nothing recorded.
  void refuses(const std::string& from, const std::string& to, std::int64_t amount, const Verdict& expected) {
    const std::size_t before = world.records();
    const Verdict verdict = transfer(from, to, amount);
    INFO("said ", name_of(verdict.code));
    CHECK(verdict.code == expected.code);
    CHECK(verdict.facts == expected.facts);
    CHECK(world.records() == before);
  }

  SagaWorld world;
};

std::string described(std::string_view id, std::string_view answer) {
  OrderText fields;
  CHECK(Wallet::describe_answer(id, answer, fields));
  return fields.out;
}

TEST_CASE("transfer: a debit and a credit in one record, each with the other's name") {
  Bank bank;
  const std::size_t before = bank.world.records();
  CHECK(bank.transfer("ann", "bob", 300).code == Code::ok);
  CHECK(bank.world.records() == before + 1);
  CHECK(bank.balance("ann") == 700);
  CHECK(bank.balance("bob") == 400);
  OrderText from, to;
  CHECK(kind_of<Wallet>()->describe_events(bank.world.events_of(Wallet::kind_id, "ann").back(), from));
  CHECK(kind_of<Wallet>()->describe_events(bank.world.events_of(Wallet::kind_id, "bob").back(), to));
  CHECK(from.out == "debited{amount=300;reference=bob;}");
  CHECK(to.out == "credited{amount=300;reference=ann;}");
}

TEST_CASE("transfer: answers both wallets as they are after it, by name") {
  Bank bank;
  bank.transfer("ann", "bob", 300);
  std::vector<transaction::Result> results;
  REQUIRE(transaction::read_results(bank.world.answer(), results));
  REQUIRE(results.size() == 2);
  CHECK(results[0].name == "from");
  CHECK(results[0].kind == Wallet::kind_id);
  CHECK(results[0].entity == "ann");
  CHECK(results[0].version == Version{3});
  CHECK(described("ann", results[0].answer) == "id=ann;currency=EUR;balance=700;held=0;available=700;");
  CHECK(results[1].name == "to");
  CHECK(results[1].entity == "bob");
  CHECK(described("bob", results[1].answer) == "id=bob;currency=EUR;balance=400;held=0;available=400;");
}

TEST_CASE("transfer: to oneself is refused, whether the wallet exists or not") {
  Bank bank;
  bank.refuses("ann", "ann", 1, {Code::same_wallet});
  bank.refuses("none", "none", 1, {Code::same_wallet});
}

TEST_CASE("transfer: both wallets must exist, and have one currency") {
  Bank bank;
  bank.open("yen", 1'000, "JPY");
  bank.refuses("none", "bob", 1, {Code::not_found});
  bank.refuses("ann", "none", 1, {Code::not_found});
  bank.refuses("ann", "yen", 1, {Code::currency_mismatch});
  bank.refuses("yen", "ann", 5'000, {Code::currency_mismatch});
}

TEST_CASE("transfer: an amount is 1 to 10^15") {
  Bank bank;
  for (const std::int64_t amount : {std::int64_t{0}, std::int64_t{-1}, limits::amount_max + 1, INT64_MAX, INT64_MIN})
    bank.refuses("ann", "bob", amount, {Code::invalid_request});
}

TEST_CASE("transfer: all there is, and not one more; what is held stays") {
  Bank bank;
  bank.refuses("ann", "bob", 1'001,
               {Code::insufficient_funds, {{FactName::available, 1'000}, {FactName::requested, 1'001}}});
  REQUIRE(!bank.world.command<Wallet>("ann", Wallet::Hold{"h1", {400}}).refused());
  bank.refuses("ann", "bob", 601, {Code::insufficient_funds, {{FactName::available, 600}, {FactName::requested, 601}}});
  CHECK(bank.transfer("ann", "bob", 600).code == Code::ok);
  CHECK(bank.balance("ann") == 400);
  CHECK(bank.balance("bob") == 700);
}

TEST_CASE("transfer: the receiver is full: the sender keeps the money") {
  Bank bank;
  bank.open("rich", 0);
  for (int i = 0; i < 9; ++i) bank.world.command<Wallet>("rich", Wallet::Credit{{limits::amount_max}});
  bank.refuses("ann", "rich", 1,
               {Code::balance_limit, {{FactName::limit, limits::balance_max}, {FactName::requested, 1}}});
  CHECK(bank.balance("ann") == 1'000);
  CHECK(bank.transfer("rich", "ann", 1).code == Code::ok);
  CHECK(bank.transfer("ann", "rich", 1).code == Code::ok);
}

TEST_CASE("transfer: two that ask the same have the same digest, others haven't") {
  const auto digest = [](const Transfer& transfer) {
    std::string bytes;
    transfer.digest(bytes);
    return bytes;
  };
  std::set<std::string> seen;
  CHECK(digest({"a", "b", {1}}) == digest({"a", "b", {1}}));
  for (const auto& [from, to, amount] : std::vector<std::tuple<std::string, std::string, std::int64_t>>{
           {"a", "b", 1}, {"b", "a", 1}, {"a", "b", 2}, {"a", "b1", 1}, {"a", "b", 11}, {"ab", "c", 1}, {"a", "bc", 1}})
    CHECK(seen.insert(digest({from, to, {amount}})).second);
}

TEST_CASE("transfer: says beforehand which wallets it needs") {
  const Transfer transfer("ann", "bob", {1});
  std::vector<EntityRef> entities;
  transfer.entities(entities);
  CHECK(entities == std::vector<EntityRef>{{Wallet::kind_id, "ann"}, {Wallet::kind_id, "bob"}});
}

TEST_CASE("transfers: money is neither made nor lost, and nobody goes below nothing") {
  check_property("random transfers conserve money", [] {
    Bank bank;
    bank.open("cid", 0);
    bank.open("yen", 500, "JPY");
    for (int i = 0; i < 40; ++i) {
      const auto any = [] { return *rc::gen::element<std::string>("ann", "bob", "cid", "yen", "none"); };
      const std::string from = any(), to = any();
      const auto amount = *rc::gen::inRange<std::int64_t>(0, 700);
      const std::int64_t before = from == "none" ? 0 : bank.balance(from);
      const std::size_t records = bank.world.records();
      const Verdict verdict = bank.transfer(from, to, amount);
      if (verdict.refused()) RC_ASSERT(bank.world.records() == records);
      if (!verdict.refused()) RC_ASSERT(bank.balance(from) == before - amount);
      RC_ASSERT(bank.balance("ann") + bank.balance("bob") + bank.balance("cid") == 1'100);
      RC_ASSERT(bank.balance("yen") == 500);
      for (const char* id : {"ann", "bob", "cid"}) RC_ASSERT(bank.balance(id) >= 0);
    }
  });
}

}  // namespace
}  // namespace tote
