// What `tote verify` finds in a log whose oldest records are gone: from the snapshot on, as much as in a whole one.
#include "adapters/cli/rest_audit.h"

#include <doctest/doctest.h>

#include <deque>

#include "adapters/cli/errors.h"
#include "tests/cli/records.h"
#include "wal/state_row.h"

using namespace tote;
using namespace tote::cli;
using tote::cli::test::Writer;

namespace {

// Of wallets of one tenant.
class SomeRows final : public wal::StateStore {
 public:
  struct Row {
    std::string id, state;
    Lsn lsn, first;
    Version version;
  };
  std::deque<Row> rows;

  wal::Damage each(const Visit& visit) const override {
    for (const Row& row : rows)
      if (!visit({"default", Wallet::kind_id, row.id, row.lsn, row.first, row.version, row.state})) break;
    return {};
  }
  std::string put(std::span<const wal::StateRow>) override { return "can't be written"; }
  std::string finish(wal::Snapshot) override { return "can't be written"; }
  std::optional<wal::Snapshot> snapshot() const override { return std::nullopt; }
  bool may_have(std::string_view) const override { return true; }
  void find(std::span<const std::string>, const Found&) const override {}
};

// LSN 1 opens alice, LSN 2 gives her 1000, LSN 3 opens bob; the log begins at LSN 3.
struct RestFixture {
  Kinds known = kinds();
  World world{known};
  Writer writer;
  SomeRows rows;
  wal::Record third;

  RestFixture() {
    const auto eur = *currency_of("EUR");
    REQUIRE(world.apply({1}, writer.change("alice", Wallet::Open{eur})) == "");
    REQUIRE(world.apply({2}, writer.change("alice", Wallet::Credit{{1000}}, "topup-1")) == "");
    keep("alice");
    third = writer.change("bob", Wallet::Open{eur});
    REQUIRE(world.apply({3}, third) == "");
    keep("bob");
  }
  void keep(const std::string& id) {
    const AnyEntity& entity = *world.find("default", Wallet::kind_id, id);
    rows.rows.push_back({id, {}, entity.lsn, entity.first_lsn, entity.version});
    entity.encode_state(rows.rows.back().state);
  }
};

}  // namespace

TEST_CASE_FIXTURE(RestFixture, "a log whose beginning is gone is sound by its snapshot") {
  RestAudit audit(rows, known, {3});
  CHECK(audit.check({3}, third) == "");
  CHECK(audit.check({4}, writer.change("alice", Wallet::Debit{{300}}, "order-1")) == "");
  CHECK(audit.check({5}, writer.refusal("alice", Wallet::Debit{{5000}}, "order-2")) == "");
  CHECK(audit.check({6}, writer.change("carol", Wallet::Open{*currency_of("EUR")})) == "");
  CHECK(audit.check({7}, writer.change("carol", Wallet::Credit{{5}})) == "");
  CHECK(audit.check_end() == "");
  CHECK(audit.records() == 5);
  CHECK(audit.entities() == 3);
  CHECK(audit.keys() == 2);
  CHECK(audit.last() == Lsn{7});
}

TEST_CASE_FIXTURE(RestFixture, "records that are missing after the first are found") {
  RestAudit audit(rows, known, {3});
  CHECK(audit.check({3}, third) == "");
  CHECK(audit.check({5}, writer.change("alice", Wallet::Debit{{300}})) == "the records from LSN 4 on are missing");
}

TEST_CASE_FIXTURE(RestFixture, "an entity that was there before and has no row is found") {
  rows.rows.pop_front();
  RestAudit audit(rows, known, {3});
  CHECK(audit.check({3}, third) == "");
  CHECK(audit.check({4}, writer.change("alice", Wallet::Debit{{300}})) == "wallet/alice goes from version 0 to 3");
}

TEST_CASE_FIXTURE(RestFixture, "a row that is of another version, or of a record that didn't change it, is found") {
  SUBCASE("before the log's beginning") {
    rows.rows.front().version = {7};
    RestAudit audit(rows, known, {3});
    CHECK(audit.check({3}, third) == "");
    CHECK(audit.check({4}, writer.change("alice", Wallet::Debit{{300}})) == "wallet/alice goes from version 7 to 3");
  }
  SUBCASE("at its record") {
    rows.rows.back().version = {2};
    RestAudit audit(rows, known, {3});
    CHECK(audit.check({3}, third) == "wallet/bob has version 2 in the snapshot as of LSN 3, and 1 in the record");
  }
  SUBCASE("at another's") {
    rows.rows.front().lsn = {3};
    RestAudit audit(rows, known, {3});
    CHECK(audit.check({3}, third) == "");
    CHECK(audit.check_end() == "wallet/alice has a row in the snapshot as of LSN 3, which didn't change it");
  }
  SUBCASE("beyond the end") {
    rows.rows.front().lsn = {9};
    RestAudit audit(rows, known, {3});
    CHECK(audit.check({3}, third) == "");
    CHECK(audit.check_end() == "wallet/alice has a row in the snapshot as of LSN 9, which didn't change it");
  }
}

TEST_CASE_FIXTURE(RestFixture, "a state that isn't what the records after it say is found") {
  rows.rows.front().state = rows.rows.back().state;  // alice has nothing
  RestAudit audit(rows, known, {3});
  CHECK(audit.check({3}, third) == "");
  CHECK(audit.check({4}, writer.change("alice", Wallet::Debit{{300}})) != "");
}

TEST_CASE_FIXTURE(RestFixture, "a row that is no state of its kind is a failure") {
  rows.rows.front().state = "nothing";
  CHECK_THROWS_AS(RestAudit(rows, known, {3}), Failure);
}
