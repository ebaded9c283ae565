// Replay: a second thread reads frames ahead, proves them and decodes their records; the owner visits them in order.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "wal/chain_cursor.h"
#include "wal/codec.h"
#include "wal/frame.h"
#include "wal/log.h"
#include "wal/state_store.h"
#include "wal/store.h"

namespace tote::wal {

class Reader {
 public:
  struct End {
    Lsn last{};
    Time last_time{};
    FrameHash chain{};
    bool complete = false;  // every frame was read: neither damage nor a visitor that stopped
  };

  explicit Reader(const Store& store);

  // Visits records from `from` on. Proves the whole chain from the log's first frame on, or from the archive's that
  // `from` needs; with a snapshot, only from the frame that holds `from` or the snapshot's LSN, whichever comes first:
  // that it belongs to the chain is proved when the snapshot's own frame follows from it.
  Damage replay(Lsn from, const Log::Visit& visit, const std::optional<Snapshot>& snapshot = {},
                const Log::Ahead& ahead = {});
  const End& end() const { return end_; }

 private:
  // Some frames, decoded: one large one or many small ones, so that small frames don't cost a hand-over each.
  struct Chunk {
    std::unique_ptr<char[]> bytes;
    std::size_t capacity = 0;
    std::size_t used = 0;
    Lsn first{};
    DecodedRecords records;
    bool last = false;  // the end of the log or damage
  };
  using ChunkPointer = std::unique_ptr<Chunk>;

  void read_ahead();
  Damage begin(Lsn from);
  std::string begin_at(const FrameCursor& cursor);
  std::string check_snapshot(const FrameHeader& header) const;
  std::string read_chunk(FrameCursor& cursor, Chunk& chunk);
  std::string read_frame(std::string_view key, std::string_view frame, Chunk& chunk, bool& fits);
  std::string check_place(std::string_view key, const FrameHeader& header) const;
  bool visit_chunk(Chunk& chunk, Lsn from, const Log::Visit& visit, const Log::Ahead& ahead);

  ChunkPointer empty_chunk();          // reader thread: null when the owner has stopped
  void hand_over(ChunkPointer chunk);  // reader thread
  ChunkPointer next_chunk();           // owner
  void give_back(ChunkPointer chunk);  // owner

  const Store& store_;
  Lsn from_{};
  std::optional<Snapshot> snapshot_;
  End end_;  // of the reader thread while it runs
  Damage damage_;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<ChunkPointer> full_;
  std::vector<ChunkPointer> empty_;
  bool stopped_ = false;
};

}  // namespace tote::wal
