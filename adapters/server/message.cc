#include "adapters/server/message.h"

#include <algorithm>

namespace tote::server {
namespace {

constexpr std::array<std::string_view, headers_known> names = {
    "Host",         "Authorization", "Idempotency-Key", "If-Match", "If-None-Match", "Tote-Deadline-Ms",
    "Tote-Min-Lsn", "Origin",        "Expect",          "Accept",   "Last-Event-ID", "Tote-Tenant"};

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
  const auto size_of = [](std::string_view text) { return static_cast<std::uint32_t>(text.size()); };
  others_.push_back({size_of(text_), size_of(name), size_of(value)});
  text_.append(name).append(value);
}

void Headers::replace(Header header, std::string_view value) {
  slots_[static_cast<std::size_t>(header)] = {static_cast<std::uint32_t>(text_.size()),
                                              static_cast<std::uint32_t>(value.size()), 1};
  text_.append(value);
}

void Headers::clear() {
  text_.clear();
  others_.clear();
  slots_.fill({});
}

std::optional<std::string_view> Headers::other(std::string_view name) const {
  std::optional<std::string_view> found;
  for (const Other& other : others_) {
    const std::string_view text = std::string_view(text_).substr(other.at, other.name_size + other.size);
    if (!same_name(text.substr(0, other.name_size), name)) continue;
    if (found) return std::nullopt;
    found = text.substr(other.name_size);
  }
  return found;
}

void Message::clear() {
  method = Method::other;
  target.clear();
  headers.clear();
  body.clear();
  http_1_0 = false;
  keep_alive = true;
}

Target split_target(std::string_view target) {
  // Absolute form (RFC 9112 §3.2.2), of a line of a batch: what stands before the path was the way to this server. Of a
  // request the reader has taken it off.
  if (const auto scheme = target.find("://"); scheme != std::string_view::npos && scheme < target.find('/')) {
    const auto path = target.find('/', scheme + 3);
    target = path == std::string_view::npos ? std::string_view("/") : target.substr(path);
  }
  const auto question = target.find('?');
  if (question == std::string_view::npos) return {target, {}};
  return {target.substr(0, question), target.substr(question + 1)};
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

}  // namespace tote::server
