#include "adapters/sportsbook/payload.h"

#include <algorithm>
#include <iterator>

#include "adapters/sportsbook/amount.h"
#include "engine/kernel/name.h"

namespace tote::sportsbook {
namespace {

constexpr std::size_t label_bytes_max = 256;  // of a name in a selection; more is cut
constexpr std::size_t number_digits_max = 19;
constexpr std::string_view actions[] = {"/bet/make",   "/bet/commit",  "/bet/settlement", "/bet/win", "/bet/lost",
                                        "/bet/refund", "/bet/discard", "/bet/rollback",   "/balance"};

// Reads members; the first that is wrong is remembered, and what is read after that means nothing.
class Reader {
 public:
  Reader(const Json& payload, const Options& options) : payload_(payload), options_(options) {}

  const std::string& problem() const { return problem_; }
  bool fail(std::string problem) {
    if (problem_.empty()) problem_ = std::move(problem);
    return false;
  }

  const Json* object(std::string_view name) const {
    const Json* found = payload_.find(name);
    return found != nullptr && found->is(Json::Type::object) ? found : nullptr;
  }

  // Of a number of up to 19 digits, or a text; empty where it isn't there and needn't be.
  std::string id(const Json* in, std::string_view name, bool is_needed = true) {
    const Json* found = in == nullptr ? nullptr : in->find(name);
    if (found == nullptr) {
      if (is_needed) fail(std::string(name) + " is missing");
      return {};
    }
    const bool is_number = found->is(Json::Type::number) && found->text.size() <= number_digits_max &&
                           std::ranges::all_of(found->text, [](char c) { return c >= '0' && c <= '9'; });
    const bool is_text = found->is(Json::Type::text);
    if (!is_needed && is_text && found->text.empty()) return {};
    if (!is_number && !is_text) fail(std::string(name) + " must be an id: a number of up to 19 digits, or a text");
    return found->text;
  }
  // One of the provider's own.
  std::string own_id(const Json* in, std::string_view name, bool is_needed = true) {
    std::string found = id(in, name, is_needed);
    if (!found.empty() || is_needed)
      if (!bet::is_transaction(found)) fail(std::string(name) + " must be 1 to 100 characters of A-Z a-z 0-9 . _ : -");
    return found;
  }
  // The provider's, or one of ours.
  std::string any_id(const Json* in, std::string_view name, bool is_needed = true) {
    std::string found = id(in, name, is_needed);
    if (!found.empty() && bet::read_operation_id(options_.name, found)) return found;
    return own_id(in, name, is_needed);
  }

  // None where it isn't said; one that there isn't fails by `is_known`.
  Currency currency() {
    const Json* found = payload_.find("currency");
    if (const Json* transaction = object("transaction"); found == nullptr && transaction != nullptr)
      found = transaction->find("currency");
    if (found == nullptr) return {};
    says_currency = true;
    const auto known = found->is(Json::Type::text) ? currency_of(found->text) : std::nullopt;
    return known.value_or(Currency{});
  }
  bool says_currency = false;

  // `amount` of the payload, of its transaction, or of both if they say the same; nothing where neither says it.
  std::optional<Money> amount(Currency currency) {
    std::optional<Money> found;
    for (const Json* in : {&payload_, object("transaction")}) {
      const Json* said = in == nullptr ? nullptr : in->find("amount");
      if (said == nullptr) continue;
      const auto read = amount_in(*said, currency);
      if (!read) return fail("amount must be whole minor units, in the unit of this door"), std::nullopt;
      if (found && *found != *read) return fail("the amounts differ"), std::nullopt;
      found = read;
    }
    return found;
  }

 private:
  std::optional<Money> amount_in(const Json& said, Currency currency) const {
    const bool may_be_text = options_.unit == Unit::decimal;
    if (!said.is(Json::Type::number) && !(may_be_text && said.is(Json::Type::text))) return std::nullopt;
    if (currency == Currency{} && options_.unit != Unit::subunits) return std::nullopt;
    return read_amount(said.text, options_.unit, currency);
  }

