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

#include "actors/order/input.h"
#include "actors/order/returns.h"
#include "actors/saga/saga.h"

namespace tote {

struct OrderPlan {
  static constexpr KindId kind_id = 5;
  static constexpr std::string_view kind = "order";

  using Line = OrderLine;
  using Input = OrderInput;
  using After = OrderReturns;

  static std::span<const saga::Step> steps(const Input& order);  // steps.cc

  // Bytes (codec.cc).
  static void encode(const Input& order, std::string& out);
  static void encode_asked(const Input& order, std::string& out);  // without what only the wallet knows: for digests
  static bool decode(std::string_view bytes, Input& order);

  // Names for the edges (describe.cc).
  static void describe(const Input& order, Fields& fields);
  static void describe_answer(std::string_view id, const Input& order, const saga::Progress& progress,
                              const OrderReturns::State& returns, Fields& fields);

  // What others are told (describe.cc): placed, and which step means that it is confirmed, or has failed.
  static constexpr std::string_view told_start = "order.placed";
  static std::string_view told(const saga::Change& change);
  static void describe_told(const Input& order, Fields& fields);
  // And its row (says.cc).
  static std::span<const Table> tables();
  static void rows(std::string_view id, const Input& order, const saga::Progress& progress,
                   const OrderReturns::State& returns, RowWriter& out);

  // The steps, by number, of wallets and cards.
  static constexpr std::uint8_t reserve_step = 0, charge_step = 1, confirm_step = 2, notify_step = 3;
};

using Order = saga::Saga<OrderPlan>;

// The list "lines".
void describe_lines(const std::vector<OrderLine>& lines, Fields& fields);
// "confirmed", "pending" or "failed": what a customer calls the saga's status; "cancelled" by an operator.
std::string_view order_status(const saga::Progress& progress, const OrderReturns::State& returns = {});

}  // namespace tote
