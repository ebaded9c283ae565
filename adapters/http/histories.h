// The body of a history (API.md, Wallets).
#pragma once

#include <string>

#include "adapters/http/answers.h"
#include "engine/history_entry.h"

namespace tote::http {

inline constexpr std::size_t history_bytes_max = std::size_t{1} << 20;  // beyond: the page ends at the next version

// {"entries":[{"version","lsn","time","event","amount","balance","key"}],"next"}
void append_history(std::string& out, const History& history, const Kind& kind, const Kinds& kinds);

}  // namespace tote::http
