// What the clients ask: random operations that get into each other's way on a handful of wallets.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <mutex>
#include <random>
#include <string>
#include <vector>

#include "tests/support/history.h"

namespace tests {

using Random = std::mt19937_64;

// 0 … below - 1.
std::uint64_t pick(Random& random, std::uint64_t below);
bool chance(Random& random, unsigned percent);

// TOTE_SEED, else of the system. Printed, so that a failure can be had again (the threads' timing apart).
std::uint64_t choose_seed();

// What all clients, of one run after the other, have in common.
class World {
 public:
  static constexpr std::size_t hot_wallets = 5;
  static constexpr std::size_t cold_wallets = 60;

  std::string hot(std::uint64_t number) const { return "hot-" + std::to_string(number % hot_wallets); }
  std::string cold(std::uint64_t number) const { return "cold-" + std::to_string(number % cold_wallets); }
  std::vector<std::string> wallets() const;

  std::atomic<std::uint64_t> next_key{1}, next_hold{1}, next_amount{1};
  std::atomic<std::uint64_t> newest_lsn{0};

  // Requests with keys on their way or long answered, for another client to send the same at the same time.
  void publish(const Operation& operation);
  bool take_published(Random& random, Operation& operation) const;

 private:
  static constexpr std::size_t published_max = 64;

  mutable std::mutex mutex_;
  std::vector<Operation> published_;
  std::size_t published_next_ = 0;
};

// The operations of one client.
class Workload {
 public:
  Workload(World& world, Random& random) : world_(world), random_(random) {}

  Operation next();
  void saw(const Event& event);  // learns versions for If-Match

 private:
  Operation make(Operation::Kind kind);
  Operation::Kind kind();
  std::int64_t amount_without_key();

  World& world_;
  Random& random_;
  std::map<std::string, std::uint64_t> versions_;
};

}  // namespace tests
