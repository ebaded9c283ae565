// A wallet's tables: itself, its holds, and each movement of money.
#include "actors/wallet/wallet.h"

namespace tote {
namespace {

constexpr auto integer = ColumnType::integer;

constexpr Column wallet_columns[] = {{"id"},
                                     {"currency"},
                                     {"balance", integer},
                                     {"held", integer},
                                     {"available", integer},
                                     {"overdraft_limit", integer},
                                     {"status"},
                                     {"status_reason"},
                                     {"debt", integer}};
constexpr Column hold_columns[] = {
    {"wallet"}, {"id"}, {"amount", integer}, {"captured", integer}, {"status"}, {"expires_at", ColumnType::time}};
constexpr Column entry_columns[] = {{"amount", integer}, {"currency"}, {"balance", integer}, {"reference"}};
constexpr Table wallet_tables[] = {
    {"wallets", wallet_columns, 1}, {"holds", hold_columns, 2}, {"ledger_entries", entry_columns, 0, RowKind::entry}};

// What an event did to the balance, and what it names; none: nothing.
struct Movement {
  std::int64_t amount = 0;
  std::string_view reference{};
};
struct MovementOf {
  std::optional<Movement> operator()(const Wallet::Credited& event) const {
    return Movement{event.amount.minor, event.reference};
  }
  std::optional<Movement> operator()(const Wallet::Debited& event) const {
    return Movement{-event.amount.minor, event.reference};
  }
  std::optional<Movement> operator()(const Wallet::Captured& event) const {
    return Movement{-event.amount.minor, event.hold};
  }
  std::optional<Movement> operator()(const Wallet::Reversed& event) const {
    return Movement{-event.amount.minor, event.reference};
  }
  std::optional<Movement> operator()(const Wallet::DebtPaid& event) const { return Movement{-event.amount.minor, {}}; }
  std::optional<Movement> operator()(const auto&) const { return std::nullopt; }
};

void write_hold(std::string_view id, const std::string& hold, const Wallet::HoldState& state, RowWriter& out) {
  static constexpr std::string_view statuses[] = {"open", "captured", "released", "expired"};
  Fields& row = out.row("holds");
  row.text("wallet", id);
  row.text("id", hold);
  row.integer("amount", state.amount.minor);
  row.integer("captured", state.captured.minor);
  row.text("status", statuses[static_cast<std::size_t>(state.status)]);
  row.time("expires_at", state.expires_at);
}

// One a movement, with the balance after it.
void write_entries(const Wallet::State& wallet, std::span<const Wallet::Event> events, RowWriter& out) {
  std::int64_t balance = wallet.balance.minor;
  for (const auto& event : events)
    if (const auto moved = std::visit(MovementOf{}, event)) balance -= moved->amount;
  for (std::size_t i = 0; i < events.size(); ++i) {
    const auto moved = std::visit(MovementOf{}, events[i]);
    if (!moved) continue;
    balance += moved->amount;
    Fields& entry = out.entry("ledger_entries", i, Wallet::name_of(events[i]));
    entry.integer("amount", moved->amount);
    entry.text("currency", wallet.currency.text());
    entry.integer("balance", balance);
    if (!moved->reference.empty()) entry.text("reference", moved->reference);
  }
}

}  // namespace

std::span<const Table> Wallet::tables() { return wallet_tables; }

void Wallet::rows(std::string_view id, const State& wallet, std::span<const Event> events, RowWriter& out) {
  write_entries(wallet, events, out);
  Fields& row = out.row("wallets");
  row.text("id", id);
  row.text("currency", wallet.currency.text());
  row.integer("balance", wallet.balance.minor);
  row.integer("held", wallet.held.minor);
  row.integer("available", wallet.available().minor);
  row.integer("overdraft_limit", wallet.overdraft_limit.minor);
  row.text("status", tote::name_of(wallet.status));
  if (!wallet.reason.empty()) row.text("status_reason", wallet.reason);
  row.integer("debt", wallet.debt.minor);
  for (const Event& any : events)
    std::visit(
        [&](const auto& event) {
          if constexpr (requires { event.hold; })
            if (const auto found = wallet.holds.find(event.hold); found != wallet.holds.end())
              write_hold(id, found->first, found->second, out);
        },
        any);
}

}  // namespace tote
