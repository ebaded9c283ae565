// What bets say to the edges: names, answers to reads, domain events.
#include "actors/bet/bet.h"
#include "actors/bet/callback.h"
#include "engine/kernel/by_members.h"
#include "engine/kernel/state_bytes.h"

namespace tote {
namespace {

using Status = Bet::Status;
using Type = Bet::Type;

constexpr char read_mark = 'B', result_mark = 'R';  // what an answer's bytes begin with

std::string_view provider_of(std::string_view id) { return id.substr(0, id.find(':')); }

void text_or_none(std::string_view name, std::string_view value, Fields& fields) {
  value.empty() ? fields.none(name) : fields.text(name, value);
}

void describe_operation(std::string_view id, std::size_t number, const Bet::Done& done, Fields& fields) {
  const Bet::Operation& operation = done.operation;
  fields.begin({});
  fields.text("id", bet::operation_id(id, number));
  text_or_none("transaction", operation.transaction, fields);
  fields.text("operation", name_of(operation.type));
  fields.integer("amount", operation.amount.minor);
  if (operation.reverses > 0)
    fields.text("parent", bet::operation_id(id, static_cast<std::size_t>(operation.reverses)));
  fields.integer("lsn", static_cast<std::int64_t>(done.lsn));
  fields.time("time", operation.at);
  fields.end();
}

void describe_state(std::string_view id, const Bet::State& bet, Fields& fields) {
  fields.text("id", id);
  fields.text("provider", provider_of(id));
  text_or_none("player", bet.player, fields);
  text_or_none("wallet", bet.wallet, fields);
  fields.text("status", name_of(bet.status));
  fields.integer("stake", bet.stake.minor);
  fields.integer("payout", bet.payout().minor);
  text_or_none("currency", bet.currency == Currency{} ? std::string_view{} : bet.currency.text(), fields);
  fields.begin_list("selections");
  for (const Bet::Selection& selection : bet.selections) {
    fields.begin({});
    by_members::describe(selection, fields);
    fields.end();
  }
  fields.end_list();
  fields.begin_list("operations");
  for (std::size_t i = 0; i < bet.operations.size(); ++i) describe_operation(id, i + 1, bet.operations[i], fields);
  fields.end_list();
}

struct EventName {
  std::string_view operator()(const Bet::Made&) const { return "made"; }
  std::string_view operator()(const Bet::Declined&) const { return "declined"; }
  std::string_view operator()(const Bet::Committed&) const { return "committed"; }
  std::string_view operator()(const Bet::Operated& event) const {
    switch (event.operation.type) {
      case Type::win: return event.operation.brings == Status::cashed_out ? "cashed_out" : "won";
      case Type::lost: return "lost";
      case Type::refund: return "refunded";
      case Type::rollback: return "rolled_back";
      case Type::settlement: return "settled";
      case Type::bet: break;
    }
    return "made";
  }
  std::string_view operator()(const Bet::Discarded&) const { return "discarded"; }
  std::string_view operator()(const Bet::Tombstoned&) const { return "tombstoned"; }
  std::string_view operator()(const Bet::Used&) const { return "used"; }
};

void describe_asked(const Bet::Operation& operation, Fields& fields) {
  text_or_none("transaction", operation.transaction, fields);
  fields.integer("amount", operation.amount.minor);
  if (operation.reverses > 0) fields.integer("reverses", operation.reverses);
  if (operation.type == Type::settlement) fields.text("status", name_of(operation.brings));
  if (operation.has_balance) fields.integer("balance", operation.balance.minor);
}

struct DescribeEvent {
  Fields& fields;

  void operator()(const Bet::Made& event) const {
    fields.text("player", event.player);
    fields.text("wallet", event.wallet);
    if (!event.session.empty()) fields.text("session", event.session);
    if (!event.betslip.empty()) fields.text("betslip", event.betslip);
    fields.text("currency", event.currency.text());
    describe_asked(event.operation, fields);
    if (event.selections.empty()) return;
    fields.begin_list("selections");
    for (const Bet::Selection& selection : event.selections) {
      fields.begin({});
      by_members::describe(selection, fields);
      fields.end();
    }
    fields.end_list();
  }
  void operator()(const Bet::Declined& event) const {
    fields.text("why", tote::name_of(event.why));
    fields.text("player", event.player);
    describe_asked(event.operation, fields);
  }
  void operator()(const Bet::Operated& event) const { describe_asked(event.operation, fields); }
  void operator()(const auto& event) const { by_members::describe(event, fields); }
};

}  // namespace

std::string_view Bet::name_of(const Event& event) { return std::visit(EventName{}, event); }

void Bet::describe_event(const Event& event, Fields& fields) { std::visit(DescribeEvent{fields}, event); }

void Bet::tell(std::string_view, const Event& event, Fields& fields) {
  if (std::holds_alternative<Used>(event)) return;
  fields.begin(std::string("bet.").append(name_of(event)));
  describe_event(event, fields);
  fields.end();
}

void Bet::answer(const State& bet, const Command*, std::string& out) {
  out += read_mark;
  encode_state(bet, out);
}

bool Bet::describe_answer(std::string_view id, std::string_view answer, Fields& fields) {
  if (const auto result = bet::read_result(answer)) {
    fields.begin("callback");
    by_members::describe(*result, fields);
    fields.end();
    return true;
  }
  State state;
  if (!answer.starts_with(read_mark) || !decode_state(answer.substr(1), state)) return false;
  describe_state(id, state, fields);
  return true;
}

bool Bet::is_no_bet(std::string_view answer) {
  State state;
  return answer.starts_with(read_mark) && decode_state(answer.substr(1), state) &&
         (state.status == Status::declined || state.status == Status::used);
}

namespace bet {

void write_result(const Result& result, std::string& out) {
  out += result_mark;
  by_members::encode(result, out);
}

std::optional<Result> read_result(std::string_view answer) {
  Result result;
  if (!answer.starts_with(result_mark) || !by_members::decode(answer.substr(1), result)) return std::nullopt;
  return result;
}

Result result_of(std::string_view bet, const Bet::State& state, std::size_t number) {
  const Bet::Operation& operation = state.operations[number - 1].operation;
  Result result{.kind = Result::Kind::done,
                .id = operation_id(bet, number),
                .transaction = operation.transaction,
                .player = state.player,
                .type = operation.type,
                .amount = operation.amount,
                .balance = operation.balance,
                .has_balance = operation.has_balance,
                .currency = state.currency};
  if (operation.reverses > 0)
    result.parent = operation_id(bet, static_cast<std::size_t>(operation.reverses));
  else if (operation.type != Bet::Type::bet && state.is_bet())
    result.parent = operation_id(bet, 1);
  if (state.why != Bet::Decline::none && number == 1) {
    result.kind = Result::Kind::declined;
    result.why = state.why;
  }
  return result;
}

}  // namespace bet
}  // namespace tote
