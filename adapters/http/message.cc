#include "adapters/http/message.h"

#include <algorithm>

namespace tote::http {
namespace {

constexpr std::array<std::string_view, headers_known> names = {
    "Host",         "Authorization", "Idempotency-Key", "If-Match", "If-None-Match", "Tote-Deadline-Ms",
    "Tote-Min-Lsn", "Origin",        "Expect",          "Accept",   "Last-Event-ID"};

constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

bool same_name(std::string_view a, std::string_view b) {
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return lower(x) == lower(y); });
}

}  // namespace

std::string_view name_of(Header header) { return names[static_cast<std::size_t>(header)]; }

void Headers::add(std::string_view name, std::string_view value) {
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (!same_name(name, names[i])) continue;
    Slot& slot = slots_[i];
    if (slot.count++ != 0) return;
    slot.at = static_cast<std::uint32_t>(text_.size());
    slot.size = static_cast<std::uint32_t>(value.size());
    text_.append(value);
    return;
  }
}

void Headers::clear() {
  text_.clear();
  slots_.fill({});
}

void Message::clear() {
  method = Method::other;
  target.clear();
  headers.clear();
  body.clear();
  http_1_0 = false;
  keep_alive = true;
}

Method method_of(std::string_view name) {
  if (name == "GET") return Method::get;
  if (name == "HEAD") return Method::head;
  if (name == "POST") return Method::post;
  if (name == "PUT") return Method::put;
  if (name == "PATCH") return Method::patch;
  if (name == "DELETE") return Method::delete_;
  return Method::other;
}

std::string_view name_of(Method method) {
  switch (method) {
    case Method::get: return "GET";
    case Method::head: return "HEAD";
    case Method::post: return "POST";
    case Method::put: return "PUT";
    case Method::patch: return "PATCH";
    case Method::delete_: return "DELETE";
    case Method::other: return "OTHER";
  }
  return {};
}

}  // namespace tote::http
