// What a kind of one's own declares about itself (docs/entities.md) is what events, tables and `tote verify` say.
#include <doctest/doctest.h>

#include <algorithm>

#include "actors/wallet/wallet.h"
#include "adapters/cli/audit.h"
#include "adapters/events/domain_events.h"
#include "adapters/postgres/rows_of.h"
#include "tests/postgres/cluster.h"

using namespace tote;
using tests::Cluster;

namespace {

// The auction of the document, in short, with what it says to the world.
struct Auction {
  static constexpr KindId kind_id = 1'000;
  static constexpr std::string_view kind = "auction", event_names[] = {"opened", "bid", "closed", "settled"};

  struct Opened {
    Time closes_at{};
    static constexpr void members(auto&& is) { is("closes_at", &Opened::closes_at); }
  };
  struct Bid {
    std::string bidder{};
    Money amount{};
    static constexpr void members(auto&& is) { is("bidder", &Bid::bidder), is("amount", &Bid::amount); }
    std::string hold(const std::string& auction) const { return auction + ":" + std::to_string(amount.minor); }
  };
  struct Closed {};
  struct Settled {};
  using Command = std::variant<Opened, Bid, Closed, Settled>;
  using Event = Command;
  struct State {
    Time closes_at{};
    bool is_open = false;
    Bid highest{};
    static constexpr void members(auto&& is) {
      is("closes_at", &State::closes_at), is("is_open", &State::is_open), is("highest", &State::highest);
    }
  };
  static Decision<Event> decide(const State&, const Command& command, Time) { return command; }
  static void apply(State& auction, const Opened& event) { auction = {event.closes_at, true, {}}; }
  static void apply(State& auction, const Bid& bid) { auction.highest = bid; }
  static void apply(State& auction, const Closed&) { auction.is_open = false; }
  static void apply(State&, const Settled&) {}

  // Others are told these types, one for each event; an empty one isn't told.
  static constexpr std::string_view told_names[] = {"auction.opened", "", "auction.closed", "auction.sold"};

  // Its tables in PostgreSQL. tenant, version and lsn are added; the first `keys` columns say which row it is.
  static std::span<const tote::Table> tables() {
    static constexpr tote::Column columns[] = {
        {"id"}, {"highest", tote::ColumnType::integer}, {"bidder"}, {"closes_at", tote::ColumnType::time}};
    static constexpr tote::Table all[] = {{"auctions", columns, 1}};
    return all;
  }
  // After each change: the rows that its events have touched. What isn't told is NULL.
  static void rows(std::string_view id, const State& auction, std::span<const Event>, tote::RowWriter& out) {
    tote::Fields& row = out.row("auctions");
    row.text("id", id);
    row.integer("highest", auction.highest.amount.minor);
    if (!auction.highest.bidder.empty()) row.text("bidder", auction.highest.bidder);
    row.time("closes_at", auction.closes_at);
  }
  // What `tote verify` finds wrong with it at the end of a log, beginning with a verb; the others of the tenant are
  // there.
  static std::string audit(std::string_view id, const State& auction, const tote::Neighbours& others) {
    if (!auction.is_open || auction.highest.bidder.empty()) return {};
    const auto* wallet = tote::look<tote::Wallet>(others, auction.highest.bidder);
    const bool is_held = wallet != nullptr && wallet->holds.contains(auction.highest.hold(std::string(id)));
    return is_held ? std::string() : "has a highest bid that isn't held";
  }
};

// Records as an engine would write them.
class Scribe {
 public:
  template <class E>
  wal::Record change(EntityOf<E>& entity, const std::string& id, typename E::Command command) {
    now_ = after(now_, 1);
    id_ = id;
    events_.clear();
    answer_.clear();
    const auto step = entity.handle(CommandRef::to(command), now_, events_, answer_);
    REQUIRE(step.changed);
    entity.version = entity.version.next();
    changes_ = {{E::kind_id, id_, entity.version, events_}};
    wal::Record record;
    record.time = now_;
    record.kind = E::kind_id;
    record.entity = id_;
    record.version = entity.version;
    record.changes = changes_;
    record.code = step.code;
    record.answer = answer_;
    return record;
  }

