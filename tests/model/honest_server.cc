#include "tests/model/honest_server.h"

#include <doctest/doctest.h>

#include <ctime>

namespace tests {
namespace {

using Kind = Operation::Kind;

constexpr std::int64_t ns_per_ms = 1'000'000;

std::string number(const char* name, std::int64_t value) {
  return ",\"" + std::string(name) + "\":" + std::to_string(value);
}

std::string time_text(std::int64_t ms) {
  const std::time_t seconds = ms / 1000;
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  char text[48];
  const auto size = std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S.", &utc);
  const std::string fraction = std::to_string(1000 + ms % 1000).substr(1);
  return {std::string(text, size) + fraction + 'Z'};
}

std::string refusal_body(const WalletModel::Expected& expected) {
  std::string body =
      R"({"code":")" + expected.code + R"(","outcome":"not_executed")" + number("status", expected.status);
  for (const auto& [name, value] : expected.facts) body += number(name.c_str(), value);
  return body + '}';
}

std::string wallet_body(const Answer& answer, std::uint64_t lsn) {
  std::string body =
      R"({"id":")" + answer.id + R"(","currency":")" + answer.currency + '"' + number("balance", answer.balance) +
      number("held", answer.held) + number("available", answer.available) +
      number("version", static_cast<std::int64_t>(answer.version)) + number("lsn", static_cast<std::int64_t>(lsn));
  if (!answer.hold.empty())
    body += R"(,"hold":{"id":")" + answer.hold + R"(","status":")" + answer.hold_status + R"(","expires_at":")" +
            time_text(answer.hold_expires_at_ms) + '"' + number("amount", answer.hold_amount) +
            number("captured", answer.hold_captured) + '}';
  return body + '}';
}

}  // namespace

Event& HonestServer::begin(const Operation& operation) {
  now_ns_ += 1000;
  Event& event = history.emplace_back();
  event.operation = operation;
  event.invoked_ns = now_ns_;
  event.returned_ns = now_ns_ + 500;
  return event;
}

Event& HonestServer::execute(const Operation& operation) {
  Event& event = begin(operation);
  auto& wallet = wallets_[operation.wallet];
  const auto expected = wallet.expect(operation);
  const auto expires_at_ms = now_ns_ / ns_per_ms + operation.expires_in_s * 1000;
  if (expected.changes) wallet.apply(operation, expires_at_ms);
  if (expected.changes || !operation.key.empty()) ++lsn_;
  if (expected.changes) changed_[operation.wallet] = lsn_;
  event.status = expected.status;
  event.lsn = expected.changes || !operation.key.empty() ? lsn_ : changed_[operation.wallet];
  if (expected.status >= 400) {
    event.body = refusal_body(expected);
    return event;
  }
  event.version = wallet.version();
  event.body = wallet_body(wallet.answer(operation), event.lsn);
  return event;
}

Event& HonestServer::repeat(const Event& event) {
  const Event first = event;
  Event& again = begin(first.operation);
  again.status = first.status;
  again.body = first.body;
  again.lsn = first.lsn;
  again.version = first.version;
  again.replayed_headers = 2;
  return again;
}

Event& HonestServer::execute_unheard(const Operation& operation) {
  Event& event = execute(operation);
  const auto invoked_ns = event.invoked_ns;
  event = Event{.operation = operation, .invoked_ns = invoked_ns};
  return event;
}

void HonestServer::expire(const std::string& wallet, const std::string& hold) {
  wallets_[wallet].expire(hold);
  changed_[wallet] = ++lsn_;
}

Operation open_wallet(std::string key) { return {.kind = Kind::open, .wallet = "w", .key = std::move(key)}; }
Operation credit(std::int64_t amount, std::string key) {
  return {.kind = Kind::credit, .wallet = "w", .amount = amount, .key = std::move(key)};
}
Operation debit(std::int64_t amount, std::string key) {
  return {.kind = Kind::debit, .wallet = "w", .amount = amount, .key = std::move(key)};
}
Operation hold(std::string id, std::int64_t amount, std::int64_t expires_in_s, std::string key) {
  return {.kind = Kind::hold,
          .wallet = "w",
          .hold = std::move(id),
          .amount = amount,
          .expires_in_s = expires_in_s,
          .key = std::move(key)};
}
Operation capture(std::string id, std::int64_t amount, std::string key) {
  return {.kind = Kind::capture, .wallet = "w", .hold = std::move(id), .amount = amount, .key = std::move(key)};
}
Operation read() { return {.kind = Kind::read, .wallet = "w"}; }

HonestServer opened() {
  HonestServer server;
  server.execute(open_wallet("k-open"));
  server.execute(credit(1000, "k-topup"));
  return server;
}

bool finds(const HonestServer& server, Violation::Kind kind) {
  const auto verdict = check(server.history);
  if (!verdict.has(kind)) MESSAGE("found only: " << verdict.text());
  return verdict.has(kind);
}

bool passes(const HonestServer& server) {
  const auto verdict = check(server.history);
  if (!verdict.violations.empty()) MESSAGE(verdict.text());
  return verdict.violations.empty();
}

void replace(Event& event, const std::string& from, const std::string& to) {
  const auto at = event.body.find(from);
  REQUIRE(at != std::string::npos);
  event.body.replace(at, from.size(), to);
}

}  // namespace tests
