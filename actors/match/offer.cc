#include "actors/match/offer.h"

#include "actors/match/card_booking.h"
#include "actors/match/match.h"
#include "actors/match/pay.h"
#include "actors/refund/refunds.h"

namespace tote {
namespace {

using Method = Match::Method;

constexpr std::int64_t paused_retry_s = 60;

// Who waits, as of before the offer: what is staged meanwhile moves the state.
struct Candidate {
  std::uint64_t place;
  Match::Waiting waiting;
};

bool give(Transaction& on, std::string_view match_id, const Match::Waiting& to, Match::Payment payment) {
  return !run<Match>(on, match_id, Match::Seat{to.player, std::move(payment), true}).refused();
}

// The payment first: a refusal of it needs no undoing.
bool offer_for_money(Transaction& on, std::string_view match_id, const Match::Waiting& to, Money price,
                     Currency currency) {
  const auto mark = on.mark();
  if (pay_from_wallet(on, to.payment.reference, price, currency, match_id).refused()) return false;
  if (give(on, match_id, to, {Method::wallet, to.payment.reference, price})) return true;
  on.undo(mark);
  return false;
}

bool offer_for_card(Transaction& on, std::string_view match_id, const Candidate& to, const Match::State& match) {
  if (to.waiting.asked_for == match.releases || are_card_payments_paused(on)) return false;
  const std::string saga = std::to_string(on.now().ns) + '-' + std::to_string(to.place);
  const CardBookingPlan::Input input{std::string(match_id), to.waiting.player, to.waiting.payment.reference,
                                     match.price,           match.currency,    true};
  const auto mark = on.mark();
  const auto stand = saga::start<CardBooking>(on, saga, std::make_shared<const CardBookingPlan::Input>(input));
  if (stand.verdict.refused()) on.undo(mark);
  return !stand.verdict.refused();
}

// By nothing but the pause: nobody tells the match when it ends, so it asks again.
bool is_kept_waiting(Transaction& on, const Match::Waiting& waiting, std::uint64_t releases) {
  return waiting.payment.method == Method::card && waiting.asked_for != releases && are_card_payments_paused(on);
}

bool offer(Transaction& on, std::string_view match_id, const Candidate& to, const Match::State& match) {
  switch (to.waiting.payment.method) {
    case Method::wallet: return offer_for_money(on, match_id, to.waiting, match.price, match.currency);
    case Method::pass:
      return is_pass_valid(on, to.waiting.payment.reference, to.waiting.player) &&
             give(on, match_id, to.waiting, {Method::pass, to.waiting.payment.reference, {}});
    case Method::card: return offer_for_card(on, match_id, to, match);
  }
  return false;
}

// The engine's own, after a hold has expired.
class Offer final : public Script {
 public:
  explicit Offer(std::string_view match) : match_(match) {}

  void entities(std::vector<EntityRef>& out) const override { out.push_back({Match::kind_id, match_}); }
  Verdict run(Transaction& on) const override {
    offer_seats(on, match_);
    return tote::run<Match>(on, match_, Match::MakeOffers{}).verdict();
  }
  void answer(Transaction&, std::string&) const override {}
  void digest(std::string& out) const override { out.append("offer ").append(match_); }

 private:
  const std::string match_;
};

}  // namespace

void offer_seats(Transaction& on, std::string_view match_id) {
  const auto* match = look<Match>(on, match_id);
  if (match == nullptr || match->waitlist.empty() || match->free() <= 0 || match->has_started(on.now())) return;
  std::vector<Candidate> candidates;
  for (const auto& [place, waiting] : match->waitlist)
    if (!match->players.contains(waiting.player)) candidates.push_back({place, waiting});
  bool is_paused = false;
  for (const Candidate& candidate : candidates) {
    match = look<Match>(on, match_id);  // every seat that is given moves it
    if (match->free() <= 0) return;
    const std::uint64_t releases = match->releases;
    is_paused |= !offer(on, match_id, candidate, *match) && is_kept_waiting(on, candidate.waiting, releases);
  }
  if (is_paused && look<Match>(on, match_id)->free() > 0)
    run<Match>(on, match_id, Match::PostponeOffers{after(on.now(), paused_retry_s)});
}

ScriptPtr Match::follow_up(const State& match, std::string_view id) {
  return match.offer_wanted ? std::make_unique<Offer>(id) : nullptr;
}

}  // namespace tote
