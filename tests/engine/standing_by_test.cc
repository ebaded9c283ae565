// A machine that stands by (engine/standing_by.cc) is a whole one: its memory has the owner's budget, its rows are
// written, it starts from them, and whatever it is killed at it comes to what the owner has.
#include <map>
#include <random>
#include <string>
#include <vector>

#include "tests/engine/crashing.h"

namespace tote {
namespace {

struct Killed {};

// An owner and a machine that stands by, each with rows of its own.
struct Two {
  Crashing owner;
  MemoryLog log;
  MemoryStates rows{log};
  CoreOptions options;
  std::unique_ptr<Harness> standby;
  std::mt19937 random;
  std::size_t most_in_memory = 0, most_of_owner = 0;
  int number = 0;
  bool has_keys = true;

  explicit Two(std::uint64_t budget, unsigned seed = 1, Kinds kinds = {kind_of<Wallet>(), kind_of<MoneyBooks>()})
      : owner(budget, std::move(kinds)), random(seed) {
    owner.start();
    options = owner.options;
    log.shared = true;
    start();
  }
  void start() {
    log.owned = false;
    standby.reset();
    standby = std::make_unique<Harness>(log, owner.clock, options);
  }
  // Some requests to the owner, with keys and holds that time ends.
  void work(int count, unsigned wallets) {
    for (int i = 0; i < count; ++i) {
      const std::string id = "w" + std::to_string(random() % wallets);
      const std::string key = !has_keys || random() % 3 == 0 ? "" : "k" + std::to_string(number);
      const std::string name = "h" + std::to_string(++number);
      const std::int64_t amount = 1 + random() % 50;
      switch (random() % 5) {
        case 0: owner.engine->submit(ask(id, open(), key)); break;
        case 1: owner.engine->submit(ask(id, hold(name, amount, 1 + random() % 60), key)); break;
        case 2: owner.engine->submit(ask(id, debit(amount), key)); break;
        default: owner.engine->submit(ask(id, credit(amount), key));
      }
    }
    owner.engine->turns();
    owner.engine->sync();
    most_of_owner = std::max(most_of_owner, owner.engine->context().slots().size());
  }
  void pass(std::int64_t ns) {
    owner.clock.advance(ns);
    owner.engine->turns();
    owner.engine->sync();
  }
  // What the owner has recorded until now comes to the other one, which goes on as its loop would.
  void hand_on() {
    log.take_from(owner.log, owner.log.durable());
    catch_up();
  }
  void catch_up() {
    for (bool is_done = false; !is_done;) {
      standby->turns();
      is_done = standby->follow(16) && log.last() == log.durable();
      owner.clock.steady_ns += 10 * ns_per_ms;
      most_in_memory = std::max(most_in_memory, standby->context().slots().size());
    }
    standby->turns();
  }
  void check_equal() {
    standby->take_over();
    CHECK(standby->states() == owner.engine->states());
    CHECK(standby->context().books().lines(0) == owner.engine->context().books().lines(0));
    CHECK(standby->context().population().count({}) == owner.engine->context().population().count({}));
  }
};

TEST_CASE("standing by: memory keeps to the budget over thousands of records, and states and books are the owner's") {
  Two two(ten_wallets);
  for (int round = 0; round < 60; ++round) {
    two.work(100, 1'000);
    two.pass(30 * ns_per_s);
    two.hand_on();
  }
  CHECK(two.log.size() > 4'000);
  const std::size_t all = two.owner.engine->states().size();
  CHECK(all > 500);
  CHECK(two.most_of_owner < all / 2);  // those with holds stay until these end
  CHECK(two.most_in_memory < two.most_of_owner + 50);
  two.check_equal();
}

TEST_CASE("standing by: a start reads its rows and replays the tail, however long it stood by") {
  Two two(0);
  two.has_keys = false;  // they are in records alone here
  for (int round = 0; round < 30; ++round) {
    two.work(100, 50);
    two.pass(61 * ns_per_s);
    two.hand_on();
  }
  const auto snapshot = two.rows.snapshot();
  REQUIRE(snapshot.has_value());
  CHECK(snapshot->lsn.value + 300 > two.log.size());
  two.start();
  CHECK(two.standby->core().replay_from() > snapshot->lsn);
  two.catch_up();
  two.check_equal();
}

// What was made is said by the owner alone: a start must not begin behind its last word.
TEST_CASE("standing by: a snapshot is no newer than what the owner last said of the books") {
  Two two(0);
  two.work(200, 20);
  two.hand_on();
  for (int i = 0; i < 3; ++i) {
    two.owner.clock.steady_ns += 61 * ns_per_s;
    two.standby->turns();
  }
  CHECK(two.rows.written() > 0);
  CHECK_FALSE(two.rows.snapshot().has_value());
  two.start();
  two.catch_up();
  two.pass(61 * ns_per_s);
  const Lsn said = two.owner.log.last();
  two.hand_on();
  two.work(200, 20);
  two.hand_on();
  for (int i = 0; i < 3; ++i) {
    two.owner.clock.steady_ns += 61 * ns_per_s;
    two.standby->turns();
  }
  REQUIRE(two.rows.snapshot().has_value());
  CHECK(two.rows.snapshot()->lsn == said);
  two.start();
  two.catch_up();
  two.check_equal();
}

TEST_CASE("standing by: killed at every row that it writes, it starts again and comes to what the owner has") {
  const auto play = [](Two& two) {
    for (int round = 0; round < 12; ++round) {
      two.work(120, 60);
      if (round % 3 == 2) two.pass(61 * ns_per_s);
      two.hand_on();
    }
  };
  Two whole(ten_wallets);
  play(whole);
  const auto rows = whole.rows.written();
  CHECK(rows > 200);
  for (std::uint64_t kill_at = 0; kill_at < rows; kill_at += 1 + kill_at / 20) {
    CAPTURE(kill_at);
    Two two(ten_wallets);
    std::uint64_t puts = 0;
    two.rows.on_put = [&] {
      if (puts++ == kill_at) throw Killed{};
    };
    for (int round = 0; round < 12; ++round) {
      two.work(120, 60);
      if (round % 3 == 2) two.pass(61 * ns_per_s);
      try {
        two.hand_on();
      } catch (const Killed&) {
        two.standby.reset();
        two.rows.crash(kill_at % 7);
        two.start();
        two.hand_on();
      }
    }
    CHECK(puts > kill_at);
    two.check_equal();
  }
}

TEST_CASE("standing by: taken over in the middle of a round, it goes on as an owner, and starts from that round") {
  for (unsigned seed = 1; seed <= 20; ++seed) {
    CAPTURE(seed);
    Two two(seed % 2 == 0 ? ten_wallets : 0, seed);
    two.options.snapshot_rows_a_turn = 1 + seed % 5;
    two.start();
    for (int round = 0; round < 8; ++round) {
      two.work(60, 80);
      if (round % 3 == 2) two.pass(61 * ns_per_s);
      two.hand_on();
    }
    two.owner.clock.steady_ns += 61 * ns_per_s;
    for (unsigned turn = 0; turn < seed; ++turn) two.standby->turn();
    two.check_equal();
    // A key that was used there is known here.
    const auto again = two.standby->submit(ask("w1", credit(1), "new"));
    two.standby->turns();
    two.standby->sync();
    CHECK(two.standby->is_answered(again));
    for (int i = 0; i < 4; ++i) {
      two.owner.clock.advance(61 * ns_per_s);
      two.standby->turns();
      two.standby->sync();
    }
    const auto states = two.standby->states();
    const auto books = two.standby->context().books().lines(0);
    two.standby.reset();
    two.standby = std::make_unique<Harness>(two.log, two.owner.clock, two.options);
    two.standby->turns();
    CHECK(two.standby->states() == states);
    CHECK(two.standby->context().books().lines(0) == books);
  }
}

TEST_CASE("standing by: a repeat of what the owner has answered gets that answer after a take-over") {
  Two two(ten_wallets);
  two.work(10, 5);
  const Outcome first = two.owner.engine->call(ask("w1", open(), "once"));
  two.hand_on();
  two.standby->take_over();
  const auto repeat = two.standby->submit(ask("w1", open(), "once"));
  two.standby->turns();
  two.log.confirmed_to = two.log.asked;
  two.standby->turns();
  CHECK(two.standby->outcome(repeat).replayed);
  CHECK(told(two.standby->outcome(repeat)) == told(first));
}

TEST_CASE("standing by: reads are answered as of what was applied, changes aren't taken") {
  Two two(ten_wallets);
  two.work(300, 100);
  two.hand_on();
  std::size_t found = 0;
  for (int i = 0; i < 100; ++i) {
    const std::string id = "w" + std::to_string(i);
    const auto here = two.standby->submit(look(id));
    two.standby->turns();
    const Outcome& told_here = two.standby->outcome(here);
    CHECK(told(told_here) == told(two.owner.engine->call(look(id))));
    found += is_success(told_here.code) ? 1 : 0;
  }
  CHECK(found > 10);
  CHECK(two.log.asked == 0);
  const auto change = two.standby->submit(ask("w1", credit(1)));
  two.standby->turns();
  CHECK(two.standby->outcome(change).code == Code::forbidden);
  // One that waits for an LSN is answered once that was applied.
  two.work(50, 100);
  Request waiting = look("w1");
  waiting.min_lsn = two.owner.log.durable();
  const auto read = two.standby->submit(std::move(waiting));
  two.standby->turns();
  CHECK_FALSE(two.standby->is_answered(read));
  two.hand_on();
  CHECK(two.standby->is_answered(read));
  two.check_equal();
}

// Its fetch is on the way when the entity's next record is replayed.
TEST_CASE("standing by: an entity that a read has asked for is changed before it arrives") {
  Two two(ten_wallets);
  two.work(600, 200);
  two.hand_on();
  for (int i = 0; i < 200; ++i) {
    const std::string id = "w" + std::to_string(i);
    const auto read = two.standby->submit(look(id));
    two.standby->turn();
    two.owner.engine->call(ask(id, credit(1)));
    two.hand_on();
    CHECK(two.standby->is_answered(read));
  }
  two.check_equal();
}

}  // namespace
}  // namespace tote
