// LSNs: one a record, and in the order in which things happened.
#include <algorithm>
#include <map>
#include <set>

#include "tests/support/effects.h"

namespace tests {
namespace {

std::string text_of(const Effect& effect) {
  return tests::text_of(effect.operation) + " (" + std::to_string(effect.status) + ", LSN " +
         std::to_string(effect.lsn) + ')';
}

// The LSNs at which each wallet is known to have changed: told by the change, or by what saw it.
using ChangesByWallet = std::map<std::string, std::set<std::uint64_t>>;

ChangesByWallet changes_of(const Effects& effects) {
  ChangesByWallet changes;
  for (const auto& effect : effects)
    if (effect.is_known() && (effect.is_change() || !effect.is_recorded()))
      changes[effect.operation.wallet].insert(effect.lsn);
  return changes;
}

// The newest change of its wallet that an effect is known to have seen: a later request must not see less.
std::uint64_t seen_by(const Effect& effect, const ChangesByWallet& changes) {
  if (effect.is_change() || !effect.is_recorded()) return effect.lsn;
  const auto wallet = changes.find(effect.operation.wallet);
  if (wallet == changes.end()) return 0;
  const auto after = wallet->second.lower_bound(effect.lsn);
  return after == wallet->second.begin() ? 0 : *std::prev(after);
}

void check_unique(const Effects& effects, Verdict& verdict) {
  std::map<std::uint64_t, const Effect*> records;
  std::map<std::pair<std::string, std::uint64_t>, const Effect*> versions;
  for (const auto& effect : effects) {
    if (!effect.is_recorded()) continue;
    const auto [found, is_new] = records.emplace(effect.lsn, &effect);
    if (!is_new)
      add(verdict, Violation::Kind::lsn, "one LSN for " + text_of(*found->second) + " and " + text_of(effect));
    if (!effect.is_change()) continue;
    const auto [same, first] = versions.emplace(std::pair(effect.operation.wallet, effect.answer.version), &effect);
    if (!first)
      add(verdict, Violation::Kind::version,
          "version " + std::to_string(effect.answer.version) + " of both " + text_of(*same->second) + " and " +
              text_of(effect));
  }
}

// The most that has been answered so far, and by whom.
struct Newest {
  std::uint64_t lsn = 0;
  const Effect* by = nullptr;

  void take(std::uint64_t other, const Effect& effect) {
    if (other >= lsn) *this = {other, &effect};
  }
};

void check_real_time(const Effects& effects, Verdict& verdict) {
  std::vector<const Effect*> by_start, by_end;
  for (const auto& effect : effects)
    if (effect.is_known()) by_start.push_back(&effect);
  by_end = by_start;
  std::ranges::sort(by_start, {}, &Effect::invoked_ns);
  std::ranges::sort(by_end, {}, &Effect::ended_ns);
  const auto changes = changes_of(effects);
  Newest anywhere;
  std::map<std::string, Newest> on_wallet;
  auto ended = by_end.begin();
  for (const auto* effect : by_start) {
    for (; ended != by_end.end() && (*ended)->ended_ns < effect->invoked_ns; ++ended) {
      anywhere.take((*ended)->lsn, **ended);
      on_wallet[(*ended)->operation.wallet].take(seen_by(**ended, changes), **ended);
    }
    const Newest& seen = on_wallet[effect->operation.wallet];
    if (effect->is_recorded() && anywhere.by != nullptr && effect->lsn <= anywhere.lsn)
      add(verdict, Violation::Kind::real_time, text_of(*effect) + " came after the answer of " + text_of(*anywhere.by));
    else if (seen.by != nullptr && effect->lsn < seen.lsn)
      add(verdict, Violation::Kind::real_time, text_of(*effect) + " shows less than " + text_of(*seen.by));
  }
}

}  // namespace

void check_order(const Effects& effects, Verdict& verdict) {
  check_unique(effects, verdict);
  check_real_time(effects, verdict);
}

Window window_of(const Effect& unknown, const Effects& effects) {
  Window window{0, std::numeric_limits<std::uint64_t>::max()};
  for (const auto& effect : effects) {
    if (!effect.is_known()) continue;
    if (effect.ended_ns < unknown.invoked_ns) window.after = std::max(window.after, effect.lsn);
    if (effect.is_recorded() && effect.invoked_ns > unknown.ended_ns)
      window.before = std::min(window.before, effect.lsn);
  }
  return window;
}

}  // namespace tests
