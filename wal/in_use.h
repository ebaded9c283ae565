// Whether a process has a log open to be written.
#pragma once

#include <string>

namespace tote::wal {

// Of the moment when it is asked.
bool is_in_use(const std::string& directory);

}  // namespace tote::wal
