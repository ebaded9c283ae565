#include "actors/refund/refunds.h"
#include "engine/kernel/backoff.h"
#include "engine/kernel/bounded.h"
#include "engine/kernel/limits.h"
#include "engine/kernel/name.h"

namespace tote {
namespace {

using Event = Refunds::Event;
using Refund = Refunds::Refund;
using State = Refunds::State;

// Until the provider's account has money, or it answers.
constexpr Backoff backoff{ns_per_s, 600 * ns_per_s};

struct Decide {
  const State& queue;
  Time now;

  Decision<Event> operator()(const Refunds::Enqueue& enqueue) const {
    if (!is_valid_id(enqueue.refund) || enqueue.charge.empty() || enqueue.charge.size() > Refunds::text_bytes_max)
      return Refusal{Code::invalid_request};
    if (enqueue.amount.minor < 1 || enqueue.amount.minor > limits::amount_max) return Refusal{Code::invalid_request};
    if (queue.by_charge.contains(Refunds::charge_name(enqueue.charge, enqueue.refund, enqueue.is_part)))
      return Decision<Event>(Code::ok);
    if (queue.refunds.contains(enqueue.refund)) return Refusal{Code::invalid_request};
    if (queue.refunds.size() - queue.closed.size() >= Refunds::open_max) return Refusal{Code::overloaded};
    return Refunds::Enqueued{enqueue.refund, enqueue.charge, enqueue.amount, enqueue.currency, now, enqueue.is_part};
  }

  // A report that comes twice, or of a call that isn't waited for any more, changes nothing.
  Decision<Event> operator()(const Refunds::Reported& reported) const {
    const auto slash = reported.effect.rfind('/');
    const auto found = queue.refunds.find(std::string_view(reported.effect).substr(0, slash));
    if (slash == std::string::npos || found == queue.refunds.end()) return Decision<Event>(Code::ok);
    const auto& [id, refund] = *found;
    const bool is_awaited =
        refund.status == Refunds::Status::sent && reported.effect.substr(slash + 1) == std::to_string(refund.attempts);
    return is_awaited ? answered(id, refund, reported.result) : Decision<Event>(Code::ok);
  }

  Decision<Event> operator()(const Refunds::FundsArrived&) const {
    return queue.lacking_funds == 0 ? Decision<Event>(Code::ok) : Decision<Event>(Refunds::AllDue{});
  }

  Decision<Event> operator()(const Refunds::Retry& retry) const {
    const auto found = queue.refunds.find(retry.refund);
    if (retry.reason.size() > Refunds::text_bytes_max) return Refusal{Code::invalid_request};
    if (found == queue.refunds.end()) return Refusal{Code::not_found};
    if (!Refunds::may_be_retried(found->second)) return Refusal{Code::refund_not_failed};
    return Refunds::Requeued{retry.refund, retry.reason};
  }

  Decision<Event> operator()(const Refunds::Resume& resume) const {
    if (resume.reason.empty() || resume.reason.size() > Refunds::text_bytes_max) return Refusal{Code::invalid_request};
    Decision<Event> resumed =
        queue.paused ? Decision<Event>(Refunds::Resumed{resume.reason}) : Decision<Event>(Code::ok);
    return queue.lacking_funds == 0 ? std::move(resumed) : std::move(resumed).then(Refunds::AllDue{});
  }

  // While a call is out its answer decides, but for money that is back already.
  Decision<Event> operator()(const Refunds::Heard& heard) const {
    const auto found = queue.by_charge.find(heard.charge);
    if (found == queue.by_charge.end()) return Decision<Event>(Code::ok);
    using Status = Refunds::Status;
    const Refund& refund = queue.refunds.at(found->second);
    const Status status = refund.status;
    const bool is_open = status == Status::queued || status == Status::pending_funds;
    switch (heard.news) {
      case Refunds::News::returned:
        // After a bounce it may be old news, of the money that has come back: from then on its calls tell.
        if (status != Status::succeeded && !refund.has_bounced)
          return Refunds::Succeeded{found->second, known_id(heard.provider_id)};
        break;
      case Refunds::News::bounced:
        if (status == Status::succeeded && may_be(refund, heard.provider_id))
          return Refunds::Failed{found->second, bounded("it didn't arrive: " + heard.text, Refunds::text_bytes_max),
                                 known_id(heard.provider_id)};
        break;
      case Refunds::News::disputed:
        if (is_open)
          return Refunds::Failed{
              found->second, bounded("the customer's bank decides: " + heard.text, Refunds::text_bytes_max), {}};
        break;
    }
    return Decision<Event>(Code::ok);
  }

