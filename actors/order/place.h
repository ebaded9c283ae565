// actors/order/place.h: the script behind POST /v1/orders.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "actors/order/order.h"

namespace tote {

// Code::created: confirmed (a wallet's). Code::accepted: pending, the card is being charged; saga "order:<id>".
// Refused: order_exists when one of that id is confirmed or pending (one that failed may be placed again);
// payments_paused for cards; else what refused it (not_found, out_of_stock, insufficient_funds, …): the record carries
// the refusal and the order as failed.
class PlaceOrder final : public Script {
 public:
  PlaceOrder(std::string id, OrderPlan::Input order);

  void entities(std::vector<EntityRef>& out) const override;
  Verdict run(Transaction& on) const override;
  void answer(Transaction& on, std::string& out) const override;
  void digest(std::string& out) const override;

 private:
  const std::string id_;
  const std::shared_ptr<OrderPlan::Input> order_;  // complete once it has run
};

// For a Request{kind = Order::kind_id, entity = id}.
Command place_order(std::string id, OrderPlan::Input order);

}  // namespace tote
