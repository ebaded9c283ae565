#include "adapters/cli/kinds.h"

#include "actors/item/item.h"
#include "actors/match/card_booking.h"
#include "actors/match/match.h"
#include "actors/order/order.h"
#include "actors/pass/pass.h"
#include "actors/refund/refunds.h"
#include "actors/transaction/results.h"
#include "actors/wallet/wallet.h"

namespace tote::cli {

Kinds kinds() {
  return {kind_of<Wallet>(), kind_of<Item>(),        kind_of<Match>(),   kind_of<Pass>(),
          kind_of<Order>(),  kind_of<CardBooking>(), kind_of<Refunds>(), transaction::kind()};
}

std::string address_of(const Kinds& kinds, KindId kind, std::string_view id) {
  return kind_name(kinds, kind).append("/").append(id);
}

}  // namespace tote::cli
