// The archive: what was taken from the log, sealed in segments that continue its chain. A segment counts when it has
// its name, and nothing is ever written to it again.
//
// Threads: seal() and drop() one at a time; the rest any.
#pragma once

#include <rocksdb/file_system.h>

#include <atomic>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "wal/frame_cursor.h"
#include "wal/segment_reader.h"

namespace tote::wal {

class SegmentWriter;

class Archive {
 public:
  using Reader = std::shared_ptr<const SegmentReader>;

  Archive(std::shared_ptr<rocksdb::FileSystem> disk, std::string directory);

  // Lists what is there. Empty, or why it can't be read. A directory that isn't there is an empty archive.
  std::string open();
  // What a crash left goes; from now on segments are made.
  std::string begin_writing();

  const std::string& directory() const { return directory_; }
  std::string path_of(const SegmentName& name) const { return directory_ + "/" + name.text; }
  bool is_empty() const { return count() == 0; }
  std::size_t count() const { return count_.load(std::memory_order_relaxed); }
  // Of the segments that follow each other up to the last one; LSN 0: there are none.
  Lsn first() const { return {first_.load(std::memory_order_acquire)}; }
  Lsn last() const { return {last_.load(std::memory_order_acquire)}; }
  std::vector<SegmentName> names() const;  // all, oldest first
  // The segment that has this record; null and no reason: none has.
  Reader find(Lsn lsn, std::string& reason) const;

  // A file for a segment that begins there; it counts after seal().
  std::string unfinished_path(Lsn first) const;
  // Syncs and names what was written, looks through all of it, and lets it count. Empty, or what went wrong: then
  // nothing counts, and the file is gone, or is a crash's.
  std::string seal(SegmentWriter& writer, const std::string& path, SegmentFooter footer);
  // Forgets the oldest segments whose newest record is before `end`.
  std::string drop(Time end);

  std::uint64_t free_bytes() const;  // of its disk; the highest number when it can't be asked
  rocksdb::FileSystem& disk() const { return *disk_; }

 private:
  static constexpr std::size_t readers_max = 16;  // open at once

  std::string sync_names() const;
  std::string forget_doubtful();
  Reader take(const SegmentName& name, std::string& reason) const;

  const std::shared_ptr<rocksdb::FileSystem> disk_;
  const std::string directory_;
  void publish();

  std::atomic<std::uint64_t> first_{0}, last_{0};  // the loop asks for these
  std::atomic<std::size_t> count_{0};
  std::string doubtful_;            // path of a segment that has its name, perhaps not for ever, and doesn't count
  mutable std::mutex mutex_;        // a table of files; held while one is opened: never by the loop
  std::vector<SegmentName> names_;  // oldest first
  mutable std::list<std::pair<std::string, Reader>> readers_;  // the one that was used last comes first
};

// Frames of the archive from the one that has a record on, until a frame begins at `end`.
class ArchiveCursor final : public FrameCursor {
 public:
  // The archive outlives it.
  ArchiveCursor(const Archive& archive, Lsn from, Lsn end);

  bool valid() const override { return !frame_.empty(); }
  void next() override;
  std::string error() const override { return error_; }
  std::string_view key() const override { return key_; }
  std::string_view frame() const override { return frame_; }

 private:
  bool load();
  void fail(const std::string& reason);

  const Archive& archive_;
  const Lsn end_;
  Lsn next_;  // the first record behind this frame
  Archive::Reader segment_;
  std::size_t block_ = 0;  // the one to load next
  std::string frames_, error_, key_;
  std::string_view rest_, frame_;  // of the block
};

}  // namespace tote::wal
