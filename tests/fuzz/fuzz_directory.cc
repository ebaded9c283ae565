// Any names as those of the files in a log's directory: a scan comes to an end, names only what is there, and takes
// for RocksDB's what RocksDB itself would have written.
//
//   first byte: odd when CURRENT names the first of them; the rest: names, with slashes between
#include <rocksdb/env.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tests/fuzz/fuzz_target.h"
#include "wal/file_name.h"
#include "wal/recovery_scan.h"

namespace tote::wal {
namespace {

const std::string directory = "/log";

// A folder in memory, as long as it lives.
class Folder {
 public:
  Folder() { env().CreateDirIfMissing(directory); }
  ~Folder() {
    for (const std::string& name : names_) env().DeleteFile(directory + "/" + name);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  static rocksdb::Env& env() {
    static const std::unique_ptr<rocksdb::Env> memory(rocksdb::NewMemEnv(rocksdb::Env::Default()));
    return *memory;
  }
  void write(const std::string& name, const std::string& bytes) {
    if (std::ranges::find(names_, name) != names_.end()) return;
    TOTE_INVARIANT(rocksdb::WriteStringToFile(&env(), bytes, directory + "/" + name).ok());
    names_.push_back(name);
  }
  const std::vector<std::string>& names() const { return names_; }

 private:
  std::vector<std::string> names_;
};

// As a directory may have it.
bool is_file_name(std::string_view name) {
  return !name.empty() && name.size() <= 255 && name != "." && name != ".." &&
         name.find('\0') == std::string_view::npos;
}

void check_name(const std::string& name) {
  char text[64];
  if (const auto number = log_number(name)) {
    std::snprintf(text, sizeof text, "%06llu.log", static_cast<unsigned long long>(*number));
    TOTE_INVARIANT(name == text);
  }
  if (const auto number = table_number(name)) {
    std::snprintf(text, sizeof text, "%06llu.sst", static_cast<unsigned long long>(*number));
    TOTE_INVARIANT(name == text);
  }
  if (const auto number = manifest_number(name)) {
    std::snprintf(text, sizeof text, "MANIFEST-%06llu", static_cast<unsigned long long>(*number));
    TOTE_INVARIANT(name == text);
  }
}

void check_names(std::string_view rest, bool is_current) {
  Folder folder;
  while (!rest.empty()) {
    const std::string name(fuzz::take_until(rest, '/'));
    check_name(name);
    if (is_file_name(name)) folder.write(name, is_current && folder.names().empty() ? "MANIFEST" : "");
  }
  const std::string first = folder.names().empty() ? "" : folder.names().front();
  folder.write("CURRENT", (is_current ? first : "MANIFEST-000005") + "\n");
  folder.write("MANIFEST-000005", "");
  const RecoveryScan scan = scan_directory(Folder::env(), directory, folder.names());
  const auto is_there = [&](const auto& file) {
    return std::ranges::find(folder.names(), file.first) != folder.names().end();
  };
  TOTE_INVARIANT(std::ranges::all_of(scan.ends, is_there));
  TOTE_INVARIANT(std::ranges::all_of(scan.torn, [&](const auto& file) { return scan.ends.contains(file.first); }));
  TOTE_INVARIANT(!scan.damage.empty() || scan.is_readable);
  const bool has_absurd_log = std::ranges::any_of(
      folder.names(), [](const std::string& name) { return name.ends_with(".log") && has_absurd_number(name); });
  TOTE_INVARIANT(!has_absurd_log || !scan.is_readable);
}

}  // namespace
}  // namespace tote::wal

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  tote::wal::check_names(tote::fuzz::text_of(data + 1, size - 1), data[0] % 2 == 1);
  return 0;
}
