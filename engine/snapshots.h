// Snapshots of all entities, fuzzy and without a stall (DESIGN D10): every so often a round writes a row of each entity
// that has changed since its last one, a slice a turn, while everything goes on.
//
//   begin   S is the newest record; whoever has changed up to it is unsaved
//   go_on   some of them a turn, each as it is then, so perhaps newer than S
//           and behind them what was made and destroyed until then
//   end     when all are written, the snapshot counts: a start replays from S + 1, and of an entity only what is newer
//           than its row
//
// A round is due when its time has come, and before, when the log has grown by what a start replays in about a second:
// so what a crash costs doesn't depend on how fast the log grows. It takes half of the time until the next one is due,
// and hurries when the log grows faster than that was reckoned from.
//
// Who stands by writes rows all the same, so that entities may leave memory; but it can't say what was made, and takes
// the last time that the owner has said it for S.
//
// A crash leaves the snapshot before, and rows that are newer than that one says: a start sees that by their LSNs. Loop
// thread only.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>

#include "engine/context.h"
#include "engine/finished_keys.h"
#include "engine/snapshot_writer.h"

namespace tote {

class Snapshots {
 public:
  Snapshots(Context& context, const FinishedKeys& keys);
  Snapshots(const Snapshots&) = delete;
  Snapshots& operator=(const Snapshots&) = delete;
  ~Snapshots() { stop(); }

  // After recovery: so many entities have a row.
  void start(std::uint64_t rows);
  // Once a turn of the loop: begins what is due, goes on with it, takes over what is done.
  void turn();
  // True: turn() has something to do now.
  bool wants_turn() const;
  void stop();

  struct Figures {
    std::uint64_t rounds = 0, rows = 0;  // since start
    std::int64_t round_ns = 0;           // of the last
  };
  const Figures& figures() const { return figures_; }
  bool has_round() const { return round_.has_value(); }
  // The newest that counts; nothing before the first.
  std::optional<wal::Snapshot> newest() const { return store_ == nullptr ? std::nullopt : store_->snapshot(); }

 private:
  bool is_due();
  bool is_tail_long() const;
  void set_pace(std::int64_t period_ns);
  void keep_pace();
  std::int64_t slice_ns();
  void tell_behind();
  bool can_be_made();
  void begin();
  Lsn keys_needed_from() const;
  bool go_back_to_books();
  void go_on();
  bool has_left();
  bool has_batch();
  void weigh(SnapshotBatch& batch);
  void hand_over();
  void take_back();
  void end(const wal::Snapshot& snapshot);

  Context& context_;
  const FinishedKeys& keys_;
  wal::StateStore* const store_;
  const std::int64_t interval_ns_;
  const std::uint64_t tail_records_;     // what a start replays in about a second
  const Kind* without_bytes_ = nullptr;  // no snapshot can have its entities
  bool is_told_ = false;
  std::optional<SnapshotWriter> writer_;  // none: no snapshots are made

  std::int64_t next_ns_ = 0;      // monotonic
  std::uint64_t log_bytes_ = 0;   // when the last round began
  Lsn log_lsn_{};                 // the newest record then; at first what the snapshot of the start is as of
  Lsn newest_lsn_{};              // what the newest snapshot is as of
  std::uint64_t rows_ = 0;        // entities that have one
  std::uint64_t row_bytes_ = 64;  // on average, in the last round
  bool is_behind_ = false;        // an operator was told
  Figures figures_;

  // Of the present round.
  std::optional<wal::Snapshot> round_;
  bool is_handed_over_ = false;  // all of it
  bool counts_ = true;           // in the end; else it is rows alone
  std::uint32_t batches_ = 0;    // begun, ever
  std::int64_t began_ns_ = 0;
  std::int64_t slice_ended_ns_ = 0;
  std::uint64_t round_bytes_ = 0, round_rows_ = 0;
  std::deque<Slot*> left_;
  std::size_t books_next_ = 0;            // of tenants: whose books are to be written (engine/books.h)
  bool has_recorded_ = false;             // and nobody has committed it
  std::unique_ptr<SnapshotBatch> batch_;  // being filled
};

}  // namespace tote
