// What is done about an event of a payment provider: in one record with the event's own change, so once.
#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include "actors/match/match.h"
#include "actors/match/outside_payment.h"
#include "actors/order/order.h"
#include "actors/order/outside_payment.h"
#include "actors/payment_event/outside_payment.h"
#include "actors/payment_event/payment_events.h"
#include "actors/refund/refunds.h"
#include "engine/kernel/name.h"
#include "engine/kernel/run_again.h"

namespace tote {
namespace {

using Outcome = PaymentOutcome;

struct Done {
  Outcome outcome = Outcome::none;  // none: not now
  Code reason = Code::ok;
  std::string error{};
  bool is_final = false;
};
Done not_now(std::string why) { return {.error = std::move(why)}; }
Done never(std::string why) { return {.error = std::move(why), .is_final = true}; }

class Deed {
 public:
  Deed(Transaction& on, const std::string& event, const PaymentNotice& notice)
      : on_(on), event_(event), notice_(notice) {}

  Done act() {
    switch (notice_.fact) {
      case PaymentFact::paid:
      case PaymentFact::awaited:
      case PaymentFact::lapsed: return of_customer();
      case PaymentFact::returned: return returned();
      case PaymentFact::bounced: return bounced();
      case PaymentFact::disputed: return disputed();
      case PaymentFact::funds: return funds();
      case PaymentFact::other: break;
    }
    return {Outcome::not_ours};
  }

 private:
  // What a customer has done on the provider's page.
  Done of_customer() {
    if (!notice_.is_ours()) return {Outcome::not_ours};
    if (notice_.is_own) return {Outcome::known};  // who made the charge hears of it by the answer
    if (!notice_.payment.empty()) {
      const std::string fact = notice_.object + '/' + notice_.type;
      const auto* payment = look<OutsidePayment>(on_, notice_.payment);
      if (payment != nullptr && payment->seen.contains(fact)) return {Outcome::repeated};
      if (const Step seen = run<OutsidePayment>(on_, notice_.payment, OutsidePayment::Seen{fact}); seen.refused())
        return not_now(std::string(name_of(seen.code)));
    }
    if (notice_.fact == PaymentFact::awaited) return {Outcome::waiting};
    return notice_.fact == PaymentFact::paid ? paid() : lapsed();
  }

  Done paid() {
    if (notice_.payment.empty()) return never("it is paid, and names no payment that could be given back");
    if (notice_.amount.minor < 1 || notice_.currency == Currency{})
      return never("it is paid, in a currency that isn't known, or not at all");
    const auto* payment = look<OutsidePayment>(on_, notice_.payment);
    if (payment->is_decided()) return {Outcome::known};
    if (payment->is_returned) return {Outcome::returned};
    if (refund() != nullptr) return {Outcome::known};
    const bool is_order = !notice_.order.empty();
    const auto mark = on_.mark();
    const Verdict verdict =
        is_order ? pay_order(on_, {notice_.order, notice_.payment, notice_.charge, notice_.amount, notice_.currency})
                 : seat_paid(on_, {notice_.match, notice_.player, notice_.payment, notice_.charge, notice_.amount,
                                   notice_.currency});
    if (verdict.code == Code::accepted) return not_now("a charge for it is on its way: its answer comes first");
    if (!verdict.refused()) return money_came(is_order ? Outcome::confirmed : Outcome::booked);
    if (!is_order) on_.undo(mark);
    return pay_back(verdict.code);
  }

  Done money_came(Outcome outcome) {
    const auto* queue = look<Refunds>(on_, Refunds::id);
    if (queue != nullptr && Refunds::has_pending_funds(*queue)) run<Refunds>(on_, Refunds::id, Refunds::FundsArrived{});
    return decide(outcome, Code::ok);
  }

  Done pay_back(Code why) {
    const Step queued = run<Refunds>(
        on_, Refunds::id,
        Refunds::Enqueue{refund_id_of_payment(notice_.payment), notice_.payment, notice_.amount, notice_.currency});
    return queued.refused() ? not_now(std::string(name_of(queued.code))) : decide(Outcome::refunded, why);
  }

  Done decide(Outcome outcome, Code reason) {
    const Step decided =
        run<OutsidePayment>(on_, notice_.payment,
                            OutsidePayment::Decided{outcome, event_, notice_.match, notice_.player, notice_.order,
                                                    notice_.amount, notice_.currency, reason});
    return decided.refused() ? not_now(std::string(name_of(decided.code))) : Done{outcome, reason};
  }

