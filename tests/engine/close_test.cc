// Closing while others submit: every callback exactly once, none lost, none of an execution after close() has returned.
#include <atomic>
#include <map>
#include <thread>

#include "tests/engine/disk.h"

namespace tote {
namespace {

struct Tally {
  std::atomic<std::uint64_t> submitted{0}, answered{0}, executed{0}, draining{0}, other{0}, late{0};
  std::atomic<bool> closed{false}, stop{false};

  void count(const Outcome& outcome) {
    ++answered;
    if (outcome.code == Code::draining) {
      ++draining;
    } else if (outcome.code == Code::ok) {
      ++executed;
      if (closed) ++late;
    } else {
      ++other;
    }
  }
};

void submit_until_stopped(Engine& engine, Tally& tally, int thread) {
  for (std::uint64_t i = 0; !tally.stop; ++i) {
    const std::string key = i % 2 == 0 ? "" : std::to_string(thread) + '-' + std::to_string(i);
    if (i % 5 == 0) {
      std::vector<Request> requests;
      for (int j = 0; j < 3; ++j) requests.push_back(ask("alice", credit(1)));
      tally.submitted += 3;
      engine.submit(std::move(requests), [&tally](std::span<Outcome> outcomes) {
        for (const Outcome& outcome : outcomes) tally.count(outcome);
      });
    } else {
      ++tally.submitted;
      engine.submit(ask("alice", credit(1), key), [&tally](Outcome& outcome) { tally.count(outcome); });
    }
    if (i % 64 == 0) std::this_thread::yield();
  }
}

void close_while_threads_submit(const std::function<void()>& wake, int rounds) {
  for (int round = 0; round < rounds; ++round) {
    CAPTURE(round);
    const Disk disk;
    Tally tally;
    Options options = disk.options();
    options.wake = wake;
    options.requests_max = 2'000;
    auto engine = open_engine(options);
    CHECK(engine->call(ask("alice", open())).code == Code::created);
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) threads.emplace_back([&, i] { submit_until_stopped(*engine, tally, i); });
    const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(5 + round % 7);
    while (std::chrono::steady_clock::now() < end) {
      if (wake) engine->poll();
      std::this_thread::yield();
    }
    engine->close();
    tally.closed = true;
    // Some more are asked after it, by whoever still asks.
    const std::uint64_t draining = tally.draining;
    while (tally.draining < draining + 100) std::this_thread::yield();
    tally.stop = true;
    for (auto& thread : threads) thread.join();
    CHECK(tally.answered == tally.submitted);
    CHECK(tally.late == 0);
    CHECK(engine->figures().in_flight == 0);
    engine.reset();
    const auto again = open_engine(disk.options());
    CHECK(field(again->call(look("alice")), "balance") == static_cast<std::int64_t>(tally.executed));
  }
}

TEST_CASE("close: while threads submit to the engine's own thread") { close_while_threads_submit(nullptr, 20); }
TEST_CASE("close: while threads submit to a host's thread") {
  close_while_threads_submit([] {}, 20);
}

TEST_CASE("close: twice, from several threads, and what comes after is draining") {
  const Disk disk;
  const auto engine = open_engine(disk.options());
  engine->call(ask("alice", open(), "k1"));
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) threads.emplace_back([&] { engine->close(); });
  for (auto& thread : threads) thread.join();
  engine->close();
  CHECK(engine->call(look("alice")).code == Code::draining);
  CHECK(engine->call(ask("alice", open(), "k1")).code == Code::draining);
  Answers answers;
  engine->find_outcome({}, "k1", answers, 0);
  CHECK(answers.count() == 1);
  CHECK(batch(*engine,
              [] {
                std::vector<Request> one;
                one.push_back(look("alice"));
                return one;
              }())
            .front()
            .code == Code::draining);
}

TEST_CASE("close: answers what was accepted, refuses reads that wait for an LSN") {
  const Disk disk;
  const auto engine = open_engine(disk.options());
  Answers answers;
  for (std::uint64_t tag = 0; tag < 100; ++tag) engine->submit(ask("w" + std::to_string(tag), open()), answers, tag);
  Request waiting = look("w0");
  waiting.min_lsn = Lsn{1'000'000};
  engine->submit(std::move(waiting), answers, 100);
  engine->close();
  CHECK(answers.count() == 101);
  for (const auto& [tag, outcome] : answers.take())
    CHECK(outcome.code == (tag == 100 ? Code::draining : Code::created));
}

TEST_CASE("close: a callback may submit, and is told when it is too late") {
  const Disk disk;
  const auto engine = open_engine(disk.options());
  engine->call(ask("alice", open()));
  std::atomic<std::uint64_t> answered{0};
  std::atomic<bool> ended{false};
  std::function<void(Outcome&)> again = [&](Outcome& outcome) {
    ++answered;
    if (outcome.code == Code::ok) return engine->submit(ask("alice", credit(1)), again);
    CHECK(outcome.code == Code::draining);
    ended = true;
  };
  engine->submit(ask("alice", credit(1)), again);
  while (answered < 20) std::this_thread::yield();
  engine->close();
  CHECK(ended);
}

}  // namespace
}  // namespace tote
