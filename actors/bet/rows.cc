// The tables of bets and of their operations, and what must be true of them at the end of a log.
#include <algorithm>

#include "actors/bet/bet.h"
#include "actors/wallet/wallet.h"
#include "engine/kernel/by_members.h"
#include "engine/kernel/kind_of.h"

namespace tote {
namespace {

constexpr auto integer = ColumnType::integer;

constexpr Column bet_columns[] = {{"id"},
                                  {"provider"},
                                  {"player"},
                                  {"wallet"},
                                  {"session"},
                                  {"betslip"},
                                  {"status"},
                                  {"currency"},
                                  {"stake", integer},
                                  {"payout", integer},
                                  {"selections", ColumnType::json}};
constexpr Column operation_columns[] = {{"id"},
                                        {"bet"},
                                        {"transaction"},
                                        {"operation"},
                                        {"amount", integer},
                                        {"parent"},
                                        {"rolled_back"},
                                        {"balance", integer},
                                        {"made_at", ColumnType::time}};
constexpr Table bet_tables[] = {{"bets", bet_columns, 1}, {"bet_operations", operation_columns, 1}};

void text(std::string_view name, std::string_view value, Fields& row) {
  if (!value.empty()) row.text(name, value);
}

void write_bet(std::string_view id, const Bet::State& bet, RowWriter& out) {
  Fields& row = out.row("bets");
  row.text("id", id);
  row.text("provider", id.substr(0, id.find(':')));
  text("player", bet.player, row);
  text("wallet", bet.wallet, row);
  text("session", bet.session, row);
  text("betslip", bet.betslip, row);
  row.text("status", name_of(bet.status));
  if (bet.currency != Currency{}) row.text("currency", bet.currency.text());
  row.integer("stake", bet.stake.minor);
  row.integer("payout", bet.payout().minor);
  if (bet.selections.empty()) return;
  row.begin_list("selections");
  for (const Bet::Selection& selection : bet.selections) {
    row.begin({});
    by_members::describe(selection, row);
    row.end();
  }
  row.end_list();
}

void write_operation(std::string_view id, const Bet::State& bet, std::size_t number, RowWriter& out) {
  const Bet::Done& done = bet.operations[number - 1];
  const Bet::Operation& operation = done.operation;
  Fields& row = out.row("bet_operations");
  row.text("id", bet::operation_id(id, number));
  row.text("bet", id);
  text("transaction", operation.transaction, row);
  row.text("operation", name_of(operation.type));
  row.integer("amount", operation.amount.minor);
  if (operation.reverses > 0) row.text("parent", bet::operation_id(id, static_cast<std::size_t>(operation.reverses)));
  row.text("rolled_back", done.is_undone ? "yes" : "no");
  if (operation.has_balance) row.integer("balance", operation.balance.minor);
  row.time("made_at", operation.at);
}

// What never became a bet, and transaction ids of operations, are in no table.
bool is_shown(const Bet::State& bet) { return bet.is_bet() || bet.status == Bet::Status::tombstoned; }

}  // namespace

std::span<const Table> Bet::tables() { return bet_tables; }

// A rollback, and what it takes back with it, changes rows of operations before it: all of them are told then.
void Bet::rows(std::string_view id, const State& bet, std::span<const Event> events, RowWriter& out) {
  if (!is_shown(bet)) return;
  write_bet(id, bet, out);
  std::size_t from = bet.operations.size() + 1;
  for (const Event& event : events) {
    if (std::holds_alternative<Made>(event) || std::holds_alternative<Discarded>(event)) from = 1;
    const auto* operated = std::get_if<Operated>(&event);
    if (operated == nullptr) continue;
    const auto reverses = static_cast<std::size_t>(operated->operation.reverses);
    from = std::min(from, reverses > 0 ? reverses : bet.operations.size());
  }
  for (std::size_t number = from; number <= bet.operations.size(); ++number) write_operation(id, bet, number, out);
}

std::string Bet::audit(std::string_view, const State& bet, const Neighbours& others) {
  if (bet.status == Status::used)
    return look<Bet>(others, bet.used_by) != nullptr ? std::string() : "is used by a bet that isn't there";
  if (!bet.is_bet()) return {};
  const auto* wallet = look<Wallet>(others, bet.wallet);
  if (wallet == nullptr) return "was paid from a wallet that isn't there";
  return wallet->currency == bet.currency ? std::string() : "is in another currency than its wallet";
}

}  // namespace tote