  Done lapsed() {
    if (notice_.order.empty()) return {Outcome::nothing};  // no seat is held for one who pays outside
    const Verdict failed = fail_order(on_, notice_.order, notice_.type);
    if (failed.refused()) return {Outcome::nothing};
    return {Outcome::released};
  }

  Done returned() {
    const Refunds::Refund* refund = this->refund();
    const auto* payment = known_payment();
    const bool is_unheard = refund == nullptr && payment == nullptr;
    if (is_unheard && !(notice_.is_ours() && !notice_.payment.empty())) return {Outcome::not_ours};
    bool is_news = false;
    if (refund != nullptr && notice_.amount >= refund->amount) {
      is_news = refund->status != Refunds::Status::succeeded;
      hear(*refund, Refunds::News::returned);
    }
    const bool is_whole = payment == nullptr || notice_.amount >= payment->decided.amount;
    if (!notice_.payment.empty() && (payment != nullptr || notice_.is_ours()) && is_whole)
      is_news = run<OutsidePayment>(on_, notice_.payment, OutsidePayment::Returned{}).changed || is_news;
    return {is_news ? Outcome::returned : Outcome::nothing};
  }

  // Said more than once, by events of their own, of one refund of the provider's: the later ones mustn't be taken for
  // another's, nor for what an operator has sent since. Where its id isn't known here, its amount must tell.
  Done bounced() {
    const std::vector<const Refunds::Refund*> refunds = all_refunds();
    if (refunds.empty()) return {known_payment() == nullptr ? Outcome::not_ours : Outcome::nothing};
    const std::string id = provider_id();
    std::vector<const Refunds::Refund*> likely;
    for (const Refunds::Refund* refund : refunds) {
      if (!id.empty() && refund->bounced_id == id) return {Outcome::nothing};
      if (!id.empty() && refund->provider_id == id) return bounced(*refund);
      const bool is_known = !id.empty() && !refund->provider_id.empty();
      if (!is_known && (!refund->is_part || refund->amount == notice_.amount)) likely.push_back(refund);
    }
    if (is_any_unanswered(likely)) return not_now("the refund's own answer comes first");
    std::erase_if(likely, [](const auto* refund) {
      const bool was_this = refund->has_bounced && refund->bounced_id.empty();
      return refund->status != Refunds::Status::succeeded && !was_this;
    });
    if (likely.size() > 1) return never("which of the refunds of this amount didn't arrive only the provider knows");
    if (likely.empty() || likely.front()->status != Refunds::Status::succeeded) return {Outcome::nothing};
    return bounced(*likely.front());
  }
  Done bounced(const Refunds::Refund& refund) {
    hear(refund, Refunds::News::bounced);
    return {Outcome::bounced};
  }

  // What isn't on its way yet stays here, all of it.
  Done disputed() {
    std::vector<const Refunds::Refund*> refunds = all_refunds();
    if (refunds.empty()) return {known_payment() == nullptr ? Outcome::not_ours : Outcome::nothing};
    if (is_any_unanswered(refunds)) return not_now("the refund's own answer comes first");
    std::erase_if(refunds, [](const auto* refund) {
      return refund->status != Refunds::Status::queued && refund->status != Refunds::Status::pending_funds;
    });
    std::vector<Refunds::Heard> news;  // each changes the queue that the refunds stand in
    news.reserve(refunds.size());
    for (const Refunds::Refund* refund : refunds) news.push_back(heard(*refund, Refunds::News::disputed));
    for (Refunds::Heard& each : news) run<Refunds>(on_, Refunds::id, std::move(each));
    return {news.empty() ? Outcome::nothing : Outcome::frozen};
  }

  Done funds() {
    const auto* queue = look<Refunds>(on_, Refunds::id);
    if (queue == nullptr || !Refunds::has_pending_funds(*queue)) return {Outcome::nothing};
    run<Refunds>(on_, Refunds::id, Refunds::FundsArrived{});
    return {Outcome::woken};
  }

