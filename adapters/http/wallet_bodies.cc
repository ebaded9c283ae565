// Bodies of the wallet's requests (API.md, Wallets).
#include "actors/wallet/wallet.h"
#include "adapters/http/amounts.h"
#include "adapters/http/resources.h"
#include "engine/kernel/limits.h"

namespace tote::http {
namespace {

constexpr std::int64_t hold_expires_in_s = 900;  // when a hold doesn't say it

void set(Reading& reading, Wallet::Command command) { reading.request.command = Command(std::move(command)); }

}  // namespace

void read_wallet_open(Reading& reading) {
  const Currency currency = read_currency(reading.body, "currency");
  const Money overdraft{reading.body.integer_or("overdraft_limit", 0, limits::amount_max, 0)};
  set(reading, Wallet::Open{currency, overdraft});
}

void read_wallet_credit(Reading& reading) {
  const Money amount = read_amount(reading.body);
  set(reading, Wallet::Credit{amount, std::string(reading.body.id_or_none("reference"))});
}

void read_wallet_debit(Reading& reading) {
  const Money amount = read_amount(reading.body);
  set(reading, Wallet::Debit{amount, std::string(reading.body.id_or_none("reference"))});
}

void read_wallet_hold(Reading& reading) {
  std::string hold(reading.body.id("hold"));
  const Money amount = read_amount(reading.body);
  set(reading,
      Wallet::Hold{std::move(hold), amount,
                   reading.body.integer_or("expires_in_s", 1, limits::hold_expires_in_s_max, hold_expires_in_s)});
}

void read_wallet_capture(Reading& reading) {
  const bool all = !reading.body.has("amount");
  set(reading, Wallet::Capture{std::move(reading.second), all ? Money{} : read_amount(reading.body)});
}

void read_wallet_release(Reading& reading) { set(reading, Wallet::Release{std::move(reading.second)}); }

}  // namespace tote::http
