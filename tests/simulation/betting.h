// Two betting providers that call without idempotency keys, as they do: again until they are answered, and sometimes
// after that, late, and in whatever order. Of "acme" a reversal may overdraw and an unknown bet is an error; "zeta"
// checks sessions, a reversal leaves a debt, and what isn't known is well.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "actors/bet/callback.h"
#include "tests/engine/harness.h"

namespace tote::simulation {

class World;

class BettingProvider {
 public:
  enum class What { make, commit, win, cash_out, lost, refund, roll_back, discard, settle };
  struct Callback {
    What what = What::make;
    std::string provider{}, bet{}, transaction{}, player{}, session{};
    std::int64_t amount = 0;
    std::size_t number = 1;  // of our operation that is rolled back
    // Once it was answered:
    std::optional<std::string> told{};  // what may never change: money that moved, or a refusal that is kept
    bool is_answered = false;
    bool must_be_done = false;  // nothing speaks against it
  };

  explicit BettingProvider(World& world) : world_(world) {}

  static bool checks_sessions(const std::string& provider) { return provider == "zeta"; }

  // One that is new, or one of those before.
  void call();
  std::size_t call(Callback callback);
  void call_again();
  void call_unanswered();
  bool is_answered(std::size_t number) const { return callbacks_[number].is_answered; }
  // Every bet that is open wins, and that must be taken.
  void pay_out();

  void look();    // at the answers that have come
  void forget();  // the power went: nobody hears those on their way

 private:
  Callback any();
  ScriptPtr script(const Callback& callback) const;
  void send(std::size_t number);
  void judge(Callback& callback, const Outcome& outcome);
  void judge_done(Callback& callback, const bet::Result& result, const std::string& answer);

  World& world_;
  std::vector<Callback> callbacks_;
  std::vector<std::pair<Harness::Ticket, std::size_t>> waiting_;
  int payouts_ = 0;
};

std::string name_of(const BettingProvider::Callback& callback);

}  // namespace tote::simulation
