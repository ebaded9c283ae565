// The engine on its host's thread: woken once, polled, told when to come back.
#include <atomic>
#include <thread>

#include "tests/engine/disk.h"

namespace tote {
namespace {

struct Hosted {
  Disk disk;
  std::atomic<int> wakes{0};
  std::unique_ptr<Engine> engine;

  Hosted() {
    Options options = disk.options();
    options.wake = [this] { ++wakes; };
    engine = open_engine(options);
  }
  void poll_until(const Answers& answers, std::size_t count) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (answers.count() < count && std::chrono::steady_clock::now() < end) engine->poll();
    REQUIRE(answers.count() == count);
  }
};

TEST_CASE("hosted: nothing runs until the host polls, and wake is rung once for many") {
  Hosted hosted;
  hosted.engine->poll();
  hosted.wakes = 0;
  Answers answers;
  for (std::uint64_t tag = 0; tag < 10; ++tag)
    hosted.engine->submit(ask("w" + std::to_string(tag), open()), answers, tag);
  CHECK(hosted.wakes == 1);
  CHECK(answers.count() == 0);
  hosted.poll_until(answers, 10);
  for (const auto& [tag, outcome] : answers.take()) CHECK(outcome.code == Code::created);
}

TEST_CASE("hosted: durability rings too, so a host that only polls when woken gets every answer") {
  Hosted hosted;
  Answers answers;
  hosted.wakes = 0;
  hosted.engine->submit(ask("alice", open()), answers, 0);
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (answers.count() == 0 && std::chrono::steady_clock::now() < end) {
    if (hosted.wakes.exchange(0) > 0) hosted.engine->poll();
    std::this_thread::yield();
  }
  CHECK(answers.count() == 1);
}

TEST_CASE("hosted: callbacks run on the thread that polls") {
  Hosted hosted;
  std::thread::id where;
  bool done = false;
  hosted.engine->submit(ask("alice", open()), [&](Outcome&) { where = std::this_thread::get_id(), done = true; });
  while (!done) hosted.engine->poll();
  CHECK(where == std::this_thread::get_id());
}

TEST_CASE("hosted: call from the thread that polls, and from another") {
  Hosted hosted;
  CHECK(hosted.engine->call(ask("alice", open())).code == Code::created);
  std::atomic<bool> done{false};
  Code code{};
  std::thread other([&] {
    code = hosted.engine->call(ask("alice", credit(5))).code;
    done = true;
  });
  while (!done) hosted.engine->poll();
  other.join();
  CHECK(code == Code::ok);
}

TEST_CASE("hosted: next_due_ms leads to a hold's end") {
  Hosted hosted;
  hosted.engine->call(ask("alice", open()));
  hosted.engine->call(ask("alice", credit(5)));
  CHECK(hosted.engine->next_due_ms() == 1000);
  hosted.engine->call(ask("alice", hold("h1", 5, 1)));
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  CHECK(hosted.engine->next_due_ms() <= 701);
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (hosted.engine->figures().timers_fired == 0 && std::chrono::steady_clock::now() < end) {
    std::this_thread::sleep_for(std::chrono::milliseconds(hosted.engine->next_due_ms()));
    hosted.engine->poll();
    hosted.engine->call(look("alice"));
  }
  CHECK(field(hosted.engine->call(look("alice")), "held") == 0);
}

TEST_CASE("hosted: close answers what was accepted and never polled") {
  Hosted hosted;
  Answers answers;
  for (std::uint64_t tag = 0; tag < 10; ++tag)
    hosted.engine->submit(ask("w" + std::to_string(tag), open()), answers, tag);
  hosted.engine->close();
  CHECK(answers.count() == 10);
}

// The last wake of an engine may reach its host's queue just before close().
TEST_CASE("hosted: a poll that comes after close does nothing") {
  Hosted hosted;
  hosted.engine->call(ask("alice", open()));
  hosted.engine->close();
  hosted.engine->poll();
  CHECK(hosted.engine->next_due_ms() <= 1000);
}

}  // namespace
}  // namespace tote
