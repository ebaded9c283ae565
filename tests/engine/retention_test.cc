// How long a key is remembered: to the nanosecond, and again from the start when it is executed again.
#include "tests/engine/harness.h"

namespace tote {
namespace {

constexpr std::int64_t retention_s = 100;

struct Kept {
  MemoryLog log;
  TestClock clock;
  std::unique_ptr<Harness> engine;

  explicit Kept(std::int64_t seconds = retention_s) {
    restart(seconds);
    engine->call(ask("alice", open()));
  }
  void restart(std::int64_t seconds = retention_s) {
    engine.reset();
    engine = std::make_unique<Harness>(log, clock, CoreOptions{.kinds = {}, .key_retention_s = seconds});
  }
  Time time_of(Lsn wanted) const {
    Time time{};
    log.for_each([&](Lsn lsn, const wal::Record& record) {
      if (lsn == wanted) time = record.time;
    });
    return time;
  }
  Code ask_for(const std::string& key) {
    const auto ticket = engine->find_outcome(key);
    engine->turns();
    return engine->outcome(ticket).code;
  }
};

TEST_CASE("retention: over exactly when it is over") {
  for (const bool restarts : {false, true}) {
    CAPTURE(restarts);
    Kept kept;
    const Outcome first = kept.engine->call(ask("alice", credit(1), "k1"));
    const Time end = after(kept.time_of(first.lsn), retention_s);
    kept.clock.at = {end.ns - 1};
    if (restarts) kept.restart();
    CHECK(kept.ask_for("k1") == Code::ok);
    kept.clock.at = end;
    CHECK(kept.ask_for("k1") == Code::outcome_unknown);
  }
}

TEST_CASE("retention: a key whose retention is over is executed again, and kept again from then") {
  for (const bool restarts : {false, true}) {
    CAPTURE(restarts);
    Kept kept;
    const Outcome first = kept.engine->call(ask("alice", credit(1), "k1"));
    kept.clock.at = after(kept.time_of(first.lsn), retention_s);
    const Outcome second = kept.engine->call(ask("alice", credit(1), "k1"));
    CHECK_FALSE(second.replayed);
    CHECK(second.version == Version{3});
    kept.clock.advance((retention_s - 1) * ns_per_s);
    if (restarts) kept.restart();
    const Outcome third = kept.engine->call(ask("alice", credit(1), "k1"));
    CHECK(third.replayed);
    CHECK(told(third) == told(second));
    kept.clock.advance(2 * ns_per_s);
    CHECK_FALSE(kept.engine->call(ask("alice", credit(1), "k1")).replayed);
  }
}

TEST_CASE("retention: over, a key may ask for something else") {
  Kept kept;
  kept.engine->call(ask("alice", credit(1), "k1"));
  CHECK(kept.engine->call(ask("alice", credit(2), "k1")).code == Code::idempotency_key_reused);
  kept.clock.advance(2 * retention_s * ns_per_s);
  CHECK(kept.engine->call(ask("alice", credit(2), "k1")).code == Code::ok);
}

TEST_CASE("retention: 0 is for ever") {
  Kept kept(0);
  kept.engine->call(ask("alice", credit(1), "k1"));
  kept.clock.advance(100LL * 366 * 86'400 * ns_per_s);
  CHECK(kept.engine->call(ask("alice", credit(1), "k1")).replayed);
}

TEST_CASE("retention: what is over leaves the memory") {
  Kept kept;
  for (int i = 0; i < 5'000; ++i) {
    kept.engine->submit(ask("alice", credit(1), "k" + std::to_string(i)));
    kept.engine->sync();
  }
  kept.engine->sync();
  CHECK(kept.engine->keys().in_memory() == 5'000);
  kept.clock.advance(2 * retention_s * ns_per_s);
  kept.engine->call(ask("alice", credit(1), "last"));
  CHECK(kept.engine->keys().in_memory() == 1);
}

TEST_CASE("retention: a restart doesn't bring back what is over") {
  Kept kept;
  for (int i = 0; i < 10; ++i) kept.engine->call(ask("alice", credit(1), "k" + std::to_string(i)));
  kept.clock.advance(2 * retention_s * ns_per_s);
  kept.engine->call(ask("alice", credit(1), "last"));
  kept.restart();
  CHECK(kept.engine->keys().in_memory() == 1);
}

TEST_CASE("retention: a key executed again leaves one entry, also when it is over") {
  Kept kept;
  for (int i = 0; i < 10; ++i) {
    CHECK_FALSE(kept.engine->call(ask("alice", credit(1), "k1")).replayed);
    kept.engine->sync();
    CHECK(kept.engine->keys().in_memory() == 1);
    kept.clock.advance(retention_s * ns_per_s + ns_per_ms);
  }
}

TEST_CASE("retention: a clock that is set back doesn't bring a key's end nearer") {
  Kept kept;
  const Outcome first = kept.engine->call(ask("alice", credit(1), "k1"));
  kept.clock.at.ns -= 10 * retention_s * ns_per_s;
  CHECK(told(kept.engine->call(ask("alice", credit(1), "k1"))) == told(first));
}

}  // namespace
}  // namespace tote
