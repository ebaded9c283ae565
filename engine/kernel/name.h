// Ids that clients choose: 1 to 128 characters of A-Z a-z 0-9 . _ : -.
#pragma once

#include <algorithm>
#include <string_view>

#include "engine/kernel/limits.h"

namespace tote {

constexpr bool is_id_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
         c == ':' || c == '-';
}

constexpr bool is_valid_id(std::string_view id) {
  return !id.empty() && id.size() <= limits::id_bytes_max && std::all_of(id.begin(), id.end(), is_id_char);
}

// What entities name for themselves, such as an order its reservations: '~', then an id; 128 bytes in all. No client's
// id begins so.
inline constexpr char own_name_mark = '~';

constexpr bool is_own_name(std::string_view name) {
  return name.size() <= limits::id_bytes_max && name.starts_with(own_name_mark) && is_valid_id(name.substr(1));
}

// An idempotency key: 1 to 255 visible ASCII characters.
constexpr bool is_valid_idempotency_key(std::string_view key) {
  return !key.empty() && key.size() <= limits::idempotency_key_bytes_max &&
         std::all_of(key.begin(), key.end(), [](char c) { return c > ' ' && c <= '~'; });
}

// A key that a door makes of a client's, for what belongs to it: the client's, a tab, a suffix; 255 bytes in all. No
// client's key has a tab, so none is ever another's.
inline constexpr char own_key_mark = '\t';

constexpr bool is_own_idempotency_key(std::string_view key) {
  const auto mark = key.find(own_key_mark);
  return mark != std::string_view::npos && key.size() <= limits::idempotency_key_bytes_max &&
         is_valid_idempotency_key(key.substr(0, mark)) && is_valid_idempotency_key(key.substr(mark + 1));
}

}  // namespace tote
