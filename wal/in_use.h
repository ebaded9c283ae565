// Whether a process has a log open to be written.
#pragma once

#include <string>

namespace rocksdb {
class Env;
class FileLock;
}  // namespace rocksdb

namespace tote::wal {

// Locks it for whoever writes there. Empty, or what is the matter with the directory.
std::string lock_log(rocksdb::Env& env, const std::string& directory, rocksdb::FileLock*& lock);
// Of the moment when it is asked.
bool is_in_use(const std::string& directory);

}  // namespace tote::wal
