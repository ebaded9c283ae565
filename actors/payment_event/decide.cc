#include "actors/payment_event/payment_events.h"
#include "engine/kernel/backoff.h"
#include "engine/kernel/bounded.h"
#include "engine/kernel/entity_script.h"
#include "engine/kernel/name.h"

namespace tote {
namespace {

using Event = PaymentEvents::Event;
using Status = PaymentEvents::Status;
using Entry = PaymentEvents::Entry;

constexpr Backoff backoff{ns_per_s, 60 * ns_per_s};

bool is_bounded(const PaymentNotice& notice) {
  for (const std::string* text :
       {&notice.type, &notice.object, &notice.charge, &notice.match, &notice.player, &notice.order})
    if (text->size() > PaymentNotice::text_bytes_max) return false;
  const bool is_payment = notice.payment.empty() ||
                          (is_valid_id(notice.payment) && notice.payment.size() <= PaymentNotice::payment_bytes_max);
  return is_payment && notice.amount.minor >= 0 && !notice.type.empty();
}

struct Decide {
  const PaymentEvents::State& events;
  Time now;

  Decision<Event> operator()(const PaymentEvents::Receive& receive) const {
    if (!is_valid_id(receive.event) || !is_bounded(receive.notice)) return Refusal{Code::invalid_request};
    if (events.events.contains(receive.event)) return Decision<Event>(Code::ok);
    if (events.events.size() - events.closed.size() >= PaymentEvents::open_max) return Refusal{Code::overloaded};
    return PaymentEvents::Received{receive.event, receive.notice, now};
  }

  Decision<Event> operator()(const PaymentEvents::Settle& settle) const {
    if (waiting(settle.event) == nullptr || settle.outcome == PaymentOutcome::none)
      return Refusal{Code::invalid_request};
    return settle;
  }

  Decision<Event> operator()(const PaymentEvents::Postpone& postpone) const {
    const Entry* entry = waiting(postpone.event);
    if (entry == nullptr) return Refusal{Code::invalid_request};
    const std::uint32_t attempts = entry->attempts + 1;
    if (postpone.is_final || attempts >= PaymentEvents::attempts_max)
      return PaymentEvents::Failed{postpone.event, bounded(postpone.error, PaymentEvents::text_bytes_max)};
    const Time retry_at{now.ns + backoff.wait_ns(postpone.event, {}, attempts)};
    return PaymentEvents::Postponed{postpone.event, bounded(postpone.error, PaymentEvents::text_bytes_max), retry_at};
  }

  Decision<Event> operator()(const PaymentEvents::Retry& retry) const {
    const Entry* entry = events.events.find(retry.event);
    if (retry.reason.size() > PaymentEvents::text_bytes_max) return Refusal{Code::invalid_request};
    if (entry == nullptr) return Refusal{Code::not_found};
    return entry->status == Status::failed ? Decision<Event>(retry) : Refusal{Code::not_failed};
  }

 private:
  const Entry* waiting(const std::string& event) const {
    const Entry* entry = events.events.find(event);
    return entry != nullptr && entry->status == Status::received ? entry : nullptr;
  }
};

class RetryEvent final : public EntityScript<PaymentEvents> {
 public:
  using EntityScript::EntityScript;

  Verdict run(Transaction& on) const override {
    const std::string& event = std::get<PaymentEvents::Retry>(command).event;
    if (look<PaymentEvents>(on, id) == nullptr) return {Code::not_found, {}, {{}, event}};
    return tote::run<PaymentEvents>(on, id, command).about({}, event);
  }
};

}  // namespace

Decision<Event> PaymentEvents::decide(const State& events, const Command& command, Time now) {
  return std::visit(Decide{events, now}, command);
}

Time PaymentEvents::next_due(const State& events) {
  return events.later.empty() ? Time::never() : events.later.begin()->first.first;
}

Event PaymentEvents::due(const State& events) { return Due{events.later.begin()->first.second}; }

std::string PaymentEvents::alert(const State& events) {
  if (events.failed.empty()) return {};
  return std::to_string(events.failed.size()) + " payment events have failed, one is " + events.failed.begin()->first;
}

Command retry_payment_event(std::string event, std::string reason) {
  return Command(ScriptPtr(
      std::make_unique<RetryEvent>(PaymentEvents::id, PaymentEvents::Retry{std::move(event), std::move(reason)})));
}

}  // namespace tote
