// Whether a process has a log open to be written.
#pragma once

#include <string>

namespace tote::wal {

// What is locked by who writes there: a file by its one name, because a process locks a name once, and a file as often
// as it likes.
std::string lock_path(const std::string& directory);
// Of the moment when it is asked.
bool is_in_use(const std::string& directory);

}  // namespace tote::wal
