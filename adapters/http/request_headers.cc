#include "adapters/http/request_headers.h"

#include <charconv>

#include "engine/kernel/name.h"

namespace tote::http {
namespace {

Problem invalid(Header header, std::string_view what) {
  return Problem(Code::invalid_request, "The header " + std::string(name_of(header)) + ' ' + std::string(what));
}

// Digits only: no sign, no space, no leading zero beyond "0" itself.
std::optional<std::uint64_t> read_digits(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  if (text.size() > 1 && text.front() == '0') return std::nullopt;
  return value;
}

std::optional<std::string> unquote(std::string_view quoted) {
  if (quoted.size() < 2 || quoted.back() != '"') return std::nullopt;
  quoted.remove_prefix(1);
  quoted.remove_suffix(1);
  std::string out;
  out.reserve(quoted.size());
  for (std::size_t i = 0; i < quoted.size(); ++i) {
    if (quoted[i] == '"') return std::nullopt;
    if (quoted[i] == '\\') {
      if (++i == quoted.size() || (quoted[i] != '"' && quoted[i] != '\\')) return std::nullopt;
    }
    out += quoted[i];
  }
  return out;
}

// The version in a strong entity tag of ours: "v7".
std::optional<Version> version_of(std::string_view tag) {
  if (tag.size() < 4 || !tag.starts_with("\"v") || tag.back() != '"') return std::nullopt;
  const auto value = read_digits(tag.substr(2, tag.size() - 3));
  if (!value || *value == 0) return std::nullopt;
  return Version{*value};
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

}  // namespace

Read<std::string> read_idempotency_key(const Headers& headers) {
  if (!headers.has(Header::idempotency_key)) return {};
  if (headers.count(Header::idempotency_key) > 1) return {{}, Problem(Code::idempotency_key_invalid)};
  const std::string_view text = headers.value(Header::idempotency_key);
  std::string key;
  if (text.starts_with('"')) {
    auto unquoted = unquote(text);
    if (!unquoted) return {{}, Problem(Code::idempotency_key_invalid)};
    key = std::move(*unquoted);
  } else {
    key = text;
  }
  if (!is_valid_idempotency_key(key)) return {{}, Problem(Code::idempotency_key_invalid)};
  return {std::move(key), {}};
}

Read<std::optional<Version>> read_if_match(const Headers& headers, bool creates) {
  if (!headers.has(Header::if_match)) return {};
  if (headers.count(Header::if_match) > 1) return {{}, invalid(Header::if_match, "may come once.")};
  const std::string_view text = headers.value(Header::if_match);
  if (text == "*" && !creates) return {};
  const auto version = version_of(text);
  if (!version) return {{}, invalid(Header::if_match, "takes one strong entity tag such as \"v7\".")};
  return {version, {}};
}

Read<std::int64_t> read_deadline(const Headers& headers) {
  if (!headers.has(Header::tote_deadline_ms)) return {};
  const auto value = read_digits(headers.value(Header::tote_deadline_ms));
  const bool once = headers.count(Header::tote_deadline_ms) == 1;
  if (!once || !value || *value == 0 || *value > std::uint64_t{deadline_ms_max})
    return {0, invalid(Header::tote_deadline_ms, "takes one whole number of milliseconds from 1 to 86400000.")};
  return {static_cast<std::int64_t>(*value), {}};
}

Read<Lsn> read_min_lsn(const Headers& headers) {
  if (!headers.has(Header::tote_min_lsn)) return {};
  const auto value = read_digits(headers.value(Header::tote_min_lsn));
  if (headers.count(Header::tote_min_lsn) > 1 || !value)
    return {{}, invalid(Header::tote_min_lsn, "takes one LSN, a whole number.")};
  return {Lsn{*value}, {}};
}

bool names_version(std::string_view if_none_match, Version version) {
  if (trim(if_none_match) == "*") return true;
  while (!if_none_match.empty()) {
    const auto comma = if_none_match.find(',');
    std::string_view tag = trim(if_none_match.substr(0, comma));
    if (tag.starts_with("W/")) tag.remove_prefix(2);
    if (version_of(tag) == version) return true;
    if_none_match.remove_prefix(comma == std::string_view::npos ? if_none_match.size() : comma + 1);
  }
  return false;
}

}  // namespace tote::http
