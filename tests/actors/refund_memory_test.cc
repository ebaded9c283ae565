// How many refunds the queue keeps in mind: open ones up to a bound, succeeded ones the last ten thousand.
#include <algorithm>
#include <chrono>
#include <vector>

#include "tests/actors/refund_words.h"

namespace tote {
namespace {

void happen(Refunds::State& queue, const Refunds::Event& event) {
  REQUIRE(Refunds::fits(queue, event));
  Refunds::apply(queue, event);
}

Refunds::Enqueued enqueued(std::size_t i) {
  const std::string id = "r" + std::to_string(i);
  return {id, "ch-" + id, {100}, *currency_of("EUR"), {1}};
}

TEST_CASE("refunds: open ones have a bound, beyond it the queue is overloaded") {
  Refunds::State queue;
  for (std::size_t i = 0; i < Refunds::open_max; ++i) happen(queue, enqueued(i));
  CHECK(Refunds::check(queue));
  CHECK(Refunds::decide(queue, refund_of("last"), {1}).code() == Code::overloaded);
  CHECK(Refunds::decide(queue, refund_of("r7"), {1}).code() == Code::ok);
  happen(queue, Refunds::Succeeded{"r0"});
  CHECK(Refunds::decide(queue, refund_of("last"), {1}).code() == Code::ok);
}

TEST_CASE("refunds: money that comes in wakes a hundred thousand as fast as ten, the oldest go out first") {
  Refunds::State queue;
  for (std::size_t i = 0; i < Refunds::open_max; ++i) {
    happen(queue, enqueued(i));
    happen(queue, Refunds::Postponed{"r" + std::to_string(i), {1'000'000 + static_cast<std::int64_t>(i)}, "no money"});
  }
  REQUIRE(queue.waiting.size() == Refunds::open_max);
  const auto begin = std::chrono::steady_clock::now();
  happen(queue, Refunds::AllDue{});
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::milliseconds(1));
  CHECK(Refunds::check(queue));
  CHECK(queue.sent == std::set<std::uint64_t>{0, 1, 2, 3, 4, 5, 6, 7});
  CHECK(queue.awake.size() == Refunds::open_max - Refunds::sent_max);
  happen(queue, Refunds::Postponed{"r0", {9}, "no money"});
  CHECK(queue.sent.contains(8));
  happen(queue, Refunds::AllDue{});
  CHECK(Refunds::check(queue));
  happen(queue, Refunds::Succeeded{"r1"});
  CHECK(queue.sent.contains(0));
  happen(queue, Refunds::Requeued{"r99999"});
  happen(queue, Refunds::Due{"r99998"});
  CHECK(Refunds::check(queue));
  CHECK(queue.waiting.empty());
}

TEST_CASE("refunds: succeeded ones are remembered up to a bound, the oldest are forgotten first") {
  Refunds::State queue;
  for (std::size_t i = 0; i < Refunds::closed_max + 2; ++i) {
    happen(queue, enqueued(i));
    happen(queue, Refunds::Succeeded{"r" + std::to_string(i)});
  }
  CHECK(Refunds::check(queue));
  CHECK(queue.refunds.size() == Refunds::closed_max);
  CHECK(!queue.refunds.contains("r0"));
  CHECK(!queue.refunds.contains("r1"));
  CHECK(queue.refunds.contains("r2"));
  CHECK(!queue.by_charge.contains("ch-r0"));
}

TEST_CASE("refunds: one that waited long and succeeds at last is remembered: its charge isn't paid back again") {
  Refunds::State queue;
  happen(queue, enqueued(0));
  happen(queue, Refunds::Failed{"r0", "the bank is closed"});
  for (std::size_t i = 1; i <= Refunds::closed_max; ++i) {
    happen(queue, enqueued(i));
    happen(queue, Refunds::Succeeded{"r" + std::to_string(i)});
  }
  happen(queue, Refunds::Requeued{"r0"});
  happen(queue, Refunds::Succeeded{"r0"});
  CHECK(queue.refunds.contains("r0"));
  const auto again = Refunds::decide(queue, refund_of("r0"), {2});
  CHECK(again.code() == Code::ok);
  CHECK(again.begin() == again.end());
}

// A shared machine may hold up some of them.
// The shortest of some looks; `answer` is what they see.
std::chrono::steady_clock::duration time_of_look(const Refunds::State& queue, std::string& answer) {
  auto least = std::chrono::steady_clock::duration::max();
  for (int i = 0; i < 11; ++i) {
    answer.clear();
    const auto begin = std::chrono::steady_clock::now();
    Refunds::answer(queue, nullptr, answer);
    least = std::min(least, std::chrono::steady_clock::now() - begin);
  }
  return least;
}

TEST_CASE("refunds: what a look at the queue costs doesn't grow with it") {
  Refunds::State queue;
  for (std::size_t i = 0; i < Refunds::closed_max + 600; ++i) {
    happen(queue, enqueued(i));
    const std::string id = "r" + std::to_string(i);
    happen(queue, i % 100 == 0 ? Refunds::Event(Refunds::Failed{id, "no such card"}) : Refunds::Succeeded{id});
  }
  std::string some, all;
  const auto before = time_of_look(queue, some);
  for (std::size_t i = 0; i < Refunds::open_max - 200; ++i) happen(queue, enqueued(100'000 + i));
  const auto after = time_of_look(queue, all);
  CHECK(all.size() < 2 * some.size());
  CHECK(after < 5 * before);  // the queue is more than ten times as long
}

TEST_CASE("refunds: one that failed long ago is still shown to who asks for the failed ones") {
  RefundWorld refunds;
  refunds.enqueue_all(1);
  refunds.answer("r0", refund_failed());
  for (std::size_t i = 1; i <= Refunds::shown_max; ++i) {
    const std::string id = "r" + std::to_string(i);
    refunds.enqueue(refund_of(id));
    refunds.answer(id, refund_done());
  }
  CHECK(refunds.described("failed").find("id=r0;") != std::string::npos);
}

}  // namespace
}  // namespace tote
