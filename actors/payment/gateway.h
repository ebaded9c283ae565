// The port to whoever moves card money: a payment provider, or the built-in test gateway. Called by effect workers on
// threads of their own, never inside a decision.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "actors/wallet/currency.h"
#include "engine/kernel/money.h"

namespace tote::payment {

// A provider executes equal keys once, and answers the repeats like the first. Entities make keys that are their own
// among all of their tenant; who makes the call puts the tenant before it (for_tenant).
struct Charge {
  std::string key;
  std::string token;  // of the card
  Money amount;
  Currency currency;
  std::string tenant = "default";
};

struct Refund {
  std::string key;
  std::string charge;  // the provider's id of the charge that is paid back
  Money amount;
  Currency currency;
  std::string tenant = "default";
  bool is_part = false;  // of the charge: another may be asked for, too
};

// The call as the provider gets it: no two tenants can mean the same key.
template <class Call>
Call for_tenant(std::string_view tenant, Call call) {
  call.key.insert(0, std::string(tenant) + '/');
  call.tenant = tenant;
  return call;
}

enum class Status : std::uint8_t {
  succeeded,
  declined,              // of a charge: a final no
  balance_insufficient,  // of a refund: the account is empty, try again when money has come in
  already_refunded,      // of a refund: the money is back already
  disputed,              // of a refund: the bank decides now
  failed,                // the provider refuses for good
  unreachable,           // no answer: it may have happened or not, ask again with the same key
};

std::string_view name_of(Status status);

struct Result {
  Status status = Status::unreachable;
  std::string id;     // the provider's id of the charge or refund, when it has one
  std::string error;  // for people; empty on success
};

// Any thread. May block until its own time-out; never throws.
class Gateway {
 public:
  virtual ~Gateway() = default;
  virtual Result charge(const Charge& charge) = 0;
  virtual Result refund(const Refund& refund) = 0;
};

}  // namespace tote::payment
