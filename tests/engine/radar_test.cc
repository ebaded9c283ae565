// Which entities are hot (engine/radar.h): the right one, soon, in bounded memory, and to its own tenant alone.
#include "engine/radar.h"

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "engine/hot_questions.h"
#include "engine/kernel/looked.h"
#include "engine/kernel/space_saving.h"
#include "tests/engine/harness.h"

namespace tote {
namespace {

std::string wallet_number(std::uint64_t number) { return "w" + std::to_string(number); }

// Requests without a disk: what the radar sees of them.
struct Traffic {
  TestClock clock;
  Radar radar{clock};

  void pass(std::string id, Tenant tenant = {}, Code code = Code::ok, std::int64_t took_ns = ns_per_ms) {
    Flight flight;
    flight.request.tenant = tenant;
    flight.request.kind = Wallet::kind_id;
    flight.request.entity = std::move(id);
    radar.arrived(flight);
    const std::int64_t at_ns = clock.steady_ns;
    clock.steady_ns += took_ns;
    flight.outcome.code = code;
    if (flight.stands_for != 0) radar.answered(flight, [](KindId) { return true; });
    clock.steady_ns = at_ns;
  }
  void wait(std::int64_t ns) {
    clock.advance(ns);
    radar.turn(clock.steady_ns);
  }
};

const HotEntity& of(const HotEntities& hot, const std::string& id) {
  const auto found = std::ranges::find(hot.entities, id, &HotEntity::id);
  REQUIRE_MESSAGE(found != hot.entities.end(), id);
  return *found;
}

bool is_near(std::uint64_t value, std::uint64_t wanted, std::uint64_t percent) {
  return value >= wanted * (100 - percent) / 100 && value <= wanted * (100 + percent) / 100;
}

TEST_CASE("radar: the hot one of ten thousand is first within two seconds") {
  Traffic traffic;
  std::mt19937_64 random(1);
  for (int ms = 0; ms < 2'000; ++ms) {
    for (int i = 0; i < 40; ++i) traffic.pass(wallet_number(random() % 10'000));
    for (int i = 0; i < 2; ++i) traffic.pass("hot");
    traffic.wait(ns_per_ms);
  }
  const HotEntities hot = traffic.radar.hottest(Tenant{}, 20);
  REQUIRE(hot.entities.size() == 20);
  CHECK(hot.entities.front().id == "hot");
  CHECK(hot.entities.front().kind == Wallet::kind_id);
  CHECK(is_near(hot.entities.front().requests, 4'000, 20));
  CHECK(hot.window_us == 2'000'000);
}

TEST_CASE("radar: with few requests each of them is counted") {
  Traffic traffic;
  for (int i = 0; i < 100; ++i) {
    traffic.pass("a");
    if (i % 4 == 0) traffic.pass("b");
    traffic.wait(10 * ns_per_ms);
  }
  const HotEntities hot = traffic.radar.hottest(Tenant{}, 20);
  CHECK(of(hot, "a").requests == 100);
  CHECK(of(hot, "b").requests == 25);
  CHECK(hot.entities.size() == 2);
  CHECK(traffic.radar.hottest(Tenant{}, 1).entities.size() == 1);
}

TEST_CASE("radar: a flood is estimated from samples, and the quiet after it is exact again") {
  Traffic traffic;
  for (int ms = 0; ms < 1'000; ++ms) {
    for (int i = 0; i < 1'000; ++i) traffic.pass(i % 10 == 0 ? "tenth" : wallet_number(static_cast<std::uint64_t>(i)));
    traffic.wait(ns_per_ms);
  }
  CHECK(is_near(of(traffic.radar.hottest(Tenant{}, 20), "tenth").requests, 100'000, 15));
  for (int i = 0; i < 2; ++i) traffic.wait(200 * ns_per_ms);
  for (int i = 0; i < 50; ++i) {
    traffic.pass("after");
    traffic.wait(ns_per_ms);
  }
  CHECK(of(traffic.radar.hottest(Tenant{}, 1'000), "after").requests >= 49);
}

TEST_CASE("radar: what was ten seconds ago is forgotten, and fades on the way") {
  Traffic traffic;
  for (int i = 0; i < 1'000; ++i) {
    traffic.pass("a");
    traffic.wait(10 * ns_per_ms);
  }
  CHECK(is_near(of(traffic.radar.hottest(Tenant{}, 20), "a").requests, 1'000, 5));
  traffic.wait(5 * ns_per_s);
  CHECK(is_near(of(traffic.radar.hottest(Tenant{}, 20), "a").requests, 500, 10));
  traffic.wait(5 * ns_per_s);
  traffic.wait(10 * ns_per_s);
  CHECK(traffic.radar.hottest(Tenant{}, 20).entities.empty());
}

TEST_CASE("radar: a silence of many windows leaves nothing behind") {
  Traffic traffic;
  for (int i = 0; i < 10; ++i) traffic.pass("a");
  traffic.wait(60 * ns_per_s);
  CHECK(traffic.radar.hottest(Tenant{}, 20).entities.empty());
}

TEST_CASE("radar: memory has a bound, however many entities there are") {
  Traffic traffic;
  for (std::uint64_t i = 0; i < 100'000; ++i) {
    traffic.pass(wallet_number(i));
    if (i % 10 == 0) traffic.wait(ns_per_ms);
  }
  CHECK(traffic.radar.counters() <= 2 * Radar::counters_max);
  CHECK(traffic.radar.hottest(Tenant{}, 100'000).entities.size() <= 2 * Radar::counters_max);
}

TEST_CASE("radar: a tenant is told of its own entities alone") {
  Traffic traffic;
  const Tenant one{1}, other{2};
  for (int i = 0; i < 30; ++i) {
    traffic.pass("same", one);
    if (i % 3 == 0) traffic.pass("same", other);
    traffic.pass("secret", other);
    traffic.wait(ns_per_ms);
  }
  const HotEntities hot = traffic.radar.hottest(one, 20);
  REQUIRE(hot.entities.size() == 1);
  CHECK(of(hot, "same").requests == 30);
  CHECK(of(traffic.radar.hottest(other, 20), "same").requests == 10);
  CHECK(traffic.radar.hottest(Tenant{}, 20).entities.empty());
}

TEST_CASE("radar: refusals by code, how long they waited, and the 99th of a hundred") {
  Traffic traffic;
  for (int i = 0; i < 200; ++i) {
    const Code code = i % 10 == 0 ? Code::out_of_stock : i % 2 == 0 ? Code::insufficient_funds : Code::ok;
    traffic.pass("a", {}, code, i % 50 == 0 ? 100 * ns_per_ms : ns_per_ms);
    traffic.wait(ns_per_ms);
  }
  const HotEntities hot = traffic.radar.hottest(Tenant{}, 20);
  const HotEntity& entity = of(hot, "a");
  CHECK(entity.refused == 100);
  REQUIRE(entity.refusals.size() == 2);
  CHECK(entity.refusals[0] == std::pair<Code, std::uint64_t>(Code::insufficient_funds, 80));
  CHECK(entity.refusals[1] == std::pair<Code, std::uint64_t>(Code::out_of_stock, 20));
  CHECK(is_near(static_cast<std::uint64_t>(entity.p99_ns), 100'000'000, 13));
  CHECK(entity.waited_us == 4 * 100'000 + 196 * 1'000);
}

TEST_CASE("radar: Space-Saving keeps whoever has more than a counter's share, and says how much is certain") {
  struct Name {
    std::uint64_t name = 0;
    bool is(std::uint64_t key) const { return name == key; }
    void take(std::uint64_t key) { name = key; }
  };
  SpaceSaving<Name> sketch(10);
  std::map<std::uint64_t, std::uint64_t> truth;
  std::mt19937_64 random(7);
  const auto add = [&](std::uint64_t name) {
    ++truth[name];
    sketch.add(name, name, 1);
  };
  for (int i = 0; i < 5'000; ++i) {
    add(1'000 + random() % 500);
    if (i % 3 == 0) add(1);
  }
  CHECK(sketch.size() == 10);
  std::uint64_t sum = 0;
  sketch.for_each([&](const auto& counter) {
    sum += counter.count;
    CHECK(counter.own() <= truth.at(counter.value.name));
    CHECK(counter.count >= truth.at(counter.value.name));
  });
  CHECK(sum == 5'000 + 1'667);
  const auto* heavy = sketch.find(1, std::uint64_t{1});
  REQUIRE(heavy != nullptr);
  CHECK(heavy->count == 1'667);
}

TEST_CASE("radar: changes, reads, refusals and new entities of a whole engine; repeats aren't counted again") {
  Fresh fresh;
  fresh.engine.call(ask("alice", open(), "open-1"));
  fresh.engine.call(ask("alice", open(), "open-1"));
  fresh.engine.call(ask("alice", credit(5), "credit-1"));
  for (int i = 0; i < 5; ++i) fresh.engine.call(look("alice"));
  fresh.engine.call(ask("alice", debit(50), "debit-1"));
  fresh.engine.call(look("nobody"));
  fresh.engine.call(look("not an id"));
  const HotEntities hot = fresh.engine.context().radar().hottest(Tenant{}, 20);
  REQUIRE(hot.entities.size() == 2);
  CHECK(hot.entities[0].id == "alice");
  CHECK(hot.entities[0].requests == 8);
  CHECK(hot.entities[0].refused == 1);
  CHECK(of(hot, "nobody").refusals.front().first == Code::not_found);
}

TEST_CASE("radar: an answer that waits for the disk has taken as long") {
  Fresh fresh;
  fresh.engine.call(ask("alice", open()));
  fresh.engine.submit(ask("alice", credit(5)));
  fresh.engine.turns();
  fresh.clock.advance(2 * ns_per_s);
  fresh.engine.sync();
  const HotEntities hot = fresh.engine.context().radar().hottest(Tenant{}, 20);
  CHECK(of(hot, "alice").requests == 2);
  CHECK(of(hot, "alice").waited_us == 2'000'000);
  CHECK(is_near(static_cast<std::uint64_t>(of(hot, "alice").p99_ns), 2 * ns_per_s, 13));
}

TEST_CASE("radar: a list's look at many is no request of any of them") {
  Fresh fresh;
  std::vector<std::string> ids;
  for (int i = 0; i < 32; ++i) {
    ids.push_back("w" + std::to_string(i));
    fresh.engine.call(ask(ids.back(), open()));
  }
  for (int i = 0; i < 100; ++i) {
    Request request{.kind = Wallet::kind_id};
    request.command = Command(look_at(Wallet::kind_id, ids, {}));
    request.is_question = true;
    CHECK(is_success(fresh.engine.call(std::move(request)).code));
  }
  for (const HotEntity& entity : fresh.engine.context().radar().hottest(Tenant{}, 100).entities)
    CHECK(entity.requests == 1);
}

TEST_CASE("radar: thousands who ask at once get what it is, a few a turn, after one look") {
  Fresh fresh;
  fresh.engine.call(ask("alice", open()));
  HotQuestions questions;
  std::size_t answered = 0;
  const Tenant other = fresh.engine.tenant("other");
  for (std::size_t i = 0; i < HotQuestions::waiting_max; ++i)
    CHECK(questions.ask({i % 64 == 0 ? other : Tenant{}, i % 3, [&answered, i](Code code, HotEntities& hot) {
                           ++answered;
                           CHECK(code == Code::ok);
                           CHECK(hot.entities.size() == (i % 64 == 0 ? 0 : std::min<std::size_t>(i % 3, 1)));
                         }}));
  CHECK_FALSE(questions.ask({{}, 1, [](Code, HotEntities&) {}}));
  std::size_t told = 0;
  while (questions.wants_turn()) {
    const std::size_t now = questions.turn(fresh.engine.context().radar());
    CHECK(now <= HotQuestions::told_at_once);
    told += now;
  }
  CHECK(told == HotQuestions::waiting_max);
  CHECK(answered == told);
}

}  // namespace
}  // namespace tote
