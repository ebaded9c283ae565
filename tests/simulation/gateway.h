// A payment provider with a memory of its own that survives the engine's crashes: it executes a key once, its answers
// get lost, its account runs dry. What it must never see is written down as a fault.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "actors/payment/gateway.h"
#include "engine/kernel/command.h"

namespace tote::simulation {

class Gateway {
 public:
  explicit Gateway(std::uint64_t seed) : random_(seed) {}

  // By chance: executed or not, told or not.
  payment::Result call(const Command& command);
  // Executed, and told.
  payment::Result call_honestly(const Command& command);

  void drain() { balance_ = -400; }  // chargebacks
  void fund() { balance_ += 1'000'000'000; }
  bool never_fails = false;   // from now on nothing is refused for good
  bool declines = false;      // but for charges
  bool forgets_keys = false;  // planted: a provider without idempotency

  // What a customer has paid on the provider's own page.
  void take(const std::string& id, std::int64_t amount, Currency currency);
  bool is_given_back(const std::string& id) const;
  // Some refund that it has made, by chance: as it was made, or as it came back after all.
  struct Returned {
    std::string id, charge;
    std::int64_t amount = 0;
    bool has_bounced = false;
  };
  std::optional<Returned> any_refund();
  void bounce(const std::string& refund);  // what was on its way to the customer returns
  const std::map<std::string, Returned>& refunds() const { return refunds_; }

  std::int64_t kept() const;  // taken and not given back
  std::int64_t kept_of(const std::string& charge) const;
  const std::vector<std::string>& faults() const { return faults_; }

 private:
  struct Charge {
    std::string key;
    std::int64_t amount = 0;
    Currency currency{};
    std::int64_t refunded = 0;

    bool is_given_back() const { return refunded == amount; }
  };

  payment::Result execute(const payment::Charge& call);
  payment::Result execute(const payment::Refund& call);
  bool chance(unsigned of) { return random_() % of == 0; }

  std::mt19937_64 random_;
  std::int64_t balance_ = 0;
  std::map<std::string, Charge> charges_;  // by the id that it gave, as the others
  std::map<std::string, Returned> refunds_;
  std::map<std::string, payment::Result> by_key_;
  std::vector<std::string> faults_;
};

}  // namespace tote::simulation
