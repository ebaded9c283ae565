#include "actors/payment_event/payment_events.h"

namespace tote {
namespace {

using Status = PaymentEvents::Status;
using Entry = PaymentEvents::Entry;

struct Apply {
  PaymentEvents::State& events;

  void operator()(const PaymentEvents::Received& event) const {
    Entry entry{.number = events.count++, .notice = event.notice, .created_at = event.at};
    events.ready.emplace(entry.number, event.event);
    events.by_status.emplace({Status::received, event.event}, {});
    events.events.emplace(event.event, std::move(entry));
  }
  void operator()(const PaymentEvents::Settled& event) const {
    const std::int64_t number = events.closed_count++;
    change(event.event, [&](Entry& entry) {
      ++entry.attempts;
      entry.last_error.clear();
      entry.outcome = event.outcome;
      entry.reason = event.reason;
      entry.status = is_ignored(event.outcome) ? Status::ignored : Status::processed;
      entry.number = number;
    });
    events.closed.emplace(number, event.event);
    if (events.closed.size() > PaymentEvents::closed_max) forget_oldest();
  }
  void operator()(const PaymentEvents::Postponed& event) const {
    change(event.event, [&](Entry& entry) {
      ++entry.attempts;
      entry.last_error = event.error;
      entry.retry_at = event.retry_at;
    });
    events.later.emplace({event.retry_at, event.event}, {});
  }
  void operator()(const PaymentEvents::Failed& event) const {
    change(event.event, [&](Entry& entry) {
      ++entry.attempts;
      entry.last_error = event.error;
      entry.status = Status::failed;
    });
    events.failed.emplace(event.event, {});
  }
  void operator()(const PaymentEvents::Due& event) const { make_ready(event.event, false); }
  void operator()(const PaymentEvents::Requeued& event) const { make_ready(event.event, true); }

 private:
  // It leaves the place where it was; `edit` says what it is from now on.
  template <class Edit>
  void change(const std::string& id, const Edit& edit) const {
    const Entry& before = events.events.at(id);
    const Status status = before.status;
    events.by_status.erase(std::pair(status, id));
    if (status == Status::failed)
      events.failed.erase(id);
    else if (before.retry_at != Time::never())
      events.later.erase(std::pair(before.retry_at, id));
    else
      events.ready.erase(before.number);
    events.events.edit(id, [&](Entry& entry) {
      entry.retry_at = Time::never();
      edit(entry);
    });
    events.by_status.emplace({events.events.at(id).status, id}, {});
  }
  void make_ready(const std::string& id, bool is_anew) const {
    change(id, [&](Entry& entry) {
      entry.status = Status::received;
      if (is_anew) entry.attempts = 0;
    });
    events.ready.emplace(events.events.at(id).number, id);
  }
  void forget_oldest() const {
    const std::string id = events.closed.begin()->second;
    events.closed.erase(events.closed.begin()->first);
    events.by_status.erase(std::pair(events.events.at(id).status, id));
    events.events.erase(id);
  }
};

struct Fits {
  const PaymentEvents::State& events;

  bool operator()(const PaymentEvents::Received& event) const { return !events.events.contains(event.event); }
  bool operator()(const PaymentEvents::Settled& event) const { return is(event.event, Status::received); }
  bool operator()(const PaymentEvents::Postponed& event) const { return is(event.event, Status::received); }
  bool operator()(const PaymentEvents::Failed& event) const { return is(event.event, Status::received); }
  bool operator()(const PaymentEvents::Due& event) const {
    return is(event.event, Status::received) && events.events.at(event.event).retry_at != Time::never();
  }
  bool operator()(const PaymentEvents::Requeued& event) const { return is(event.event, Status::failed); }

 private:
  bool is(const std::string& id, Status status) const {
    const Entry* entry = events.events.find(id);
    return entry != nullptr && entry->status == status;
  }
};

}  // namespace

void PaymentEvents::apply(State& events, const Event& event) { std::visit(Apply{events}, event); }

bool PaymentEvents::fits(const State& events, const Event& event) { return std::visit(Fits{events}, event); }

// Every event is in exactly one place.
bool PaymentEvents::check(const State& events) {
  const std::size_t open = events.ready.size() + events.later.size() + events.failed.size();
  return events.events.size() == open + events.closed.size() && events.by_status.size() == events.events.size() &&
         events.closed.size() <= closed_max && open <= open_max;
}

}  // namespace tote
