#include "adapters/cli/log_file.h"

#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "adapters/cli/errors.h"
#include "adapters/cli/progress.h"
#include "engine/unknown.h"

namespace tote::cli {
namespace {

// One file that RocksDB always makes is enough: with the others missing it is a damaged log, not a wrong path.
bool is_part_of_log(const std::filesystem::path& file) {
  const auto name = file.filename().string();
  return name == "CURRENT" || name == "IDENTITY" || name.starts_with("MANIFEST-") || file.extension() == ".sst";
}

}  // namespace

void check_log_path(const std::string& directory) {
  std::error_code error;
  if (!std::filesystem::is_directory(directory, error)) throw UsageError(directory + ": there is no such directory");
  bool is_log = false;
  std::filesystem::directory_iterator file(directory, error);
  for (; !error && !is_log && file != std::filesystem::directory_iterator(); file.increment(error))
    is_log = is_part_of_log(file->path());
  if (error) throw Failure(directory + ": " + error.message());
  if (!is_log) throw UsageError(directory + ": is not the directory of a log");
}

std::unique_ptr<wal::Log> open_log(const std::string& directory, const std::string& archive) {
  check_log_path(directory);
  wal::LogOptions options;
  options.directory = directory;
  options.archive_directory = archive;
  options.read_only = true;
  options.on_failure = [](const std::string& sentence) {
    std::fprintf(stderr, "tote: %s\n", sentence.c_str());
    std::_Exit(exit_failure);
  };
  auto opened = wal::Log::open(std::move(options));
  if (const auto* damage = std::get_if<wal::Damage>(&opened)) throw Failure(sentence_of(*damage));
  return std::move(std::get<std::unique_ptr<wal::Log>>(opened));
}

std::string sentence_of(const wal::Damage& damage) {
  if (damage.lsn == Lsn{}) return damage.detail;
  return "damaged at LSN " + std::to_string(damage.lsn.value) + ": " + damage.detail;
}

std::string sentence_of_unknown(Lsn lsn, const std::string& what) {
  return "LSN " + std::to_string(lsn.value) + " has " + what;
}

std::string sentence_of_gone(Lsn first) {
  return "the records before LSN " + std::to_string(first.value) + " are in no archive any more";
}

void each_record(wal::Log& log, const Kinds& kinds, Lsn from, const std::string& doing, const wal::Log::Visit& visit) {
  wal::Damage damage;
  std::string unknown;
  {
    Progress progress(doing);
    damage = log.replay(from, [&](Lsn lsn, const wal::Record& record) {
      progress.at(lsn.value + 1 - log.first().value, log.last().value + 1 - log.first().value);
      if (unknown = unknown_in(kinds, record); unknown.empty()) return visit(lsn, record);
      unknown = sentence_of_unknown(lsn, unknown);
      return false;
    });
  }
  if (!unknown.empty()) throw UnknownKind(unknown);
  if (!damage.detail.empty()) throw Failure(sentence_of(damage));
}

}  // namespace tote::cli
