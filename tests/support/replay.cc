#include "tests/support/replay.h"

#include <algorithm>
#include <limits>
#include <optional>

namespace tests {
namespace {

using Kind = Operation::Kind;

constexpr std::uint64_t not_told = std::numeric_limits<std::uint64_t>::max();
constexpr std::int64_t ns_per_ms = 1'000'000;
// Answers show whole milliseconds, and the wall clock may be slewed while we count monotonic time.
constexpr std::int64_t clocks_differ_ns = 5 * ns_per_ms;

// The version that the wallet must have had when this was decided.
std::uint64_t version_before(const Effect& effect) {
  if (effect.is_change()) return effect.answer.version - 1;
  if (effect.is_success()) return effect.answer.version;
  const auto current = effect.answer.facts.find("current_version");
  return current == effect.answer.facts.end() ? not_told : static_cast<std::uint64_t>(current->second);
}

std::string text_of(const Effect& effect) {
  return tests::text_of(effect.operation) + " was answered " + std::to_string(effect.status) + " at LSN " +
         std::to_string(effect.lsn);
}

}  // namespace

std::int64_t sum_of(const Effect& change) {
  switch (change.operation.kind) {
    case Kind::credit: return change.operation.amount;
    case Kind::debit: return -change.operation.amount;
    case Kind::capture: return -change.answer.hold_captured;
    default: return 0;
  }
}

WalletReplay::WalletReplay(std::vector<const Effect*> known, std::vector<std::pair<const Effect*, Window>> lost)
    : known_(std::move(known)), lost_(std::move(lost)) {
  // A change, then what saw it: an effect without a record of its own carries the LSN of the change.
  std::ranges::stable_sort(known_, [](const Effect* a, const Effect* b) {
    return std::pair(a->lsn, !a->is_recorded()) < std::pair(b->lsn, !b->is_recorded());
  });
  version_ahead_.resize(known_.size() + 1, not_told);
  for (std::size_t i = known_.size(); i-- > 0;) {
    const auto version = version_before(*known_[i]);
    version_ahead_[i] = version == not_told ? version_ahead_[i + 1] : version;
  }
  state_.used.resize(lost_.size());
}

bool WalletReplay::run() {
  while (state_.next < known_.size())
    if (!advance() && !back_up()) return false;
  return true;
}

bool WalletReplay::advance() {
  const Effect& effect = *known_[state_.next];
  const auto missing = missing_before_next();
  if (missing < 0) {
    return fail(Violation::Kind::version,
                "but version " + std::to_string(state_.model.version()) + " had been reached");
  }
  const bool tells_version = version_before(effect) != not_told;
  const bool overdue = state_.model.next_expiry_ms() != never_ns &&
                       effect.invoked_ns > (state_.model.next_expiry_ms() + 1) * ns_per_ms + clocks_differ_ns;
  if (missing > 0 && (tells_version || overdue)) {
    if (choose(steps_before(effect))) return true;
    return fail(Violation::Kind::version, "but nothing explains the " + std::to_string(missing) +
                                              " versions before it, after " + std::to_string(state_.model.version()));
  }
  if (overdue) return fail(Violation::Kind::state, "but a hold should have run out before");
  const State before = missing > 0 ? state_ : State{};  // copied only where there is a choice
  if (!fits(effect, state_.model.expect(effect.operation))) {
    if (missing > 0) {
      state_ = before;
      if (choose(steps_before(effect))) return true;
    }
    return false;
  }
  if (missing > 0) {
    State after = std::move(state_);
    state_ = before;
    if (auto steps = steps_before(effect); !steps.empty()) choices_.push_back({before, std::move(steps)});
    state_ = std::move(after);
  }
  return true;
}

// Versions between the last effect and this one (or the first after it that tells its version).
std::int64_t WalletReplay::missing_before_next() const {
  const auto ahead = version_ahead_[state_.next];
  if (ahead == not_told) return static_cast<std::int64_t>(lost_.size()) + 1;  // as many as there are
  return static_cast<std::int64_t>(ahead) - static_cast<std::int64_t>(state_.model.version());
}

bool WalletReplay::fits(const Effect& effect, const WalletModel::Expected& expected) {
  if (!effect.is_recorded() && state_.changed_is_known && state_.changed != effect.lsn)
    return fail(Violation::Kind::real_time, "but the wallet's last change was at " + std::to_string(state_.changed));
  if (effect.status != expected.status)
    return fail(Violation::Kind::state, "instead of " + std::to_string(expected.status) + ' ' + expected.code);
  if (!effect.is_success()) {
    if (effect.answer.code != expected.code) return fail(Violation::Kind::state, "as " + effect.answer.code);
    for (const auto& [name, value] : expected.facts) {
      const auto told = effect.answer.facts.find(name);
      if (told == effect.answer.facts.end() || told->second != value)
        return fail(Violation::Kind::state, "but " + name + " was " + std::to_string(value));
    }
  }
  if (expected.changes) {
    state_.model.apply(effect.operation, effect.answer.hold_expires_at_ms);
    state_.changed = effect.lsn;
    state_.changed_is_known = true;
  } else if (!effect.is_recorded()) {
    state_.changed = effect.lsn;
    state_.changed_is_known = true;
  }
  if (effect.is_success()) {
    if (const auto what = difference(effect.answer, state_.model.answer(effect.operation)); !what.empty())
      return fail(Violation::Kind::state, "but " + what);
    state_.resolved_sum_told = state_.resolved_sum;
  }
  if (effect.operation.kind == Kind::hold && effect.is_success()) {
    const auto expires_ns =
        effect.answer.hold_expires_at_ms * ns_per_ms - effect.operation.expires_in_s * 1000 * ns_per_ms;
    const bool late = effect.ended_ns != never_ns && expires_ns > effect.ended_ns + clocks_differ_ns;
    if (late || expires_ns < effect.invoked_ns - clocks_differ_ns)
      return fail(Violation::Kind::state, "but expires_at is not expires_in_s away");
  }
  state_.lsn = std::max(state_.lsn, effect.lsn);
  ++state_.next;
  return true;
}

bool WalletReplay::fail(Violation::Kind kind, const std::string& what) {
  if (state_.next < furthest_ && !failure_.empty()) return false;
  furthest_ = state_.next;
  failure_kind_ = kind;
  failure_ = text_of(*known_[state_.next]) + ", " + what;
  return false;
}

std::vector<WalletReplay::Step> WalletReplay::steps_before(const Effect& effect) const {
  std::vector<Step> steps;
  const auto expires_ms = state_.model.next_expiry_ms();
  if (expires_ms != never_ns && expires_ms * ns_per_ms - clocks_differ_ns < effect.ended_ns)
    for (auto& hold : state_.model.next_to_expire()) steps.push_back({std::move(hold)});
  for (std::size_t i = 0; i < lost_.size(); ++i) {
    const auto& [request, window] = lost_[i];
    if (state_.used[i] || window.after >= effect.lsn || window.before <= state_.lsn) continue;
    if (state_.model.expect(request->operation).changes) steps.push_back({{}, i});
  }
  return steps;
}

bool WalletReplay::choose(std::vector<Step> steps) {
  if (steps.empty()) return false;
  const Step first = steps.front();
  steps.erase(steps.begin());
  if (!steps.empty()) choices_.push_back({state_, std::move(steps)});
  take(first);
  return true;
}

// When a hold of a lost request runs out: a later answer may tell; if none does, a guess is good enough.
std::int64_t WalletReplay::expiry_of(const Effect& request) const {
  for (const auto* effect : known_)
    if (effect->is_success() && !effect->answer.hold.empty() && effect->answer.hold == request.operation.hold)
      return effect->answer.hold_expires_at_ms;
  return request.invoked_ns / ns_per_ms + request.operation.expires_in_s * 1000;
}

void WalletReplay::take(const Step& step) {
  state_.changed_is_known = false;
  if (!step.expired.empty()) {
    state_.model.expire(step.expired);
    ++state_.expiries;
    return;
  }
  const Effect& request = *lost_[step.lost].first;
  const auto before = state_.model.balance();
  state_.model.apply(request.operation, expiry_of(request));
  state_.used[step.lost] = true;
  ++state_.resolved;
  state_.resolved_sum += state_.model.balance() - before;
}

bool WalletReplay::back_up() {
  if (choices_.empty() || attempts_left_ == 0) return false;
  --attempts_left_;
  Choice& choice = choices_.back();
  const Step step = choice.left.back();
  choice.left.pop_back();
  if (choice.left.empty()) {
    state_ = std::move(choice.before);
    choices_.pop_back();
  } else {
    state_ = choice.before;
  }
  take(step);
  return true;
}

}  // namespace tests
