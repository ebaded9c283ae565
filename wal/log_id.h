// The name of a log's history: 32 hex digits, drawn at random.
#pragma once

#include <string>

namespace tote::wal {

// Empty: the system gives no random bytes.
std::string random_log_id();

}  // namespace tote::wal
