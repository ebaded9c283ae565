// Events and commands of every kind, each full and as bare as it can be: what is on disk of them never changes.
#pragma once

#include <vector>

#include "actors/item/item.h"
#include "actors/match/card_booking.h"
#include "actors/match/match.h"
#include "actors/order/order.h"
#include "actors/pass/pass.h"
#include "actors/refund/refunds.h"
#include "actors/wallet/wallet.h"

namespace tote {

template <class E>
struct Samples {
  std::vector<typename E::Event> events;
  std::vector<typename E::Command> commands;
};

template <class E>
Samples<E> samples();
template <>
Samples<Wallet> samples<Wallet>();
template <>
Samples<Item> samples<Item>();
template <>
Samples<Pass> samples<Pass>();
template <>
Samples<Refunds> samples<Refunds>();
template <>
Samples<Match> samples<Match>();
template <>
Samples<Order> samples<Order>();
template <>
Samples<CardBooking> samples<CardBooking>();

// Calls visit.operator()<Wallet>() and so on.
template <class Visit>
void each_kind(const Visit& visit) {
  visit.template operator()<Wallet>();
  visit.template operator()<Item>();
  visit.template operator()<Pass>();
  visit.template operator()<Refunds>();
  visit.template operator()<Match>();
  visit.template operator()<Order>();
  visit.template operator()<CardBooking>();
}

}  // namespace tote
