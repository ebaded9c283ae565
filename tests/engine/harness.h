// The engine without threads, files and clocks: actors on CAF's deterministic scheduler, a log in memory, a clock that
// the test sets. Every answer that leaves is checked: exactly once a request, never before its record is durable.
#pragma once

#include <doctest/doctest.h>

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/scheduler/test_coordinator.hpp>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <utility>

#include "actors/wallet/wallet.h"
#include "engine/core.h"
#include "engine/kernel/kind_of.h"
#include "tests/engine/memory_log.h"

namespace tote {

struct TestClock final : ClockSource {
  Time at{1'700'000'000 * ns_per_s};
  std::int64_t steady_ns = ns_per_s;

  Time wall() const override { return at; }
  std::int64_t monotonic_ns() const override { return steady_ns; }
  void advance(std::int64_t ns) { at.ns += ns, steady_ns += ns; }
};

// One engine over a log and a clock that may outlive it.
class Harness final : public Sink {
 public:
  using Ticket = std::uint64_t;

  // Recovers from what is in the log; where that isn't owned it stands by.
  Harness(MemoryLog& log, TestClock& clock, CoreOptions options = {});
  Harness(const Harness&) = delete;
  Harness& operator=(const Harness&) = delete;
  ~Harness() override;

  // Standing by: replays some records. False: that has to wait.
  bool follow(std::uint64_t count_max);
  // The log is owned from now on.
  void take_over();

  Tenant tenant(std::string_view name) { return tenants_.get(name).value(); }

  Ticket submit(Request request);
  Ticket find_outcome(std::string key, Tenant tenant = {});
  // One turn of the wheel: all actors run until none has work.
  void turn();
  // Turns until nothing is left to do without the disk or the clock.
  void turns();
  // What was appended becomes durable, and what may leave leaves.
  void sync();
  // The log is lost: what waits for it is answered so.
  void abandon();
  // submit, turns, sync; the answer.
  Outcome call(Request request);

  bool is_answered(Ticket ticket) const { return answers_.at(ticket).has_value(); }
  const Outcome& outcome(Ticket ticket) const;
  std::size_t unanswered() const;
  Core& core() { return *core_; }
  // Everything that exists, by tenant/kind/id: versions, LSNs, when time changes it next, and its state's bytes.
  std::map<std::string, std::string> states();
  Context& context() { return core_->context(); }
  Wheel& wheel() { return core_->wheel(); }
  FinishedKeys& keys() { return core_->keys().finished(); }
  // Actors take turns in an order drawn from here, one message at a time, instead of first come, first served.
  void shuffle(std::uint64_t seed) { random_.emplace(seed); }

  void done(std::uint64_t tag, Outcome& outcome) override;

 private:
  void run_actors();
  bool replay(Lsn lsn, const wal::Record& record);

  MemoryLog& log_;
  TestClock& clock_;
  Tenants tenants_;
  caf::actor_system_config config_;
  std::unique_ptr<caf::actor_system> system_;
  std::unique_ptr<Core> core_;
  std::deque<std::optional<Outcome>> answers_;  // by ticket
  std::optional<std::mt19937_64> random_;
};

// A harness with a log and a clock of its own.
struct Fresh {
  MemoryLog log;
  TestClock clock;
  Harness engine;

  explicit Fresh(CoreOptions options = {}) : engine(log, clock, std::move(options)) {}
};

template <class Command>
Request ask(std::string id, Command command, std::string key = {}, Tenant tenant = {}) {
  Request asked = request<Wallet>(std::move(id), Wallet::Command(std::move(command)), std::move(key));
  asked.tenant = tenant;
  return asked;
}
inline Request look(std::string id, Tenant tenant = {}) {
  Request read = request<Wallet>(std::move(id));
  read.tenant = tenant;
  return read;
}

inline Wallet::Open open(std::int64_t overdraft_limit = 0) { return {*currency_of("EUR"), {overdraft_limit}}; }
inline Wallet::Credit credit(std::int64_t amount) { return {{amount}}; }
inline Wallet::Debit debit(std::int64_t amount) { return {{amount}}; }
inline Wallet::Hold hold(std::string id, std::int64_t amount, std::int64_t expires_in_s = 900) {
  return {std::move(id), {amount}, expires_in_s};
}
inline Wallet::Capture capture(std::string id, std::int64_t amount = 0) { return {std::move(id), {amount}}; }
inline Wallet::Release release(std::string id) { return {std::move(id)}; }

// Everything that a client is told, in one line. The first answer and its repeats differ in nothing but `replayed`.
std::string told(const Outcome& outcome);
// One field of a wallet's answer.
std::int64_t field(const Outcome& outcome, std::string_view name);
// One line a record: what is in the log.
std::string line_of(Lsn lsn, const wal::Record& record);
std::vector<std::string> lines_of(const MemoryLog& log);

// A wallet's id.
inline std::string numbered(std::uint64_t number) { return "w" + std::to_string(number); }

}  // namespace tote
