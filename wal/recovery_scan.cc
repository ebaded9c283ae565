#include "wal/recovery_scan.h"

#include <rocksdb/env.h>

#include <algorithm>
#include <optional>

#include "wal/recovery_file.h"

namespace tote::wal {
namespace {

struct LogFile {
  std::uint64_t number = 0;
  std::string name;
};

std::vector<LogFile> log_files(const std::vector<std::string>& names) {
  constexpr std::string_view ending = ".log";
  std::vector<LogFile> out;
  for (const std::string& name : names) {
    const std::size_t digits = name.find_first_not_of("0123456789");
    if (digits == 0 || digits == std::string::npos || name.substr(digits) != ending) continue;
    out.push_back({std::stoull(name.substr(0, digits)), name});
  }
  std::sort(out.begin(), out.end(), [](const LogFile& a, const LogFile& b) { return a.number < b.number; });
  return out;
}

// A tail that was met on the way and that later files must explain.
struct Tail {
  std::string file;
  std::optional<std::uint64_t> sequence;  // that the lost group had; nothing when no group was seen before it
};

}  // namespace

RecoveryScan scan_recovery_log(rocksdb::Env& env, const std::string& directory, const std::vector<std::string>& files) {
  std::optional<std::uint64_t> sequence;  // of the next group
  std::optional<Tail> tail;
  for (const LogFile& file : log_files(files)) {
    std::string bytes;
    const rocksdb::Status status = rocksdb::ReadFileToString(&env, directory + "/" + file.name, &bytes);
    if (status.IsNotFound() || status.IsPathNotFound()) continue;
    if (!status.ok()) return {false, file.name + " can't be read: " + status.ToString()};
    RecoveryFile recovery(bytes);
    RecoveryFile::Group group;
    while (recovery.next(group)) {
      // An earlier start cut the tail off and went on with the sequence of the lost group; damage would leave a gap.
      if (tail && tail->sequence && group.sequence != *tail->sequence) {
        return {false, tail->file + " is damaged: later files go on after a gap"};
      }
      tail.reset();
      sequence = group.sequence + group.count;
    }
    switch (recovery.tail()) {
      case RecoveryFile::Tail::none: break;
      case RecoveryFile::Tail::torn: tail = {file.name, sequence}; break;
      case RecoveryFile::Tail::changed: return {false, file.name + " has changed bytes in its last group"};
      case RecoveryFile::Tail::followed: return {false, file.name + " has damaged bytes before its last group"};
    }
  }
  return {tail.has_value(), {}};
}

}  // namespace tote::wal
