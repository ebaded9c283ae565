// What three machines cost: run by hand (--no-skip), on a machine that does nothing else.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <iostream>
#include <mutex>
#include <thread>

#include "engine/kernel/kinds.h"
#include "tests/cluster/machines.h"
#include "tests/engine/harness.h"

namespace tote::cluster {
namespace {

using test::Clock;
using test::Machine;
using test::Machines;

double seconds_since(Clock::time_point begun) { return std::chrono::duration<double>(Clock::now() - begun).count(); }

struct Load {
  std::size_t wallets = 1, batch = 256;
  double seconds = 5;
};

// Credits with keys, so many batches at once; acknowledged a second.
double credits_per_s(Engine& engine, const Load& load) {
  constexpr std::size_t batches_at_once = 32;
  static std::uint64_t keys = 0;
  for (std::size_t i = 0; i < load.wallets; ++i) engine.call(ask("w" + std::to_string(i), open()));
  std::atomic<std::size_t> on_their_way{0};
  std::atomic<std::uint64_t> acknowledged{0};
  const auto begun = Clock::now();
  while (seconds_since(begun) < load.seconds) {
    if (on_their_way >= batches_at_once) {
      std::this_thread::sleep_for(std::chrono::microseconds(100));
      continue;
    }
    std::vector<Request> batch;
    for (std::size_t i = 0; i < load.batch; ++i, ++keys)
      batch.push_back(ask("w" + std::to_string(keys % load.wallets), credit(1), "k" + std::to_string(keys)));
    ++on_their_way;
    engine.submit(std::move(batch), [&](std::span<Outcome> outcomes) {
      acknowledged += static_cast<std::uint64_t>(
          std::ranges::count_if(outcomes, [](const Outcome& outcome) { return is_success(outcome.code); }));
      --on_their_way;
    });
  }
  while (on_their_way > 0) std::this_thread::sleep_for(std::chrono::microseconds(100));
  return static_cast<double>(acknowledged.load()) / seconds_since(begun);
}

double calls_per_s(Engine& engine, const std::function<Request(int)>& request) {
  constexpr int calls = 2'000;
  const auto begun = Clock::now();
  for (int i = 0; i < calls; ++i) engine.call(request(i));
  return calls / seconds_since(begun);
}

void tell(const char* what, Engine& engine) {
  std::cout << what << ": batches to one wallet " << static_cast<std::uint64_t>(credits_per_s(engine, {1, 256, 5}))
            << "/s, to 10 000 " << static_cast<std::uint64_t>(credits_per_s(engine, {10'000, 256, 5})) << "/s"
            << std::endl;
  const double writes = calls_per_s(engine, [](int i) { return ask("w0", credit(1), "c" + std::to_string(i)); });
  const double reads = calls_per_s(engine, [](int) { return look("w0"); });
  std::cout << what << ": one caller, a write " << 1e6 / writes << " us, a read " << 1e6 / reads << " us" << std::endl;
}

TEST_CASE("figures: batches and calls with three members beside one machine" * doctest::skip()) {
  {
    const tests::TempDirectory directory;
    tote::Options options;
    options.directory = directory.file("log");
    options.kinds = {kind_of<Wallet>()};
    auto opened = Engine::open(options);
    tell("one machine", *std::get<std::unique_ptr<Engine>>(opened));
  }
  Machines machines;
  machines.start_all();
  tell("three members", *machines.owner().engine());
}

TEST_CASE("figures: time without service after the owner was killed" * doctest::skip()) {
  Machines machines;
  machines.start_all();
  machines.owner().engine()->call(ask("alice", open()));
  std::vector<std::int64_t> away_ms;
  for (int round = 0; round < 10; ++round) {
    machines.wait_for_in_sync(3);
    Machine& first = machines.owner();
    Machines::wait([&] { return is_success(first.engine()->call(ask("alice", credit(1))).code); }, "service");
    const auto begun = Clock::now();
    first.kill();
    CHECK(is_success(machines.owner().engine()->call(ask("alice", credit(1))).code));
    away_ms.push_back(static_cast<std::int64_t>(seconds_since(begun) * 1e3));
    first.start();
    Machines::wait([&] { return first.status().isr.size() == 3; }, "it is back");
  }
  std::ranges::sort(away_ms);
  std::cout << "without service: median " << away_ms[away_ms.size() / 2] << " ms, most " << away_ms.back() << " ms"
            << std::endl;
  CHECK(away_ms.back() < 3'000);
}

TEST_CASE("figures: pause of a planned change of owner" * doctest::skip()) {
  Machines machines;
  machines.start_all();
  machines.owner().engine()->call(ask("alice", open()));
  std::vector<std::int64_t> paused_ms;
  for (int round = 0; round < 10; ++round) {
    machines.wait_for_in_sync(3);
    Machine& first = machines.owner();
    Machine* next = nullptr;
    for (std::size_t i = 0; i < machines.size(); ++i)
      if (&machines.at(i) != &first) next = &machines.at(i);
    const auto begun = Clock::now();
    first.member().transfer(next->node(), [](const std::string&) {});
    Machines::wait([&] { return next->engine() != nullptr; }, "the next owner");
    CHECK(is_success(next->engine()->call(ask("alice", credit(1))).code));
    paused_ms.push_back(static_cast<std::int64_t>(seconds_since(begun) * 1e3));
    Machines::wait([&] { return first.has_stopped(); }, "the one before ends");
    first.kill();
    first.start();
    Machines::wait([&] { return first.status().isr.size() == 3; }, "it is back");
  }
  std::ranges::sort(paused_ms);
  std::cout << "planned: median " << paused_ms[paused_ms.size() / 2] << " ms, most " << paused_ms.back() << " ms"
            << std::endl;
  CHECK(paused_ms.back() < 1'000);
}

}  // namespace
}  // namespace tote::cluster
