// An embedded engine full of wallets, as the workloads use it.
#pragma once

#include <cstdint>
#include <deque>
#include <filesystem>
#include <memory>
#include <string>

#include "bench/driver.h"
#include "bench/report.h"
#include "engine/tote.h"

namespace tote::bench {

// Idempotency keys that no other run has used: 20 characters.
class Keys {
 public:
  Keys();
  const std::string& next();

 private:
  std::string key_;
};

// Uniform numbers, cheap enough for a million draws a second.
class Draw {
 public:
  explicit Draw(std::uint64_t below) : below_(below) {}  // at most 2^32
  std::uint64_t next() {
    state_ += 0x9e3779b97f4a7c15U;  // splitmix64
    std::uint64_t mixed = state_;
    mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9U;
    mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebU;
    mixed ^= mixed >> 31;
    return ((mixed >> 32) * below_) >> 32;
  }

 private:
  const std::uint64_t below_;
  std::uint64_t state_ = 42;  // the same wallets in each run, so that runs can be compared
};

class Bank {
 public:
  // Opens the engine with its default options: what is measured is what a user gets.
  Bank(const std::filesystem::path& directory, std::uint64_t wallets, bool quiet);

  void make_wallets();
  static Request credit(std::uint64_t wallet, std::string key);
  // Sends nothing by itself; lives as long as the bank.
  Driver& driver(std::size_t batch, std::size_t in_flight);
  std::int64_t total();  // of all balances, read through the engine

  Engine& engine() { return *engine_; }
  Progress& progress() { return progress_; }
  std::uint64_t wallets() const { return wallets_; }

 private:
  const std::uint64_t wallets_;
  Progress progress_;
  std::deque<Driver> drivers_;  // before the engine: they outlive it
  std::unique_ptr<Engine> engine_;
};

}  // namespace tote::bench
