#include "adapters/cli/books.h"

#include <algorithm>

#include "actors/item/item.h"
#include "actors/match/give_seat.h"

namespace tote::cli {
namespace {

template <class E>
const typename E::State* state_in(const AnyEntity* entity) {
  const auto* found = dynamic_cast<const EntityOf<E>*>(entity);
  return found != nullptr ? &found->state() : nullptr;
}

struct Entry {
  CurrencyBook& book;

  void operator()(const Wallet::Credited& event) const { book.credited += event.amount.minor; }
  void operator()(const Wallet::Debited& event) const { book.debited += event.amount.minor; }
  void operator()(const Wallet::Captured& event) const { book.captured += event.amount.minor; }
  void operator()(const auto&) const {}  // the others move no money
};

// These are too dear for check(), which runs after every event.
std::string holds_problem(const Wallet::State& wallet) {
  Sum open = 0;
  for (const auto& [id, hold] : wallet.holds)
    if (hold.status == Wallet::HoldStatus::open) open += hold.amount.minor;
  if (open == wallet.held.minor) return {};
  return "holds " + text_of(open) + " in its open holds but " + text_of(wallet.held.minor) + " in total";
}

std::string reservations_problem(const Item::State& item) {
  Sum open = 0;
  for (const auto& [id, reservation] : item.reservations)
    if (reservation.status == Item::ReservationStatus::open) open += reservation.quantity;
  if (open == item.reserved && item.reserved <= item.on_hand) return {};
  return "has " + text_of(item.on_hand) + " on hand, " + text_of(open) + " in its open reservations and " +
         text_of(item.reserved) + " reserved in total";
}

std::string seats_problem(const Match::State& match) {
  if (match.taken() > match.seats)
    return "has given " + text_of(match.taken()) + " of " + text_of(match.seats) + " seats";
  for (const auto& [player, seat] : match.players)
    if (seat.status == Match::PlayerStatus::in && !is_payment(seat.payment)) return "has let in " + player + " unpaid";
  return {};
}

// What is wrong with one entity, beginning with a verb.
std::string problem_of(const AnyEntity* entity) {
  if (const auto* wallet = state_in<Wallet>(entity)) return holds_problem(*wallet);
  if (const auto* item = state_in<Item>(entity)) return reservations_problem(*item);
  if (const auto* match = state_in<Match>(entity)) return seats_problem(*match);
  return {};
}

}  // namespace

void Books::add(const World& world, std::string_view tenant, const wal::Change& change) {
  if (change.kind != Wallet::kind_id) return;
  const auto* wallet = state_in<Wallet>(world.find(tenant, change.kind, change.entity));
  if (wallet == nullptr) return;
  auto rest = change.events;
  std::string_view bytes;
  Wallet::Event event;
  while (next_event(rest, bytes))
    if (Wallet::decode(bytes, event)) std::visit(Entry{books_[wallet->currency]}, event);
}

std::string Books::close(const World& world) {
  std::string problem;
  world.each([&](const Inhabitant& inhabitant) {
    if (const auto wrong = problem_of(inhabitant.entity.get()); !wrong.empty())
      problem = std::string(inhabitant.kind->name()) + "/" + inhabitant.id + " " + wrong;
    const auto* wallet = state_in<Wallet>(inhabitant.entity.get());
    if (wallet == nullptr) return;
    auto& book = books_[wallet->currency];
    book.balance += wallet->balance.minor;
    book.held += wallet->held.minor;
    ++book.wallets;
  });
  for (const auto& [currency, book] : books_)
    if (book.credited - book.debited - book.captured != book.balance)
      problem = std::string(currency.text()) + ": " + text_of(book.credited - book.debited - book.captured) +
                " went in and not out, but the balances add up to " + text_of(book.balance);
  return problem;
}

std::string text_of(Sum sum) {
  std::string digits;
  const bool negative = sum < 0;
  for (Sum rest = sum; rest != 0; rest /= 10) {
    const auto digit = static_cast<int>(rest % 10);
    digits += static_cast<char>('0' + (digit < 0 ? -digit : digit));
  }
  if (digits.empty()) digits = "0";
  if (negative) digits += '-';
  std::ranges::reverse(digits);
  return digits;
}

}  // namespace tote::cli
