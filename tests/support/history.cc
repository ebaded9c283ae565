#include "tests/support/history.h"

#include <chrono>
#include <map>

#include "tests/support/effects.h"
#include "tests/support/replay.h"

namespace tests {
namespace {

struct OfWallet {
  std::vector<const Effect*> known;
  std::vector<std::pair<const Effect*, Window>> lost;
};

// The balance that was told last is the plain sum of everything that was acknowledged, and of what was found to have
// happened unacknowledged.
void check_sum(const OfWallet& wallet, const WalletReplay& replay, Verdict& verdict) {
  std::int64_t sum = replay.resolved_sum();
  const Effect* newest = nullptr;
  for (const auto* effect : wallet.known) {
    if (effect->is_change()) sum += sum_of(*effect);
    if (effect->is_success() && (newest == nullptr || effect->answer.version >= newest->answer.version))
      newest = effect;
  }
  if (newest != nullptr && newest->answer.balance != sum)
    add(verdict, Violation::Kind::sum,
        "the balance of " + newest->operation.wallet + " is " + std::to_string(newest->answer.balance) +
            ", the acknowledged sum " + std::to_string(sum));
}

void check_wallet(const OfWallet& wallet, Verdict& verdict) {
  WalletReplay replay(wallet.known, wallet.lost);
  const bool fits = replay.run();
  if (!fits) add(verdict, replay.failure_kind(), replay.failure());
  if (fits || wallet.lost.empty()) check_sum(wallet, replay, verdict);
  verdict.expiries += replay.expiries();
  verdict.resolved += replay.resolved();
}

void count(const Effect& effect, Verdict& verdict) {
  if (effect.operation.kind == Operation::Kind::read)
    ++verdict.reads;
  else if (effect.is_change())
    ++verdict.changes;
  else if (!effect.is_success())
    ++verdict.refusals;
}

}  // namespace

bool Verdict::has(Violation::Kind kind) const {
  for (const auto& violation : violations)
    if (violation.kind == kind) return true;
  return false;
}

std::string Verdict::text() const {
  static constexpr const char* names[] = {"unexpected", "key", "lsn", "real time", "version", "state", "sum"};
  std::string text;
  for (const auto& violation : violations)
    text += std::string(names[static_cast<std::size_t>(violation.kind)]) + ": " + violation.text + '\n';
  return text;
}

Verdict check(const History& history) {
  Verdict verdict;
  const Effects effects = effects_of(history, verdict);
  check_order(effects, verdict);
  std::map<std::string, OfWallet> wallets;
  for (const auto& effect : effects) {
    auto& wallet = wallets[effect.operation.wallet];
    if (effect.is_known()) {
      wallet.known.push_back(&effect);
      count(effect, verdict);
    } else if (effect.operation.kind != Operation::Kind::read) {
      wallet.lost.emplace_back(&effect, window_of(effect, effects));
    }
  }
  for (const auto& [id, wallet] : wallets) check_wallet(wallet, verdict);
  return verdict;
}

std::int64_t now_ns() {
  using namespace std::chrono;
  static const auto offset = duration_cast<nanoseconds>(system_clock::now().time_since_epoch()) -
                             duration_cast<nanoseconds>(steady_clock::now().time_since_epoch());
  return (offset + duration_cast<nanoseconds>(steady_clock::now().time_since_epoch())).count();
}

bool is_final(unsigned status) {
  return (status >= 200 && status < 300) || status == 402 || status == 404 || status == 409 || status == 412;
}

}  // namespace tests
