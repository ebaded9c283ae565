// The body of a history (API.md, Wallets).
#pragma once

#include <string>

#include "adapters/http/answers.h"
#include "engine/history_entry.h"

namespace tote::http {

// {"entries":[{"version","lsn","time","event","amount","balance","key"}],"next"}
void append_history(std::string& out, const History& history, const Kind& kind, const Kinds& kinds);

}  // namespace tote::http
