// Many threads at one engine: nothing is lost, nothing is counted twice, and whoever comes too much is told so.
#include <atomic>
#include <map>
#include <random>
#include <set>
#include <thread>

#include "tests/engine/disk.h"

namespace tote {
namespace {

constexpr int threads = 4;

void run_threads(const std::function<void(int)>& work) {
  std::vector<std::thread> all;
  for (int i = 0; i < threads; ++i) all.emplace_back(work, i);
  for (auto& thread : all) thread.join();
}

// Random credits and debits of one thread; what they came to.
void pay(Engine& engine, Answers& answers, int thread, std::uint64_t wallets, int requests) {
  std::mt19937_64 random(static_cast<std::uint64_t>(thread) + 1);
  for (int i = 0; i < requests; ++i) {
    const std::string id = "w" + std::to_string(random() % wallets);
    const auto amount = static_cast<std::int64_t>(random() % 9) + 1;
    const std::string key = random() % 2 == 0 ? "" : "t" + std::to_string(thread) + "-" + std::to_string(i);
    // The tag says what is asked: the sum is made from what was answered.
    if (random() % 2 == 0) {
      engine.submit(ask(id, credit(amount), key), answers, static_cast<std::uint64_t>(amount));
    } else {
      engine.submit(ask(id, debit(amount), key), answers, 100 + static_cast<std::uint64_t>(amount));
    }
  }
}

void check_conserved(std::uint64_t wallets, int requests) {
  const Disk disk;
  std::int64_t sum = 0;
  std::map<std::string, std::set<std::uint64_t>> versions;
  {
    const auto engine = open_engine(disk.options());
    for (std::uint64_t i = 0; i < wallets; ++i) engine->call(ask("w" + std::to_string(i), open()));
    Answers answers;
    run_threads([&](int thread) { pay(*engine, answers, thread, wallets, requests); });
    REQUIRE(answers.wait_for(static_cast<std::size_t>(threads * requests)));
    for (const auto& [tag, outcome] : answers.take()) {
      if (outcome.code == Code::insufficient_funds) continue;
      REQUIRE(outcome.code == Code::ok);
      sum += tag < 100 ? static_cast<std::int64_t>(tag) : -static_cast<std::int64_t>(tag - 100);
      CHECK(versions[outcome.entity].insert(outcome.version.value).second);
    }
  }
  const auto engine = open_engine(disk.options());
  for (std::uint64_t i = 0; i < wallets; ++i) {
    const std::string id = "w" + std::to_string(i);
    const Outcome read = engine->call(look(id));
    sum -= field(read, "balance");
    CHECK(read.version.value == versions[id].size() + 1);
    if (!versions[id].empty()) CHECK(*versions[id].rbegin() == read.version.value);  // 2 … version, each once
  }
  CHECK(sum == 0);
}

TEST_CASE("threads: one hot wallet") { check_conserved(1, 3'000); }
TEST_CASE("threads: a few wallets") { check_conserved(10, 3'000); }
TEST_CASE("threads: many wallets") { check_conserved(2'000, 1'000); }

TEST_CASE("threads: the same keys from all of them are executed once each") {
  constexpr std::size_t keys = 500;
  const Disk disk;
  const auto engine = open_engine(disk.options());
  engine->call(ask("alice", open()));
  Answers answers;
  run_threads([&](int) {
    for (std::size_t i = 0; i < keys; ++i) engine->submit(ask("alice", credit(1), "k" + std::to_string(i)), answers, i);
  });
  REQUIRE(answers.wait_for(threads * keys));
  std::map<std::uint64_t, std::set<std::string>> told_by_key;
  std::map<std::uint64_t, int> firsts;
  for (const auto& [tag, outcome] : answers.take()) {
    told_by_key[tag].insert(told(outcome));
    firsts[tag] += outcome.replayed ? 0 : 1;
  }
  for (std::size_t i = 0; i < keys; ++i) {
    CHECK(told_by_key[i].size() == 1);
    CHECK(firsts[i] == 1);
  }
  CHECK(field(engine->call(look("alice")), "balance") == keys);
}

TEST_CASE("threads: calls that wait, batches, questions, figures and tenants at once") {
  const Disk disk;
  const auto engine = open_engine(disk.options());
  std::atomic<int> wrong{0};
  run_threads([&](int thread) {
    const Tenant tenant = engine->tenant("t" + std::to_string(thread % 2)).value();
    const std::string id = "w" + std::to_string(thread);
    if (engine->call(ask(id, open(), "open", tenant)).code == Code::idempotency_key_reused) {
      if (engine->call(ask(id, open(), "open" + id, tenant)).code != Code::created) ++wrong;
    }
    for (int i = 0; i < 100; ++i) {
      std::vector<Request> requests;
      for (int j = 0; j < 5; ++j) requests.push_back(ask(id, credit(1), "", tenant));
      for (const Outcome& outcome : batch(*engine, std::move(requests)))
        if (outcome.code != Code::ok) ++wrong;
      const Outcome read = engine->call(look(id, tenant));
      if (read.version != Version{static_cast<std::uint64_t>(i + 1) * 5 + 1}) ++wrong;
      if (engine->figures().in_flight > 2 * 5 * threads) ++wrong;
    }
  });
  CHECK(wrong == 0);
}

TEST_CASE("overload: beyond requests_max the next is refused at once, and room comes back with the answers") {
  const Disk disk;
  Options options = disk.options();
  options.requests_max = 3;
  options.wake = [] {};  // hosted: nothing is answered until poll()
  const auto engine = open_engine(options);
  Answers answers;
  for (std::uint64_t tag = 0; tag < 3; ++tag) engine->submit(ask("w" + std::to_string(tag), open()), answers, tag);
  CHECK(answers.count() == 0);
  engine->submit(ask("w3", open()), answers, 3);
  REQUIRE(answers.count() == 1);
  CHECK(answers.take().front().second.code == Code::overloaded);
  engine->find_outcome({}, "k1", answers, 4);
  REQUIRE(answers.count() == 1);
  CHECK(answers.take().front().second.code == Code::overloaded);
  std::size_t refused = 0;
  std::vector<Request> two;
  two.push_back(look("w0"));
  two.push_back(look("w1"));
  engine->submit(std::move(two), [&](std::span<Outcome> outcomes) {
    for (const Outcome& outcome : outcomes) refused += outcome.code == Code::overloaded ? 1 : 0;
  });
  CHECK(refused == 2);
  CHECK(engine->figures().in_flight == 3);
  while (answers.count() < 3) engine->poll();
  CHECK(engine->figures().in_flight == 0);
  CHECK(engine->call(look("w3")).code == Code::not_found);
}

}  // namespace
}  // namespace tote
