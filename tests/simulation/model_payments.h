// What a payment provider has said and what became of it, told by the events' names: an event has its effect once, in
// the record that closes it, and a payment is a seat, an order or a refund.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/simulation/node.h"

namespace tote::simulation {

class PaymentsModel {
 public:
  using Fault = std::function<void(std::string)>;

  explicit PaymentsModel(Fault fault) : fault_(std::move(fault)) {}

  void begin_record();
  void apply_event(const Node& event);                           // of the queue of events
  void apply_payment(const std::string& id, const Node& event);  // of one payment
  // What else the record has.
  void seat_given(const std::string& match, const std::string& player, const std::string& charge);
  void refund_queued(const std::string& charge, std::int64_t amount);
  void order_confirmed(const std::string& order) { orders_.insert(order); }
  void apply_refund(const Node& event);  // of the refund queue
  void check_record(const std::string& where);

  bool has_come(const std::string& event) const { return events_.contains(event); }
  bool is_done(const std::string& event) const;
  std::vector<std::string> failed() const;
  // Some event is durable and has had no effect yet.
  bool is_between() const { return open_ > 0; }
  // "booked", "confirmed", "refunded"; empty: nothing yet.
  std::string outcome_of(const std::string& payment) const;
  // That it has come back is known, by the provider's id.
  bool has_bounced(const std::string& refund) const { return bounced_.contains(refund); }
  // By what every settled event came to.
  const std::map<std::string, int>& outcomes() const { return outcomes_; }

 private:
  enum class State { waiting, failed, done };
  struct Decided {
    std::string outcome, event, match, player, order;
    std::int64_t amount = 0;
  };

  struct Refund {
    std::string charge;
    std::int64_t amount = 0;
    State state = State::waiting;
  };

  void check_bounced(const std::string& where, const Node& notice);
  void check_frozen(const std::string& where, const Node& notice);
  void check_decided(const std::string& where, const std::string& payment, const Decided& decided);

  Fault fault_;
  std::map<std::string, State> events_;
  std::map<std::string, Node> notices_;    // by event
  std::map<std::string, Refund> returns_;  // by the queue's id
  std::set<std::string> bounced_;          // by the provider's
  std::map<std::string, Decided> payments_;
  std::set<std::string> ours_;  // payments that some event said to be for us
  std::map<std::string, int> outcomes_;
  int open_ = 0;
  // of this record
  std::set<std::string> came_, settled_, decided_, orders_;
  std::set<std::string> told_bounced_;                                // events that say so and were taken so
  std::vector<std::string> back_;                                     // refunds that had succeeded, and failed
  std::map<std::string, std::pair<std::string, std::string>> seats_;  // by charge
  std::map<std::string, std::int64_t> refunds_;                       // by charge
  std::map<std::string, std::int64_t> queued_;                        // ever
};

}  // namespace tote::simulation