  void hear(const Refunds::Refund& refund, Refunds::News news) { run<Refunds>(on_, Refunds::id, heard(refund, news)); }
  Refunds::Heard heard(const Refunds::Refund& refund, Refunds::News news) const {
    const std::string& id = look<Refunds>(on_, Refunds::id)->by_number.at(refund.number);
    return {Refunds::charge_name(refund.charge, id, refund.is_part), news, notice_.type, provider_id()};
  }
  // Of the refund that it is about; empty: it is about the payment.
  std::string provider_id() const {
    const bool is_refund = notice_.object != notice_.payment && notice_.object != notice_.charge;
    return is_refund ? notice_.object : std::string();
  }
  // Nobody knows yet whether the provider has made it: another call would have to be under the same key.
  static bool is_unanswered(const Refunds::Refund& refund) {
    return refund.status == Refunds::Status::sent || (refund.status == Refunds::Status::queued && refund.attempts > 0);
  }
  static bool is_any_unanswered(const std::vector<const Refunds::Refund*>& refunds) {
    return std::ranges::any_of(refunds, [](const auto* refund) { return is_unanswered(*refund); });
  }
  const OutsidePayment::State* known_payment() {
    return notice_.payment.empty() ? nullptr : look<OutsidePayment>(on_, notice_.payment);
  }
  // Of this payment, by any of its names; null: none.
  const Refunds::Refund* refund() const {
    const auto* queue = look<Refunds>(on_, Refunds::id);
    if (queue == nullptr) return nullptr;
    for (const std::string* name : {&notice_.payment, &notice_.charge})
      if (const auto found = queue->by_charge.find(*name); !name->empty() && found != queue->by_charge.end())
        return &queue->refunds.at(found->second);
    return nullptr;
  }

  // With those of a part of it: an order gives back up to OrderReturns::refunds_max of them.
  std::vector<const Refunds::Refund*> all_refunds() const {
    std::vector<const Refunds::Refund*> refunds = parts();
    if (const Refunds::Refund* whole = refund()) refunds.push_back(whole);
    return refunds;
  }
  std::vector<const Refunds::Refund*> parts() const {
    const auto* queue = look<Refunds>(on_, Refunds::id);
    if (queue == nullptr) return {};
    std::set<std::string> names{Refunds::charge_name(notice_.payment, {}, true),
                                Refunds::charge_name(notice_.charge, {}, true)};
    names.erase(Refunds::charge_name({}, {}, true));
    std::vector<const Refunds::Refund*> found;
    for (const std::string& name : names) {
      for (auto at = queue->by_charge.lower_bound(name); at != queue->by_charge.end() && at->first.starts_with(name);
           ++at)
        found.push_back(&queue->refunds.at(at->second));
    }
    return found;
  }

  Transaction& on_;
  const std::string& event_;
  const PaymentNotice& notice_;
};

// The engine's own, while an event is ready. What can't be done now is on record, too, and comes again.
class Act final : public Script {
 public:
  Act(std::string event, PaymentNotice notice) : event_(std::move(event)), notice_(std::move(notice)) {}

  void entities(std::vector<EntityRef>& out) const override {
    out.push_back({PaymentEvents::kind_id, PaymentEvents::id});
    out.push_back({Refunds::kind_id, Refunds::id});
    if (!notice_.payment.empty()) out.push_back({OutsidePayment::kind_id, notice_.payment});
    if (is_valid_id(notice_.match)) out.push_back({Match::kind_id, notice_.match});
    if (is_valid_id(notice_.order)) out.push_back({Order::kind_id, notice_.order});
  }
  Verdict run(Transaction& on) const override {
    const auto mark = on.mark();
    const Done done = act(on);
    if (done.outcome == Outcome::none) {
      on.undo(mark);
      return tote::run<PaymentEvents>(on, PaymentEvents::id, PaymentEvents::Postpone{event_, done.error, done.is_final})
          .verdict();
    }
    return tote::run<PaymentEvents>(on, PaymentEvents::id, PaymentEvents::Settle{event_, done.outcome, done.reason})
        .verdict();
  }
  void answer(Transaction&, std::string&) const override {}
  void digest(std::string& out) const override { out.append("act on ").append(event_); }

 private:
  // A defect must not keep the events behind it waiting for ever, and nobody may lose a payment by it.
  Done act(Transaction& on) const {
    try {
      return Deed(on, event_, notice_).act();
    } catch (const RunAgain&) {
      throw;  // an entity is being fetched
    } catch (...) {
      return not_now(std::string(name_of(Code::internal_error)));
    }
  }

  const std::string event_;
  const PaymentNotice notice_;
};

}  // namespace

ScriptPtr PaymentEvents::follow_up(const State& events, std::string_view) {
  if (events.ready.empty()) return nullptr;
  const std::string& event = events.ready.begin()->second;
  return std::make_unique<Act>(event, events.events.at(event).notice);
}

}  // namespace tote
