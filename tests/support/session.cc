#include "tests/support/session.h"

#include <cstdlib>
#include <stdexcept>

namespace tests {
namespace {

std::string text_to_send(const Operation& operation) {
  const Wire wire = wire_of(operation);
  return http::Client::text_of(wire.method, wire.target, wire.body, headers_of(operation));
}

std::uint64_t number_of(const std::string& text) { return std::strtoull(text.c_str(), nullptr, 10); }

std::uint64_t version_of(const std::string& etag) { return etag.starts_with("\"v") ? number_of(etag.substr(2)) : 0; }

}  // namespace

bool Session::connect() {
  client_.reset();
  try {
    client_ = std::make_unique<http::Client>(port_);
  } catch (const std::runtime_error&) {
    return false;
  }
  return true;
}

bool Session::receive(std::size_t event) {
  http::Response response = client_->receive();
  if (response.status == 0) return false;
  Event& told = history_[event];
  told.returned_ns = now_ns();
  told.status = response.status;
  told.lsn = number_of(response.header("Tote-Lsn"));
  told.version = version_of(response.header("ETag"));
  for (const char* name : {"Idempotent-Replayed", "X-Idempotent-Replayed"})
    if (response.header(name) == "true") ++told.replayed_headers;
  told.body = std::move(response.body);
  return true;
}

bool Session::ask(std::span<const Operation> operations) {
  const std::size_t first = history_.size();
  std::string text;
  for (const auto& operation : operations) {
    text += text_to_send(operation);
    history_.push_back({.operation = operation, .invoked_ns = now_ns()});
  }
  if (!client_->send(text)) return false;
  for (std::size_t i = 0; i < operations.size(); ++i)
    if (!receive(first + i)) return false;
  return true;
}

bool Session::look_up(const std::string& key) {
  history_.push_back({.kind = Event::Kind::lookup, .operation = {.key = key}, .invoked_ns = now_ns()});
  if (!client_->send(http::Client::text_of("GET", "/v1/outcomes/" + key, "", {}))) return false;
  return receive(history_.size() - 1);
}

void Session::abandon(const Operation& operation, std::size_t bytes) {
  history_.push_back({.operation = operation, .invoked_ns = now_ns()});
  client_->send(text_to_send(operation).substr(0, bytes));
  client_.reset();
}

}  // namespace tests
