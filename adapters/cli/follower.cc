// `tote follower list | reset`: how far each destination of events has been told, and the way on when that isn't known
// any more: after a restore, or when what it needs has left log and archive.
#include <algorithm>
#include <charconv>
#include <cstdio>
#include <filesystem>

#include "adapters/cli/commands.h"
#include "adapters/cli/errors.h"
#include "adapters/cli/log_file.h"
#include "adapters/events/cursor_file.h"
#include "adapters/events/log_checks.h"
#include "wal/in_use.h"

namespace tote::cli {
namespace {

constexpr std::string_view ending = ".json";

std::string cursors_of(const std::string& directory) { return directory + "/destinations"; }

std::vector<std::string> names_in(const std::string& directory) {
  std::vector<std::string> names;
  std::error_code error;
  std::filesystem::directory_iterator file(directory, error);
  for (; !error && file != std::filesystem::directory_iterator(); file.increment(error))
    if (const auto name = file->path().filename().string(); name.ends_with(ending))
      names.push_back(name.substr(0, name.size() - ending.size()));
  std::ranges::sort(names);
  return names;
}

Lsn position_in(const std::string& text, const wal::Log& log) {
  if (text == "end") return log.durable();
  Lsn lsn;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), lsn.value);
  if (error != std::errc{} || end != text.data() + text.size())
    throw UsageError("--at: must be the LSN of the last record that it has, or end");
  if (lsn > log.durable() || lsn.next() < log.first())
    throw UsageError("--at: must be " + std::to_string(log.first().value - 1) + " to " +
                     std::to_string(log.durable().value));
  return lsn;
}

// Durable ends are known once all is read.
std::unique_ptr<wal::Log> whole_log(const FollowerArguments& arguments) {
  auto log = open_log(arguments.directory, arguments.archive);
  const auto damage = log->replay(log->untrimmed(), [](Lsn, const wal::Record&) { return true; });
  if (!damage.is_none()) throw Failure(sentence_of(damage));
  return log;
}

}  // namespace

int list_followers(const FollowerArguments& arguments) {
  const auto log = whole_log(arguments);
  for (const std::string& name : names_in(cursors_of(arguments.directory))) {
    const events::CursorFile file(cursors_of(arguments.directory), name, *log);
    try {
      const auto cursor = file.load();
      const std::uint64_t at = cursor ? cursor->position.lsn.value : 0;
      std::printf("%s  has everything up to LSN %s, %s behind\n", name.c_str(), std::to_string(at).c_str(),
                  std::to_string(log->durable().value - at).c_str());
    } catch (const events::Mismatch& mismatch) {
      std::printf("%s  stands still: %s\n", name.c_str(), mismatch.what());
    }
  }
  return exit_ok;
}

int reset_follower(const FollowerArguments& arguments) {
  if (wal::is_in_use(arguments.directory))
    throw UsageError(arguments.directory + " is in use: stop the server first, which has the cursor in memory");
  const auto names = names_in(cursors_of(arguments.directory));
  if (std::ranges::find(names, arguments.name) == names.end())
    throw UsageError(arguments.name + ": there is no such cursor in " + cursors_of(arguments.directory));
  const auto log = whole_log(arguments);
  const Lsn at = position_in(arguments.at, *log);
  const events::CursorFile file(cursors_of(arguments.directory), arguments.name, *log);
  file.save({{at, 0}, {}});
  std::printf("%s  goes on after LSN %s\n", arguments.name.c_str(), std::to_string(at.value).c_str());
  if (arguments.name.starts_with("nats-"))
    std::puts("but a stream that is there says by its last message where it goes on: delete it, or name a new one "
              "(server.nats_stream)");
  return exit_ok;
}

}  // namespace tote::cli
