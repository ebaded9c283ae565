// actors/order/input.h: what an order asks.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "actors/wallet/currency.h"
#include "actors/wallet/payee.h"
#include "engine/kernel/labels.h"
#include "engine/kernel/money.h"

namespace tote {

inline constexpr std::size_t order_lines_max = 64;

struct OrderLine {
  std::string item;
  std::int64_t quantity = 0;
  bool operator==(const OrderLine&) const = default;
  static constexpr void members(auto&& is) {
    is("item", &OrderLine::item);
    is("quantity", &OrderLine::quantity);
  }
};

struct OrderInput {
  std::vector<OrderLine> lines;
  std::string wallet{};  // empty: paid by card, or outside
  std::string card_token{};
  Money amount{};
  Currency currency{};  // of a card; of a wallet it is known once the order is placed
  LabelsPtr labels{};
  std::string webhook{};  // by which the payment is told; empty: it is made here
  Payee payee{};          // who gets the money

  bool is_by_webhook() const { return !webhook.empty(); }
  bool is_by_card() const { return wallet.empty() && webhook.empty(); }
  static constexpr void members(auto&& is) {
    is("lines", &OrderInput::lines);
    is("wallet", &OrderInput::wallet);
    is("card_token", &OrderInput::card_token);
    is("amount", &OrderInput::amount);
    is("currency", &OrderInput::currency);
    is("labels", &OrderInput::labels);
    is("webhook", &OrderInput::webhook);
    is("payee", &OrderInput::payee);
  }
};

}  // namespace tote
