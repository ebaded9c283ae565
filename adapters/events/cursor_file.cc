#include "adapters/events/cursor_file.h"

#include <fcntl.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>

#include "adapters/events/follower.h"
#include "adapters/events/log_checks.h"
#include "adapters/events/number_text.h"

namespace tote::events {
namespace {

namespace json = boost::json;

constexpr std::int64_t format = 1;

[[noreturn]] void fail(const std::string& what) { throw std::system_error(errno, std::generic_category(), what); }

void write_synced(const std::string& path, const std::string& text) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0) fail(path);
  std::size_t written = 0;
  while (written < text.size()) {
    const auto wrote = ::write(file, text.data() + written, text.size() - written);
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote < 0) break;
    written += static_cast<std::size_t>(wrote);
  }
  const bool is_whole = written == text.size() && ::fdatasync(file) == 0;
  const int error = errno;
  ::close(file);
  errno = error;
  if (!is_whole) fail(path);
}

// What is no number, or too large for one, is no cursor: the caller says so in words.
template <class Integer>
Integer number_in(const json::object& fields, std::string_view name) {
  const auto number = number_of<Integer>(fields.at(name).as_string());
  if (!number) throw std::invalid_argument(std::string(name));
  return *number;
}

void sync_directory(const std::string& path) {
  const int directory = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (directory < 0) fail(path);
  const bool is_synced = ::fsync(directory) == 0;
  const int error = errno;
  ::close(directory);
  errno = error;
  if (!is_synced) fail(path);
}

}  // namespace

CursorFile::CursorFile(const std::string& directory, const std::string& name, const wal::LogReader& log)
    : directory_(directory), path_(directory + "/" + name + ".json"), log_(log) {}

Cursor CursorFile::parsed(const std::string& text) const {
  const json::object fields = json::parse(text).as_object();
  if (fields.at("format").as_int64() > format) throw Mismatch(path_ + " was made by a newer version of tote");
  if (fields.at("log").as_string() != log_.id()) throw Mismatch(path_ + " is of another log");
  Cursor cursor;
  cursor.position.lsn = {number_in<std::uint64_t>(fields, "lsn")};
  cursor.position.events = fields.at("events").to_number<std::uint32_t>();
  for (const auto& [name, value] : fields.at("notes").as_object())
    cursor.notes[std::string(name)] = std::string(value.as_string());
  const Time time{number_in<std::int64_t>(fields, "time")};
  check_history(log_, path_, cursor.position.lsn, time);
  return cursor;
}

std::optional<Cursor> CursorFile::load() const {
  std::ifstream in(path_, std::ios::binary);
  if (!in) {
    if (std::error_code error; !std::filesystem::exists(path_, error) && !error) return std::nullopt;
    throw Mismatch(path_ + " can't be opened");
  }
  const std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  try {
    return parsed(text);
  } catch (const Mismatch&) {
    throw;
  } catch (const std::exception&) {
    throw Mismatch(path_ + " isn't a cursor");
  }
}

void CursorFile::save(const Cursor& cursor) const {
  json::object notes;
  for (const auto& [name, value] : cursor.notes) notes[name] = value;
  const json::object fields{{"format", format},
                            {"log", log_.id()},
                            {"lsn", std::to_string(cursor.position.lsn.value)},
                            {"time", std::to_string(time_of(log_, cursor.position.lsn).ns)},
                            {"events", cursor.position.events},
                            {"notes", std::move(notes)}};
  if (std::filesystem::create_directories(directory_))
    sync_directory(std::filesystem::path(directory_).parent_path().string());
  const std::string fresh = path_ + ".new";
  write_synced(fresh, json::serialize(fields) + "\n");
  std::filesystem::rename(fresh, path_);
  sync_directory(directory_);
}

Cursor load_or_begin(const CursorFile& file, Lsn begins_at, const std::string& name) {
  try {
    if (auto found = file.load()) return std::move(*found);
    Cursor fresh{{begins_at, 0}};
    file.save(fresh);
    spdlog::info("{}: it begins after LSN {}", name, begins_at.value);
    return fresh;
  } catch (const std::system_error& error) {
    throw Away(error.what());
  }
}

}  // namespace tote::events
