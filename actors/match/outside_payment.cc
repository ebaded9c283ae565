#include "actors/match/outside_payment.h"

#include "actors/match/give_seat.h"
#include "actors/match/match.h"
#include "actors/match/offer.h"
#include "actors/match/pay.h"
#include "engine/kernel/name.h"

namespace tote {
namespace {

bool is_paid_with(const Match::Player& player, const PaidSeat& paid) {
  const Match::Payment& payment = player.payment;
  return player.is_in() && payment.method == Match::Method::card &&
         (payment.reference == paid.payment || (!paid.charge.empty() && payment.reference == paid.charge));
}

// Nobody passes those who wait and can pay: they are asked before.
Code why_not_now(Transaction& on, const PaidSeat& paid, const Match::State& match) {
  if (const Code code = why_no_seat(match, paid.player, on.now()); code != Code::ok) return code;
  const bool with_cards = !match.waiting.empty() && !are_card_payments_paused(on);
  if (!is_passing(match, paid.player, with_cards)) return Code::ok;
  offer_seats(on, paid.match, paid.player);
  const auto* left = look<Match>(on, paid.match);
  return is_passing(*left, paid.player, with_cards) ? Code::match_full : why_no_seat(*left, paid.player, on.now());
}

}  // namespace

Verdict seat_paid(Transaction& on, const PaidSeat& paid) {
  const auto* match = look<Match>(on, paid.match);
  if (match == nullptr) return {Code::not_found};
  if (!is_valid_id(paid.player)) return {Code::invalid_id};
  if (const Match::Player* player = match->players.find(paid.player)) {
    if (is_paid_with(*player, paid)) return {};
    if (!player->is_in()) return {Code::accepted};
  }
  if (paid.currency != match->currency) return {Code::currency_mismatch};
  if (paid.amount != match->price) return {Code::wrong_amount};
  if (const Code code = why_not_now(on, paid, *match); code != Code::ok) return {code};
  const Payee payee = look<Match>(on, paid.match)->payee;
  const auto mark = on.mark();
  const Step confirmed = run<Match>(on, paid.match, Match::Confirm{paid.player, {}, paid.payment, paid.amount});
  if (confirmed.refused()) return confirmed.verdict();
  Verdict verdict = pay_out(on, payee, paid.amount, paid.currency, paid.match);
  if (!verdict.refused()) return confirmed.verdict();
  on.undo(mark);
  return {verdict.code};
}

}  // namespace tote
