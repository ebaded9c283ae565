// A node that has nothing in common with what the owner still keeps is filled over the wire: with an empty directory
// under a name of its own, or after a long time away under its own.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <future>
#include <iostream>

#include "actors/wallet/wallet.h"
#include "engine/kernel/kinds.h"
#include "engine/kernel/money_books.h"
#include "tests/cluster/machines.h"
#include "tests/engine/harness.h"

namespace tote::cluster {
namespace {

using test::Machine;
using test::Machines;

constexpr int filled_wallets = 500;

// Snapshots often, and no archive to speak of: after some seconds the log begins late.
void trimmed_soon(tote::Options& options) {
  options.kinds = {kind_of<Wallet>(), kind_of<MoneyBooks>()};
  options.keys_in_memory_max = 10'000;
  options.snapshot_interval_ms = 200;
  options.retention.log_s = 0;
  options.retention.log_bytes = 1 << 20;
  options.retention.archive_keep_s = 1;
  options.retention.interval_ms = 50;
}

// Credits of 1, each under a key, to the machines' owner of the moment.
class Payments {
 public:
  explicit Payments(Machines& machines) : machines_(machines) {}

  void open_wallets() {
    std::vector<Request> requests;
    for (int i = 0; i < filled_wallets; ++i) requests.push_back(ask(wallet_of(i), open()));
    send(std::move(requests));
  }
  void credits(int count) {
    for (; count > 0; count -= 1'000) {
      std::vector<Request> requests;
      for (int i = 0; i < 1'000; ++i, ++sent_) requests.push_back(ask(wallet_of(sent_), credit(1), key_of(sent_)));
      send(std::move(requests));
    }
  }
  // Until nothing before some record is kept by the owner: neither log nor archive.
  void until_trimmed(Lsn below) {
    const auto is_trimmed = [&] {
      credits(5'000);
      return machines_.owner().engine()->figures().first > below;
    };
    Machines::wait(is_trimmed, "the owner's log begins late");
    std::cout << sent_ << " credits until the log begins after " << below.value << std::endl;
  }
  // All that was acknowledged is there, once, and an answer is told again.
  void check(Engine& engine) const {
    std::int64_t sum = 0;
    for (int i = 0; i < filled_wallets; ++i) sum += field(engine.call(look(wallet_of(i))), "balance");
    CHECK(sum == sent_);
    CHECK(engine.call(ask(wallet_of(sent_ - 1), credit(1), key_of(sent_ - 1))).replayed);
  }
  int sent() const { return sent_; }

 private:
  static std::string wallet_of(int number) { return "w" + std::to_string(number % filled_wallets); }
  // Long, and nothing that compression makes small: the log grows.
  static std::string key_of(int number) {
    std::string key = std::to_string(number) + ":";
    for (std::uint64_t x = static_cast<std::uint64_t>(number) + 1; key.size() < 240;) {
      x = x * 6364136223846793005U + 1442695040888963407U;
      key += "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"[x >> 58];
    }
    return key;
  }
  void send(std::vector<Request> requests) {
    std::promise<std::size_t> done;
    machines_.owner().engine()->submit(std::move(requests), [&](std::span<Outcome> outcomes) {
      done.set_value(static_cast<std::size_t>(
          std::ranges::count_if(outcomes, [](const Outcome& each) { return !is_success(each.code); })));
    });
    REQUIRE(done.get_future().get() == 0);
  }

  Machines& machines_;
  int sent_ = 0;
};

void start_with(Machines& machines, std::size_t count) {
  for (std::size_t i = 0; i < machines.size(); ++i) machines.at(i).change_options = trimmed_soon;
  for (std::size_t i = 0; i < count; ++i) machines.at(i).start();
  machines.wait_for_in_sync(count);
}

// As the program does: a node that stops begins again.
void until_filled(Machines& machines, Machine& machine, std::size_t in_sync) {
  Machines::wait([&] { return machine.has_stopped(); }, "it has been given all");
  std::cout << "it has been given all" << std::endl;
  machine.kill();
  machine.start();
  machines.wait_for_in_sync(in_sync);
}

bool shows_filling(Machines& machines, const std::string& node) {
  for (const NodeStatus& each : machines.owner().status().nodes)
    if (each.node == node && each.state == NodeStatus::State::filling) return true;
  return false;
}

void hand_over_to(Machines& machines, Machine& machine) {
  const auto hands_over = [&] {
    std::promise<std::string> handed_over;
    machines.owner().member().transfer(machine.node(),
                                       [&](const std::string& problem) { handed_over.set_value(problem); });
    return handed_over.get_future().get().empty();
  };
  Machines::wait(hands_over, "the log is handed over");
  Machines::wait([&] { return machine.engine() != nullptr; }, "it owns the log");
}

bool has_rest_of_fill(const std::string& directory) {
  for (const char* name : {"fill", "fill.whole", "fill.ready", "fill.moving", "fill.links", "archive/fill"})
    if (std::filesystem::exists(directory + "/" + name)) return true;
  return false;
}

TEST_CASE("fill: a new node with an empty directory is filled under load, is in sync, and takes over") {
  Machines machines(3);
  start_with(machines, 2);
  Payments load(machines);
  load.open_wallets();
  load.until_trimmed({1});
  Machine& fresh = machines.at(2);
  fresh.start();
  bool was_shown = false;
  const auto is_given = [&] {
    load.credits(1'000);
    was_shown = was_shown || shows_filling(machines, fresh.node());
    return fresh.has_stopped();
  };
  Machines::wait(is_given, "it is given all under load");
  CHECK(was_shown);
  until_filled(machines, fresh, 3);
  load.credits(1'000);
  hand_over_to(machines, fresh);
  load.check(*fresh.engine());
  load.credits(1'000);
  load.check(*fresh.engine());
  CHECK_FALSE(has_rest_of_fill(fresh.directory()));
  for (std::size_t i = 0; i < machines.size(); ++i) CHECK_FALSE(has_rest_of_fill(machines.at(i).directory()));
}

TEST_CASE("fill: a node that was away for long comes back under its own name") {
  Machines machines(3);
  start_with(machines, 3);
  Payments load(machines);
  load.open_wallets();
  Machine& away = &machines.owner() == &machines.at(2) ? machines.at(1) : machines.at(2);
  away.kill();
  machines.wait_for_in_sync(2);
  load.until_trimmed({filled_wallets + 1'000});
  away.start();
  until_filled(machines, away, 3);
  hand_over_to(machines, away);
  load.check(*away.engine());
}

bool is_filling(Machine& machine) {
  for (const NodeStatus& each : machine.status().nodes)
    if (each.node == machine.node() && each.state == NodeStatus::State::filling) return each.filled_bytes > 0;
  return false;
}

// As if it had never been given all.
void forget_fill(Machine& machine) {
  machine.kill();
  for (const char* name : {"/fill.whole", "/fill"}) std::filesystem::remove_all(machine.directory() + name);
}

// Is filled from now on, and was given a part. A disk may be so fast that it has all before anybody looks: then again.
void until_in_the_middle(Machine& machine) {
  const auto is_begun = [&] { return is_filling(machine) || machine.has_stopped(); };
  for (int tries = 0; tries < 20; ++tries) {
    machine.start();
    Machines::wait(is_begun, "it is being filled");
    if (!machine.has_stopped()) return;
    forget_fill(machine);
  }
  FAIL("it is always filled at once");
}

void kill_in_the_middle(Machine& machine) {
  for (int tries = 0; tries < 20; ++tries) {
    until_in_the_middle(machine);
    machine.kill();
    if (!std::filesystem::exists(machine.directory() + "/fill.whole")) return;
    forget_fill(machine);
  }
  FAIL("it is always filled before it is killed");
}

TEST_CASE("fill: killed in the middle it begins again, and with the next owner when the owner is") {
  Machines machines(3);
  start_with(machines, 2);
  Payments load(machines);
  load.open_wallets();
  load.until_trimmed({1});
  Machine& fresh = machines.at(2);
  for (int i = 0; i < 2; ++i) {
    kill_in_the_middle(fresh);
    CHECK(std::filesystem::exists(fresh.directory() + "/fill"));
  }
  until_in_the_middle(fresh);
  Machine& dead = machines.owner();
  dead.kill();
  // Too few are in sync until it is filled: the next owner gives what it has before it is open.
  until_filled(machines, fresh, 2);
  load.check(*machines.owner().engine());
  load.credits(1'000);
  dead.start();
  machines.wait_for_in_sync(3);
  hand_over_to(machines, fresh);
  load.check(*fresh.engine());
  CHECK_FALSE(has_rest_of_fill(fresh.directory()));
}

}  // namespace
}  // namespace tote::cluster
