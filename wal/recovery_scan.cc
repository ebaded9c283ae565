#include "wal/recovery_scan.h"

#include <rocksdb/env.h>

#include <algorithm>
#include <optional>
#include <string_view>

#include "wal/file_name.h"
#include "wal/recovery_file.h"

namespace tote::wal {
namespace {

// A tail that was met on the way and that later files must explain.
struct Tail {
  std::string file;
  std::optional<std::uint64_t> sequence;  // that the lost group had; nothing when no group was seen before it
};

class Scan {
 public:
  Scan(rocksdb::Env& env, const std::string& directory, const std::vector<std::string>& files)
      : env_(env), directory_(directory), files_(files) {}

  RecoveryScan run() {
    result_.damage = judge_names();
    if (result_.damage.empty()) result_.damage = judge_manifest();
    result_.is_readable = result_.damage.empty();
    if (result_.is_readable) judge_logs();
    return std::move(result_);
  }

 private:
  rocksdb::Status read(const std::string& name, std::string& bytes) const {
    return rocksdb::ReadFileToString(&env_, directory_ + "/" + name, &bytes);
  }

  std::string judge_names() const {
    for (const std::string& name : files_) {
      const bool is_of_database = name.ends_with(".log") || name.ends_with(".sst") || name.ends_with(".blob") ||
                                  name.starts_with("MANIFEST-") || name.starts_with("OPTIONS-");
      if (is_of_database && has_absurd_number(name)) return name + " has a number that no file of a log has";
    }
    return {};
  }

  std::string judge_manifest() {
    std::string name, bytes;
    auto status = read("CURRENT", name);
    if (!status.ok()) return "CURRENT can't be read: " + status.ToString();
    if (!name.ends_with('\n') || !is_manifest_name(std::string_view(name).substr(0, name.size() - 1)))
      return "CURRENT has changed bytes: it doesn't name a MANIFEST";
    name.pop_back();
    status = read(name, bytes);
    if (!status.ok()) return name + ", which CURRENT names, can't be read: " + status.ToString();
    RecoveryFile records(bytes, RecoveryFile::Content::edits);
    RecoveryFile::Group record;
    while (records.next(record)) {
    }
    result_.ends[name] = records.end();
    const std::string at = " at byte " + std::to_string(records.end());
    switch (records.tail()) {
      case RecoveryFile::Tail::changed: return name + " has changed bytes in its last record," + at;
      case RecoveryFile::Tail::followed: return name + " has damaged bytes before its last record," + at;
      case RecoveryFile::Tail::none:
      case RecoveryFile::Tail::torn: break;
    }
    return records.end() == 0 ? name + " holds no record" : std::string();
  }

  // By number, that is in the order in which they were written.
  std::vector<std::string> logs() const {
    std::vector<std::string> out;
    std::ranges::copy_if(files_, std::back_inserter(out), [](const std::string& name) { return is_log_name(name); });
    std::ranges::sort(out, {}, [](const std::string& name) { return log_number(name); });
    return out;
  }

  // After damage nothing more may be read: later files end at once.
  void judge_logs() {
    for (const std::string& name : logs()) {
      if (!result_.damage.empty()) {
        result_.ends[name] = 0;
      } else {
        result_.damage = judge_log(name);
      }
    }
  }

  std::string judge_log(const std::string& name) {
    std::string bytes;
    const rocksdb::Status status = read(name, bytes);
    if (status.IsNotFound() || status.IsPathNotFound()) return {};
    result_.ends[name] = 0;
    if (!status.ok()) return name + " can't be read: " + status.ToString();
    RecoveryFile recovery(bytes);
    RecoveryFile::Group group;
    while (recovery.next(group)) {
      // An earlier start cut the tail off and went on with the sequence of the lost group; damage would leave a gap.
      if (tail_ && tail_->sequence && group.sequence != *tail_->sequence)
        return tail_->file + " is damaged: later files go on after a gap";
      tail_.reset();
      sequence_ = group.sequence + group.count;
    }
    result_.ends[name] = recovery.end();
    result_.log_bytes += recovery.end();
    switch (recovery.tail()) {
      case RecoveryFile::Tail::none: break;
      case RecoveryFile::Tail::torn:
        tail_ = {name, sequence_};
        result_.torn[name] = recovery.end();
        break;
      case RecoveryFile::Tail::changed: return name + " has changed bytes in its last group";
      case RecoveryFile::Tail::followed: return name + " has damaged bytes before its last group";
    }
    return {};
  }

  rocksdb::Env& env_;
  const std::string& directory_;
  const std::vector<std::string>& files_;
  RecoveryScan result_;
  std::optional<std::uint64_t> sequence_;  // of the next group
  std::optional<Tail> tail_;
};

}  // namespace

RecoveryScan scan_directory(rocksdb::Env& env, const std::string& directory, const std::vector<std::string>& files) {
  return Scan(env, directory, files).run();
}

}  // namespace tote::wal
