// Any bytes as the cursor file of a destination: refused in words, or a cursor of this log that is the same once it is
// saved and read again.
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include "adapters/events/cursor_file.h"
#include "adapters/events/follower.h"
#include "tests/fuzz/fuzz_target.h"

namespace tote::events {
namespace {

constexpr Lsn durable{100};

// A log of 100 records, the n-th of them made at n * 10.
LogSource log() {
  return {"000102030405060708090a0b0c0d0e0f", [] { return durable; },
          [](Lsn from, Lsn to, const Engine::RecordVisit& visit) {
            for (Lsn at = from; at <= to && at <= durable; at = at.next())
              if (!visit(at, wal::Record{.time = {static_cast<std::int64_t>(at.value) * 10}})) break;
            return true;
          }};
}

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
  static const CursorFile file(folder.path(), "cursor", log());
  std::ofstream(file.path(), std::ios::binary) << text;
  try {
    const auto cursor = file.load();
    TOTE_INVARIANT(cursor && cursor->position.lsn <= durable);
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
