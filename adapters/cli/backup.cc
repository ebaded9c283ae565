// `tote backup DIR --to DIR`, beside a server or without one, and `tote restore FROM --to DIR`.
#include "wal/backup.h"

#include <atomic>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <thread>

#include "adapters/cli/commands.h"
#include "adapters/cli/errors.h"
#include "adapters/cli/giving_way.h"
#include "adapters/cli/log_file.h"
#include "adapters/cli/text.h"
#include "engine/backup_desk.h"
#include "wal/in_use.h"
#include "wal/restore.h"
#include "wal/trimmer.h"

namespace tote::cli {
namespace {

namespace files = std::filesystem;

void print(const std::string& to, const wal::BackupDone& done) {
  std::printf("backup    %s/%s\nrecords   up to LSN %s\ncopied    %s bytes, %s linked from the one before\n",
              to.c_str(), done.name.c_str(), grouped(done.last.value).c_str(), grouped(done.copied_bytes).c_str(),
              grouped(done.linked_bytes).c_str());
}

bool is_asked(const std::string& directory) {
  std::error_code error;
  return files::exists(directory + "/" + BackupDesk::request_name, error) ||
         files::exists(directory + "/" + BackupDesk::taken_name, error);
}

void write_request(const std::string& path, const std::string& to) {
  std::ofstream file(path + ".new");
  file << to << '\n';
  file.close();
  std::error_code error;
  if (!file) {
    files::remove(path + ".new", error);
    throw Failure(path + " can't be written: is the disk full?");
  }
  files::rename(path + ".new", path, error);
  if (error) throw Failure(path + ": " + error.message());
}

// The server makes it: nobody else can tell what belongs together while it writes.
void ask_server(const std::string& directory, const std::string& to) {
  const std::string request = directory + "/" + BackupDesk::request_name;
  const std::string answer = directory + "/" + BackupDesk::answer_name;
  std::error_code error;
  if (is_asked(directory)) throw Failure("another backup is asked for already: " + request);
  files::remove(answer, error);
  write_request(request, to);
  for (int waited = 0; !files::exists(answer, error); ++waited) {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    if (waited % 10 != 9) continue;
    if (!wal::is_in_use(directory)) throw Failure("the server has ended, and made no backup");
    if (is_asked(directory)) continue;
    std::this_thread::sleep_for(std::chrono::milliseconds(100));  // the request goes a moment before
    if (!files::exists(answer, error))
      throw Failure("the server couldn't say what became of it in " + directory + ": is that disk full?");
  }
  std::ifstream in(answer);
  std::string word, rest;
  in >> word;
  if (word != "done") {
    std::getline(in >> std::ws, rest);
    throw Failure(rest);
  }
  wal::BackupDone done;
  in >> done.name >> done.last.value >> done.copied_bytes >> done.linked_bytes;
  files::remove(answer, error);
  print(to, done);
}

// False: it gave way to a server, which was waiting for the log.
bool make_here(const BackupArguments& arguments, const std::string& to) {
  wal::LogOptions options;
  options.directory = arguments.directory;
  options.archive_directory = arguments.archive;
  auto opened = wal::Log::open(std::move(options));
  if (const auto* damage = std::get_if<wal::Damage>(&opened)) throw Failure(sentence_of(*damage));
  const auto log = std::move(std::get<std::unique_ptr<wal::Log>>(opened));
  const GivingWay giving_way(arguments.directory);
  const std::atomic<bool>& is_wanted = giving_way.is_wanted();
  wal::Damage damage = log->replay(log->untrimmed(), [&](Lsn, const wal::Record&) { return !is_wanted; });
  if (is_wanted) return false;
  if (damage.is_none()) damage = log->start();
  if (!damage.is_none()) throw Failure(sentence_of(damage));
  wal::BackupDone done;
  const std::string reason =
      log->trimmer()->back_up({.to = to, .bytes_per_s = std::uint64_t{1} << 40, .stopped = &is_wanted}, done);
  log->close();
  if (!reason.empty() && is_wanted) return false;
  if (!reason.empty()) throw Failure(reason);
  print(to, done);
  return true;
}

void wait_for_server(const std::string& directory) {
  constexpr int looks = 500;
  for (int look = 0; look < looks && !wal::is_in_use(directory); ++look)
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
}

std::optional<Time> time_in(const std::string& text) {
  std::tm utc{};
  const char* const rest = ::strptime(text.c_str(), "%Y-%m-%dT%H:%M:%S", &utc);
  if (rest == nullptr || std::string(rest) != "Z") return std::nullopt;
  return Time{static_cast<std::int64_t>(::timegm(&utc)) * ns_per_s};
}

void read_until(const std::string& text, wal::RestoreOrder& order) {
  if (text.empty()) return;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), order.until.value);
  if (error == std::errc{} && end == text.data() + text.size() && order.until > Lsn{}) return;
  order.until = {};
  const auto time = time_in(text);
  if (!time) throw UsageError("--until: must be an LSN, or a time such as 2026-11-22T06:00:00Z");
  order.until_time = {time->ns + ns_per_s - 1};  // all of that second
}

}  // namespace

int backup(const BackupArguments& arguments) {
  check_log_path(arguments.directory);
  const std::string to = files::absolute(arguments.to).lexically_normal();
  if (to.find('\n') != std::string::npos) throw UsageError("--to: " + to + " isn't a name that can be used");
  if (!wal::is_in_use(arguments.directory)) {
    if (make_here(arguments, to)) return exit_ok;
    wait_for_server(arguments.directory);
  }
  ask_server(arguments.directory, to);
  return exit_ok;
}

int restore(const RestoreArguments& arguments) {
  wal::RestoreOrder order{.from = arguments.from, .to = files::absolute(arguments.to).lexically_normal()};
  read_until(arguments.until, order);
  wal::RestoreDone done;
  const std::string reason = wal::restore(order, done);
  if (!reason.empty()) throw Failure(reason);
  std::printf("restored  %s\nrecords   up to LSN %s\nhistory   %s, which goes on from %s\n", order.to.c_str(),
              grouped(done.last.value).c_str(), done.log_id.c_str(), done.parent_id.c_str());
  std::puts("Followers of the old one stand still: docs/operations.md says how each goes on.");
  return exit_ok;
}

}  // namespace tote::cli
