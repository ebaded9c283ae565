#include "adapters/cli/kinds.h"

#include <algorithm>

#include "actors/bet/bet.h"
#include "actors/item/item.h"
#include "actors/match/card_booking.h"
#include "actors/match/match.h"
#include "actors/order/order.h"
#include "actors/pass/pass.h"
#include "actors/payment_event/outside_payment.h"
#include "actors/payment_event/payment_events.h"
#include "actors/reference/reference.h"
#include "actors/refund/refunds.h"
#include "actors/session/session.h"
#include "actors/transaction/results.h"
#include "actors/wallet/wallet.h"
#include "adapters/cli/errors.h"
#include "engine/kernel/kind_of.h"
#include "engine/kernel/kinds.h"
#include "engine/kernel/money_books.h"

namespace tote::cli {

Kinds kinds() {
  return {kind_of<Wallet>(),         kind_of<Item>(),      kind_of<Match>(),
          kind_of<Pass>(),           kind_of<Order>(),     kind_of<CardBooking>(),
          kind_of<Refunds>(),        transaction::kind(),  kind_of<Bet>(),
          kind_of<Reference>(),      kind_of<Session>(),   kind_of<PaymentEvents>(),
          kind_of<OutsidePayment>(), kind_of<MoneyBooks>()};
}

Kinds kinds_with(const Kinds& more) {
  Kinds all = kinds();
  for (const auto& kind : more) {
    const bool is_there = std::ranges::any_of(all, [&](const auto& own) {
      return kind != nullptr && own->id() == kind->id() && own->id() < first_kind_of_users &&
             own->name() == kind->name();
    });
    if (!is_there) all.push_back(kind);
  }
  if (const auto problem = problem_of(all); !problem.empty()) throw UsageError(problem);
  return all;
}

std::string address_of(const Kinds& kinds, KindId kind, std::string_view id) {
  return kind_name(kinds, kind).append("/").append(id);
}

}  // namespace tote::cli
