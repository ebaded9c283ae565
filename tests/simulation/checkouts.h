// The pages of a payment provider: customers pay there, whatever became of the seat meanwhile, and the provider tells
// by events, each until it is taken, some again, in whatever order.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "actors/payment_event/notice.h"
#include "tests/engine/harness.h"
#include "tests/simulation/gateway.h"

namespace tote::simulation {

class World;

class Checkouts {
 public:
  struct Payment {
    std::string match{}, player{}, order{};  // what for; none: not ours
    std::int64_t amount = 0;
    bool is_told_back = false;  // the provider has said that it went back
  };

  explicit Checkouts(World& world) : world_(world) {}

  // Somebody pays, and who knows what the provider says of it; its id.
  std::string pay(Payment payment);
  void somebody_pays();
  // Something else that a provider says.
  void say_anything();
  void say(PaymentNotice notice);
  void deliver();  // one that wasn't taken yet, or one that was
  void deliver_all();

  void look();
  void forget();  // the power went

  // Nothing is left to be told, and every payment is what it should be.
  void check_quiet();
  // Paid to the same account, and none of our business.
  std::int64_t foreign() const;
  const std::map<std::string, Payment>& payments() const { return payments_; }

 private:
  struct Event {
    std::string id;
    PaymentNotice notice;
    bool is_taken = false;
  };

  void say_paid(const std::string& id, const Payment& payment);
  PaymentNotice about(const std::string& id, PaymentFact fact, std::string type) const;
  PaymentNotice about_charge(const std::string& id, PaymentFact fact, std::string type) const;
  void say_of_refund(const Gateway::Returned& refund);
  void send(std::size_t number);

  World& world_;
  std::map<std::string, Payment> payments_;  // by the provider's id
  std::vector<Event> events_;
  std::vector<std::pair<Harness::Ticket, std::size_t>> waiting_;
  int orders_ = 0;
};

}  // namespace tote::simulation
