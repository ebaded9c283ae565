#include "actors/match/offer.h"

#include "actors/match/call_off.h"
#include "actors/match/card_booking.h"
#include "actors/match/match.h"
#include "actors/match/pay.h"
#include "actors/pass/pass.h"
#include "actors/refund/refunds.h"
#include "actors/wallet/wallet.h"

namespace tote {
namespace {

using Method = Match::Method;

constexpr std::int64_t paused_retry_s = 60;
constexpr std::int64_t short_retry_s = 300;

bool give(Transaction& on, std::string_view match_id, const WaitingList::Waiting& to, Match::Payment payment) {
  return !run<Match>(on, match_id, Match::Seat{to.player, std::move(payment), true, to.labels}).refused();
}

// The payment first: a refusal of it needs no undoing.
bool offer_for_money(Transaction& on, std::string_view match_id, const WaitingList::Waiting& to, Money price,
                     Currency currency, const Payee& payee) {
  const auto mark = on.mark();
  if (pay_from_wallet(on, to.payment.reference, price, currency, match_id).refused()) return false;
  if (!pay_out(on, payee, price, currency, match_id).refused() &&
      give(on, match_id, to, {Method::wallet, to.payment.reference, price}))
    return true;
  on.undo(mark);
  return false;
}

bool offer_for_card(Transaction& on, std::string_view match_id, const WaitingList::Waiting& to,
                    const Match::State& match) {
  const CardBookingPlan::Input input{
      std::string(match_id), to.player, to.payment.reference, match.price, match.currency, true, to.labels};
  const auto mark = on.mark();
  const auto stand =
      saga::start<CardBooking>(on, new_saga_id(on), std::make_shared<const CardBookingPlan::Input>(input));
  if (stand.verdict.refused()) on.undo(mark);
  return !stand.verdict.refused();
}

bool offer(Transaction& on, std::string_view match_id, const WaitingList::Waiting& to, const Match::State& match) {
  if (match.is_free_of_charge()) return give(on, match_id, to, {Method::free, {}, {}});
  switch (to.payment.method) {
    case Method::wallet: return offer_for_money(on, match_id, to, match.price, match.currency, Payee(match.payee));
    case Method::pass:
      return is_pass_valid(on, to.payment.reference, to.player, match.starts_at) &&
             give(on, match_id, to, {Method::pass, to.payment.reference, {}});
    case Method::card: return offer_for_card(on, match_id, to, match);
    case Method::free: break;
  }
  return false;
}

// Nobody is left whose turn it is: those who couldn't pay are asked again some time.
void ask_later(Transaction& on, std::string_view match_id, const Match::State& match, bool is_paused) {
  if (is_paused && match.waiting.next(true) != nullptr)
    run<Match>(on, match_id, Match::PostponeOffers{after(on.now(), paused_retry_s), true});
  else if (match.waiting.has_short())
    run<Match>(on, match_id, Match::PostponeOffers{after(on.now(), short_retry_s), false});
}

// The seats of those who are in with a pass that was revoked.
void withdraw_seats(Transaction& on, std::string_view match_id) {
  for (std::size_t i = 0; i < asked_max; ++i) {
    const auto* match = look<Match>(on, match_id);
    if (match->passes_revoked.empty()) return;
    const std::string player = match->pass_uses.at(match->passes_revoked.begin()->first).begin()->first;
    if (run<Match>(on, match_id, Match::Withdraw{player}).refused()) return;
  }
}

// The engine's own, while there is somebody to be asked.
class Offer final : public Script {
 public:
  explicit Offer(std::string_view match) : match_(match) {}

  void entities(std::vector<EntityRef>& out) const override { out.push_back({Match::kind_id, match_}); }
  Verdict run(Transaction& on) const override {
    const auto* match = look<Match>(on, match_);
    if (!match->passes_revoked.empty())
      withdraw_seats(on, match_);
    else if (match->has_started(on.now()))
      return tote::run<Match>(on, match_, Match::EndOffers{}).verdict();
    else
      offer_seats(on, match_);
    return {};
  }
  void answer(Transaction&, std::string&) const override {}
  void digest(std::string& out) const override { out.append("offer ").append(match_); }

 private:
  const std::string match_;
};

}  // namespace

std::string new_saga_id(Transaction& on) {
  const std::string time = std::to_string(on.now().ns);
  std::string id = time;
  for (int i = 1; look<CardBooking>(on, id) != nullptr; ++i) id = time + '-' + std::to_string(i);
  return id;
}

void offer_seats(Transaction& on, std::string_view match_id, std::string_view until) {
  const auto* match = look<Match>(on, match_id);
  if (match == nullptr || !match->sells(on.now())) return;
  const bool is_paused = are_card_payments_paused(on);
  for (std::size_t asked = 0; asked < asked_max; ++asked) {
    match = look<Match>(on, match_id);  // every seat that is given moves it
    if (match->free() <= 0) return;
    const WaitingList::Waiting* next = match->waiting.next(!is_paused);
    if (next == nullptr) return ask_later(on, match_id, *match, is_paused);
    if (next->player == until) return;
    const WaitingList::Waiting to = *next;
    if (offer(on, match_id, to, *match)) continue;
    // Who has the money, and whose payee can't take it, is asked again by the clock: to wait for a change of the
    // payer's wallet would end at once, and again, and for ever.
    const auto* payer = to.payment.method == Method::wallet ? look<Wallet>(on, to.payment.reference) : nullptr;
    match = look<Match>(on, match_id);
    const bool is_payees =
        payer != nullptr && why_no_money(*payer, match->price, match->currency, on.now()).code == Code::ok;
    if (is_payees) run<Match>(on, match_id, Match::PostponeOffers{after(on.now(), short_retry_s), false});
    // A pass is opened once, and for good: one that is there and doesn't let in never will.
    const bool may_change = to.payment.method == Method::pass ? look<Pass>(on, to.payment.reference) == nullptr
                                                              : to.payment.method != Method::free && !is_payees;
    run<Match>(on, match_id, Match::PassOver{to.player, may_change});
  }
}

ScriptPtr Match::follow_up(const State& match, std::string_view id) {
  if (match.is_cancelled) return clear_up(match, id);
  const bool is_offering = match.free() > 0 && !match.offers_ended && !match.sales_closed &&
                           match.waiting.next(!match.cards_wait) != nullptr;
  return is_offering || !match.passes_revoked.empty() ? std::make_unique<Offer>(id) : nullptr;
}

}  // namespace tote
