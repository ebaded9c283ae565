// What an order's steps do, and what undoes them.
#include "actors/item/item.h"
#include "actors/order/lines.h"
#include "actors/order/order.h"
#include "actors/payment/gateway.h"
#include "actors/refund/refunds.h"
#include "actors/wallet/wallet.h"
#include "engine/kernel/name.h"

namespace tote {
namespace {

using saga::Context;
using Input = OrderPlan::Input;

constexpr std::int64_t reservation_expires_in_s = 3'600;  // longer than a charge may take, with its clearing up
constexpr std::int64_t charge_deadline_s = 600;
constexpr std::int64_t payment_deadline_s = 25 * 3'600;  // an hour more than a customer has on a provider's page
constexpr std::int64_t awaiting_expires_in_s = payment_deadline_s + 3'600;

// Unique: no two orders of a tenant are started at the same time.
std::string id_of_run(const Context& of) { return "o-" + std::to_string(of.started_at().ns); }
std::string old_reservation_id(const Context& of, const MergedLine& line) {
  return id_of_run(of) + '-' + std::to_string(line.first);
}
std::string reservation_id(const Context& of, const MergedLine& line) {
  return own_name_mark + old_reservation_id(of, line);
}

// Commits or releases what `line` has reserved; under the name that orders of the first versions gave it, too.
template <class Close>
Step close(Transaction& on, const Context& of, const MergedLine& line) {
  Step step = run<Item>(on, line.item, Close{reservation_id(of, line), true});
  if (step.code != Code::reservation_not_found) return step;
  return run<Item>(on, line.item, Close{old_reservation_id(of, line), true});
}

// What an item says to a line of the order.
Verdict verdict_on(const Step& step, const MergedLine& line) {
  if (!step.refused()) return {};
  Verdict verdict = step.about("/lines/" + std::to_string(line.first) + "/item", line.item);
  verdict.facts.add({FactName::line, static_cast<std::int64_t>(line.first)});
  return verdict;
}

// -- paid from a wallet: all in one transaction, so what a refusal finds staged is taken back, never compensated
Verdict pick(Transaction& on, const Context& of) {
  for (const MergedLine& line : merged(of.input<Input>())) {
    const Step step = run<Item>(on, line.item, Item::Pick{line.quantity});
    if (step.refused()) return verdict_on(step, line);
  }
  return {};
}

Verdict debit(Transaction& on, const Context& of) {
  const auto& order = of.input<Input>();
  const Step step = run<Wallet>(on, order.wallet, Wallet::Debit{order.amount, std::string(of.id)});
  if (step.refused()) return step.about("/pay/wallet", order.wallet);
  return pay_out(on, order.payee, order.amount, order.currency, of.id);
}

// -- paid by card, or outside
Verdict reserve(Transaction& on, const Context& of) {
  const bool is_awaiting = of.input<Input>().is_by_webhook();
  const std::int64_t expires_in_s = is_awaiting ? awaiting_expires_in_s : reservation_expires_in_s;
  for (const MergedLine& line : merged(of.input<Input>())) {
    const Step step =
        run<Item>(on, line.item, Item::Reserve{reservation_id(of, line), line.quantity, expires_in_s, true});
    if (step.refused()) return verdict_on(step, line);
  }
  return {};
}

// One that has expired has given back what it held.
Verdict release(Transaction& on, const Context& of) {
  for (const MergedLine& line : merged(of.input<Input>())) {
    const Step step = close<Item::Release>(on, of, line);
    const bool is_gone = step.code == Code::reservation_closed || step.code == Code::reservation_not_found;
    if (step.refused() && !is_gone) return step.verdict();
  }
  return {};
}

Command charge(const Context& of) {
  const auto& order = of.input<Input>();
  return Command(payment::Charge{saga::key_of(of), order.card_token, order.amount, order.currency});
}

// The queue pays back, once, however long it takes: to be in it is enough.
Verdict refund(Transaction& on, const Context& of) {
  const auto& order = of.input<Input>();
  return run<Refunds>(on, Refunds::id,
                      Refunds::Enqueue{id_of_run(of), std::string(of.progress.result(OrderPlan::charge_step)),
                                       order.amount, order.currency})
      .verdict();
}

// Refunds that wait for money on the provider's account may go on now.
void tell_of_money(Transaction& on) {
  const auto* refunds = look<Refunds>(on, Refunds::id);
  if (refunds != nullptr && Refunds::has_pending_funds(*refunds))
    run<Refunds>(on, Refunds::id, Refunds::FundsArrived{});
}

Verdict commit(Transaction& on, const Context& of) {
  for (const MergedLine& line : merged(of.input<Input>())) {
    const Step step = close<Item::Commit>(on, of, line);
    if (step.refused()) return step.verdict();
  }
  const auto& order = of.input<Input>();
  Verdict paid = pay_out(on, order.payee, order.amount, order.currency, of.id);
  if (paid.refused()) return paid;
  tell_of_money(on);
  return {};
}

// The event that the order is confirmed is the notice: who wants to tell the customer reads the log.
constexpr saga::Action in_the_log = saga::nothing();

}  // namespace

std::span<const saga::Step> OrderPlan::steps(const Input& order) {
  static constexpr saga::Step by_wallet[] = {
      {"reserve", saga::inside(pick)},
      {"charge", saga::inside(debit)},
      {"confirm", saga::nothing()},
      {"notify", in_the_log},
  };
  static constexpr saga::Step by_card[] = {
      {"reserve", saga::inside(reserve), saga::inside(release)},
      {"charge", saga::outside(charge), saga::inside(refund), {.attempts_max = 20}, charge_deadline_s},
      {"confirm", saga::inside(commit)},
      {"notify", in_the_log},
  };
  static constexpr saga::Step by_webhook[] = {
      {"reserve", saga::inside(reserve), saga::inside(release)},
      {"charge", saga::awaited(), saga::inside(refund), {}, payment_deadline_s},
      {"confirm", saga::inside(commit)},
      {"notify", in_the_log},
  };
  if (order.is_by_webhook()) return by_webhook;
  if (order.is_by_card()) return by_card;
  return by_wallet;
}

}  // namespace tote
