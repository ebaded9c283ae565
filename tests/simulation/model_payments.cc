#include "tests/simulation/model_payments.h"

namespace tote::simulation {

namespace {

// As the provider names payments that were made on its own page.
bool is_outside(const std::string& charge) { return charge.starts_with("pi_"); }

}  // namespace

void PaymentsModel::begin_record() {
  came_.clear(), settled_.clear(), decided_.clear(), orders_.clear();
  seats_.clear(), refunds_.clear();
}

bool PaymentsModel::is_done(const std::string& event) const {
  const auto found = events_.find(event);
  return found != events_.end() && found->second == State::done;
}

std::vector<std::string> PaymentsModel::failed() const {
  std::vector<std::string> failed;
  for (const auto& [id, state] : events_)
    if (state == State::failed) failed.push_back(id);
  return failed;
}

std::string PaymentsModel::outcome_of(const std::string& payment) const {
  const auto found = payments_.find(payment);
  return found == payments_.end() ? std::string() : found->second.outcome;
}

void PaymentsModel::apply_event(const Node& event) {
  const std::string id = event.text("event");
  if (event.name == "received") {
    if (!events_.emplace(id, State::waiting).second) fault_("the event " + id + " came twice");
    came_.insert(id);
    ++open_;
    for (const Node& notice : event.children)
      if (!notice.text("match").empty() || !notice.text("order").empty()) ours_.insert(notice.text("payment"));
    return;
  }
  const auto found = events_.find(id);
  if (found == events_.end()) return fault_("an event that never came is " + event.name + ": " + id);
  if (found->second != (event.name == "requeued" ? State::failed : State::waiting))
    fault_("the event " + id + " is " + event.name + ", and wasn't waiting for that");
  if (event.name == "settled" || event.name == "failed") {
    if (came_.contains(id)) fault_("the event " + id + " has an effect before it is durable");
    found->second = event.name == "settled" ? State::done : State::failed;
    --open_;
  } else if (event.name == "requeued") {
    found->second = State::waiting;
    ++open_;
  }
  if (event.name != "settled") return;
  settled_.insert(id);
  ++outcomes_[event.text("outcome")];
}

void PaymentsModel::apply_payment(const std::string& id, const Node& event) {
  if (event.name != "decided") return;
  const Decided decided{event.text("outcome"), event.text("event"), event.text("match"),
                        event.text("player"),  event.text("order"), event.integer("amount")};
  if (!payments_.emplace(id, decided).second) fault_("the payment " + id + " is decided twice");
  decided_.insert(id);
}

void PaymentsModel::seat_given(const std::string& match, const std::string& player, const std::string& charge) {
  if (is_outside(charge)) seats_[charge] = {match, player};
}

void PaymentsModel::refund_queued(const std::string& charge, std::int64_t amount) {
  queued_[charge] = amount;
  if (!is_outside(charge)) return;
  refunds_[charge] = amount;
  if (!ours_.contains(charge)) fault_("the payment " + charge + " isn't ours, and goes back");
}

void PaymentsModel::check_record(const std::string& where) {
  for (const std::string& id : decided_) check_decided(where, id, payments_.at(id));
  for (const auto& [charge, seat] : seats_)
    if (!decided_.contains(charge) || payments_.at(charge).outcome != "booked")
      fault_(where + seat.second + " has a seat for " + charge + ", which nobody decided");
}

void PaymentsModel::check_decided(const std::string& where, const std::string& id, const Decided& decided) {
  if (!settled_.contains(decided.event)) fault_(where + id + " is decided, and its event isn't closed");
  if (!ours_.contains(id)) fault_(where + id + " isn't ours, and is decided");
  if (decided.outcome == "booked") {
    const auto seat = seats_.find(id);
    if (seat == seats_.end() || seat->second != std::pair(decided.match, decided.player))
      fault_(where + id + " is booked, and there is no such seat");
  } else if (decided.outcome == "confirmed") {
    if (!orders_.contains(decided.order)) fault_(where + id + " confirms an order that isn't confirmed");
  } else if (decided.outcome == "refunded") {
    const auto queued = queued_.find(id);
    if (queued == queued_.end() || queued->second != decided.amount) fault_(where + id + " isn't in the refund queue");
    if (seats_.contains(id)) fault_(where + id + " is a seat and goes back");
  } else {
    fault_(where + id + " is neither a seat nor an order nor a refund: " + decided.outcome);
  }
}

}  // namespace tote::simulation
