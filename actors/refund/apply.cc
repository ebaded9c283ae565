#include <algorithm>

#include "actors/refund/refunds.h"

namespace tote {
namespace {

using Refund = Refunds::Refund;
using Status = Refunds::Status;

void waits_no_more(Refunds::State& queue, Refund& refund) {
  queue.later.erase({refund.retry_at, refund.number});
  queue.waiting.erase(refund.number);
  queue.awake.erase(refund.number);
  refund.retry_at = Time::never();
}

struct Apply {
  Refunds::State& queue;

  void operator()(const Refunds::Enqueued& event) const {
    const std::uint64_t number = queue.count++;
    Refund& refund = queue.refunds[event.refund];
    refund.number = number;
    refund.charge = event.charge;
    refund.amount = event.amount;
    refund.currency = event.currency;
    refund.created_at = event.at;
    refund.is_part = event.is_part;
    queue.by_charge.emplace(Refunds::charge_name(event.charge, event.refund, event.is_part), event.refund);
    queue.by_number.emplace(number, event.refund);
    queue.open.insert(number);
    queue.ready.insert(number);
  }
  void operator()(const Refunds::Succeeded& event) const {
    take_away(event.refund);
    Refund& refund = answered(event.refund, Status::succeeded, {});
    refund.provider_id = event.provider_id;
    has_funds(refund);
    queue.open.erase(refund.number);
    queue.closed.emplace(queue.closed_count++, refund.number);
    if (queue.closed.size() > Refunds::closed_max) forget_oldest();
  }
  void operator()(const Refunds::Postponed& event) const {
    Refund& refund = answered(event.refund, Status::pending_funds, event.error);
    if (!std::exchange(refund.lacks_funds, true)) ++queue.lacking_funds;
    ++refund.epoch;  // the provider may replay its no to the old key
    try_later(refund, event.retry_at);
  }
  void operator()(const Refunds::Unanswered& event) const {
    try_later(answered(event.refund, Status::queued, event.error), event.retry_at);
  }
  void operator()(const Refunds::Failed& event) const {
    take_away(event.refund);
    const bool has_bounced = queue.refunds.at(event.refund).status == Status::succeeded;
    Refund& refund = answered(event.refund, Status::failed, event.error);
    refund.has_bounced |= has_bounced;
    if (has_bounced) {
      std::string known = std::exchange(refund.provider_id, {});
      refund.bounced_id = event.provider_id.empty() ? std::move(known) : event.provider_id;
    }
    has_funds(refund);
    queue.open.insert(refund.number);
    queue.failed.insert(refund.number);
  }
  void operator()(const Refunds::Due& event) const { make_ready(queue.refunds.at(event.refund)); }
  // However many they are: no refund is touched before its turn comes.
  void operator()(const Refunds::AllDue&) const {
    if (queue.waiting.size() > queue.awake.size()) queue.waiting.swap(queue.awake);
    queue.awake.merge(queue.waiting);
  }
  void operator()(const Refunds::Requeued& event) const {
    Refund& refund = queue.refunds.at(event.refund);
    if (queue.failed.erase(refund.number) > 0) ++refund.epoch;  // the provider may replay its no to the old key
    make_ready(refund);
  }
  void operator()(const Refunds::Paused&) const { queue.paused = true; }
  void operator()(const Refunds::Resumed&) const { queue.paused = false; }

