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
  // `name` becomes the file's; `directory` is made when something is saved.
  CursorFile(std::string directory, const std::string& name, std::string log_id);

  // Nothing: there is none yet. Throws Mismatch when it is another log's, of a newer version or not readable.
  std::optional<Cursor> load() const;
  // On disk when it returns. Throws std::system_error.
  void save(const Cursor& cursor) const;

  const std::string& path() const { return path_; }

 private:
  const std::string directory_, path_, log_id_;
};

}  // namespace tote::events