  const Json& payload_;
  const Options& options_;
  std::string problem_;
};

std::string label(const Json& in, std::string_view name) {
  const Json* found = in.find(name);
  if (found == nullptr || found->is(Json::Type::list) || found->is(Json::Type::object)) return {};
  std::size_t size = std::min(found->text.size(), label_bytes_max);
  while (size > 0 && size < found->text.size() && (static_cast<unsigned char>(found->text[size]) & 0xc0U) == 0x80U)
    --size;
  return found->text.substr(0, size);
}

// What names a reference must be an id; what isn't one names none.
std::string reference(const Json& in, std::string_view name) {
  std::string found = label(in, name);
  return bet::is_transaction(found) ? found : std::string();
}

Bet::Selection selection_in(const Json& one) {
  Bet::Selection selection{.event = reference(one, "event_id"),
                           .sport = reference(one, "sport_id"),
                           .sport_name = label(one, "sport_name"),
                           .category = reference(one, "category_id"),
                           .category_name = label(one, "category_name"),
                           .tournament = reference(one, "tournament_id"),
                           .tournament_name = label(one, "tournament_name"),
                           .market = label(one, "market_name"),
                           .outcome = label(one, "outcome_name"),
                           .odds = label(one, "odds"),
                           .scheduled = label(one, "scheduled"),
                           .live = label(one, "live") == "true"};
  if (const Json* names = one.find("competitor_name"); names != nullptr)
    for (const Json& name : names->elements)
      if (name.is(Json::Type::text) && selection.competitors.size() < Bet::competitors_max)
        selection.competitors.push_back({name.text.substr(0, label_bytes_max)});
  return selection;
}

std::string wallet_of(const Options& options, std::string_view player, std::string_view currency) {
  std::string wallet = options.wallet;
  const auto fill = [&wallet](std::string_view name, std::string_view value) {
    for (auto at = wallet.find(name); at != std::string::npos; at = wallet.find(name, at + value.size()))
      wallet.replace(at, name.size(), value);
  };
  fill("{currency}", currency);
  fill("{player_id}", player);
  return wallet;
}

bool read_make(Reader& read, const Json& payload, const Options& options, bet::Said& said, bet::Make& make) {
  const Json* transaction = read.object("transaction");
  said.named = read.own_id(transaction, "id");
  make.player = read.own_id(&payload, "player_id");
  make.session = read.id(&payload, "session_id", false);
  if (!is_valid_id(make.session)) make.session.clear();  // of no session that there is
  make.needs_session = options.sessions;
  make.currency = read.currency();
  if (!read.says_currency) return read.fail("currency is missing");
  const auto amount = read.amount(make.currency == Currency{} ? *currency_of("EUR") : make.currency);
  if (!amount || amount->minor < 1) return read.fail("amount must be at least 1");
  make.amount = *amount;
  make.wallet = wallet_of(options, make.player, make.currency == Currency{} ? "XXX" : make.currency.text());
  const Json* betslip = read.object("betslip");
  if (betslip == nullptr) return read.problem().empty();
  make.betslip = label(*betslip, "id");
  const Json* bets = betslip->find("bets");
  if (bets == nullptr) return read.problem().empty();
  if (bets->elements.size() > Bet::selections_max) return read.fail("a betslip has 64 bets at most");
  for (const Json& one : bets->elements) make.selections.push_back(selection_in(one));
  return read.problem().empty();
}

bool read_settle(Action action, Reader& read, const Json& payload, bet::Settle& settle) {
  settle.currency = read.currency();
  const auto amount = read.amount(settle.currency);
  settle.amount = amount.value_or(Money{});
  switch (action) {
    case Action::win: {
      const Json* cashout = payload.find("is_cashout");
      settle.is_cashout = cashout != nullptr && (cashout->text == "true" || cashout->text == "1");
      if (!amount) return read.fail("amount is missing");
      break;
    }
    case Action::lost:
      settle.type = Bet::Type::lost;
      if (settle.amount.minor != 0) return read.fail("amount of a lost bet must be 0");
      break;
    default:
      settle.type = Bet::Type::refund;
      if (amount && amount->minor == 0) return read.fail("amount of a refund must be at least 1");
  }
  return read.problem().empty();
}

std::optional<Bet::Status> status_of(const Json* status) {
  using Status = Bet::Status;
  static constexpr std::pair<std::string_view, Status> known[] = {{"won", Status::won},
                                                                  {"half-won", Status::won},
                                                                  {"lost", Status::lost},
                                                                  {"half-lost", Status::lost},
                                                                  {"refunded", Status::refunded},
                                                                  {"refund", Status::refunded},
                                                                  {"canceled", Status::refunded},
                                                                  {"cancelled", Status::refunded},
                                                                  {"cashed out", Status::cashed_out},
                                                                  {"cashed_out", Status::cashed_out},
                                                                  {"half_won", Status::won},
                                                                  {"half_lost", Status::lost}};
  if (status == nullptr || !status->is(Json::Type::text)) return std::nullopt;
  for (const auto& [name, brings] : known)
    if (status->text == name) return brings;
  return std::nullopt;
}

// The script, or null when the reader has failed.
ScriptPtr script_of(Action action, Reader& read, const Json& payload, const Options& options, bet::Said& said,
                    std::string& player) {
  if (action == Action::make) {
    bet::Make make;
    if (!read_make(read, payload, options, said, make)) return nullptr;
    player = make.player;
    return bet::make(said, std::move(make));
  }
  if (action == Action::discard) {
    said.named = read.own_id(&payload, "transaction_id");
    player = read.id(&payload, "ext_player_id", false);
    return read.problem().empty() ? bet::discard(said, player) : nullptr;
  }
  said.named = read.any_id(&payload, "bet_transaction_id");
  if (action == Action::commit) return read.problem().empty() ? bet::commit(said) : nullptr;
  if (action == Action::settlement) {
    const auto brings = status_of(payload.find("status"));
    if (!brings) read.fail("status must be won, lost, refunded, canceled, cashed out, half-won or half-lost");
    return read.problem().empty() ? bet::settle_status(said, *brings) : nullptr;
  }
  said.transaction = read.own_id(read.object("transaction"), "id");
  if (action == Action::rollback) {
    std::string parent = read.any_id(&payload, "parent_transaction_id", false);
    if (parent.empty()) parent = said.named;  // the make itself
    const Currency currency = read.currency();
    const bool says_amount = options.unit == Unit::subunits || currency != Currency{};
    const Money amount = says_amount ? read.amount(currency).value_or(Money{}) : Money{};
    return read.problem().empty() ? bet::roll_back(said, std::move(parent), amount) : nullptr;
  }
  bet::Settle settle;
  return read_settle(action, read, payload, settle) ? bet::settle(said, settle) : nullptr;
}

Read read_balance(Reader& read, const Json& payload, const Options& options) {
  Asked asked;
  asked.player = read.own_id(&payload, "player_id");
  asked.currency = read.currency();
  if (!read.problem().empty()) return Refused{request_code, read.problem()};
  if (read.says_currency && asked.currency == Currency{}) return Refused{currency_code, "invalid currency"};
  asked.entity = wallet_of(options, asked.player, read.says_currency ? asked.currency.text() : "XXX");
  return asked;
}

}  // namespace

std::optional<Action> action_of(std::string_view path) {
  const auto found = std::ranges::find(actions, path);
  if (found == std::end(actions)) return std::nullopt;
  return static_cast<Action>(found - std::begin(actions));
}

Read read_payload(Action action, const Json& payload, const Options& options) {
  Reader read(payload, options);
  if (action == Action::balance) return read_balance(read, payload, options);
  bet::Said said{.provider = options.name,
                 .content = content_of(action, payload),
                 .may_overdraw = options.may_overdraw,
                 .unknown_is_ok = options.unknown_is_ok};
  Asked asked;
  asked.script = script_of(action, read, payload, options, said, asked.player);
  if (asked.script == nullptr || !read.problem().empty()) return Refused{request_code, read.problem()};
  if (read.says_currency && action != Action::make && read.currency() == Currency{})
    return Refused{currency_code, "invalid currency"};
  asked.entity = bet::entity_of(said);
  return asked;
}

}  // namespace tote::sportsbook
