// One engine, its disk, its clock, the provider it calls, and those who ask: all of it drawn from one seed.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "engine/effect_call.h"
#include "tests/engine/harness.h"
#include "tests/engine/memory_states.h"
#include "tests/simulation/betting.h"
#include "tests/simulation/checkouts.h"
#include "tests/simulation/gateway.h"
#include "tests/simulation/model.h"

namespace tote::simulation {

inline const Currency euro = *currency_of("EUR"), dollar = *currency_of("USD");
inline constexpr std::int64_t match_price = 40;  // minor units, of every match

// One thing that was asked, perhaps several times, under one key.
struct Asked {
  std::string what;
  std::function<Request()> make;
  Model::Expected expected;
  std::optional<std::string> told;  // the answer, once there was one that is on record
};

class World {
 public:
  // By chance: who is served first, whether a worker is free, how many entities stay in memory.
  explicit World(std::uint64_t seed, bool by_chance = true);
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  std::mt19937_64& random() { return random_; }
  std::uint64_t below(std::uint64_t end) { return random_() % end; }
  Time now() const { return clock_.at; }
  const Model& model() const { return model_; }
  Gateway& gateway() { return gateway_; }
  Harness& engine() { return *engine_; }
  BettingProvider& betting() { return betting_; }
  Checkouts& checkouts() { return checkouts_; }
  void fault(std::string text) { model_.fault(std::move(text)); }
  std::uint64_t records() const { return log_.size(); }

  // -- those who ask
  void ask(std::string what, std::function<Request()> make, Model::Expected expected = {});
  void ask_again();
  void read_wallet(const std::string& id);
  // What an entity answers now, as a tree; empty when there is none.
  Node read(KindId kind, const std::string& id);

  // -- the machine
  void turn();
  void sync();       // all that was appended
  void sync_some();  // the disk is slow
  void pass(std::int64_t ns);
  void fill_disk(bool is_full) { log_.room = !is_full; }
  // The power goes: what wasn't durable is gone, calls on their way may still arrive at the provider.
  void crash();
  // Syncs record by record, and crashes once as many are durable as that; false: so many never come.
  void crash_after(std::uint64_t records) { crash_after_ = records; }
  bool has_crashed() const { return crashes_ > 0; }
  // Some crash was between an event of the payment provider and its effect.
  bool has_crashed_between() const { return crashes_between_ > 0; }

  // -- outside calls
  bool is_calling() const { return !calls_.empty() || !results_.empty() || !reports_.empty(); }
  void make_call();  // one of those that are out, by chance
  void report();     // one of those that came back; perhaps twice
  void answer_all_honestly();
  void answer_all_twice();
  void answer_all_as_lost(bool is_executed);

  // Nobody asks any more: time passes, the provider answers, operators do their work, until nothing is left to do.
  void settle();

  // Everything wrong so far; empty: all is well.
  std::string faults() const;
  // The last things that were done.
  std::string trace() const;
  void note(std::string line);

 private:
  struct Result {
    KindId kind = 0;
    std::string entity, effect;
    payment::Result result;
  };
  struct Reading {
    Harness::Ticket ticket;
    std::string wallet;
  };

  CoreOptions options();
  void start();
  void catch_up();  // the model, with what has become durable
  void look();      // at that, and at what was answered
  void look_at_answer(const std::string& key, const Outcome& outcome);
  void check_served();
  void check_started();
  void check_waiting();
  void check_quiet();
  void operate();
  void send_report(Result result);

  std::mt19937_64 random_;
  const bool by_chance_;
  MemoryLog log_;
  MemoryStates rows_{log_};
  TestClock clock_;
  Gateway gateway_;
  std::map<std::string, Asked> asked_;  // by key
  std::vector<std::string> keys_;
  Model model_;
  Lsn seen_{};

  std::unique_ptr<Harness> engine_;
  std::vector<std::pair<Harness::Ticket, std::string>> waiting_;  // for answers, by key
  std::vector<Reading> readings_;
  std::vector<EffectCall> calls_, ghosts_;  // out; and out when the power went
  std::vector<Result> results_;
  std::vector<std::pair<Harness::Ticket, Result>> reports_;  // on their way into the engine
  std::uint64_t crash_after_ = 0;
  int crashes_ = 0, crashes_between_ = 0;
  BettingProvider betting_{*this};
  Checkouts checkouts_{*this};
  std::vector<std::string> trace_;
};

}  // namespace tote::simulation
