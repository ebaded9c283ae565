// What those who ask draw from the world's seed, and what wallets should say to it.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "tests/simulation/world.h"

namespace tote::simulation {

using Now = std::int64_t;

inline std::string pick(World& world, std::string_view prefix, std::uint64_t count) {
  return std::string(prefix) + std::to_string(world.below(count));
}
// w5 is never opened, "usd" is of another currency, "club" and "fees" are whom others pay.
inline std::string any_wallet(World& world) {
  constexpr std::string_view others[] = {"usd", "club", "fees"};
  return world.below(10) == 0 ? std::string(others[world.below(3)]) : pick(world, "w", 6);
}
inline std::string any_item(World& world) { return pick(world, "i", 3); }
inline std::string any_match(World& world) { return pick(world, "m", 4); }
inline std::string any_player(World& world) { return pick(world, "p", 8); }
inline std::int64_t amount(World& world) { return 1 + static_cast<std::int64_t>(world.below(60)); }

template <class Make>
std::function<Request()> scripted(KindId kind, std::string id, Make make) {
  return [kind, id = std::move(id), make = std::move(make)] {
    Request request{.kind = kind, .entity = id};
    request.command = make();
    return request;
  };
}

inline Code credit_code(const Model& model, const std::string& id) {
  const Wallet* wallet = model.wallet(id);
  if (wallet == nullptr) return Code::not_found;
  return wallet->is_closed() ? Code::wallet_closed : Code::ok;
}

inline Code debit_code(const Model& model, const std::string& id, std::int64_t minor, Now now) {
  const Wallet* wallet = model.wallet(id);
  if (wallet == nullptr) return Code::not_found;
  if (!wallet->is_open()) return wallet->is_closed() ? Code::wallet_closed : Code::wallet_frozen;
  return wallet->available(now) < minor ? Code::insufficient_funds : Code::ok;
}

// Code::ok: the payee and its fee can be paid in this currency.
inline Code payee_code(const Model& model, const Payee& payee, const std::string& currency) {
  for (const std::string* id : {&payee.wallet, &payee.fee_wallet}) {
    if (id->empty()) continue;
    const Wallet* wallet = model.wallet(*id);
    if (wallet == nullptr) return Code::not_found;
    if (wallet->currency != currency) return Code::currency_mismatch;
  }
  return Code::ok;
}
inline Code pay_out_code(const Model& model, const Payee& payee, std::int64_t paid, const std::string& currency) {
  if (const Code code = payee_code(model, payee, currency); code != Code::ok) return code;
  const bool is_all_fee = paid <= payee.fee;
  if (!payee.wallet.empty() && !is_all_fee && model.wallet(payee.wallet)->is_closed()) return Code::wallet_closed;
  return payee.fee != 0 && model.wallet(payee.fee_wallet)->is_closed() ? Code::wallet_closed : Code::ok;
}

// For who isn't there: nobody; else one of those who are, or aren't, with a fee or without.
inline Payee any_payee(World& world, std::int64_t fee_max) {
  Payee payee{.wallet = world.below(4) == 0 ? any_wallet(world) : "club"};
  if (world.below(2) == 0) payee.fee_wallet = world.below(4) == 0 ? any_wallet(world) : "fees";
  if (!payee.fee_wallet.empty()) payee.fee = 1 + static_cast<std::int64_t>(world.below(fee_max));
  return payee;
}
inline tote::Payee told(const Payee& payee) { return {payee.wallet, payee.fee_wallet, {payee.fee}}; }

}  // namespace tote::simulation
