#include "bench/driver.h"

#include <algorithm>
#include <utility>

#include "bench/report.h"

namespace tote::bench {

namespace {

// Single submits: one latency in so many is taken, so that reading the clock isn't what is measured.
constexpr std::uint64_t sample_every = 8;

}  // namespace

Driver::Driver(Engine& engine, std::size_t batch, std::size_t in_flight_max)
    : engine_(engine), batch_(batch), in_flight_max_(std::max(batch, in_flight_max)) {
  pending_.reserve(batch_);
}

void Driver::send(Request request) {
  if (batch_ > 1) {
    pending_.push_back(std::move(request));
    if (pending_.size() == batch_) flush();
    return;
  }
  wait_for_room(1);
  // The tag carries the time of the submit, so nothing has to be looked up when the answer comes; 0: not sampled.
  const std::uint64_t tag = sent_ % sample_every == 0 ? static_cast<std::uint64_t>(now_ns()) : 0;
  ++sent_;
  engine_.submit(std::move(request), *this, tag);
}

void Driver::flush() {
  if (pending_.empty()) return;
  wait_for_room(pending_.size());
  sent_ += pending_.size();
  std::vector<Request> requests;
  requests.reserve(batch_);
  requests.swap(pending_);
  engine_.submit(std::move(requests), [this, start = now_ns()](std::span<Outcome> outcomes) {
    if (measuring_.load(std::memory_order_relaxed)) latency_.record(now_ns() - start);
    for (Outcome& outcome : outcomes) see(outcome);
    count(outcomes.size());
  });
}

void Driver::drain() {
  flush();
  wait_until_answered(sent_);
}

void Driver::done(std::uint64_t tag, Outcome& outcome) {
  if (tag != 0 && measuring_.load(std::memory_order_relaxed))
    latency_.record(now_ns() - static_cast<std::int64_t>(tag));
  see(outcome);
  count(1);
}

void Driver::see(Outcome& outcome) {
  if (is_success(outcome.code))
    ++succeeded_;
  else if (first_failure_ == Code::ok)
    first_failure_ = outcome.code;
  if (outcome.replayed) ++replayed_;
  if (inspect_) inspect_(outcome);
}

void Driver::count(std::uint64_t outcomes) {
  // Only this thread writes it, so no read-modify-write is needed; the order with wake_at_ is (see below).
  const std::uint64_t answered = answered_.load(std::memory_order_relaxed) + outcomes;
  answered_.store(answered, std::memory_order_seq_cst);
  std::uint64_t wake_at = wake_at_.load(std::memory_order_seq_cst);
  if (answered < wake_at) return;
  // Exactly one of this thread and the waiting one takes the mark away, so that no wake-up is left over.
  if (wake_at_.compare_exchange_strong(wake_at, nobody_waits)) woken_.release();
}

void Driver::wait_for_room(std::size_t requests) {
  if (sent_ + requests <= answered() + in_flight_max_) return;
  // A quarter of the window at once, so that there are few wake-ups and the engine still always has work.
  wait_until_answered(sent_ + std::max<std::uint64_t>(requests, in_flight_max_ / 4) - in_flight_max_);
}

void Driver::wait_until_answered(std::uint64_t count) {
  if (answered_.load(std::memory_order_seq_cst) >= count) return;
  // Either this thread sees the last answer, or the engine's thread sees that somebody waits: both orders are total.
  wake_at_.store(count, std::memory_order_seq_cst);
  if (answered_.load(std::memory_order_seq_cst) >= count) {
    std::uint64_t expected = count;
    if (wake_at_.compare_exchange_strong(expected, nobody_waits)) return;  // nobody was about to wake us
  }
  woken_.acquire();
}

}  // namespace tote::bench
