// Snapshots: which rows a round writes, and that a start from them is a start from all records.
#include "tests/engine/box.h"
#include "tests/engine/harness.h"
#include "tests/engine/memory_states.h"

namespace tote {
namespace {

constexpr std::int64_t interval_s = 60;

struct Saved {
  MemoryLog log;
  MemoryStates rows{log};
  TestClock clock;
  std::unique_ptr<Harness> engine;

  explicit Saved(CoreOptions options = {}) { restart(std::move(options)); }
  void restart(CoreOptions options = {}) {
    options.snapshot_interval_ms = interval_s * 1'000;
    options.snapshot_thread = false;
    engine.reset();
    engine = std::make_unique<Harness>(log, clock, std::move(options));
    engine->turns();
  }
  void crash(std::size_t rows_left = 0) {
    engine.reset();
    log.crash();
    rows.crash(rows_left);
    restart();
  }
  // A whole round, when something has changed.
  void round() {
    clock.advance(interval_s * ns_per_s);
    engine->turns();
    engine->sync();
  }
  // Of an engine that replays all records.
  std::map<std::string, std::string> replayed() {
    CoreOptions options;
    options.snapshot_interval_ms = 0;
    options.from_snapshot = false;
    return Harness(log, clock, options).states();
  }
  Lsn newest() const { return rows.snapshot().value_or(wal::Snapshot{}).lsn; }
};

TEST_CASE("snapshots: a round writes a row of each entity that has changed since its last one, and no other") {
  Saved saved;
  for (int i = 0; i < 5; ++i) saved.engine->call(ask(numbered(i), open()));
  CHECK(saved.rows.written() == 0);
  saved.round();
  CHECK(saved.rows.written() == 5);
  CHECK(saved.newest() == Lsn{5});
  CHECK(saved.rows.snapshot()->rows == 5);
  for (int i = 0; i < 3; ++i) saved.engine->call(ask(numbered(2), credit(1)));
  saved.engine->call(ask(numbered(7), open()));
  saved.engine->call(look(numbered(0)));
  saved.engine->call(look("nobody"));
  saved.round();
  CHECK(saved.rows.written() == 7);
  CHECK(saved.newest() == Lsn{9});
  CHECK(saved.rows.snapshot()->rows == 6);
  saved.round();  // nothing has changed
  CHECK(saved.rows.written() == 7);
  CHECK(saved.newest() == Lsn{9});
}

TEST_CASE("snapshots: no row is written before its record is durable, and none counts before all are") {
  Saved saved;
  saved.engine->call(ask("a", open()));
  saved.clock.advance(interval_s * ns_per_s);
  saved.engine->submit(ask("b", open()));
  saved.engine->turns();
  CHECK(saved.rows.written() == 0);  // their round takes both
  saved.engine->turns();
  CHECK(saved.newest() == Lsn{});
  saved.engine->sync();
  CHECK(saved.rows.written() == 2);
  CHECK(saved.newest() == Lsn{2});
}

TEST_CASE("snapshots: a start reads rows, and only the records behind them") {
  Saved saved;
  for (int i = 0; i < 5; ++i) saved.engine->call(ask(numbered(i), open()));
  saved.round();
  saved.engine->call(ask(numbered(1), credit(5)));
  const auto before = saved.engine->states();
  saved.restart();
  CHECK(saved.engine->core().replay_from() == Lsn{6});
  CHECK(saved.engine->states() == before);
  CHECK(saved.replayed() == before);
  CHECK(field(saved.engine->call(look(numbered(1))), "balance") == 5);
  saved.round();  // what was replayed has no row as new as it is
  CHECK(saved.rows.written() == 6);
  CHECK(saved.newest() == Lsn{6});
}

// What a crash costs is bounded by records, however fast they come.
TEST_CASE("snapshots: a round begins before its time when the log has grown by what a start replays in a second") {
  CoreOptions options;
  options.snapshot_tail_records = 100;
  Saved saved(options);
  saved.engine->call(ask("a", open()));
  saved.engine->call(ask("b", open()));
  for (int i = 2; i < 1'000; ++i) {
    saved.engine->call(ask(i % 2 == 0 ? "a" : "b", credit(1)));
    CHECK(Lsn{saved.log.size()}.value - saved.newest().value <= 101);
  }
  CHECK(saved.newest() == Lsn{1'000});
  CHECK(saved.rows.written() == 2 * 10);
  saved.engine->call(ask("a", credit(1)));
  for (int i = 0; i < 90; ++i) saved.engine->call(ask("a", credit(1)));
  saved.restart(options);
  CHECK(saved.newest() == Lsn{1'000});
  for (int i = 0; i < 60; ++i) saved.engine->call(ask("a", credit(1)));
  options.snapshot_tail_records = 20;
  saved.restart(options);  // what it has replayed is more than that
  saved.engine->sync();
  CHECK(saved.newest() == Lsn{saved.log.size()});
}

TEST_CASE("snapshots: where each record is of another entity the tail may be as long as rows are worth") {
  CoreOptions options;
  options.snapshot_tail_records = 100;
  Saved saved(options);
  for (int i = 0; i < 399; ++i) saved.engine->call(ask(numbered(i), open()));
  CHECK(saved.newest() == Lsn{});
  saved.engine->call(ask(numbered(399), open()));
  CHECK(saved.newest() == Lsn{400});
}

TEST_CASE("snapshots: an operator is told when they don't keep up with the log, and when they do again") {
  std::vector<std::string> told;
  CoreOptions options;
  options.snapshot_tail_records = 100;
  options.on_alert = options.on_alert_change = [&](const Alert& alert) { told.emplace_back(alert.text); };
  Saved saved(options);
  saved.engine->call(ask("a", open()));
  const auto change = [&](int count) {
    for (int i = 0; i < count; ++i) saved.engine->submit(ask("a", credit(1)));
    saved.engine->turns();
  };
  change(750);  // none of them is durable, so no row may be written
  CHECK(told.empty());
  change(100);
  REQUIRE(told.size() == 1);
  CHECK(told.front().find("snapshots don't keep up") == 0);
  change(100);
  CHECK(told.size() == 1);
  saved.engine->sync();
  saved.engine->turns();
  REQUIRE(told.size() == 2);
  CHECK(told.back().empty());
}

TEST_CASE("snapshots: who changes while a round goes on has a row that is newer than it, or one of the next") {
  CoreOptions options;
  options.snapshot_rows_a_turn = 1;
  Saved saved(options);
  for (int i = 0; i < 8; ++i) saved.engine->call(ask(numbered(i), open()));
  saved.clock.advance(interval_s * ns_per_s);
  saved.engine->turn();  // the first of them is taken
  saved.engine->turn();
  for (int i = 0; i < 8; ++i) saved.engine->submit(ask(numbered(i), credit(1)));
  saved.engine->turns();
  saved.engine->sync();
  CHECK(saved.newest() == Lsn{8});
  CHECK(saved.rows.written() == 8);
  const auto before = saved.engine->states();
  saved.restart();
  CHECK(saved.engine->states() == before);
  CHECK(saved.replayed() == before);
  saved.round();
  CHECK(saved.newest() == Lsn{16});
  saved.restart();
  CHECK(saved.engine->states() == before);
}

TEST_CASE("snapshots: timers, refusals and keys are after a start from one as they were") {
  Saved saved;
  saved.engine->call(ask("a", open(), "k1"));
  saved.engine->call(ask("a", credit(100), "k2"));
  saved.engine->call(ask("a", hold("h", 60, 600), "k3"));
  const std::string refused = told(saved.engine->call(ask("a", debit(1'000), "k4")));
  saved.round();
  saved.restart();
  CHECK(saved.engine->context().timers().next() != Time::never());
  const Outcome again = saved.engine->call(ask("a", debit(1'000), "k4"));
  CHECK(again.replayed);
  CHECK(told(again) == refused);
  CHECK(saved.engine->call(ask("a", credit(100), "k2")).replayed);
  CHECK(field(saved.engine->call(look("a")), "held") == 60);
  saved.clock.advance(700 * ns_per_s);
  CHECK(field(saved.engine->call(look("a")), "held") == 0);
}

TEST_CASE("snapshots: keys past their retention, and records without one, are not read again") {
  CoreOptions options;
  options.key_retention_s = 100;
  Saved saved(options);
  saved.engine->call(ask("a", open(), "k1"));
  for (int i = 0; i < 10; ++i) saved.engine->call(ask("a", credit(1)));
  saved.round();
  CHECK(saved.rows.snapshot()->keys == 1);
  CHECK(saved.rows.snapshot()->keys_from == Lsn{1});
  saved.restart(options);
  CHECK(saved.engine->core().replay_from() == Lsn{1});
  saved.clock.advance(200 * ns_per_s);
  saved.engine->call(ask("a", credit(1)));
  saved.round();
  CHECK(saved.rows.snapshot()->keys_from > Lsn{1});
  saved.restart(options);
  CHECK(saved.engine->core().replay_from() == Lsn{13});
  CHECK_FALSE(saved.engine->call(ask("a", credit(1), "k1")).replayed);
}

TEST_CASE("snapshots: that nothing was ever executed under a key is known after a start from one, too") {
  CoreOptions for_ever;
  for_ever.key_retention_s = 0;
  const auto is_certain = [](Saved& saved) {
    const auto ticket = saved.engine->find_outcome("never");
    saved.engine->turns();
    saved.engine->sync();
    const Outcome& outcome = saved.engine->outcome(ticket);
    CHECK(outcome.code == Code::outcome_unknown);
    return outcome.facts.begin() == outcome.facts.end();
  };
  Saved saved(for_ever);
  saved.engine->call(ask("a", open(), "k1"));
  saved.engine->call(ask("a", credit(1), "k2"));
  saved.round();
  saved.engine->call(ask("a", credit(1), "k3"));
  saved.restart(for_ever);
  CHECK(is_certain(saved));
  CoreOptions short_time;
  short_time.key_retention_s = 10;
  saved.restart(short_time);
  saved.clock.advance(100 * ns_per_s);
  saved.engine->call(ask("a", credit(1), "k4"));
  saved.round();
  saved.restart(for_ever);
  CHECK_FALSE(is_certain(saved));
}

class Lives {
 public:
  explicit Lives(std::uint64_t seed) : random_(seed), saved_(options()) {}

  void live(int turns) {
    for (int turn = 0; turn < turns; ++turn) {
      for (std::uint64_t requests = random_() % 8; requests > 0; --requests) submit();
      if (random_() % 4 == 0) saved_.clock.advance(static_cast<std::int64_t>(random_() % 30) * ns_per_s + ns_per_ms);
      saved_.engine->turn();
      const std::uint64_t behind = saved_.log.last().value - saved_.log.durable().value;
      if (random_() % 2 == 0) saved_.log.sync_to({saved_.log.durable().value + random_() % (behind + 1)});
    }
    saved_.engine->turns();  // committed
  }
  void crash() {
    saved_.engine.reset();
    saved_.log.crash();
    saved_.rows.crash(random_() % (saved_.rows.pending() + 1));
    saved_.restart(options());
  }
  void check() {
    const auto states = saved_.engine->states();
    CHECK(saved_.replayed() == states);
  }
  Lsn newest() const { return saved_.newest(); }

 private:
  CoreOptions options() {
    CoreOptions options;
    options.snapshot_rows_a_turn = 1 + random_() % 4;
    options.entities_live_max = 3;
    return options;
  }
  void submit() {
    const std::string id = "w" + std::to_string(random_() % 12);
    const Tenant tenant = saved_.engine->tenant(random_() % 3 == 0 ? "shop" : "default");
    const std::string key = random_() % 2 == 0 ? "k" + std::to_string(++keys_) : "";
    const auto amount = static_cast<std::int64_t>(random_() % 9) + 1;
    const std::string held = "h" + std::to_string(random_() % 4);
    switch (random_() % 6) {
      case 0: saved_.engine->submit(ask(id, open(), key, tenant)); break;
      case 1: saved_.engine->submit(ask(id, debit(amount), key, tenant)); break;
      case 2: saved_.engine->submit(ask(id, hold(held, amount, amount * 10), key, tenant)); break;
      case 3: saved_.engine->submit(ask(id, capture(held), key, tenant)); break;
      default: saved_.engine->submit(ask(id, credit(amount), key, tenant)); break;
    }
  }

  std::mt19937_64 random_;
  Saved saved_;
  std::uint64_t keys_ = 0;
};

TEST_CASE("snapshots: whatever a crash leaves of a round, a start gives what all records give, byte for byte") {
  std::uint64_t snapshots = 0;
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    CAPTURE(seed);
    Lives lives(seed);
    for (int crash = 0; crash < 6; ++crash) {
      lives.live(40);
      lives.crash();
      lives.check();
    }
    snapshots += lives.newest() != Lsn{} ? 1 : 0;
  }
  CHECK(snapshots > 30);
}

struct Refused : Saved {
  Refused() {
    engine->call(ask("a", open()));
    engine->call(ask("a", credit(1)));
    round();
    engine.reset();
  }
  std::string key() const { return rows.rows().begin()->first; }
  void put(std::uint64_t lsn, std::uint64_t version, std::string_view state, KindId kind = Wallet::kind_id) {
    const wal::StateRow row{"default", kind, "a", {lsn}, {1}, {version}, state};
    std::string value;
    wal::append_state_value(wal::state_key(row), row, value);
    rows.change(wal::state_key(row), value);
  }
  std::string state() const {
    wal::StateRow row;
    const auto all = rows.rows();
    CHECK(wal::read_state_row(all.begin()->first, all.begin()->second, row) == "");
    return std::string(row.state);
  }
  // Why a start from it is refused; empty when it isn't.
  std::string reason() {
    caf::actor_system_config config;
    config.set("scheduler.policy", caf::atom("testing"));
    caf::actor_system system(config);
    Tenants tenants;
    CoreOptions options;
    options.kinds = {kind_of<Wallet>()};
    Core core(system, log, clock, tenants, options);
    const auto loaded = core.load_states();
    is_unknown = loaded.is_unknown;
    std::string why = loaded.damage.detail;
    if (!why.empty()) return why;
    log.replay(core.replay_from(), [&](Lsn lsn, const wal::Record& record) { return core.replay(lsn, record, why); });
    return why.empty() ? core.check_end(log.last()) : why;
  }
  bool is_unknown = false;
};

TEST_CASE("snapshots: a row that isn't what was written refuses the start, and says whose it is") {
  Refused refused;
  REQUIRE(refused.reason() == "");
  SUBCASE("bytes that are no wallet") {
    refused.put(2, 2, "nonsense");
    CHECK(refused.reason() == "the snapshot of wallet/a of default isn't a state of its kind");
  }
  SUBCASE("newer than the log") {
    refused.put(9, 2, refused.state());
    CHECK(refused.reason() == "the snapshot has wallet/a of default as of LSN 9, which the log doesn't reach");
  }
  SUBCASE("another version than the log's record of that LSN") {
    refused.engine = std::make_unique<Harness>(refused.log, refused.clock);
    refused.engine->call(ask("a", credit(1)));
    refused.engine.reset();
    refused.put(3, 2, refused.state());
    CHECK(refused.reason() == "version 3 of a doesn't follow 2");
  }
  SUBCASE("a kind that this program doesn't know") {
    refused.put(2, 2, refused.state(), 999);
    CHECK(refused.reason().find("kind 999, which this program doesn't know") != std::string::npos);
    CHECK(refused.is_unknown);
  }
  SUBCASE("one that is missing") {
    refused.rows.lose(refused.key());
    CHECK(refused.reason() == "the snapshot has lost entities: it has 0 of 1");
  }
}

TEST_CASE("snapshots: a kind without bytes keeps all from being made, and an operator is told once") {
  std::vector<std::string> alerts;
  CoreOptions options;
  options.kinds = {kind_of<Wallet>(), kind_of<Box>()};
  options.on_alert = [&](const Alert& alert) {
    alerts.push_back(std::string(alert.kind) + ": " + std::string(alert.text));
  };
  Saved saved(options);
  saved.engine->call(ask("a", open()));
  saved.round();
  saved.engine->call(ask("a", credit(1)));
  saved.round();
  CHECK(saved.rows.written() == 0);
  REQUIRE(alerts.size() == 1);
  CHECK(alerts.front().find("box: no snapshots are made") == 0);
  CHECK(saved.engine->context().unsaved().empty());
}

TEST_CASE("snapshots: with an interval of 0 none are made, but one that is there is used") {
  Saved saved;
  saved.engine->call(ask("a", open()));
  saved.round();
  saved.engine->call(ask("a", credit(1)));
  const auto before = saved.engine->states();
  CoreOptions none;
  none.snapshot_interval_ms = 0;
  none.snapshot_thread = false;
  saved.engine.reset();
  saved.engine = std::make_unique<Harness>(saved.log, saved.clock, none);
  CHECK(saved.engine->core().replay_from() == Lsn{2});
  CHECK(saved.engine->states() == before);
  saved.engine->call(ask("a", credit(1)));
  saved.round();
  CHECK(saved.newest() == Lsn{1});
  CHECK(saved.engine->context().unsaved().empty());
}

}  // namespace
}  // namespace tote
