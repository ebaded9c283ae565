#include "adapters/http/wallet_bodies.h"

#include "actors/wallet/wallet.h"
#include "engine/kernel/limits.h"

namespace tote::http {
namespace {

constexpr std::int64_t hold_expires_in_s = 900;  // when a hold doesn't say it

Money read_amount(JsonObject& body) { return {body.integer("amount", 1, limits::amount_max)}; }

Wallet::Command read_open(JsonObject& body) {
  const auto currency = currency_of(body.text("currency"));
  if (!currency) body.refuse("currency", "must be a currency of ISO 4217, in capitals, such as EUR");
  const Money overdraft{body.integer_or("overdraft_limit", 0, limits::amount_max, 0)};
  return Wallet::Open{currency.value_or(Currency{}), overdraft};
}

template <class Change>
Wallet::Command read_change(JsonObject& body) {
  const Money amount = read_amount(body);
  return Change{amount, std::string(body.id_or_none("reference"))};
}

Wallet::Command read_hold(JsonObject& body) {
  std::string hold(body.id("hold"));
  const Money amount = read_amount(body);
  return Wallet::Hold{std::move(hold), amount,
                      body.integer_or("expires_in_s", 1, limits::hold_expires_in_s_max, hold_expires_in_s)};
}

Wallet::Command read_capture(std::string hold, JsonObject& body) {
  const bool all = !body.has("amount");
  return Wallet::Capture{std::move(hold), all ? Money{} : read_amount(body)};
}

Wallet::Command read_command(Endpoint endpoint, std::string hold, JsonObject& body) {
  switch (endpoint) {
    case Endpoint::wallet_open: return read_open(body);
    case Endpoint::wallet_credit: return read_change<Wallet::Credit>(body);
    case Endpoint::wallet_debit: return read_change<Wallet::Debit>(body);
    case Endpoint::wallet_hold: return read_hold(body);
    case Endpoint::wallet_capture: return read_capture(std::move(hold), body);
    default: return Wallet::Release{std::move(hold)};
  }
}

}  // namespace

Command read_wallet_command(Endpoint endpoint, std::string hold, JsonDocument& document) {
  JsonObject body(document);
  Wallet::Command command = read_command(endpoint, std::move(hold), body);
  return body.finish() ? Command(std::move(command)) : Command();
}

bool body_is_optional(Endpoint endpoint) {
  return endpoint == Endpoint::wallet_capture || endpoint == Endpoint::wallet_release;
}

}  // namespace tote::http
