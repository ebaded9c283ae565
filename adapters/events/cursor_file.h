// A destination's cursor on disk: `<data>/destinations/<name>.json`, replaced as a whole, so that a crash leaves the
// old one or the new one. wal/FORMAT.md has its fields.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "adapters/events/event_reader.h"

namespace tote::events {

struct Cursor {
  Position position;
  std::map<std::string, std::string> notes{};  // of the destination's own
};

class CursorFile {
 public:
  // `name` becomes the file's; `directory` is made when something is saved. The log outlives it.
  CursorFile(const std::string& directory, const std::string& name, const wal::LogReader& log);

  // Nothing: there is none yet. Throws Mismatch when it isn't readable, of a newer version, or doesn't belong to this
  // log: another one's, or of records that the log has lost; Trimmed when the log begins after it.
  std::optional<Cursor> load() const;
  // On disk when it returns. Throws std::system_error.
  void save(const Cursor& cursor) const;

  const std::string& path() const { return path_; }

 private:
  Cursor parsed(const std::string& text) const;

  const std::string directory_, path_;
  const wal::LogReader& log_;
};

// The cursor; at the first start a fresh one from `begins_at` on, which is saved, so that it is the same at the next
// one whatever happens before. `name` begins its line in the program's log. Throws as load(), and Away when the disk
// doesn't take it.
Cursor load_or_begin(const CursorFile& file, Lsn begins_at, const std::string& name);

}  // namespace tote::events
