#include "adapters/sportsbook/says.h"

#include "adapters/sportsbook/amount.h"

namespace tote::sportsbook {
namespace {

Refused why(Bet::Decline decline) {
  switch (decline) {
    case Bet::Decline::player_blocked: return {blocked_code, "Player is blocked"};
    case Bet::Decline::player_not_found: return {unknown_player_code, "Player not found"};
    case Bet::Decline::session_expired: return {session_code, "Session is expired"};
    case Bet::Decline::not_enough_money: return {no_money_code, "Not enough money"};
    case Bet::Decline::invalid_currency: return {currency_code, "Invalid currency"};
    case Bet::Decline::none: break;
  }
  return {request_code, "Bad request"};
}

void append_text(std::string& out, std::string_view name, std::string_view value) {
  append_quoted(out += ',', name);
  out += ':';
  if (value.empty())
    out += "null";
  else
    append_quoted(out, value);
}

std::string declined(const bet::Result& result, const Options& options) {
  const Refused refused = why(result.why);
  std::string body = text_of(refused);
  if (refused.code != no_money_code || !result.has_balance) return body;
  body.pop_back();
  return body + ",\"balance\":" + write_amount(result.balance, options.unit, result.currency) + '}';
}

}  // namespace

void append_quoted(std::string& out, std::string_view text) {
  static constexpr char digits[] = "0123456789abcdef";
  out += '"';
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\')
      (out += '\\') += c;
    else if (byte < 0x20)
      ((out += "\\u00") += digits[byte >> 4U]) += digits[byte & 0xfU];
    else
      out += c;
  }
  out += '"';
}

std::string text_of(const Refused& refused) {
  std::string body = "{\"code\":" + std::to_string(refused.code) + ",\"message\":";
  append_quoted(body, refused.message);
  return body += '}';
}

Said text_of(const bet::Result& result, const Options& options) {
  using Kind = bet::Result::Kind;
  if (result.kind == Kind::nothing) return {"{}"};
  if (result.kind == Kind::unknown) return {text_of(*refusal_of(Code::bet_unknown)), true};
  if (result.kind == Kind::declined) return {declined(result, options), true};
  std::string body = "{\"id\":";
  append_quoted(body, result.id);
  append_text(body, "ext_transaction_id", result.transaction);
  append_text(body, "parent_transaction_id", result.parent);
  append_text(body, "user_id", result.player);
  append_text(body, "operation", name_of(result.type));
  body += ",\"amount\":" + write_amount(result.amount, options.unit, result.currency);
  append_text(body, "currency", result.currency == Currency{} ? std::string_view{} : result.currency.text());
  body += ",\"balance\":";
  body += result.has_balance ? write_amount(result.balance, options.unit, result.currency) : "null";
  return {body += '}'};
}

std::string text_of_balance(std::string_view player, Money balance, Currency currency, const Options& options) {
  std::string body = "{\"user_id\":";
  append_quoted(body, player);
  body += ",\"balance\":" + write_amount(balance, options.unit, currency) + ",\"currency\":";
  append_quoted(body, currency.text());
  return body += '}';
}

std::optional<Refused> refusal_of(Code code) {
  switch (code) {
    case Code::bet_unknown: return Refused{parent_code, "Parent transaction not found"};
    case Code::bet_conflict: return Refused{request_code, "The bet, or what this id said before, doesn't allow that"};
    case Code::currency_mismatch: return Refused{currency_code, "Invalid currency"};
    case Code::wallet_closed: return Refused{blocked_code, "Player is blocked"};
    case Code::balance_limit: return Refused{request_code, "The balance would be beyond its limit"};
    case Code::invalid_request:
    case Code::invalid_id:
    case Code::not_found: return Refused{request_code, "Bad request"};
    default: return std::nullopt;
  }
}

}  // namespace tote::sportsbook
