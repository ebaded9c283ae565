#include "adapters/sportsbook/door.h"

#include <spdlog/spdlog.h>

#include <chrono>
#include <ctime>

#include "actors/wallet/wallet.h"
#include "adapters/server/response.h"
#include "adapters/sportsbook/says.h"

namespace tote::sportsbook {
namespace {

constexpr std::string_view json_type = "application/json";
constexpr std::uint64_t retry_after_s = 1;

// A wallet's answer to a read.
struct WalletFields final : Fields {
  void integer(std::string_view name, std::int64_t value) override {
    if (name == "available") available = value;
  }
  void text(std::string_view name, std::string_view value) override {
    if (name == "currency") currency = currency_of(value).value_or(Currency{});
  }
  void time(std::string_view, Time) override {}
  void begin(std::string_view) override {}
  void end() override {}

  std::int64_t available = 0;
  Currency currency{};
};

std::int64_t ms_since(server::Exchange::Clock::time_point began) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(server::Exchange::Clock::now() - began).count();
}

}  // namespace

struct Door::Ticket final : server::Exchange {
  void reset() override {
    Exchange::reset();
    action = Action::make;
    player.clear();
    currency = {};
    refused.reset();
  }

  Action action = Action::make;
  std::string player{};
  Currency currency{};
  std::optional<Refused> refused{};  // before the engine was asked
};

Door::Door(Options options, KeySetPtr keys)
    : options_(std::move(options)),
      prefix_(options_.path),
      checking_(options_, std::move(keys),
                [this](std::vector<Callback>&& callbacks) { checked(std::move(callbacks)); }) {}

std::string Door::attach(Engine& engine) {
  const auto tenant = engine.tenant(options_.tenant);
  if (!tenant) return "there are too many tenants for " + options_.tenant;
  tenant_ = *tenant;
  engine_ = &engine;
  return {};
}

std::unique_ptr<server::Exchange> Door::make_exchange() { return std::make_unique<Ticket>(); }

bool Door::take(server::Message& message, server::Exchange& exchange, Sink& sink, std::uint64_t tag, std::string& out) {
  auto& ticket = static_cast<Ticket&>(exchange);
  std::string_view path = server::split_target(message.target).path;
  path.remove_prefix(std::min(path.size(), prefix_.size()));
  const bool is_read = message.method == server::Method::get || message.method == server::Method::head;
  const bool is_ping = path == "/ping", is_post = message.method == server::Method::post;
  if (is_ping && (is_read || is_post))
    return say(exchange, 200, "{\"timestamp\":" + std::to_string(std::time(nullptr)) + '}', out), true;
  const auto action = action_of(path);
  if (is_ping) return say_nothing_here(exchange, "GET, HEAD, POST", out), true;
  if (!action || !is_post) return say_nothing_here(exchange, action ? "POST" : "", out), true;
  ticket.action = *action;
  if (engine_ == nullptr || state_->draining) return say_unavailable(exchange, out), true;
  Callback callback{*action, std::move(message.body), &exchange, &sink, tag};
  if (checking_.ask(std::move(callback), state_->post)) return false;
  say_unavailable(exchange, out);
  return true;
}

void Door::checked(std::vector<Callback>&& callbacks) {
  for (Callback& callback : callbacks) {
    if (auto* asked = std::get_if<Asked>(&callback.read)) {
      submit(callback, std::move(*asked));
      continue;
    }
    static_cast<Ticket&>(*callback.exchange).refused = std::get<Refused>(std::move(callback.read));
    Outcome none;
    callback.sink->done(callback.tag, none);
  }
}

// What is left of the time that the provider waits: the engine refuses what it can't decide in it, and never does it.
void Door::submit(Callback& callback, Asked&& asked) {
  auto& ticket = static_cast<Ticket&>(*callback.exchange);
  ticket.player = std::move(asked.player);
  ticket.currency = asked.currency;
  const std::int64_t left_ms = options_.timeout_ms - ms_since(ticket.started);
  Request request{.tenant = tenant_, .kind = Bet::kind_id, .entity = std::move(asked.entity)};
  request.deadline_ms = left_ms > 0 ? left_ms : -1;
  request.is_promised = ticket.action != Action::make;  // a win of a bet that was taken is paid, whatever is full
  if (asked.script == nullptr)
    request.kind = Wallet::kind_id;
  else
    request.command = Command(std::move(asked.script));
  engine_->submit(std::move(request), *callback.sink, callback.tag);
}

