// The words that tests of wallets share.
#pragma once

#include <string>

#include "actors/wallet/wallet.h"
#include "tests/actors/given.h"

namespace tote {

inline const Currency eur = *currency_of("EUR");
inline const Currency jpy = *currency_of("JPY");
inline constexpr std::int64_t amount_max = limits::amount_max;

inline Wallet::Opened opened(std::int64_t overdraft_limit = 0) { return {eur, {overdraft_limit}}; }
inline Wallet::Credited credited(std::int64_t amount) { return {{amount}, ""}; }
inline Wallet::Debited debited(std::int64_t amount) { return {{amount}, ""}; }
inline Wallet::Held held(std::string hold, std::int64_t amount, Time expires_at = after({1}, 900)) {
  return {std::move(hold), {amount}, expires_at};
}
inline Wallet::Captured captured(std::string hold, std::int64_t amount) { return {std::move(hold), {amount}}; }
inline Wallet::Released released(std::string hold) { return {std::move(hold)}; }
inline Wallet::Expired expired(std::string hold) { return {std::move(hold)}; }

inline Wallet::Open open(std::int64_t overdraft_limit = 0) { return {eur, {overdraft_limit}}; }
inline Wallet::Credit credit(std::int64_t amount) { return {{amount}}; }
inline Wallet::Debit debit(std::int64_t amount) { return {{amount}}; }
inline Wallet::Hold hold(std::string id, std::int64_t amount, std::int64_t expires_in_s = 900) {
  return {std::move(id), {amount}, expires_in_s};
}
inline Wallet::Capture capture(std::string id, std::int64_t amount = 0) { return {std::move(id), {amount}}; }
inline Wallet::Release release(std::string id) { return {std::move(id)}; }

inline Facts short_of(std::int64_t available, std::int64_t requested) {
  return {{FactName::available, available}, {FactName::requested, requested}};
}

}  // namespace tote
