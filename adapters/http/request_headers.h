// The request headers that carry meaning, read from text. Pure functions; the header's name stands in the detail.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "adapters/http/problems.h"
#include "adapters/http/words.h"
#include "engine/kernel/ordinal.h"

namespace tote::http {

// A value, or why there is none.
template <class T>
struct Read {
  T value{};
  std::optional<Problem> problem{};
};

// Empty when the header isn't there. Bare, or a quoted string of RFC 8941 with \" and \\ unescaped.
Read<std::string> read_idempotency_key(const Headers& headers);

// "v7"; nothing for no header. `*` means that it must exist and gives nothing, unless `creates` (then it can't be
// said).
Read<std::optional<Version>> read_if_match(const Headers& headers, bool creates);

// Milliseconds, 0 when the header isn't there.
inline constexpr std::int64_t deadline_ms_max = 86'400'000;
Read<std::int64_t> read_deadline(const Headers& headers);

Read<Lsn> read_min_lsn(const Headers& headers);

// Whether an If-None-Match header names this version: weak comparison, a list or `*`. Malformed parts match nothing.
bool names_version(std::string_view if_none_match, Version version);

}  // namespace tote::http
