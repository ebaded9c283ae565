// Clients go on while machines are killed, hand over and come back: what was acknowledged is there once, and a read
// shows whatever was acknowledged before it was asked for. TOTE_CLUSTER_ROUNDS says how long, TOTE_CLUSTER_SEED what.
#include <doctest/doctest.h>

#include <cstdlib>
#include <iostream>
#include <random>

#include "tests/cluster/machines.h"
#include "tests/engine/harness.h"

namespace tote::cluster {
namespace {

using test::Machine;
using test::Machines;

std::uint64_t number_of(const char* name, std::uint64_t otherwise) {
  const char* const text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

// One caller with a wallet of its own and one that all share.
class Client {
 public:
  Client(Machines& machines, int number, std::atomic<std::int64_t>& shared)
      : machines_(machines), id_("w" + std::to_string(number)), shared_(shared) {
    thread_ = std::thread([this] { run(); });
  }
  // After what it is about.
  void stop() {
    stopped_ = true;
    if (thread_.joinable()) thread_.join();
  }
  ~Client() {
    given_up_ = true;
    stop();
  }

  const std::string& id() const { return id_; }
  std::int64_t acknowledged() const { return acknowledged_; }
  std::string fault() const {
    const std::lock_guard lock(mutex_);
    return fault_;
  }

 private:
  void run() {
    until_answered([this] { return ask(id_, open(), id_ + "-open"); });
    while (!stopped_ && fault().empty()) {
      const std::string key = id_ + "-" + std::to_string(++keys_);
      const bool is_shared = keys_ % 2 == 0;
      const std::string to = is_shared ? "shared" : id_;
      const Outcome paid = until_answered([&] { return ask(to, credit(1), key); });
      if (!is_success(paid.code)) return tell("a credit was refused: " + std::string(name_of(paid.code)));
      ++(is_shared ? shared_ : acknowledged_);
      look_at(id_, acknowledged_);
      look_at("shared", shared_);
    }
  }

  void look_at(const std::string& id, std::int64_t at_least) {
    const Outcome seen = until_answered([&] { return look(id); });
    if (!is_success(seen.code)) return tell("a wallet isn't there: " + std::string(name_of(seen.code)));
    const std::int64_t balance = field(seen, "balance");
    if (balance < at_least)
      tell(id + " was read as " + std::to_string(balance) + " when " + std::to_string(at_least) + " were acknowledged");
    if (id == id_ && balance != at_least) tell(id + " has money that nobody paid in");
  }

  // By whoever answers; under the same key until somebody can say.
  Outcome until_answered(const std::function<Request()>& request) {
    for (std::size_t at = 0;; at = (at + 1) % machines_.size()) {
      const auto outcome = machines_.at(at).call(request());
      if (given_up_) return {.code = Code::draining};
      if (outcome && (is_stored(outcome->code) || outcome->code == Code::not_found)) return *outcome;
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  }

  void tell(const std::string& what) {
    const std::lock_guard lock(mutex_);
    if (!given_up_) fault_ = what;
  }

  Machines& machines_;
  const std::string id_;
  std::atomic<std::int64_t>& shared_;
  std::atomic<std::int64_t> acknowledged_{0};
  std::uint64_t keys_ = 0;
  mutable std::mutex mutex_;
  std::string fault_;
  std::atomic<bool> stopped_{false}, given_up_{false};
  std::thread thread_;
};

class Mayhem {
 public:
  explicit Mayhem(std::uint64_t seed) : random_(seed) {}

  void round(Machines& machines) {
    Machine& owner = machines.owner();
    Machine& one = machines.at(random_() % machines.size());
    switch (random_() % 5) {
      case 0: return again(owner);
      case 1: return again(one);
      case 2: return one.is_running() ? owner.member().transfer(one.node(), [](const std::string&) {}) : void();
      case 3:  // the power goes everywhere
        for (std::size_t i = 0; i < machines.size(); ++i) machines.at(i).kill();
        for (std::size_t i = 0; i < machines.size(); ++i) machines.at(i).start();
        return;
      default:
        again(owner);
        pause();
        return again(one);
    }
  }
  // What a process does that is told to begin again.
  static void restart_stopped(Machines& machines) {
    for (std::size_t i = 0; i < machines.size(); ++i)
      if (machines.at(i).has_stopped()) again(machines.at(i));
  }
  void pause() { std::this_thread::sleep_for(std::chrono::milliseconds(random_() % 300)); }

 private:
  static void again(Machine& machine) {
    machine.kill();
    machine.start();
  }

  std::mt19937_64 random_;
};

TEST_CASE("mayhem: nothing acknowledged is lost or doubled, and no read is old") {
  const std::uint64_t rounds = number_of("TOTE_CLUSTER_ROUNDS", 8), seed = number_of("TOTE_CLUSTER_SEED", 1);
  Machines machines;
  machines.start_all();
  CHECK(is_success(machines.owner().engine()->call(ask("shared", open())).code));
  std::atomic<std::int64_t> shared{0};
  std::vector<std::unique_ptr<Client>> clients;
  for (int i = 0; i < 3; ++i) clients.push_back(std::make_unique<Client>(machines, i, shared));
  Mayhem mayhem(seed);
  const auto faults = [&] {
    std::string all;
    for (const auto& client : clients) all += client->fault();
    return all;
  };
  for (std::uint64_t round = 0; round < rounds && faults().empty(); ++round) {
    mayhem.round(machines);
    mayhem.pause();
    const std::int64_t before = shared;
    Machines::wait(
        [&] {
          Mayhem::restart_stopped(machines);
          return shared > before + 5 || !faults().empty();
        },
        "service");
  }
  for (std::size_t i = 0; i < machines.size(); ++i) REQUIRE(machines.at(i).refusal() == "");
  for (const auto& client : clients) client->stop();
  INFO("seed ", seed);
  CHECK(faults() == "");
  Engine& engine = *machines.owner().engine();
  std::int64_t sum = 0;
  for (const auto& client : clients) {
    CHECK(field(engine.call(look(client->id())), "balance") == client->acknowledged());
    sum += client->acknowledged();
  }
  CHECK(field(engine.call(look("shared")), "balance") == shared);
  std::cout << rounds << " rounds, " << sum + shared << " credits acknowledged" << std::endl;
}

}  // namespace
}  // namespace tote::cluster
