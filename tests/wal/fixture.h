// Small logs in directories of their own, and their history as text.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "tests/temp_directory.h"
#include "wal/frame_store.h"
#include "wal/log.h"

namespace tote::wal {

// A directory for one test, removed at its end. The path itself doesn't exist yet.
class TemporaryDirectory {
 public:
  std::string path(const std::string& name = "log") const { return root_.file(name); }

 private:
  // Thousands of opens would otherwise wait for thousands of syncs.
  tests::TempDirectory root_{tests::TempDirectory::On::memory};
};

// One line: everything that is in a record.
std::string describe(Lsn lsn, const Record& record);

// Record number `number` (from 1) of every test log; it depends on nothing but its number.
void with_sample(std::uint64_t number, const std::function<void(const Record&)>& use);
std::string sample_line(std::uint64_t number);
std::vector<std::string> sample_lines(std::uint64_t count);

Record record_at(std::int64_t ns);  // of that time, and nothing else

LogOptions options_for(const std::string& directory);

// Open and replayed; the test fails when it can't be.
std::unique_ptr<Log> open_log(const LogOptions& options);

// Appends one group and waits until it is durable: one frame.
void append_group(Log& log, std::uint64_t count);

// A new log with one frame per group. Closed: all in tables. Not closed: all in RocksDB's own log, as after kill -9.
void write_log(const std::string& directory, const std::vector<std::uint64_t>& groups, bool closed);

struct History {
  std::vector<std::string> lines;
  Damage damage;
  bool opened = false;
};
// Opens (read-only, unless told otherwise) and replays.
History read_history(LogOptions options);
History read_history(const std::string& directory);

// -- frames of several machines
std::shared_ptr<FrameStore> open_frames(const LogOptions& options);
// The frame behind `end` of these sample records; `end` is then its end.
std::string frame_behind(FrameEnd& end, std::uint32_t count, std::uint32_t epoch);
bool append(FrameStore& frames, const std::string& frame, const FrameEnd& before);

// The raw frames of a log, as (key, value); open for reading and writing, as a RocksDB database and no more.
class RawFrames {
 public:
  explicit RawFrames(const std::string& directory);
  ~RawFrames();
  RawFrames(const RawFrames&) = delete;
  RawFrames& operator=(const RawFrames&) = delete;

  std::vector<std::pair<std::string, std::string>> all() const;
  void put(const std::string& key, const std::string& frame);
  void remove(const std::string& key);
  void put_meta(const std::string& key, const std::string& value);
  std::string meta(const std::string& key) const;

 private:
  struct Database;
  std::unique_ptr<Database> database_;
};

std::string read_file(const std::string& path);
void write_file(const std::string& path, const std::string& bytes);

// The newest file of RocksDB's own log that isn't empty.
std::string recovery_file_path(const std::string& directory);

}  // namespace tote::wal
