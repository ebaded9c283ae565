#include "tests/simulation/model_payments.h"

namespace tote::simulation {

namespace {

// As the provider names payments that were made on its own page.
bool is_outside(const std::string& charge) { return charge.starts_with("pi_"); }

}  // namespace

void PaymentsModel::begin_record() {
  came_.clear(), settled_.clear(), decided_.clear(), orders_.clear();
  seats_.clear(), refunds_.clear();
  told_bounced_.clear(), back_.clear();
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
    for (const Node& notice : event.children) {
      notices_[id] = notice;
      if (!notice.text("match").empty() || !notice.text("order").empty()) ours_.insert(notice.text("payment"));
    }
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
  if (event.text("outcome") == "bounced") told_bounced_.insert(id);
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

void PaymentsModel::apply_refund(const Node& event) {
  if (event.name == "enqueued") returns_[event.text("refund")] = {event.text("charge"), event.integer("amount")};
  const auto found = returns_.find(event.text("refund"));
  if (found == returns_.end()) return;
  State& state = found->second.state;
  if (event.name == "failed" && state == State::done) back_.push_back(found->first);
  if (event.name == "failed") state = State::failed;
  if (event.name == "succeeded") state = State::done;
  if (event.name == "requeued") state = State::waiting;
}

void PaymentsModel::check_record(const std::string& where) {
  if (back_.size() != told_bounced_.size()) fault_(where + "a refund comes back, and nobody has said so");
  for (const std::string& event : told_bounced_) check_bounced(where, notices_.at(event));
  for (const std::string& event : settled_)
    if (notices_.at(event).text("fact") == "disputed") check_frozen(where, notices_.at(event));
  for (const std::string& id : decided_) check_decided(where, id, payments_.at(id));
  for (const auto& [charge, seat] : seats_)
    if (!decided_.contains(charge) || payments_.at(charge).outcome != "booked")
      fault_(where + seat.second + " has a seat for " + charge + ", which nobody decided");
}

// What the provider sent once comes back once, however often that is said, and is of that payment and that amount.
void PaymentsModel::check_bounced(const std::string& where, const Node& notice) {
  if (!bounced_.insert(notice.text("object")).second) fault_(where + notice.text("object") + " comes back twice");
  for (const std::string& id : back_) {
    const Refund& refund = returns_.at(id);
    const bool is_of_it = refund.charge == notice.text("payment") || refund.charge == notice.text("charge");
    if (!is_of_it || refund.amount != notice.integer("amount")) fault_(where + id + " comes back, and was another");
  }
}

// Nothing goes out by itself while the customer's bank decides.
void PaymentsModel::check_frozen(const std::string& where, const Node& notice) {
  for (const auto& [id, refund] : returns_) {
    const bool is_of_it = refund.charge == notice.text("payment") || refund.charge == notice.text("charge");
    if (is_of_it && refund.state == State::waiting) fault_(where + id + " goes out of what is disputed");
  }
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
