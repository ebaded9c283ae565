// The embedding API over the real log: what was answered is answered again after a reopen, byte for byte.
#include <map>
#include <thread>

#include "tests/engine/disk.h"

namespace tote {
namespace {

Outcome find(Engine& engine, const std::string& key) {
  Answers answers;
  engine.find_outcome({}, key, answers, 1);
  REQUIRE(answers.wait_for(1));
  return answers.take().front().second;
}

std::vector<Request> some_requests(const std::string& prefix, int count) {
  std::vector<Request> requests;
  for (int i = 0; i < count; ++i) {
    const std::string id = "w" + std::to_string(i % 7);
    const std::string key = prefix + std::to_string(i);
    switch (i % 5) {
      case 0: requests.push_back(ask(id, open(), key)); break;
      case 1: requests.push_back(ask(id, hold("h" + key, 3), key)); break;
      case 2: requests.push_back(ask(id, debit(i), key)); break;
      default: requests.push_back(ask(id, credit(i + 1), key)); break;
    }
  }
  return requests;
}

TEST_CASE("engine: the same answers after a reopen, byte for byte") {
  const Disk disk;
  std::vector<std::string> first, entities;
  {
    const auto engine = open_engine(disk.options());
    for (const Outcome& outcome : batch(*engine, some_requests("k", 500))) {
      CHECK_FALSE(outcome.replayed);
      first.push_back(told(outcome));
    }
    for (int i = 0; i < 8; ++i) entities.push_back(told(engine->call(look("w" + std::to_string(i)))));
  }
  const auto engine = open_engine(disk.options());
  CHECK(engine->figures().records_recovered == 500);
  for (std::size_t i = 0; i < entities.size(); ++i)
    CHECK(told(engine->call(look("w" + std::to_string(i)))) == entities[i]);
  const auto again = batch(*engine, some_requests("k", 500));
  for (std::size_t i = 0; i < again.size(); ++i) {
    CHECK(again[i].replayed);
    CHECK(told(again[i]) == first[i]);
    CHECK(told(find(*engine, "k" + std::to_string(i))) == first[i]);
  }
  CHECK(find(*engine, "never").code == Code::outcome_unknown);
}

// Keys may come faster than the disk takes old ones: those that were told `overloaded` are asked again.
std::vector<std::string> insist(Engine& engine, const std::string& prefix, bool is_replay) {
  std::vector<std::string> all;
  for (int tries = 0; tries < 2'000; ++tries) {
    const auto outcomes = batch(engine, some_requests(prefix, 20));
    all.clear();
    for (const Outcome& outcome : outcomes) {
      if (outcome.code == Code::overloaded) break;
      if (is_replay) CHECK(outcome.replayed);
      all.push_back(told(outcome));
    }
    if (all.size() == outcomes.size()) return all;
    engine.call(look("w0"));
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  FAIL("overloaded for too long");
  return all;
}

TEST_CASE("keys: those that no longer fit in memory are answered from disk, after a reopen too") {
  constexpr int rounds = 40;
  const Disk disk;
  Options options = disk.options();
  options.keys_in_memory_max = 50;
  std::vector<std::vector<std::string>> first;
  {
    const auto engine = open_engine(options);
    for (int round = 0; round < rounds; ++round) first.push_back(insist(*engine, std::to_string(round) + "-", false));
    for (std::size_t round = 0; round < rounds; ++round)
      CHECK(insist(*engine, std::to_string(round) + "-", true) == first[round]);
    CHECK(engine->figures().keys_on_disk > 0);
  }
  const auto engine = open_engine(options);
  for (std::size_t round = 0; round < rounds; ++round)
    CHECK(insist(*engine, std::to_string(round) + "-", true) == first[round]);
  CHECK(engine->call(ask("w0", open(5), "0-0")).code == Code::idempotency_key_reused);
  CHECK(told(find(*engine, "0-3")) == first[0][3]);
}

// Nothing but keyed requests: the refusals themselves must not keep the engine from making room.
TEST_CASE("keys: too many of them are overloaded for a while, not for ever") {
  const Disk disk;
  Options options = disk.options();
  options.keys_in_memory_max = 50;
  const auto engine = open_engine(options);
  batch(*engine, some_requests("k", 500));
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(2);
  Code code = Code::overloaded;
  while (code == Code::overloaded && std::chrono::steady_clock::now() < end) {
    code = engine->call(ask("w0", credit(1), "later")).code;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  CHECK(name_of(code) == "ok");
}

TEST_CASE("batch: outcomes come in the order of the requests, done in that order for each entity") {
  const Disk disk;
  const auto engine = open_engine(disk.options());
  std::vector<Request> requests;
  for (int i = 0; i < 100; ++i) {
    requests.push_back(i < 10 ? ask("w" + std::to_string(i), open()) : ask("w" + std::to_string(i % 10), credit(i)));
  }
  const auto outcomes = batch(*engine, std::move(requests));
  REQUIRE(outcomes.size() == 100);
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    CHECK(outcomes[i].entity == "w" + std::to_string(i % 10));
    CHECK(outcomes[i].version == Version{i / 10 + 1});
  }
}

TEST_CASE("batch: a key twice in one is executed once") {
  const Disk disk;
  const auto engine = open_engine(disk.options());
  engine->call(ask("alice", open()));
  std::vector<Request> requests;
  for (int i = 0; i < 10; ++i) requests.push_back(ask("alice", credit(5), "k1"));
  int firsts = 0;
  for (const Outcome& outcome : batch(*engine, std::move(requests))) firsts += outcome.replayed ? 0 : 1;
  CHECK(firsts == 1);
  CHECK(field(engine->call(look("alice")), "balance") == 5);
}

TEST_CASE("batch: an empty one is answered, one that is too large is refused whole") {
  const Disk disk;
  const auto engine = open_engine(disk.options());
  CHECK(batch(*engine, {}).empty());
  std::vector<Request> requests;
  for (std::size_t i = 0; i <= limits::batch_requests_max; ++i) requests.push_back(ask("alice", open()));
  const auto outcomes = batch(*engine, std::move(requests));
  CHECK(outcomes.size() == limits::batch_requests_max + 1);
  for (const Outcome& outcome : outcomes) REQUIRE(outcome.code == Code::invalid_request);
  CHECK(engine->call(look("alice")).code == Code::not_found);
}

TEST_CASE("tenants: the same name is the same tenant, after a reopen too; a name is an id") {
  const Disk disk;
  {
    const auto engine = open_engine(disk.options());
    const Tenant shop = engine->tenant("shop").value();
    CHECK(engine->tenant("shop") == shop);
    CHECK(engine->tenant("default") == Tenant{});
    CHECK_FALSE(engine->tenant("").has_value());
    CHECK_FALSE(engine->tenant("a b").has_value());
    engine->tenant("other");
    CHECK(engine->call(ask("alice", open(), "k1", shop)).code == Code::created);
  }
  const auto engine = open_engine(disk.options());
  CHECK(engine->call(look("alice")).code == Code::not_found);
  CHECK(engine->call(look("alice", engine->tenant("other").value())).code == Code::not_found);
  CHECK(engine->call(look("alice", engine->tenant("shop").value())).code == Code::ok);
  CHECK(engine->call(ask("alice", open(), "k1", engine->tenant("shop").value())).replayed);
}

TEST_CASE("visit: everything that exists, before the first request") {
  const Disk disk;
  {
    const auto engine = open_engine(disk.options());
    for (int i = 0; i < 5; ++i) engine->call(ask("w" + std::to_string(i), open()));
    engine->call(ask("nobody", debit(1), "k1"));
  }
  const auto engine = open_engine(disk.options());
  std::map<std::string, std::uint64_t> seen;
  engine->visit([&](std::string_view tenant, const Kind& kind, std::string_view id, const AnyEntity& entity) {
    CHECK(tenant == "default");
    CHECK(kind.name() == "wallet");
    CHECK(seen.emplace(id, entity.version.value).second);
  });
  CHECK(seen == std::map<std::string, std::uint64_t>{{"w0", 1}, {"w1", 1}, {"w2", 1}, {"w3", 1}, {"w4", 1}});
}

TEST_CASE("figures: say what was answered") {
  const Disk disk;
  const auto engine = open_engine(disk.options());
  engine->call(ask("alice", open(), "k1"));
  engine->call(ask("alice", open(), "k1"));
  engine->call(ask("alice", debit(1)));
  engine->call(look("alice"));
  engine->close();
  const Figures figures = engine->figures();
  CHECK(figures.executed == 1);
  CHECK(figures.replayed == 1);
  CHECK(figures.refused == 1);
  CHECK(figures.reads == 1);
  CHECK(figures.in_flight == 0);
  CHECK(figures.last == Lsn{1});
  CHECK(figures.durable == Lsn{1});
  CHECK(figures.draining);
}

}  // namespace
}  // namespace tote
