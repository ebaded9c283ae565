// A machine that stands by keeps its disk, its memory and its start as small as the owner does, and takes over from
// there.
#include <doctest/doctest.h>

#include <filesystem>
#include <future>
#include <iostream>
#include <mutex>
#include <random>
#include <thread>

#include "actors/wallet/wallet.h"
#include "engine/kernel/kinds.h"
#include "engine/kernel/money_books.h"
#include "tests/cluster/machines.h"
#include "tests/engine/harness.h"

namespace tote::cluster {
namespace {

using test::Machine;
using test::Machines;

const Kinds kinds{kind_of<Wallet>(), kind_of<MoneyBooks>()};
constexpr int wallets = 2'000;

void small(tote::Options& options) {
  options.kinds = kinds;
  options.keys_in_memory_max = 10'000;
  options.entities_bytes = 200 * 1'700;
  options.snapshot_interval_ms = 200;
  options.retention.log_s = 0;
  options.retention.log_bytes = 1 << 20;
  options.retention.interval_ms = 50;
}

std::string wallet(std::uint64_t number) { return "w" + std::to_string(number % wallets); }

std::size_t segments_of(const Machine& machine) {
  std::error_code none;
  std::size_t count = 0;
  for (const auto& file : std::filesystem::directory_iterator(machine.directory() + "/archive", none))
    count += file.path().extension() == ".segment" ? 1 : 0;
  return count;
}

// So many credits of 1, each under a key that no compression makes smaller.
class SentCredits {
 public:
  explicit SentCredits(Machines& machines) : machines_(machines) {}

  void open_wallets() {
    std::vector<Request> requests;
    for (int i = 0; i < wallets; ++i) requests.push_back(ask(wallet(i), open()));
    send(std::move(requests));
  }
  void credits(int count) {
    while (count > 0) {
      std::vector<Request> requests;
      for (int i = 0; i < 1'000 && count > 0; ++i, --count) {
        const std::string id = wallet(sent_);
        requests.push_back(ask(id, credit(1), key()));
      }
      send(std::move(requests));
    }
  }
  int sent() const { return sent_; }
  const std::string& newest_key() const { return key_; }

 private:
  void send(std::vector<Request> requests) {
    std::promise<std::size_t> done;
    machines_.owner().engine()->submit(std::move(requests), [&](std::span<Outcome> outcomes) {
      done.set_value(static_cast<std::size_t>(
          std::ranges::count_if(outcomes, [](const Outcome& each) { return !is_success(each.code); })));
    });
    REQUIRE(done.get_future().get() == 0);
  }
  std::string key() {
    constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    key_ = std::to_string(sent_++) + ":";
    while (key_.size() < 250) key_.push_back(letters[random_() % letters.size()]);
    return key_;
  }