void Door::answer(server::Exchange& exchange, Outcome& outcome, std::string& out) {
  auto& ticket = static_cast<Ticket&>(exchange);
  if (ticket.refused) return say_refused(exchange, *ticket.refused, out);
  if (ticket.action == Action::balance && outcome.code == Code::not_found)
    return say_refused(exchange, {unknown_player_code, "Player not found"}, out);
  if (outcome.code == Code::deadline_exceeded && ticket.action == Action::make)
    return say_refused(exchange, {request_code, "Not decided in time: it was not and will not be done"}, out);
  if (!is_success(outcome.code)) {
    const auto refused = refusal_of(outcome.code);
    return refused ? say_refused(exchange, *refused, out) : say_unavailable(exchange, out);
  }
  if (ticket.action == Action::balance) {
    WalletFields wallet;
    static const auto kind = kind_of<Wallet>();
    kind->describe_answer(outcome.entity, outcome.answer, wallet);
    if (ticket.currency != Currency{} && ticket.currency != wallet.currency)
      return say_refused(exchange, {currency_code, "Invalid currency"}, out);
    return say(exchange, 200, text_of_balance(ticket.player, {wallet.available}, wallet.currency, options_), out);
  }
  const auto result = bet::read_result(outcome.answer);
  if (!result) return say_unavailable(exchange, out);
  const Said said = text_of(*result, options_);
  say(exchange, said.is_refused ? options_.error_status : 200, said.body, out);
}

void Door::deny(const server::Message&, server::Exchange& exchange, std::string& out) {
  say_unavailable(exchange, out);
}

void Door::refuse(const server::Message&, server::Exchange& exchange, const server::Failure& failure,
                  std::string& out) {
  // A refusal would say that nothing was done, and that isn't known: the provider asks again, or takes it back.
  if (failure.reason == server::Failure::Reason::unanswered) {
    exchange.close = true;
    return;
  }
  if (failure.reason == server::Failure::Reason::unavailable) return say_unavailable(exchange, out);
  const std::string message = failure.detail.empty() ? "The request can't be taken" : failure.detail;
  say(exchange, failure.status(), text_of(Refused{request_code, message}), out);
}

// Whatever is still being checked was not done.
void Door::stop() {
  for (Callback& callback : checking_.stop()) {
    static_cast<Ticket&>(*callback.exchange).refused = Refused{unavailable_code, "The server is going down"};
    Outcome none;
    callback.sink->done(callback.tag, none);
  }
}

void Door::say(const server::Exchange& exchange, unsigned status, std::string_view body, std::string& out) const {
  server::append_response(out, status, json_type, body, server::framing_of(exchange, state_->date));
}

void Door::say_refused(const server::Exchange& exchange, const Refused& refused, std::string& out) const {
  if (refused.code == unavailable_code) return say_unavailable(exchange, out);
  say(exchange, options_.error_status, text_of(refused), out);
}

// `allow`: the path is known, with these methods.
void Door::say_nothing_here(const server::Exchange& exchange, std::string_view allow, std::string& out) const {
  const std::string body = text_of(Refused{request_code, "There is no such request here"});
  server::begin_response(out, allow.empty() ? 404 : 405, json_type, body.size());
  if (!allow.empty()) server::append_header(out, "Allow", allow);
  server::end_headers(out, server::framing_of(exchange, state_->date));
  if (!exchange.head_only) out += body;
}

void Door::say_unavailable(const server::Exchange& exchange, std::string& out) const {
  const std::string body = text_of(Refused{unavailable_code, "Not now: nothing was done, try again"});
  server::begin_response(out, 503, json_type, body.size());
  server::append_header(out, "Retry-After", retry_after_s);
  server::end_headers(out, server::framing_of(exchange, state_->date));
  if (!exchange.head_only) out += body;
}

}  // namespace tote::sportsbook