 private:
  Time now_{1'700'000'000 * ns_per_s};
  std::string id_, events_, answer_;
  std::vector<wal::Change> changes_;
};

// A wallet with a hold, an auction with a bid; `visit` sees each record.
template <class Visit>
void bid_for_a_painting(const std::string& hold, const Visit& visit) {
  Scribe scribe;
  EntityOf<Wallet> ann;
  EntityOf<Auction> painting;
  std::uint64_t lsn = 0;
  const auto wallet = [&](Wallet::Command command) {
    visit(Lsn{++lsn}, scribe.change(ann, "ann", std::move(command)));
  };
  const auto auction = [&](Auction::Command command) {
    visit(Lsn{++lsn}, scribe.change(painting, "painting", std::move(command)));
  };
  wallet(Wallet::Open{*currency_of("EUR")});
  wallet(Wallet::Credit{{500}});
  wallet(Wallet::Hold{hold, {300}});
  auction(Auction::Opened{{1'800'000'000 * ns_per_s}});
  auction(Auction::Bid{"ann", {300}});
}

Kinds kinds_here() { return cli::kinds_with({kind_of<Auction>()}); }

}  // namespace

TEST_CASE("own kind: others are told its events by the names that it gives them") {
  const Kinds kinds = kinds_here();
  std::vector<events::DomainEvent> told;
  bid_for_a_painting(
      "h", [&](Lsn lsn, const wal::Record& record) { events::append_events("log", kinds, lsn, record, told); });
  std::vector<std::string> types;
  for (const auto& event : told) types.push_back(event.type);
  CHECK(types == std::vector<std::string>{"wallet.opened", "wallet.credited", "hold.opened", "auction.opened"});
  CHECK(told.back().cloud.find(R"("type":"tote.auction.opened.v1")") != std::string::npos);
}

TEST_CASE("own kind: its rows are in PostgreSQL, and a column that it declares later comes by itself") {
  const Kinds kinds = kinds_here();
  const postgres::Tables tables(kinds);
  const Cluster cluster;
  auto connection = cluster.connect();
  cluster.script(
      "CREATE SCHEMA tote; CREATE TABLE tote.auctions (tenant text, id text, highest bigint, version bigint, "
      "lsn bigint, PRIMARY KEY (tenant, id))");
  postgres::ensure_schema(connection, tables, "tote");
  postgres::Collector collector(kinds, tables);
  bid_for_a_painting("h", [&](Lsn lsn, const wal::Record& record) { collector.apply(lsn, record); });
  std::vector<postgres::Statement> statements;
  collector.take().append_upserts(tables, statements);
  connection.run(statements);
  CHECK(
      cluster.ask("SELECT tenant || ' ' || id || ' ' || highest || ' ' || bidder || ' ' || version || ' ' || lsn FROM "
                  "tote.auctions") == "default painting 300 ann 2 5");
  CHECK(cluster.ask("SELECT closes_at AT TIME ZONE 'UTC' FROM tote.auctions") == "2027-01-15 08:00:00");
  CHECK(cluster.ask("SELECT held FROM tote.wallets") == "300");
}

TEST_CASE("own kind: verify audits it among the wallets that it needs") {
  const Kinds kinds = kinds_here();
  const auto end_of = [&](const std::string& hold) {
    cli::Audit audit(kinds);
    bid_for_a_painting(hold, [&](Lsn lsn, const wal::Record& record) { CHECK(audit.check(lsn, record) == ""); });
    return audit.check_end();
  };
  CHECK(end_of("painting:300") == "");
  CHECK(end_of("h") == "auction/painting has a highest bid that isn't held");
}
