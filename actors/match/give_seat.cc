#include "actors/match/give_seat.h"

#include <algorithm>

namespace tote {

Code why_no_seat(const Match::State& match, std::string_view player, Time now, std::string_view saga) {
  if (match.has_started(now)) return Code::sales_closed;
  const auto found = match.players.find(player);
  if (found != match.players.end()) {
    const bool is_own_hold =
        found->second.status == Match::PlayerStatus::pending && !saga.empty() && found->second.saga == saga;
    return is_own_hold ? Code::ok : Code::already_booked;
  }
  return match.free() > 0 ? Code::ok : Code::match_full;
}

std::int64_t attempts_at(const Match::State& match, std::string_view player, Time now) {
  const auto found = match.attempts.find(player);
  if (found == match.attempts.end()) return 0;
  return std::count_if(found->second.begin(), found->second.end(),
                       [&](Time at) { return after(at, match.attempts_window_s) > now; });
}

Refusal why_no_attempt(const Match::State& match, std::string_view player, Time now) {
  if (match.attempts_by_time.size() >= Match::attempts_remembered_max &&
      after(match.attempts_by_time.front().first, match.attempts_window_s) > now)
    return {Code::overloaded};
  const std::int64_t count = attempts_at(match, player, now);
  if (count < match.attempts_max) return {Code::ok};
  // The oldest that must leave the window before there is room for one more.
  const auto& times = match.attempts.find(player)->second;
  const Time leaves =
      after(times[times.size() - static_cast<std::size_t>(match.attempts_max)], match.attempts_window_s);
  return {Code::too_many_attempts, {{FactName::retry_after_s, (leaves.ns - now.ns + ns_per_s - 1) / ns_per_s}}};
}

bool is_payment(const Match::Payment& payment) {
  if (payment.reference.empty()) return false;
  return payment.method == Match::Method::pass ? payment.amount.minor == 0 : payment.amount.minor > 0;
}

}  // namespace tote
