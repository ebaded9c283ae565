#include "tests/support/operation.h"

namespace tests {
namespace {

using Kind = Operation::Kind;

std::string number(std::string_view name, std::int64_t value) {
  return '"' + std::string(name) + "\":" + std::to_string(value);
}

}  // namespace

Wire wire_of(const Operation& operation) {
  const std::string wallet = "/v1/wallets/" + operation.wallet;
  const std::string hold = wallet + "/holds/" + operation.hold;
  const std::string amount = number("amount", operation.amount);
  switch (operation.kind) {
    case Kind::open: {
      const std::string overdraft =
          operation.overdraft_limit == 0 ? "" : ',' + number("overdraft_limit", operation.overdraft_limit);
      return {"PUT", wallet, R"({"currency":")" + operation.currency + '"' + overdraft + '}'};
    }
    case Kind::credit: return {"POST", wallet + "/credits", '{' + amount + '}'};
    case Kind::debit: return {"POST", wallet + "/debits", '{' + amount + R"(,"reference":"bet"})"};
    case Kind::hold:
      return {"POST", wallet + "/holds",
              R"({"hold":")" + operation.hold + "\"," + amount + ',' + number("expires_in_s", operation.expires_in_s) +
                  '}'};
    case Kind::capture: return {"POST", hold + "/capture", operation.amount == 0 ? "{}" : '{' + amount + '}'};
    case Kind::release: return {"POST", hold + "/release", "{}"};
    case Kind::read: break;
  }
  return {"GET", wallet, ""};
}

std::vector<std::pair<std::string, std::string>> headers_of(const Operation& operation) {
  std::vector<std::pair<std::string, std::string>> headers;
  if (!operation.key.empty()) headers.emplace_back("Idempotency-Key", operation.key);
  if (operation.if_match) headers.emplace_back("If-Match", "\"v" + std::to_string(*operation.if_match) + '"');
  if (operation.deadline_ms != 0) headers.emplace_back("Tote-Deadline-Ms", std::to_string(operation.deadline_ms));
  if (operation.min_lsn != 0) headers.emplace_back("Tote-Min-Lsn", std::to_string(operation.min_lsn));
  return headers;
}

Operation altered(Operation operation) {
  switch (operation.kind) {
    case Kind::open: operation.currency = operation.currency == "EUR" ? "USD" : "EUR"; break;
    case Kind::release: operation.kind = Kind::capture; break;
    default: ++operation.amount; break;
  }
  return operation;
}

std::string text_of(const Operation& operation) {
  const Wire wire = wire_of(operation);
  std::string text = wire.method + ' ' + wire.target + ' ' + wire.body;
  for (const auto& [name, value] : headers_of(operation)) text += ' ' + name + ": " + value;
  return text;
}

}  // namespace tests
