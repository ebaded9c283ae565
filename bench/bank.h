// An embedded engine full of wallets, and of what else a workload puts there.
#pragma once

#include <cstdint>
#include <deque>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "bench/driver.h"
#include "bench/report.h"
#include "engine/kernel/money.h"
#include "engine/tote.h"

namespace tote::bench {

inline constexpr Money balance_at_first{1'000'000'000'000};  // nobody runs dry

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
  // At most 2^32. Draws that are used together need seeds of their own.
  explicit Draw(std::uint64_t below, std::uint64_t seed = 42) : below_(below), state_(seed) {}
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
  std::uint64_t state_;  // the same wallets in each run, so that runs can be compared
};

// One member of an answer; those of nested objects aren't meant.
class Member final : public Fields {
 public:
  explicit Member(std::string_view name) : name_(name) {}

  void integer(std::string_view name, std::int64_t value) override {
    if (depth_ == 0 && name == name_) number = value;
  }
  void text(std::string_view name, std::string_view value) override {
    if (depth_ == 0 && name == name_) words = value;
  }
  void time(std::string_view, Time) override {}
  void begin(std::string_view) override { ++depth_; }
  void end() override { --depth_; }

  std::optional<std::int64_t> number;
  std::string words;

 private:
  const std::string_view name_;
  int depth_ = 0;
};

// Of an engine whose entities are at rest beyond so many bytes; 0: all stay in memory.
Options with_budget(std::uint64_t entities_bytes);

class Bank {
 public:
  using RequestOf = std::function<Request(std::uint64_t number)>;
  using Seen = std::function<void(const Outcome&, const Member&)>;

  // Opens the engine, with its default options where a workload isn't about one: what is measured is what a user gets.
  Bank(const std::filesystem::path& directory, std::uint64_t wallets, bool quiet, Options options = {});

  void make_wallets(Money each = {});
  static Request credit(std::uint64_t wallet, std::string key);
  static std::string wallet(std::uint64_t number);
  // Sends nothing by itself; lives as long as the bank.
  Driver& driver(std::size_t batch, std::size_t in_flight);
  std::int64_t total();  // of all balances, read through the engine

  // `count` requests, each of which must succeed.
  void send_all(std::string_view what, std::uint64_t count, const RequestOf& request);
  // `count` reads; `seen` gets each answer with the member asked for, on the engine's thread.
  void read_all(std::string_view what, std::uint64_t count, const RequestOf& request, const Kind& kind,
                std::string_view member, const Seen& seen);
  void read_balances(const Seen& seen);

  Engine& engine() { return *engine_; }
  Progress& progress() { return progress_; }
  std::uint64_t wallets() const { return wallets_; }

 private:
  void wait_for_room();

  const std::uint64_t wallets_;
  const std::uint64_t entities_bytes_;
  Progress progress_;
  std::deque<Driver> drivers_;  // before the engine: they outlive it
  std::unique_ptr<Engine> engine_;
};

}  // namespace tote::bench
