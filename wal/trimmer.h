// Takes the oldest frames of a log away: sealed into the archive first, then forgotten. A crash between any two steps
// leaves a log that is whole: what is sealed and still there is read from the log, what was forgotten and still takes
// room on the disk goes with the next trim or start.
//
//   seal    frames -> <name>.segment.new, synced, read again, renamed, the directory synced
//   trim    `meta` says where the log begins (synced), then files of frames before that go
//
// Threads: seal, ship and trim belong to one thread, not the loop; the rest is for any.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>

#include "wal/archive.h"
#include "wal/backup.h"
#include "wal/store.h"

namespace tote::wal {

class SegmentWriter;

class Trimmer {
 public:
  // The store outlives it.
  explicit Trimmer(Store& store) : store_(store), archive_(store.archive()) {}

  struct Pace {
    std::uint64_t bytes_per_s = 64 << 20;
    const std::atomic<bool>* stopped = nullptr;  // given up in the middle, without harm
  };
  // Seals one segment of frames that end before `below`, when there are as many as make one; with `although_small`
  // as many as there are. Empty, or what went wrong: then nothing has changed, and may be tried again later.
  std::string seal(Lsn below, bool although_small, const Pace& pace, bool& sealed);
  // Begins the log with the frame that has `below`, or an earlier one: never behind what is sealed and shipped, and one
  // frame always stays. Empty, or what went wrong.
  std::string trim(Lsn below);

  // -- what the limit is made of (trim_limit.h)
  // The first record that isn't older; behind the newest when all are.
  Lsn first_since(Time time, std::string& reason) const;
  // From here on the log takes about so many bytes on the disk, or less.
  Lsn last_bytes(std::uint64_t bytes) const;
  std::uint64_t log_bytes() const { return store_.log_bytes(store_.first()); }
  Time time_of(Lsn lsn, std::string& reason) const;  // of a record in the log

  // Makes a backup, beside everything else; on any thread, one at a time. Empty, or what went wrong.
  std::string back_up(const BackupOrder& order, BackupDone& done);
  // When the newest backup of this log there was made; 0: there is none.
  Time newest_backup(const std::string& to) const;

  // -- shipping: up to where segments have been taken elsewhere
  std::string shipped_to(Lsn& lsn) const;
  std::string set_shipped_to(Lsn lsn);

  // All frames before this LSN are sealed.
  Lsn sealed_to() const;
  Archive& archive() { return archive_; }
  const Archive& archive() const { return archive_; }

  static constexpr std::uint64_t segment_bytes = 64 << 20;  // of frames, before zstd

 private:
  std::string write_segment(SegmentWriter& writer, Lsn from, Lsn below, const Pace& pace, SegmentFooter& footer);
  std::string has_room() const;

  Store& store_;
  Archive& archive_;
};

}  // namespace tote::wal
