// actors/order/give_back.h: the scripts behind refunds and cancellations of orders: what is kept of them (returns.h),
// the money, its payee and the goods are one record.
#pragma once

#include <string>

#include "actors/order/order.h"

namespace tote {

// Both for a Request{kind = Order::kind_id, entity = id}; their answer is the order.
// Code::created; what OrderReturns::Command says, not_found, wallet_closed, stock_limit.
Command refund_order(std::string id, OrderReturns::Command refund);
// Code::ok: cancelled, or the order waited for a payment and has failed. Code::accepted: its card is being charged,
// that is undone once it is decided. order_not_confirmed for one that has failed by itself.
Command cancel_order(std::string id, std::string reason);

}  // namespace tote
