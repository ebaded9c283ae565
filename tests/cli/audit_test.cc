// What `tote verify` finds in records whose bytes and chain are sound.
#include "adapters/cli/audit.h"

#include <doctest/doctest.h>

#include "engine/kernel/sum.h"
#include "tests/cli/records.h"

using namespace tote;
using namespace tote::cli;
using tote::cli::test::Writer;

namespace {

struct AuditFixture {
  Kinds known = kinds();
  Audit audit{known};
  Writer writer;
  std::uint64_t lsn = 0;

  std::string check(const wal::Record& record) { return audit.check({++lsn}, record); }
};

}  // namespace

TEST_CASE_FIXTURE(AuditFixture, "a sound history is sound, and the books say what moved") {
  CHECK(check(writer.change("alice", Wallet::Open{*currency_of("EUR")})) == "");
  CHECK(check(writer.change("alice", Wallet::Credit{{1000}}, "topup-1")) == "");
  CHECK(check(writer.change("alice", Wallet::Debit{{300}})) == "");
  CHECK(check(writer.change("alice", Wallet::Hold{"h1", {200}})) == "");
  CHECK(check(writer.refusal("alice", Wallet::Debit{{5000}}, "order-1")) == "");
  CHECK(check(writer.change("alice", Wallet::Capture{"h1", {150}})) == "");
  CHECK(audit.check_end() == "");
  REQUIRE(audit.lines().size() == 2);
  CHECK(audit.lines()[0].first == "EUR");
  CHECK(audit.lines()[0].second == "balances 550, held 0, wallets 1; credited 1000, debited 300, captured 150");
  CHECK(audit.lines()[1].second == "of default: issued 1000, destroyed 450, balances 550");
  CHECK(audit.records() == 6);
  CHECK(audit.keys() == 2);
}

TEST_CASE_FIXTURE(AuditFixture, "books that say another thing than the records before them are found") {
  const auto kind = kind_of<MoneyBooks>();
  Version version{};
  // Issued, destroyed; `found`: nobody had counted before.
  const auto say = [&](std::int64_t issued, std::int64_t destroyed, bool found = false) {
    using Wide = MoneyBooks::Wide;
    const MoneyBooks::Command count{MoneyBooks::Count{
        {{"EUR", Wide::of(issued), Wide::of(destroyed), Wide::of(issued - destroyed), Wide::of(0)}}, found}};
    std::string events, answer;
    kind->make()->handle(CommandRef::to(count), Time{1}, events, answer);
    const wal::Change change{MoneyBooks::kind_id, MoneyBooks::id, version.next(), events};
    wal::Record record{.tenant = "default", .kind = MoneyBooks::kind_id, .entity = MoneyBooks::id};
    record.version = version = version.next();
    record.changes = {&change, 1};
    return check(record);
  };
  CHECK(check(writer.change("alice", Wallet::Open{*currency_of("EUR")})) == "");
  CHECK(check(writer.change("alice", Wallet::Credit{{1000}})) == "");
  CHECK(check(writer.change("alice", Wallet::Debit{{300}})) == "");
  CHECK(say(1000, 300) == "");
  CHECK(say(700, 0, true) == "");  // an older program's records weren't counted
  CHECK(check(writer.change("alice", Wallet::Debit{{100}})) == "");
  CHECK(say(700, 100) == "");
  CHECK(audit.check_end() == "");
  CHECK(say(800, 200) == "money_books/books says another thing than the records before it come to");
  CHECK(say(900, 100, true) == "money_books/books says another thing than the records before it come to");
}

TEST_CASE_FIXTURE(AuditFixture, "a version that was left out or given twice is found") {
  CHECK(check(writer.change("alice", Wallet::Open{*currency_of("EUR")})) == "");
  auto record = writer.change("alice", Wallet::Credit{{1000}});
  writer.changes[0].version = record.version = {3};
  CHECK(check(record) == "wallet/alice goes from version 1 to 3");
  writer.changes[0].version = record.version = {1};
  CHECK(check(record) == "wallet/alice goes from version 1 to 1");
}

TEST_CASE_FIXTURE(AuditFixture, "an answer that told something else than the state is found") {
  CHECK(check(writer.change("alice", Wallet::Open{*currency_of("EUR")})) == "");
  const auto lie = std::string(writer.change("bob", Wallet::Open{*currency_of("USD")}).answer);
  auto record = writer.change("alice", Wallet::Credit{{1000}});
  record.answer = lie;
  CHECK(check(record).starts_with("wallet/alice was answered with "));
}

TEST_CASE_FIXTURE(AuditFixture, "a version that was told and isn't the entity's is found") {
  CHECK(check(writer.change("alice", Wallet::Open{*currency_of("EUR")})) == "");
  auto record = writer.refusal("alice", Wallet::Debit{{1}}, "k");
  record.version = {7};
  CHECK(check(record) == "wallet/alice was told as version 7, but is at 1");
}

TEST_CASE_FIXTURE(AuditFixture, "a refusal that changed something is found") {
  auto record = writer.change("alice", Wallet::Open{*currency_of("EUR")});
  record.code = Code::insufficient_funds;
  CHECK(check(record) == "wallet/alice was refused (insufficient_funds), but changed");
}

TEST_CASE_FIXTURE(AuditFixture, "events that aren't events, or of a kind nobody knows, are found") {
  auto record = writer.change("alice", Wallet::Open{*currency_of("EUR")});
  writer.changes[0].events = "rubbish";
  CHECK(check(record) == "wallet/alice has events that can't be applied or break an invariant");
  record = writer.change("carol", Wallet::Open{*currency_of("EUR")});
  writer.changes[0].kind = 999;
  CHECK(check(record) == "kind 999/carol is of a kind that this version of tote doesn't know");
}

TEST_CASE_FIXTURE(AuditFixture, "the same id of two tenants is two entities") {
  CHECK(check(writer.change("alice", Wallet::Open{*currency_of("EUR")})) == "");
  Writer other;
  auto record = other.change("alice", Wallet::Open{*currency_of("EUR")});
  record.tenant = "shop";
  CHECK(check(record) == "");
  CHECK(audit.world().size() == 2);
  const auto sorted = audit.world().sorted();
  CHECK(sorted[0]->tenant == "default");
  CHECK(sorted[1]->tenant == "shop");
}

TEST_CASE("sums don't overflow") {
  Sum sum = 9'000'000'000'000'000'000;
  CHECK(text_of(sum * 100) == "900000000000000000000");
  CHECK(text_of(-sum * 100) == "-900000000000000000000");
  CHECK(text_of(0) == "0");
}
