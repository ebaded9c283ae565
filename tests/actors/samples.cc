#include "tests/actors/samples.h"

#include <memory>

#include "tests/actors/wallet_words.h"

namespace tote {
namespace {

constexpr Time at{1'767'323'045'123'456'789};

LabelsPtr labels() { return share({"ticket-7", {{"colour", "blue"}, {"note", "for \"two\""}}}); }

template <class Saga>
std::vector<typename Saga::Event> events_of(std::shared_ptr<const typename Saga::Input> input) {
  using saga::ChangeType;
  return {{input, 4, at, {}},
          {nullptr, 0, {}, {{ChangeType::called, 1, Code::ok, at, ""}}},
          {input, 0, {}, {{ChangeType::failed, 1, Code::payment_declined, {}, "no"}, {ChangeType::compensated, 0}}},
          {nullptr, 0, {}, {{ChangeType::completed, 7, Code::ok, {}, "ch-1"}}}};
}

template <class Saga>
std::vector<typename Saga::Command> commands_of(std::shared_ptr<const typename Saga::Input> input) {
  using saga::ChangeType;
  return {typename Saga::Start{input, {}}, typename Saga::Start{input, {{ChangeType::called, 1, Code::ok, at, ""}}},
          typename Saga::Record{{{ChangeType::completed, 1, Code::ok, {}, "ch-1"}, {ChangeType::skipped, 2}}},
          typename Saga::Record{}};
}

}  // namespace

template <>
Samples<Wallet> samples<Wallet>() {
  return {{Wallet::Opened{eur, {5}}, Wallet::Opened{eur, {}}, Wallet::Credited{{1'000}, "topup-1"},
           Wallet::Credited{{1}, ""}, Wallet::Debited{{-7}, "order-17"}, Wallet::Debited{{1'000'000'000'000'000}, ""},
           Wallet::Held{"h1", {10}, at}, Wallet::Held{"", {}, {}}, Wallet::Captured{"h1", {3}},
           Wallet::Captured{"h-long-enough-for-the-heap", {}}, Wallet::Released{"h1"}, Wallet::Expired{"h2"}},
          {Wallet::Open{eur, {5}}, Wallet::Open{eur, {}}, Wallet::Credit{{1'000}, "topup-1"}, Wallet::Credit{{1}, ""},
           Wallet::Debit{{2}, "order-17"}, Wallet::Debit{{3}, ""}, Wallet::Hold{"h1", {10}, 60},
           Wallet::Hold{"h2", {1}}, Wallet::Capture{"h1", {4}}, Wallet::Capture{"h1"}, Wallet::Release{"h1"}}};
}

template <>
Samples<Item> samples<Item>() {
  return {{Item::Opened{7}, Item::Opened{0}, Item::Restocked{5}, Item::Picked{2}, Item::Reserved{"r1", 3, at},
           Item::Reserved{"", 0, {}}, Item::Committed{"r1"}, Item::Released{"r2"}, Item::Expired{"~order/o1"}},
          {Item::Open{7}, Item::Open{0}, Item::Restock{5}, Item::Pick{2}, Item::Reserve{"r1", 3, 60},
           Item::Reserve{"r1", 3}, Item::Reserve{"~o", 3, 60, true}, Item::Commit{"r1"}, Item::Commit{"~o", true},
           Item::Release{"r1"}, Item::Release{"~o", true}}};
}

template <>
Samples<Pass> samples<Pass>() {
  return {{Pass::Opened{"p1", at}, Pass::Opened{"", Time::never()}, Pass::Opened{"", {}}, Pass::Revoked{"lost"},
           Pass::Revoked{}},
          {Pass::Open{"p1", at}, Pass::Open{}, Pass::Revoke{"lost"}, Pass::Revoke{}}};
}

template <>
Samples<Refunds> samples<Refunds>() {
  using R = Refunds;
  return {{R::Enqueued{"b-1", "ch-1", {500}, eur, at}, R::Enqueued{"b-2", "ch-2", {}, eur, {}}, R::Succeeded{"b-1"},
           R::Postponed{"b-1", at, "empty"}, R::Unanswered{"b-1", at, "timeout"}, R::Failed{"b-1", "disputed"},
           R::Failed{"b-1", ""}, R::Due{"b-1"}, R::AllDue{}, R::Requeued{"b-1", "asked"}, R::Requeued{"b-1"},
           R::Paused{}, R::Resumed{"paid in"}},
          {R::Enqueue{"b-1", "ch-1", {500}, eur}, R::Reported{"b-1/1", {payment::Status::declined, "re-1", "no"}},
           R::FundsArrived{}, R::Retry{"b-1", "asked"}, R::Retry{"b-1"}, R::Resume{"paid in"}}};
}

template <>
Samples<Match> samples<Match>() {
  using M = Match;
  const M::Payment wallet{SeatMethod::wallet, "alice", {500}}, pass{SeatMethod::pass, "season", {}},
      card{SeatMethod::card, "tok", {}};
  return {{M::Opened{{22, {500}, eur, at, 3, 60}},
           M::Opened{{1, {1}, eur, {}, 5, 900}},
           M::Attempted{"p1", at},
           M::SeatTaken{"p1", wallet, true, labels()},
           M::SeatTaken{"p1", pass, false, nullptr},
           M::SeatHeld{"p1", "s1", at, true, labels()},
           M::SeatHeld{"p1", "s1", at, false, nullptr},
           M::SeatConfirmed{"p1", "s1", "ch-1", {500}, labels()},
           M::SeatConfirmed{"p1", "s1", "ch-1", {500}, nullptr},
           M::HoldDropped{"p1"},
           M::HoldExpired{"p1"},
           M::Cancelled{"p1", wallet, eur, labels()},
           M::Cancelled{"p1"},
           M::Waitlisted{"p1", card, labels()},
           M::Waitlisted{"p1", pass, nullptr},
           M::LeftWaitlist{"p1"},
           M::OffersMade{},
           M::PaymentChanged{"p1", {SeatMethod::wallet, "bob", {}}, labels()},
           M::OffersPostponed{at, true},
           M::OffersPostponed{at, false},
           M::OffersDue{},
           M::PassedOver{"p1", true},
           M::PassedOver{"p1", false},
           M::PayerWoken{SeatMethod::wallet, "alice"},
           M::PayerWoken{SeatMethod::pass, "s"},
           M::OffersEnded{},
           M::CancelWished{"p1", "s1"},
           M::WishFulfilled{"p1", "s1"},
           M::PassRevoked{"season"},
           M::SeatWithdrawn{"p1", "season"}},
          {M::Open{22, {500}, eur, at, 3, 60}, M::Open{1, {1}, eur}, M::Attempt{"p1"}, M::Seat{"p1", wallet, true},
           M::HoldSeat{"p1", "s1", at}, M::Confirm{"p1", "s1", "ch-1", {500}}, M::DropHold{"p1", "s1"}, M::Cancel{"p1"},
           M::Join{"p1", card, true}, M::Leave{"p1"}, M::PassOver{"p1", false}, M::Withdraw{"p1"}, M::EndOffers{},
           M::PostponeOffers{at, true}}};
}

template <>
Samples<Order> samples<Order>() {
  const OrderPlan::Input by_wallet{{{"sku1", 2}, {"sku2", 1}}, "alice", "", {900}, eur, labels()};
  const OrderPlan::Input by_card{{{"sku1", 2}}, "", "tok-1", {900}, eur, nullptr};
  const OrderPlan::Input older{{{"sku1", 2}}, "alice", "", {900}, {}, nullptr};
  Samples<Order> all;
  for (const auto& input : {by_wallet, by_card, older}) {
    for (auto& event : events_of<Order>(std::make_shared<OrderPlan::Input>(input))) all.events.push_back(event);
    for (auto& command : commands_of<Order>(std::make_shared<OrderPlan::Input>(input))) all.commands.push_back(command);
  }
  return all;
}

template <>
Samples<CardBooking> samples<CardBooking>() {
  const CardBookingPlan::Input full{"thu", "p1", "tok-1", {900}, eur, true, labels()};
  const CardBookingPlan::Input bare{"thu", "p1", "tok-1", {900}, eur, false, nullptr};
  Samples<CardBooking> all;
  for (const auto& input : {full, bare}) {
    for (auto& event : events_of<CardBooking>(std::make_shared<CardBookingPlan::Input>(input)))
      all.events.push_back(event);
    for (auto& command : commands_of<CardBooking>(std::make_shared<CardBookingPlan::Input>(input)))
      all.commands.push_back(command);
  }
  return all;
}

}  // namespace tote
