#include "actors/match/give_seat.h"

namespace tote {

Code why_no_seat(const Match::State& match, std::string_view player, Time now, std::string_view saga) {
  if (!match.sells(now)) return Code::sales_closed;
  if (const Match::Player* found = match.players.find(player)) {
    const bool is_own_hold = !found->is_in() && !saga.empty() && found->saga == saga;
    return is_own_hold ? Code::ok : Code::already_booked;
  }
  return match.free() > 0 ? Code::ok : Code::match_full;
}

bool is_passing(const Match::State& match, std::string_view player, bool with_cards) {
  if (match.free() > static_cast<std::int64_t>(match.waiting.size())) return false;
  const WaitingList::Waiting* next = match.waiting.next(with_cards);
  return next != nullptr && next->player != player;
}

bool has_wished(const Match::State& match, const std::string& player) {
  const auto wish = match.wishes.lower_bound(std::pair(player, std::string()));
  return wish != match.wishes.end() && wish->first.first == player;
}

std::int64_t attempts_at(const Match::State& match, std::string_view player, Time now) {
  return match.attempts.count(player, now, match.attempts_window_s);
}

Refusal why_no_attempt(const Match::State& match, std::string_view player, Time now) {
  if (attempts_at(match, player, now) < match.attempts_max) return {Code::ok};
  const Time room_at = match.attempts.room_at(player, match.attempts_max, match.attempts_window_s);
  return {Code::too_many_attempts, {{FactName::retry_after_s, (room_at.ns - now.ns + ns_per_s - 1) / ns_per_s}}};
}

bool is_payment(const Match::Payment& payment) {
  if (payment.method == Match::Method::free) return payment.reference.empty() && payment.amount.minor == 0;
  if (payment.reference.empty()) return false;
  return payment.method == Match::Method::pass ? payment.amount.minor == 0 : payment.amount.minor > 0;
}

}  // namespace tote
