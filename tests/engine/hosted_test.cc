// The engine on its host's thread: woken once, polled, told when to come back.
#include <atomic>
#include <functional>
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
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (hosted.engine->next_due_ms() > 900 && std::chrono::steady_clock::now() < end)
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  CHECK(hosted.engine->next_due_ms() <= 900);
  while (hosted.engine->figures().timers_fired == 0 && std::chrono::steady_clock::now() < end) {
    std::this_thread::sleep_for(std::chrono::milliseconds(hosted.engine->next_due_ms()));
    hosted.engine->poll();
    hosted.engine->call(look("alice"));
  }
  CHECK(field(hosted.engine->call(look("alice")), "held") == 0);
}

// As a host does: polls when woken, or when next_due_ms() says at once; never because time has passed.
void serve(Hosted& hosted, const std::function<bool()>& is_done) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (!is_done() && std::chrono::steady_clock::now() < end) {
    if (hosted.wakes.exchange(0) > 0 || hosted.engine->next_due_ms() == 0) hosted.engine->poll();
    std::this_thread::yield();
  }
}

// While requests are left over from an earlier poll nothing new is taken, and who rings meanwhile isn't heard: the last
// of those polls must say that there is more.
TEST_CASE("hosted: who comes while a poll goes on with older requests is answered without waiting for a timer") {
  constexpr std::size_t count = 20'000;
  Hosted hosted;
  hosted.engine->poll();
  bool is_batch_done = false;
  std::vector<Request> batch;
  for (std::size_t i = 0; i < count; ++i) batch.push_back(ask("w" + std::to_string(i), open()));
  hosted.engine->submit(std::move(batch), [&](std::span<Outcome>) { is_batch_done = true; });
  hosted.engine->poll();
  REQUIRE(hosted.engine->next_due_ms() == 0);
  Answers late;
  // Twice, since a poll may just have taken all there is: what rings next is heard then.
  for (std::uint64_t tag = 0; tag < 2; ++tag) hosted.engine->submit(look("w0"), late, tag);
  serve(hosted, [&] { return is_batch_done && late.count() == 2; });
  CHECK(is_batch_done);
  CHECK(late.count() == 2);
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
