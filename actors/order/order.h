// actors/order/order.h: what a customer buys at once: items, paid from a wallet or by card. An order is a saga:
//
//   reserve -> charge -> confirm -> notify
//
//   wallet  all of it in one record: items are picked, the wallet is debited; a refusal of one takes all back
//   card    items are reserved, the card is charged outside, then the reservations are committed; a declined card
//           releases them; a charge that can't be confirmed any more is paid back through the refund queue
//   webhook items are reserved until the provider says that the customer has paid there, or hasn't
//           (outside_payment.h)
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "actors/saga/saga.h"
#include "actors/wallet/currency.h"
#include "engine/kernel/labels.h"
#include "engine/kernel/money.h"

namespace tote {

inline constexpr std::size_t order_lines_max = 64;

struct OrderPlan {
  static constexpr KindId kind_id = 5;
  static constexpr std::string_view kind = "order";

  struct Line {
    std::string item;
    std::int64_t quantity = 0;
    static constexpr void members(auto&& is) {
      is("item", &Line::item);
      is("quantity", &Line::quantity);
    }
  };
  struct Input {
    std::vector<Line> lines;
    std::string wallet{};  // empty: paid by card, or outside
    std::string card_token{};
    Money amount{};
    Currency currency{};  // of a card; of a wallet it is known once the order is placed
    LabelsPtr labels{};
    std::string webhook{};  // by which the payment is told; empty: it is made here

    bool is_by_webhook() const { return !webhook.empty(); }
    bool is_by_card() const { return wallet.empty() && webhook.empty(); }
    static constexpr void members(auto&& is) {
      is("lines", &Input::lines);
      is("wallet", &Input::wallet);
      is("card_token", &Input::card_token);
      is("amount", &Input::amount);
      is("currency", &Input::currency);
      is("labels", &Input::labels);
      is("webhook", &Input::webhook);
    }
  };

  static std::span<const saga::Step> steps(const Input& order);  // steps.cc

  // Bytes (codec.cc).
  static void encode(const Input& order, std::string& out);
  static void encode_asked(const Input& order, std::string& out);  // without what only the wallet knows: for digests
  static bool decode(std::string_view bytes, Input& order);

  // Names for the edges (describe.cc).
  static void describe(const Input& order, Fields& fields);
  static void describe_answer(std::string_view id, const Input& order, const saga::Progress& progress, Fields& fields);

  // What others are told (describe.cc): placed, and which step means that it is confirmed, or has failed.
  static constexpr std::string_view told_start = "order.placed";
  static std::string_view told(const saga::Change& change);
  static void describe_told(const Input& order, Fields& fields);
  // And its row (says.cc).
  static std::span<const Table> tables();
  static void rows(std::string_view id, const Input& order, const saga::Progress& progress, RowWriter& out);

  // The steps, by number, of wallets and cards.
  static constexpr std::uint8_t reserve_step = 0, charge_step = 1, confirm_step = 2, notify_step = 3;
};

using Order = saga::Saga<OrderPlan>;

// The list "lines".
void describe_lines(const OrderPlan::Input& order, Fields& fields);
// "confirmed", "pending" or "failed": what a customer calls the saga's status.
std::string_view order_status(const saga::Progress& progress);

}  // namespace tote
