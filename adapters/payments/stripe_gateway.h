// Charges and refunds at Stripe, over HTTPS, by the public description of its API: form-encoded, each call under an
// Idempotency-Key, so that it is executed once however often it is made.
//
//   charge   POST /v1/payment_intents   payment_method = the card's token, confirmed at once, off session
//   refund   POST /v1/refunds           of a payment intent (pi_…) or a charge
//
// What the answers mean:
//   a definite no (declined, not known, already refunded, disputed, the account is empty)   is told as that
//   no answer, 409, 429, 5xx, a key that isn't accepted     unreachable: asked again, with the same key
//   a 5xx that is only repeated (Idempotent-Replayed)       of a refund: asked again at once under the next key. It is of
//                                                           a whole sum, which no provider gives back twice; a part
//                                                           of one is asked again with the same key only
// After a 429 nothing is asked before its Retry-After, one minute at most.
//
// Threads: any; each call has a kept connection of its own, as many as there were calls at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "actors/payment/gateway.h"

namespace tote::payments {

struct StripeOptions {
  std::string url = "https://api.stripe.com";  // http:// on loopback only
  std::string key{};                           // sk_…
  std::string api_version{};                   // Stripe-Version; empty: the account's own
  std::int64_t timeout_ms = 20'000;            // of one call, connecting included

  bool operator==(const StripeOptions&) const = default;
};
// What is wrong with them, "url: …", never repeating the key; empty: nothing.
std::string problem_of(const StripeOptions& options);

class StripeGateway final : public payment::Gateway {
 public:
  explicit StripeGateway(StripeOptions options);
  ~StripeGateway() override;

  payment::Result charge(const payment::Charge& charge) override;
  payment::Result refund(const payment::Refund& refund) override;
  // Calls that are on their way end at once, as unreachable.
  void stop();

 private:
  struct Wire;
  const std::unique_ptr<Wire> wire_;
};

}  // namespace tote::payments
