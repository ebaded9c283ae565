// One wallet's effects in LSN order, run through a plain model.
//
// Versions that nobody was told of are holds that ran out and requests whose answer was lost. Which of them it was is
// searched for: every answer seen afterwards has to fit.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/effects.h"
#include "tests/support/wallet_model.h"

namespace tests {

class WalletReplay {
 public:
  // `known` and `lost` are of one wallet; `lost` with where their LSN may be.
  WalletReplay(std::vector<const Effect*> known, std::vector<std::pair<const Effect*, Window>> lost);

  bool run();  // false: no order fits

  // Why, as told by the attempt that came furthest.
  const std::string& failure() const { return failure_; }
  Violation::Kind failure_kind() const { return failure_kind_; }

  std::size_t expiries() const { return state_.expiries; }
  std::size_t resolved() const { return state_.resolved; }
  // What the lost requests that were found to have happened did to the balance, as it was told last: a refusal after
  // that may show that more of them happened.
  std::int64_t resolved_sum() const { return state_.resolved_sum_told; }

 private:
  struct State {
    WalletModel model{};
    std::size_t next = 0;       // of known_
    std::uint64_t lsn = 0;      // of the last effect
    std::uint64_t changed = 0;  // LSN of the last change
    bool changed_is_known = true;
    std::vector<bool> used{};  // of lost_
    std::size_t expiries = 0, resolved = 0;
    std::int64_t resolved_sum = 0, resolved_sum_told = 0;
  };
  struct Step {             // a version that nobody was told of
    std::string expired{};  // hold, or
    std::size_t lost = 0;   // index
  };
  struct Choice {
    State before;
    std::vector<Step> left;
  };

  bool advance();  // to the next choice; false: this attempt fails
  bool fits(const Effect& effect, const WalletModel::Expected& expected);
  bool fail(Violation::Kind kind, const std::string& what);
  bool back_up();
  bool choose(std::vector<Step> steps);
  void take(const Step& step);
  std::vector<Step> steps_before(const Effect& effect) const;
  std::int64_t missing_before_next() const;
  std::int64_t expiry_of(const Effect& request) const;

  std::vector<const Effect*> known_;
  std::vector<std::pair<const Effect*, Window>> lost_;
  std::vector<std::uint64_t>
      version_ahead_;  // the version that known_[i], or the first after it that tells, starts from
  State state_;
  std::vector<Choice> choices_;
  std::size_t attempts_left_ = 100'000;
  std::size_t furthest_ = 0;
  std::string failure_;
  Violation::Kind failure_kind_ = Violation::Kind::state;
};

// What an operation did to the balance, by its answer.
std::int64_t sum_of(const Effect& change);

}  // namespace tests