 private:
  static std::string known_id(const std::string& id) {
    return id.size() <= Refunds::provider_id_bytes_max ? id : std::string();
  }
  // What the provider says of a refund of its own: of this one, as it was made last?
  static bool may_be(const Refund& refund, const std::string& id) {
    const bool is_another = !refund.provider_id.empty() && refund.provider_id != id;
    return id.empty() || !(is_another || refund.bounced_id == id);
  }
  Decision<Event> answered(const std::string& id, const Refund& refund, const payment::Result& result) const {
    std::string error = bounded(result.error.empty() ? std::string(payment::name_of(result.status)) : result.error,
                                Refunds::text_bytes_max);
    const Time retry_at{now.ns + backoff.wait_ns(id, {}, refund.attempts)};
    switch (result.status) {
      case payment::Status::succeeded: return Refunds::Succeeded{id, known_id(result.id)};
      case payment::Status::already_refunded: return Refunds::Succeeded{id};
      case payment::Status::unreachable: return Refunds::Unanswered{id, retry_at, std::move(error)};
      case payment::Status::balance_insufficient: break;
      default: return Refunds::Failed{id, std::move(error)};
    }
    Decision<Event> postponed(Refunds::Postponed{id, retry_at, std::move(error)});
    // Only one that is new in its want: an operator who has resumed payments isn't overruled by a mere retry.
    const bool pauses = !queue.paused && !refund.lacks_funds && queue.lacking_funds + 1 >= Refunds::pausing_count;
    return pauses ? std::move(postponed).then(Refunds::Paused{}) : postponed;
  }
};

// One command to the queue, as a transaction of its own.
class ToQueue final : public Script {
 public:
  explicit ToQueue(Refunds::Command command) : command_(std::move(command)) {}

  void entities(std::vector<EntityRef>& out) const override { out.push_back({Refunds::kind_id, Refunds::id}); }
  Verdict run(Transaction& on) const override {
    const auto* retry = std::get_if<Refunds::Retry>(&command_);
    const std::string refund = retry == nullptr ? std::string() : retry->refund;
    if (look<Refunds>(on, Refunds::id) != nullptr)
      return tote::run<Refunds>(on, Refunds::id, command_).about({}, refund);
    // A queue that never had a refund isn't paused, and has none to retry.
    if (std::holds_alternative<Refunds::Resume>(command_)) return {};
    return {Code::not_found, {}, {{}, refund}};
  }
  void answer(Transaction& on, std::string& out) const override {
    if (const AnyEntity* queue = on.look({Refunds::kind_id, Refunds::id}))
      queue->answer(CommandRef::to(command_), out);
    else
      Refunds::answer({}, &command_, out);
  }
  void digest(std::string& out) const override { Refunds::digest(command_, out); }

 private:
  const Refunds::Command command_;
};

}  // namespace

Decision<Event> Refunds::decide(const State& queue, const Command& command, Time now) {
  return std::visit(Decide{queue, now}, command);
}

Time Refunds::next_due(const State& queue) { return queue.later.empty() ? Time::never() : queue.later.begin()->first; }

Event Refunds::due(const State& queue) { return Due{queue.by_number.at(queue.later.begin()->second)}; }

void Refunds::effects(const State& queue, std::string_view, Effects& out) {
  for (const std::uint64_t number : queue.sent) {
    const std::string& refund_id = queue.by_number.at(number);
    const Refund& refund = queue.refunds.at(refund_id);
    out.push_back(
        {refund_id + '/' + std::to_string(refund.attempts),
         tote::Command(payment::Refund{"refund:" + refund_id + ':' + std::to_string(refund.epoch), refund.charge,
                                       refund.amount, refund.currency, "default", refund.is_part})});
  }
}

std::string Refunds::alert(const State& queue) {
  if (queue.paused) return "card payments are paused: refunds wait for money on the provider's account";
  if (queue.failed.empty()) return {};
  return std::to_string(queue.failed.size()) + " refunds have failed for good, the oldest is " +
         queue.by_number.at(*queue.failed.begin());
}

ScriptPtr Refunds::report(std::string_view, std::string_view effect, CommandRef result) {
  const auto* said = result.get<payment::Result>();
  return std::make_unique<ToQueue>(Reported{std::string(effect), said == nullptr ? payment::Result{} : *said});
}

std::string refund_id_of_payment(std::string_view payment) { return "p-" + std::string(payment); }

Command retry_refund(std::string refund, std::string reason) {
  return Command(ScriptPtr(std::make_unique<ToQueue>(Refunds::Retry{std::move(refund), std::move(reason)})));
}

Command resume_payments(std::string reason) {
  return Command(ScriptPtr(std::make_unique<ToQueue>(Refunds::Resume{std::move(reason)})));
}

}  // namespace tote
