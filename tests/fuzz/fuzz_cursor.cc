// Any bytes as the cursor file of a destination: refused in words, or a cursor of this log that is the same once it is
// saved and read again.
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include "adapters/events/cursor_file.h"
#include "adapters/events/log_checks.h"
#include "tests/fuzz/fuzz_target.h"
#include "tests/support/made_up_log.h"

namespace tote::events {
namespace {

// In memory where there is such a place: save() syncs.
class Folder {
 public:
  Folder() { std::filesystem::create_directories(path_); }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  const std::string& path() const { return path_; }

 private:
  const std::string path_ =
      (std::filesystem::exists("/dev/shm") ? "/dev/shm" : std::filesystem::temp_directory_path().string()) +
      "/tote-fuzz-cursor-" + std::to_string(::getpid());
};

void check_cursor(std::string_view text) {
  static const Folder folder;
  static const tests::MadeUpLog log;
  static const CursorFile file(folder.path(), "cursor", log);
  std::ofstream(file.path(), std::ios::binary) << text;
  try {
    const auto cursor = file.load();
    TOTE_INVARIANT(cursor && cursor->position.lsn <= log.durable());
    file.save(*cursor);
    const auto again = file.load();
    TOTE_INVARIANT(again && again->position == cursor->position && again->notes == cursor->notes);
  } catch (const Mismatch& mismatch) {
    TOTE_INVARIANT(std::string_view(mismatch.what()).starts_with(file.path()));  // it names the file
  }
}

}  // namespace
}  // namespace tote::events

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  tote::events::check_cursor(tote::fuzz::text_of(data, size));
  return 0;
}
