#include "tests/actors/bet_words.h"

namespace tote {

Book::Book(std::int64_t balance)
    : world({kind_of<Wallet>(), kind_of<Bet>(), kind_of<Reference>(), kind_of<Session>()}) {
  world.command<Wallet>("ann", Wallet::Open{*currency_of("EUR")});
  if (balance > 0) world.command<Wallet>("ann", Wallet::Credit{{balance}});
}

bet::Said Book::said(std::string named, std::string transaction, std::int64_t content) const {
  return {"acme", std::move(named), std::move(transaction), {0, content}, may_overdraw, unknown_is_ok};
}

Verdict Book::make(const std::string& id, std::int64_t amount, std::int64_t content) {
  return make(id, stake(amount), content);
}
Verdict Book::make(const std::string& id, bet::Make asked, std::int64_t content) {
  return run(bet::make(said(id, {}, content), std::move(asked)));
}
Verdict Book::win(const std::string& id, const std::string& transaction, std::int64_t amount, std::int64_t content) {
  return run(bet::settle(said(id, transaction, content), {Bet::Type::win, false, {amount}}));
}
Verdict Book::cash_out(const std::string& id, const std::string& transaction, std::int64_t amount) {
  return run(bet::settle(said(id, transaction), {Bet::Type::win, true, {amount}}));
}
Verdict Book::lose(const std::string& id, const std::string& transaction) {
  return run(bet::settle(said(id, transaction), {Bet::Type::lost}));
}
Verdict Book::refund(const std::string& id, const std::string& transaction, std::int64_t amount) {
  return run(bet::settle(said(id, transaction), {Bet::Type::refund, false, {amount}}));
}
Verdict Book::roll_back(const std::string& id, const std::string& transaction, std::size_t number) {
  return run(bet::roll_back(said(id, transaction), bet::operation_id("acme:" + id, number), {}));
}

std::string Book::told() {
  const auto result = bet::read_result(world.answer());
  if (!result) return "not told";
  const std::string balance = result->has_balance ? ", balance " + std::to_string(result->balance.minor) : "";
  switch (result->kind) {
    case bet::Result::Kind::nothing: return "yes";
    case bet::Result::Kind::unknown: return "unknown";
    case bet::Result::Kind::declined: return "declined " + std::string(name_of(result->why)) + balance;
    case bet::Result::Kind::done: break;
  }
  return result->id + " " + std::string(name_of(result->type)) + " " + std::to_string(result->amount.minor) +
         (result->parent.empty() ? "" : " of " + result->parent) + balance;
}

}  // namespace tote
