#include "actors/match/card_booking.h"

#include "actors/match/match.h"
#include "actors/payment/gateway.h"
#include "actors/refund/refunds.h"

namespace tote {
namespace {

using saga::Context;
using Input = CardBookingPlan::Input;

constexpr std::uint8_t hold_step = 0, charge_step = 1;
constexpr std::int64_t hold_s = 900;  // longer than a charge may take
constexpr std::int64_t charge_deadline_s = 600;

Verdict hold(Transaction& on, const Context& of) {
  const auto& booking = of.input<Input>();
  const Match::HoldSeat command{booking.player, std::string(of.id), after(on.now(), hold_s), booking.from_waitlist,
                                booking.labels};
  return run<Match>(on, booking.match, command).verdict();
}

// The seat is free at once, and the match offers it to those who wait.
Verdict drop(Transaction& on, const Context& of) {
  const auto& booking = of.input<Input>();
  return run<Match>(on, booking.match, Match::DropHold{booking.player, std::string(of.id)}).verdict();
}

Command charge(const Context& of) {
  const auto& booking = of.input<Input>();
  return Command(payment::Charge{saga::key_of(of), booking.card_token, booking.amount, booking.currency});
}

Verdict refund(Transaction& on, const Context& of) {
  const auto& booking = of.input<Input>();
  return run<Refunds>(on, Refunds::id,
                      Refunds::Enqueue{refund_id(of.id), std::string(of.progress.result(charge_step)), booking.amount,
                                       booking.currency})
      .verdict();
}

Verdict confirm(Transaction& on, const Context& of) {
  const auto& booking = of.input<Input>();
  const auto* match = look<Match>(on, booking.match);
  const Payee payee = match == nullptr ? Payee{} : match->payee;
  const Match::Confirm command{booking.player, std::string(of.id), std::string(of.progress.result(charge_step)),
                               booking.amount, booking.labels};
  // Without its hold the match may be sold in another currency by now, in which the money couldn't go back.
  if (match != nullptr && match->currency != booking.currency) return {Code::currency_mismatch};
  const Step confirmed = run<Match>(on, booking.match, command);
  if (confirmed.refused()) return confirmed.verdict();
  if (Verdict paid = pay_out(on, payee, booking.amount, booking.currency, booking.match); paid.refused()) return paid;
  // Money has come in: refunds that wait for it may go on.
  const auto* refunds = look<Refunds>(on, Refunds::id);
  if (refunds != nullptr && Refunds::has_pending_funds(*refunds))
    run<Refunds>(on, Refunds::id, Refunds::FundsArrived{});
  return confirmed.verdict();
}

}  // namespace

std::span<const saga::Step> CardBookingPlan::steps(const Input&) {
  static constexpr saga::Step table[] = {
      {"hold", saga::inside(hold), saga::inside(drop)},
      {"charge", saga::outside(charge), saga::inside(refund), {.attempts_max = 20}, charge_deadline_s},
      {"confirm", saga::inside(confirm)},
  };
  return table;
}

void CardBookingPlan::describe(const Input& booking, Fields& fields) {
  fields.text("match", booking.match);
  fields.text("player", booking.player);
  fields.integer("amount", booking.amount.minor);
  fields.text("currency", booking.currency.text());
  labels_of(booking.labels).describe(fields);
}

std::string_view CardBookingPlan::told(const saga::Change& change) {
  using saga::ChangeType;
  if (change.step == charge_step && change.type == ChangeType::compensated) return "booking.refunded";
  const bool is_undone =
      change.type == ChangeType::failed || change.type == ChangeType::compensated || change.type == ChangeType::skipped;
  return change.step == hold_step && is_undone ? "booking.failed" : std::string_view{};
}

std::string refund_id(std::string_view saga_id) { return "b-" + std::string(saga_id); }

}  // namespace tote
