#include "wal/cut_files.h"

#include <rocksdb/env.h>

#include <algorithm>
#include <charconv>
#include <compare>
#include <optional>
#include <string_view>

#include "wal/fill_files.h"

namespace tote::wal {
namespace {

constexpr std::string_view cut_prefix = "cut-", unfinished_suffix = ".new";

struct CutFile {
  std::uint64_t epoch = 0, lsn = 0;  // it is in their order
  std::string name{};
  std::uint64_t bytes = 0;

  bool is_older_than(const CutFile& other) const {
    return epoch != other.epoch ? epoch < other.epoch : lsn < other.lsn;
  }
};

const char* take_number(const char* at, const char* end, std::uint64_t& number) {
  const auto [next, error] = std::from_chars(at, end, number);
  return error == std::errc{} ? next : nullptr;
}

// `cut-<epoch>-<lsn>`, and nothing else.
std::optional<CutFile> read_name(const std::string& name) {
  if (!name.starts_with(cut_prefix)) return std::nullopt;
  CutFile file;
  file.name = name;
  const char* const end = name.data() + name.size();
  const char* at = take_number(name.data() + cut_prefix.size(), end, file.epoch);
  if (at == nullptr || at == end || *at != '-') return std::nullopt;
  at = take_number(at + 1, end, file.lsn);
  return at == end ? std::optional(file) : std::nullopt;
}

bool was_never_whole(const std::string& name) {
  return name.ends_with(unfinished_suffix) && read_name(name.substr(0, name.size() - unfinished_suffix.size()));
}

std::string remove(rocksdb::Env& env, const std::string& path, const std::string& what) {
  const rocksdb::Status status = env.DeleteFile(path);
  return status.ok() ? path + " was removed: " + what : path + " can't be removed: " + status.ToString();
}

}  // namespace

std::vector<std::string> drop_old_cut_files(const LogOptions& options, const CutFilesKept& kept) {
  rocksdb::Env& env = env_of(options);
  std::vector<std::string> names, said;
  if (std::string reason = names_in(env, options.directory, names); !reason.empty()) return {reason};
  std::vector<CutFile> found;
  for (const std::string& name : names) {
    const std::string path = options.directory + "/" + name;
    if (was_never_whole(name))
      said.push_back(remove(env, path, "a crash left it; the log has what it would have saved"));
    auto file = read_name(name);
    if (!file) continue;
    if (const rocksdb::Status status = env.GetFileSize(path, &file->bytes); !status.ok())
      return {path + ": " + status.ToString()};  // too little is known to remove any
    found.push_back(std::move(*file));
  }
  std::ranges::sort(found, [](const CutFile& one, const CutFile& other) { return other.is_older_than(one); });
  std::uint64_t bytes = 0;
  for (std::size_t i = 0; i < found.size(); ++i) {
    bytes += found[i].bytes;
    if (i == 0 || (i < kept.files && bytes <= kept.bytes)) continue;
    said.push_back(
        remove(env, options.directory + "/" + found[i].name,
               std::to_string(found[i].bytes) + " bytes of records that were never acknowledged; newer ones stay"));
  }
  return said;
}

}  // namespace tote::wal
