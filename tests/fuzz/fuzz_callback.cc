// Any bytes as what a betting provider may send or a file of keys may hold: JSON, a token, a JWK set or PEM, the
// payload of each callback in each unit. It is refused with a code and a sentence, or it is a script the engine may
// have.
#include <string>
#include <string_view>

#include "adapters/sportsbook/amount.h"
#include "adapters/sportsbook/base64url.h"
#include "adapters/sportsbook/jws.h"
#include "adapters/sportsbook/payload.h"
#include "engine/kernel/name.h"
#include "tests/fuzz/fuzz_target.h"

namespace tote::sportsbook {
namespace {

void check_keys(std::string_view text) {
  KeySet keys;
  const std::string problem = add_keys(text, keys);
  TOTE_INVARIANT(problem.empty() == !keys.keys.empty());
  for (const Key& key : keys.keys)
    TOTE_INVARIANT(key.algorithm > Algorithm::ps256 || EVP_PKEY_get_bits(key.key.get()) >= KeySet::rsa_bits_min);
}

void check_token(std::string_view text) {
  static const auto keys = [] {
    const auto set = std::make_shared<KeySet>();
    const std::string_view ed = R"({"kty":"OKP","crv":"Ed25519","alg":"EdDSA",)"
                                R"("x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})";
    TOTE_INVARIANT(add_keys(ed, *set).empty());
    return KeySetPtr(set);
  }();
  const auto jws = split_jws(text);
  if (!jws) return;
  Verifier verifier;
  TOTE_INVARIANT(!verifier.verify(*jws, keys) || jws->algorithm == Algorithm::eddsa);
}

void check_payload(const Json& payload, Action action, Unit unit) {
  Options options;
  options.name = "acme";
  options.unit = unit;
  const Read read = read_payload(action, payload, options);
  if (const auto* refused = std::get_if<Refused>(&read)) {
    TOTE_INVARIANT(refused->code >= 2'002 && refused->code <= 2'004 && !refused->message.empty());
    return;
  }
  const Asked& asked = std::get<Asked>(read);
  TOTE_INVARIANT(is_valid_id(asked.entity) || action == Action::balance);
  TOTE_INVARIANT((asked.script == nullptr) == (action == Action::balance));
  if (asked.script == nullptr) return;
  std::vector<EntityRef> entities;
  asked.script->entities(entities);
  for (const EntityRef& entity : entities) TOTE_INVARIANT(is_valid_id(entity.id));
}

}  // namespace
}  // namespace tote::sportsbook

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tote::sportsbook;
  const std::string_view text = tote::fuzz::text_of(data, size);
  check_keys(text);
  check_token(text);
  if (const auto bytes = from_base64url(text)) TOTE_INVARIANT(to_base64url(*bytes) == text);
  const auto json = Json::parse(text);
  if (!json) return 0;
  for (int action = 0; action <= static_cast<int>(Action::balance); ++action)
    for (const Unit unit : {Unit::subunits, Unit::x100000, Unit::decimal})
      check_payload(*json, static_cast<Action>(action), unit);
  return 0;
}