 private:
  Refund& answered(const std::string& id, Status status, const std::string& error) const {
    Refund& refund = queue.refunds.at(id);
    queue.sent.erase(refund.number);
    refund.status = status;
    refund.last_error = error;
    return refund;
  }
  // From wherever it is: the provider may say that by itself, whether a call is out or not.
  void take_away(const std::string& id) const {
    Refund& refund = queue.refunds.at(id);
    waits_no_more(queue, refund);
    queue.ready.erase(refund.number);
    queue.failed.erase(refund.number);
    if (refund.status != Status::succeeded) return;
    const auto is_it = [&](const auto& one) { return one.second == refund.number; };
    queue.closed.erase(std::find_if(queue.closed.begin(), queue.closed.end(), is_it));
  }
  void has_funds(Refund& refund) const {
    if (std::exchange(refund.lacks_funds, false)) --queue.lacking_funds;
  }
  void try_later(Refund& refund, Time at) const {
    refund.retry_at = at;
    queue.later.emplace(at, refund.number);
    if (refund.lacks_funds) queue.waiting.insert(refund.number);
  }
  void make_ready(Refund& refund) const {
    waits_no_more(queue, refund);
    refund.status = Status::queued;
    queue.ready.insert(refund.number);
  }
  void forget_oldest() const {
    const std::uint64_t number = queue.closed.begin()->second;
    const auto found = queue.refunds.find(queue.by_number.at(number));
    queue.by_charge.erase(Refunds::charge_name(found->second.charge, found->first, found->second.is_part));
    queue.refunds.erase(found);
    queue.by_number.erase(number);
    queue.closed.erase(queue.closed.begin());
  }
};

// The oldest that may be sent are sent, a few at a time.
void send(Refunds::State& queue) {
  while (queue.sent.size() < Refunds::sent_max && !(queue.ready.empty() && queue.awake.empty())) {
    const bool is_ready = queue.awake.empty() || (!queue.ready.empty() && *queue.ready.begin() < *queue.awake.begin());
    const std::uint64_t number = is_ready ? *queue.ready.begin() : *queue.awake.begin();
    Refund& refund = queue.refunds.at(queue.by_number.at(number));
    if (is_ready)
      queue.ready.erase(queue.ready.begin());
    else
      waits_no_more(queue, refund);
    queue.sent.insert(number);
    refund.status = Status::sent;
    ++refund.attempts;
  }
}

struct Fits {
  const Refunds::State& queue;

  bool operator()(const Refunds::Enqueued& event) const {
    return !queue.refunds.contains(event.refund) &&
           !queue.by_charge.contains(Refunds::charge_name(event.charge, event.refund, event.is_part)) &&
           event.amount.minor >= 1;
  }
  bool operator()(const Refunds::Succeeded& event) const {
    return queue.refunds.contains(event.refund) && !is(event.refund, Status::succeeded);
  }
  bool operator()(const Refunds::Postponed& event) const { return is(event.refund, Status::sent); }
  bool operator()(const Refunds::Unanswered& event) const { return is(event.refund, Status::sent); }
  bool operator()(const Refunds::Failed& event) const {
    return queue.refunds.contains(event.refund) && !is(event.refund, Status::failed);
  }
  bool operator()(const Refunds::Due& event) const {
    const auto found = queue.refunds.find(event.refund);
    return found != queue.refunds.end() && queue.later.contains({found->second.retry_at, found->second.number});
  }
  bool operator()(const Refunds::AllDue&) const { return true; }
  bool operator()(const Refunds::Requeued& event) const {
    const auto found = queue.refunds.find(event.refund);
    return found != queue.refunds.end() && Refunds::may_be_retried(found->second);
  }
  bool operator()(const Refunds::Paused&) const { return !queue.paused; }
  bool operator()(const Refunds::Resumed&) const { return queue.paused; }

 private:
  bool is(const std::string& id, Status status) const {
    const auto found = queue.refunds.find(id);
    return found != queue.refunds.end() && found->second.status == status;
  }
};

}  // namespace

void Refunds::apply(State& queue, const Event& event) {
  std::visit(Apply{queue}, event);
  send(queue);
}

bool Refunds::fits(const State& queue, const Event& event) { return std::visit(Fits{queue}, event); }

// Every refund is in exactly one place, and every charge has one refund.
bool Refunds::check(const State& queue) {
  const std::size_t placed =
      queue.ready.size() + queue.sent.size() + queue.later.size() + queue.failed.size() + queue.closed.size();
  return queue.refunds.size() == placed && queue.by_charge.size() == placed && queue.by_number.size() == placed &&
         queue.open.size() + queue.closed.size() == placed && queue.sent.size() <= sent_max &&
         queue.lacking_funds <= placed && queue.closed.size() <= closed_max &&
         queue.waiting.size() + queue.awake.size() <= std::min(queue.lacking_funds, queue.later.size());
}

}  // namespace tote
