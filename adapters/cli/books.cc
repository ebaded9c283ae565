#include "adapters/cli/books.h"

#include <algorithm>

namespace tote::cli {
namespace {

const Wallet::State* wallet_in(const AnyEntity* entity) {
  const auto* wallet = dynamic_cast<const EntityOf<Wallet>*>(entity);
  return wallet != nullptr ? &wallet->state() : nullptr;
}

struct Entry {
  CurrencyBook& book;

  void operator()(const Wallet::Credited& event) const { book.credited += event.amount.minor; }
  void operator()(const Wallet::Debited& event) const { book.debited += event.amount.minor; }
  void operator()(const Wallet::Captured& event) const { book.captured += event.amount.minor; }
  void operator()(const auto&) const {}  // the others move no money
};

// Too dear for Wallet::check, which runs after every event.
std::string holds_problem(const Wallet::State& wallet) {
  Sum open = 0;
  for (const auto& [id, hold] : wallet.holds)
    if (hold.status == Wallet::HoldStatus::open) open += hold.amount.minor;
  if (open == wallet.held.minor) return {};
  return "holds " + text_of(open) + " in its open holds but " + text_of(wallet.held.minor) + " in total";
}

}  // namespace

void Books::add(const World& world, std::string_view tenant, const wal::Change& change) {
  if (change.kind != Wallet::kind_id) return;
  const auto* wallet = wallet_in(world.find(tenant, change.kind, change.entity));
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
    const auto* wallet = wallet_in(inhabitant.entity.get());
    if (wallet == nullptr) return;
    auto& book = books_[wallet->currency];
    book.balance += wallet->balance.minor;
    book.held += wallet->held.minor;
    ++book.wallets;
    if (const auto wrong = holds_problem(*wallet); !wrong.empty()) problem = "wallet/" + inhabitant.id + " " + wrong;
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
