// What time alone changes is in the log, in its place: before anything that came later could see or change it.
#include <algorithm>
#include <map>

#include "tests/engine/harness.h"

namespace tote {
namespace {

std::unique_ptr<Fresh> with_hold(std::int64_t expires_in_s = 10) {
  auto fresh = std::make_unique<Fresh>();
  fresh->engine.call(ask("alice", open()));
  fresh->engine.call(ask("alice", credit(100)));
  fresh->engine.call(ask("alice", hold("h1", 60, expires_in_s)));
  return fresh;
}

// No record of a wallet lies at or after a hold's end while that hold is open.
void check_log_order(const MemoryLog& log) {
  std::map<std::string, EntityOf<Wallet>, std::less<>> wallets;
  log.for_each([&](Lsn lsn, const wal::Record& record) {
    for (const wal::Change& change : record.changes) {
      auto& wallet = wallets[std::string(change.entity)];
      const bool expires = line_of(lsn, record).find(" expired") != std::string::npos;
      CAPTURE(line_of(lsn, record));
      CHECK(expires == (wallet.next_due() <= record.time));
      CHECK(wallet.replay(change.events));
    }
  });
}

TEST_CASE("timer: a hold expires by itself, once, on record") {
  const auto fresh = with_hold();
  fresh->engine.turns();
  CHECK(fresh->log.last() == Lsn{3});
  fresh->clock.advance(10 * ns_per_s + ns_per_ms);
  fresh->engine.turns();
  fresh->engine.turns();
  CHECK(lines_of(fresh->log).back() == "4 default alice v4 ok expired(h1)");
  CHECK(fresh->log.last() == Lsn{4});
  check_log_order(fresh->log);
  CHECK(field(fresh->engine.call(look("alice")), "available") == 100);
}

TEST_CASE("timer: next_due_ms says when to come back") {
  const auto fresh = with_hold();
  CHECK(fresh->engine.wheel().next_due_ms() == 1000);
  fresh->clock.advance(9 * ns_per_s + 500 * ns_per_ms);
  CHECK(fresh->engine.wheel().next_due_ms() <= 501);
  CHECK(fresh->engine.wheel().next_due_ms() >= 499);
  fresh->clock.advance(ns_per_s);
  CHECK(fresh->engine.wheel().next_due_ms() == 0);
  fresh->engine.turns();
  CHECK(fresh->engine.wheel().next_due_ms() == 1000);
}

TEST_CASE("timer: a command that comes with it finds the hold expired") {
  const auto fresh = with_hold();
  fresh->clock.advance(10 * ns_per_s + ns_per_ms);
  const Outcome late = fresh->engine.call(ask("alice", capture("h1")));
  CHECK(late.code == Code::hold_closed);
  CHECK(fresh->engine.call(ask("alice", debit(100))).code == Code::ok);
  check_log_order(fresh->log);
}

TEST_CASE("timer: a read that comes with it finds the hold expired, on record") {
  const auto fresh = with_hold();
  fresh->clock.advance(10 * ns_per_s + ns_per_ms);
  const Outcome read = fresh->engine.call(look("alice"));
  CHECK(field(read, "held") == 0);
  CHECK(read.version == Version{4});
  CHECK(read.lsn == Lsn{4});
}

TEST_CASE("timer: several holds, each at its time, in one turn or many") {
  const auto fresh = with_hold(30);
  fresh->engine.call(ask("alice", hold("h2", 10, 20)));
  fresh->engine.call(ask("alice", hold("h3", 10, 10)));
  fresh->clock.advance(10 * ns_per_s + ns_per_ms);
  fresh->engine.turns();
  CHECK(lines_of(fresh->log).back() == "6 default alice v6 ok expired(h3)");
  fresh->clock.advance(25 * ns_per_s);
  fresh->engine.turns();
  CHECK(lines_of(fresh->log)[6] == "7 default alice v7 ok expired(h2)");
  CHECK(lines_of(fresh->log)[7] == "8 default alice v8 ok expired(h1)");
  check_log_order(fresh->log);
}

TEST_CASE("timer: of a hold that was closed meanwhile does nothing, the next one still comes") {
  const auto fresh = with_hold(10);
  fresh->engine.call(ask("alice", hold("h2", 10, 20)));
  fresh->engine.call(ask("alice", release("h1")));
  const auto before = fresh->log.last();
  fresh->clock.advance(10 * ns_per_s + ns_per_ms);
  fresh->engine.turns();
  CHECK(fresh->log.last() == before);
  fresh->clock.advance(10 * ns_per_s);
  fresh->engine.turns();
  CHECK(lines_of(fresh->log).back() == "6 default alice v6 ok expired(h2)");
}

TEST_CASE("timer: a clock that jumps back holds the log's time, which still rises with every record") {
  const auto fresh = with_hold(10);
  fresh->clock.at.ns -= 3600 * ns_per_s;
  fresh->engine.call(ask("alice", debit(1)));  // the log itself requires that its time rises
  CHECK(fresh->engine.call(ask("alice", capture("h1"))).code == Code::ok);
  check_log_order(fresh->log);
}

TEST_CASE("timer: a clock that jumps forth and back doesn't undo an expiry or repeat it") {
  const auto fresh = with_hold(10);
  fresh->clock.advance(11 * ns_per_s);
  fresh->engine.turns();
  fresh->clock.at.ns -= 3600 * ns_per_s;
  CHECK(fresh->engine.call(ask("alice", capture("h1"))).code == Code::hold_closed);
  fresh->clock.at.ns += 7200 * ns_per_s;
  fresh->engine.turns();
  CHECK(fresh->log.last() == Lsn{4});
  check_log_order(fresh->log);
}

TEST_CASE("timer: a hold made with the log's held time lasts from that time") {
  Fresh fresh;
  fresh.engine.call(ask("alice", open()));
  fresh.engine.call(ask("alice", credit(100)));
  fresh.clock.at.ns -= 3600 * ns_per_s;
  fresh.engine.call(ask("alice", hold("h1", 60, 10)));
  fresh.clock.at.ns += 3600 * ns_per_s + 9 * ns_per_s;
  CHECK(field(fresh.engine.call(look("alice")), "held") == 60);
  fresh.clock.advance(2 * ns_per_s);
  CHECK(field(fresh.engine.call(look("alice")), "held") == 0);
  check_log_order(fresh.log);
}

TEST_CASE("timer: survives a restart, and one that was due meanwhile comes at once") {
  for (const std::int64_t away_s : {1, 60}) {
    CAPTURE(away_s);
    MemoryLog log;
    TestClock clock;
    auto engine = std::make_unique<Harness>(log, clock);
    engine->call(ask("alice", open()));
    engine->call(ask("alice", credit(100)));
    engine->call(ask("alice", hold("h1", 60, 10)));
    engine.reset();
    clock.advance(away_s * ns_per_s);
    engine = std::make_unique<Harness>(log, clock);
    engine->turns();
    if (away_s < 10) {
      CHECK(log.last() == Lsn{3});
      CHECK(engine->wheel().next_due_ms() == 1000);
      clock.advance(10 * ns_per_s);
      engine->turns();
    }
    CHECK(lines_of(log).back() == "4 default alice v4 ok expired(h1)");
    check_log_order(log);
  }
}

TEST_CASE("timer: a restart with a clock far back doesn't turn the log's time back") {
  MemoryLog log;
  TestClock clock;
  auto engine = std::make_unique<Harness>(log, clock);
  engine->call(ask("alice", open()));
  engine.reset();
  clock.at = Time{1};
  engine = std::make_unique<Harness>(log, clock);
  CHECK(engine->call(ask("alice", credit(1))).code == Code::ok);
}

TEST_CASE("timer: wakes an entity that has no actor") {
  MemoryLog log;
  TestClock clock;
  Harness engine(log, clock, {.kinds = {}, .entities_live_max = 1});
  engine.call(ask("alice", open()));
  engine.call(ask("alice", credit(100)));
  engine.call(ask("alice", hold("h1", 60, 10)));
  for (const char* id : {"b", "c", "d"}) engine.call(ask(id, open()));
  clock.advance(11 * ns_per_s);
  engine.turns();
  CHECK(lines_of(log).back() == "7 default alice v4 ok expired(h1)");
}

TEST_CASE("timer: isn't lost when it comes while its entity is on its way out") {
  MemoryLog log;
  TestClock clock;
  Harness engine(log, clock, {.kinds = {}, .entities_live_max = 1});
  engine.call(ask("alice", open()));
  engine.call(ask("alice", credit(100)));
  engine.call(ask("alice", hold("h1", 60, 10)));
  clock.advance(11 * ns_per_s);
  for (const char* id : {"b", "c", "d", "e"}) engine.submit(ask(id, open()));
  engine.turn();
  engine.turn();
  const auto lines = lines_of(log);
  CHECK(std::count_if(lines.begin(), lines.end(), [](const std::string& line) {
          return line.find("alice v4 ok expired(h1)") != std::string::npos;
        }) == 1);
}

}  // namespace
}  // namespace tote
