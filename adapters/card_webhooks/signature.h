// Stripe-Signature: t=<unix seconds>,v1=<hex>[,v1=<hex>]…: who sent a body, and when. The MAC is HMAC-SHA256 of
// "<t>.<body>" under the whole secret, "whsec_" included. Any secret and any v1 may fit: that is how one secret is
// replaced by another. Other schemes are passed over.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace tote::card_webhooks {

enum class SignatureState : std::uint8_t {
  valid,
  invalid,  // not one of ours over this body, or no signature at all
  expired,  // one of ours, of a time too far from now
};

struct SignatureWindow {
  std::int64_t past_s = 300;
  std::int64_t future_s = 60;
};

// Takes the same time for all signatures of one length that don't fit.
SignatureState check_signature(std::string_view header, std::string_view body, std::span<const std::string> secrets,
                               std::int64_t now_s, SignatureWindow window);

// The header of a body that is signed at `time_s`.
std::string sign(std::string_view secret, std::int64_t time_s, std::string_view body);

// What is wrong with a secret; empty: nothing. Never repeats it.
std::string problem_of_secret(std::string_view secret);

}  // namespace tote::card_webhooks