  Machines& machines_;
  std::mt19937_64 random_{11};
  std::string key_;
  int sent_ = 0;
};

std::int64_t sum_of(Engine& engine) {
  std::int64_t sum = 0;
  for (int i = 0; i < wallets; ++i) sum += field(engine.call(look(wallet(i))), "balance");
  return sum;
}

TEST_CASE("standing by: the log is sealed and trimmed, a start replays its tail, and it takes over from there") {
  Machines machines;
  for (std::size_t i = 0; i < machines.size(); ++i) machines.at(i).change_options = small;
  machines.start_all();
  Machine& owner = machines.owner();
  Machine& standby = machines.at(&owner == &machines.at(0) ? 1 : 0);
  SentCredits load(machines);
  load.open_wallets();
  for (int i = 0; i < 40 && segments_of(standby) < 2; ++i) load.credits(25'000);
  CHECK(segments_of(standby) >= 2);
  std::cout << load.sent() << " credits for two segments" << std::endl;

  const auto looked_at = [](const Machine& machine) {
    tote::Options options;
    options.directory = machine.directory();
    options.read_only = true;
    small(options);
    auto opened = Engine::open(std::move(options));
    if (const auto* error = std::get_if<OpenError>(&opened)) FAIL(error->detail);
    return std::get<std::unique_ptr<Engine>>(opened)->figures();
  };
  standby.kill();
  const Figures found = looked_at(standby);
  CHECK(found.untrimmed > Lsn{1});
  CHECK(found.first == Lsn{1});  // in the archive
  CHECK(found.snapshot > Lsn{1});
  std::cout << "a start replays " << found.records_recovered << " of " << found.last.value << " records" << std::endl;
  CHECK(found.records_recovered < found.last.value / 2);

  // It comes back while others go on, and is given the log.
  load.credits(1'000);
  standby.start();
  load.credits(1'000);
  // On a busy machine one or the other may be taken for dead meanwhile.
  const auto hands_over = [&] {
    machines.wait_for_in_sync(3);
    std::promise<std::string> handed_over;
    machines.owner().member().transfer(standby.node(),
                                       [&](const std::string& problem) { handed_over.set_value(problem); });
    return handed_over.get_future().get().empty();
  };
  Machines::wait(hands_over, "the log is handed over");
  Machines::wait([&] { return standby.engine() != nullptr; }, "it owns the log");
  CHECK(sum_of(*standby.engine()) == load.sent());
  const Outcome again = standby.engine()->call(ask(wallet(load.sent() - 1), credit(1), load.newest_key()));
  CHECK(again.replayed);
  load.credits(1'000);
  CHECK(sum_of(*standby.engine()) == load.sent());
}

// test_cluster -tc='standing by: figures' -ns. Without snapshots a machine starts as all did before they made some.
TEST_CASE("standing by: figures" * doctest::skip()) {
  constexpr int many = 1'000'000;
  for (const std::int64_t interval_ms : {0, 2'000}) {
    Machines machines;
    for (std::size_t i = 0; i < machines.size(); ++i)
      machines.at(i).change_options = [interval_ms](tote::Options& options) {
        options.kinds = kinds;
        options.snapshot_interval_ms = interval_ms;
      };
    machines.start_all();
    Machine& owner = machines.owner();
    Machine& standby = machines.at(&owner == &machines.at(0) ? 1 : 0);
    const auto send = [&](bool opens) {
      for (int sent = 0; sent < many;) {
        std::vector<Request> requests;
        for (int i = 0; i < 10'000; ++i, ++sent) {
          const std::string id = "w" + std::to_string(sent);
          requests.push_back(opens ? ask(id, open()) : ask(id, credit(1)));
        }
        std::promise<void> done;
        owner.engine()->submit(std::move(requests), [&](std::span<Outcome>) { done.set_value(); });
        done.get_future().get();
      }
    };
    send(true);
    send(false);
    const Lsn last = owner.engine()->log().durable();
    std::this_thread::sleep_for(std::chrono::seconds(interval_ms == 0 ? 1 : 15));
    Machines::wait([&] { return standby.status().committed >= last; }, "it has all");
    standby.kill();
    const auto begun = test::Clock::now();
    const auto ms = [&] {
      return std::chrono::duration_cast<std::chrono::milliseconds>(test::Clock::now() - begun).count();
    };
    standby.start();
    machines.wait_for_in_sync(3);
    const auto in_sync_ms = ms();
    Machines::wait([&] { return standby.status().had_all_at.has_value(); }, "its engine has all");
    std::cout << "snapshots every " << interval_ms << " ms: in sync after " << in_sync_ms << " ms, its engine after "
              << ms() << " ms" << std::endl;
    standby.kill();
    tote::Options options;
    options.directory = standby.directory();
    options.kinds = kinds;
    options.read_only = true;
    auto opened = Engine::open(std::move(options));
    const Figures found = std::get<std::unique_ptr<Engine>>(opened)->figures();
    std::cout << found.records_recovered << " of " << found.last.value << " records replayed, "
              << found.recovery_ns / 1'000'000 << " ms with rows" << std::endl;
  }
}

TEST_CASE("standing by: before it hears of an owner a snapshot that is there isn't said to be millions behind") {
  std::mutex mutex;
  std::vector<std::string> alerts;
  Machines machines;
  for (std::size_t i = 0; i < machines.size(); ++i)
    machines.at(i).change_options = [&](tote::Options& options) {
      small(options);
      options.on_alert = [&](const Alert& alert) {
        const std::lock_guard lock(mutex);
        alerts.emplace_back(alert.text);
      };
    };
  machines.start_all();
  SentCredits load(machines);
  load.open_wallets();
  load.credits(1'000);  // their keys are in memory only: a start reads the log from before the snapshot
  Machine& owner = machines.owner();
  Machines::wait([&] { return owner.engine()->figures().snapshot > Lsn{1'000 + wallets}; }, "there is a snapshot");
  for (std::size_t i = 0; i < machines.size(); ++i) machines.at(i).kill();
  {
    const std::lock_guard lock(mutex);
    alerts.clear();
  }
  owner.start();
  std::this_thread::sleep_for(std::chrono::seconds(1));  // some rounds are due, and nobody can own the log
  for (std::size_t i = 0; i < machines.size(); ++i)
    if (&machines.at(i) != &owner) machines.at(i).start();
  machines.wait_for_in_sync(3);
  const std::lock_guard lock(mutex);
  CHECK(alerts.empty());
}

}  // namespace
}  // namespace tote::cluster
