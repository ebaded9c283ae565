// The log: one writer thread, one group commit per sync.
//
//   open -> replay -> follow … -> start -> append … commit -> close
//
// Threads: open, replay, follow, start, append, commit and close belong to one thread, the owner (the engine's loop).
// on_durable and on_failure are called on the writer thread. The const functions may be called from any thread.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <variant>

#include "wal/log_reader.h"

namespace rocksdb {
class Env;
}

namespace tote::wal {

class KeyStore;
class StateStore;
class Trimmer;

struct LogOptions {
  std::string directory;                          // created when missing, mode 0700
  std::size_t frame_bytes_max = 1 << 20;          // records of one group commit, before compression
  std::size_t pending_bytes_max = 64 << 20;       // appended and not yet handed to the disk; see has_room()
  std::uint64_t disk_free_bytes_min = 512 << 20;  // below it is_full() is true: refuse changes before the disk does
  std::string archive_directory{};                // of sealed segments; empty: `archive` in the directory
  bool read_only = false;                 // replay only: nothing on disk changes, another process may be writing
  std::size_t table_bytes = 128 << 20;    // frames in memory before they become a table of their own
  std::string id{};                       // of a log that is made; empty: drawn
  rocksdb::Env* env = nullptr;            // tests: a disk that forgets, fails or fills up; null = the real one
  std::function<void(Lsn)> on_durable{};  // everything up to here is on disk; from one LSN to the next higher
  std::function<void(const std::string&)>
      on_failure{};  // a write or sync failed: it must not return (D4). Default: _Exit(74)
};

class Log : public LogReader {
 public:
  using Opened = std::variant<std::unique_ptr<Log>, Damage>;

  static Opened open(LogOptions options);

  // Calls `visit` for every record from `from` on, in order; it returns false to stop early. Frames are read and
  // checked (checksum, chain, record bytes) ahead on a second thread. Empty damage detail = sound to the end. From
  // first() on the whole chain is proved; from further on, where there is a snapshot, what hangs together with it.
  virtual Damage replay(Lsn from, const Visit& visit) = 0;

  // Before that: `ahead` is called in replay() and follow() with the records that are visited next, many at once, and
  // the LSN of the first: for whoever has to fetch something for them.
  using Ahead = std::function<void(Lsn first, std::span<const Record> records)>;
  virtual void look_ahead(Ahead) {}

  struct Followed {
    Damage damage{};        // without an LSN: nothing comes any more
    bool is_owned = false;  // all that there is was visited, and this machine goes on with it: start() is next
    bool has_more = false;
  };
  // After replay(), until it is owned: calls `visit` for the records that count by now and weren't visited, in order,
  // at most so many; on_durable says when there are more. A log of one machine is owned at once; of one that several
  // keep replay() visits nothing, because nobody knows yet what of it counts.
  virtual Followed follow(const Visit&, std::uint64_t) { return {.is_owned = true}; }

  // After that: opens the log to be written and starts the writer thread. Until here nothing on disk was changed,
  // unless the log is new; with damage (too little room on the disk) nothing was started.
  virtual Damage start() = 0;

  // Adds one record to the group that is being filled and returns its LSN. Cannot fail; check has_room() first.
  virtual Lsn append(const Record& record) = 0;
  // Hands what was appended to the writer, if the writer is idle; otherwise the writer takes it after its present sync.
  virtual void commit() = 0;
  // Waits until everything appended is durable, then stops the writer. Appending afterwards is a broken invariant.
  virtual void close() = 0;

  virtual bool has_room() const = 0;  // false: pending_bytes_max is reached, refuse as `overloaded`
  virtual bool is_full() const = 0;   // true: the disk is nearly full, refuse as `log_full`
  // False: so many bytes beside the log would make it full.
  virtual bool has_disk_for(std::uint64_t) const { return !is_full(); }
  virtual Lsn last() const = 0;        // highest LSN given out; before replay() a little less, for progress only
  virtual Time last_time() const = 0;  // time of the newest record (0 for an empty log)
  // Reads every byte that is kept beside the frames: tables of all column families, keys. Takes as long as the disk.
  virtual Damage check_tables() const { return {}; }
  virtual Trimmer* trimmer() { return nullptr; }    // null: nothing is ever taken from this log
  virtual KeyStore* keys() { return nullptr; }      // finished idempotency keys on disk; null: this log keeps none
  virtual StateStore* states() { return nullptr; }  // entities apart from their records; null: this log keeps none

  // -- a log that several machines keep, as its engine has to know it; of one machine: nothing to be asked
  // The rest of these is asked only where this is true; it never changes.
  virtual bool is_shared() const { return false; }
  // False: too few machines would have what is appended, refuse as `not_enough_replicas`.
  virtual bool has_enough() const { return true; }
  // Another machine owns the log, or may: nothing that isn't durable yet ever will be.
  virtual bool is_lost() const { return false; }
  // What is read or decided without a record of its own may be old: another machine may own the log, and have changed
  // it. confirm() asks whether that is so, of all that was read until now; once confirmed() has come to its number, it
  // wasn't, and what was read may be told.
  virtual std::uint64_t confirm() { return 0; }
  virtual std::uint64_t confirmed() const { return 0; }
  // A record that says nothing (wal/record.h) is to be appended, unless another one is there to be committed.
  virtual bool wants_record() const { return false; }
  virtual bool takes_wanted_record() { return false; }  // true: once

  struct Figures {
    std::uint64_t frames = 0, bytes = 0, syncs = 0, sync_ns = 0;  // since start; bytes as written, after compression
    std::uint64_t disk_free_bytes = 0;
  };
  virtual Figures figures() const = 0;
};

}  // namespace tote::wal
