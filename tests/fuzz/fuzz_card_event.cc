// Any bytes as what a card payment provider sends: a Stripe-Signature in the first line, the body behind it. Nobody who
// doesn't know the secret is heard, and an event that can be read can be recorded, and read again.
#include <array>
#include <string>
#include <variant>

#include "actors/payment_event/payment_events.h"
#include "adapters/card_webhooks/event.h"
#include "adapters/card_webhooks/signature.h"
#include "tests/fuzz/fuzz_target.h"

namespace tote::card_webhooks {
namespace {

void check_header(std::string_view header, std::string_view body) {
  static const std::array<std::string, 2> secrets{"whsec_of_the_fuzzer", "whsec_of_another"};
  constexpr std::int64_t now_s = 1'700'000'000;
  const auto state = check_signature(header, body, secrets, now_s, {});
  const std::string ours = sign(secrets[1], now_s, body);
  TOTE_INVARIANT(state != SignatureState::valid || header.find(ours.substr(ours.find("v1="))) != header.npos);
  TOTE_INVARIANT(check_signature(ours, body, secrets, now_s, {}) == SignatureState::valid);
}

void check_event(std::string_view body) {
  auto read = read_event(body, {});
  if (const auto* bad = std::get_if<BadEvent>(&read)) return TOTE_INVARIANT(bad->detail.ends_with('.'));
  auto& [id, notice] = std::get<ReadEvent>(read);
  using Kind = Complete<PaymentEvents>;
  const auto decision = Kind::decide({}, PaymentEvents::Receive{id, notice}, {1});
  TOTE_INVARIANT(!decision.refused());
  std::string bytes, again;
  Kind::encode(*decision.begin(), bytes);
  PaymentEvents::Event event;
  TOTE_INVARIANT(Kind::decode(bytes, event));
  Kind::encode(event, again);
  TOTE_INVARIANT(again == bytes);
}

}  // namespace
}  // namespace tote::card_webhooks

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view body = tote::fuzz::text_of(data, size);
  const std::string_view header = tote::fuzz::take_until(body, '\n');
  tote::card_webhooks::check_header(header, body);
  tote::card_webhooks::check_event(body);
  return 0;
}
