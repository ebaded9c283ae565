#include "wal/reader.h"

#include <algorithm>
#include <thread>

namespace tote::wal {
namespace {

constexpr std::size_t chunks_count = 8;  // read ahead at most
constexpr std::size_t chunk_bytes = 1 << 20;

std::string ends_too_early(const Snapshot& snapshot) {
  return "the log doesn't reach its snapshot, which was made at LSN " + std::to_string(snapshot.frame_end.value);
}

}  // namespace

Reader::Reader(const Store& store) : store_(store) {}

Damage Reader::replay(Lsn from, const Log::Visit& visit, const std::optional<Snapshot>& snapshot,
                      const Log::Ahead& ahead) {
  from_ = from;
  snapshot_ = snapshot;
  end_ = {};
  damage_ = {};
  if (!snapshot)
    if (damage_ = begin(from); !damage_.is_none()) return damage_;
  full_.clear();
  empty_.clear();
  for (std::size_t i = 0; i < chunks_count; ++i) empty_.push_back(std::make_unique<Chunk>());
  stopped_ = false;

  std::thread thread([this] { read_ahead(); });
  bool going_on = true;
  bool last = false;
  while (going_on && !last) {
    ChunkPointer chunk = next_chunk();
    last = chunk->last;
    going_on = visit_chunk(*chunk, from, visit, ahead);
    give_back(std::move(chunk));
  }
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
  }
  changed_.notify_all();
  thread.join();
  full_.clear();
  empty_.clear();
  if (!going_on) {
    end_.complete = false;
    return {};
  }
  return damage_;
}

// In the archive: with the segment that has it.
Damage Reader::begin(Lsn from) {
  const Lsn first = store_.first();
  end_.last = {first.value - 1};
  end_.chain = store_.previous();
  if (from >= first || from < store_.archive().first() || store_.archive().is_empty()) return {};
  std::string reason;
  const Archive::Reader segment = store_.archive().find(from, reason);
  if (segment == nullptr) return {from, reason.empty() ? "the archive has no such record" : reason};
  const SegmentFooter& footer = segment->footer();
  if (footer.first == Lsn{1} && footer.previous != chain_start(footer.log_id))
    return {footer.first, "the archive doesn't begin as its log did"};
  end_.last = {footer.first.value - 1};
  end_.chain = footer.previous;
  return {};
}

bool Reader::visit_chunk(Chunk& chunk, Lsn from, const Log::Visit& visit, const Log::Ahead& ahead) {
  Lsn lsn = std::max(chunk.first, from);
  std::span<const Record> records = chunk.records.records();
  records = records.subspan(std::min<std::size_t>(lsn.value - chunk.first.value, records.size()));
  if (ahead && !records.empty()) ahead(lsn, records);
  for (const Record& record : records) {
    if (!visit(lsn, record)) return false;
    lsn = lsn.next();
  }
  return true;
}

void Reader::read_ahead() {
  ChainCursor cursor(store_, snapshot_ ? std::min(from_, snapshot_->lsn) : end_.last.next(), true);
  std::string reason = snapshot_ ? begin_at(cursor) : std::string();
  for (bool last = false; !last;) {
    ChunkPointer chunk = empty_chunk();
    if (chunk == nullptr) return;
    chunk->used = 0;
    chunk->records.clear();
    chunk->first = end_.last.next();
    if (reason.empty()) reason = read_chunk(cursor, *chunk);
    if (reason.empty() && !cursor.valid()) {
      reason = cursor.error();
      if (reason.empty() && snapshot_ && end_.last < snapshot_->frame_end) reason = ends_too_early(*snapshot_);
      end_.complete = reason.empty();
      chunk->last = true;
    }
    if (!reason.empty()) {
      damage_ = {end_.last.next(), reason};
      chunk->last = true;
    }
    last = chunk->last;
    hand_over(std::move(chunk));
  }
}

// The first frame is taken as it is; what follows must hang together with it, and the snapshot's own frame does.
std::string Reader::begin_at(const FrameCursor& cursor) {
  if (!cursor.valid()) return cursor.error().empty() ? ends_too_early(*snapshot_) : cursor.error();
  FrameHeader header;
  if (std::string reason = open_frame(cursor.frame(), header); !reason.empty()) return reason;
  end_.last = {header.first.value - 1};
  end_.chain = header.previous;
  return {};
}

std::string Reader::check_snapshot(const FrameHeader& header) const {
  if (!snapshot_ || header.last < snapshot_->frame_end || header.first > snapshot_->frame_end) return {};
  const bool is_same = header.last == snapshot_->frame_end && end_.chain == snapshot_->frame;
  return is_same ? std::string() : "the frame isn't the one that the snapshot was made at";
}

// Fills the chunk with as many frames as go in.
std::string Reader::read_chunk(FrameCursor& cursor, Chunk& chunk) {
  for (bool fits = true; cursor.valid(); cursor.next()) {
    std::string reason = read_frame(cursor.key(), cursor.frame(), chunk, fits);
    if (!reason.empty() || !fits) return reason;
  }
  return {};
}

std::string Reader::read_frame(std::string_view key, std::string_view frame, Chunk& chunk, bool& fits) {
  FrameHeader header;
  std::string reason = open_frame(frame, header);
  if (reason.empty()) reason = check_place(key, header);
  if (!reason.empty()) return reason;
  fits = chunk.used == 0 || chunk.used + header.raw_bytes <= chunk.capacity;
  if (!fits) return {};
  if (chunk.capacity < header.raw_bytes || chunk.bytes == nullptr) {
    chunk.capacity = std::max<std::size_t>(header.raw_bytes, chunk_bytes);
    chunk.bytes = std::make_unique_for_overwrite<char[]>(chunk.capacity);
  }
  char* const to = chunk.bytes.get() + chunk.used;  // stays 8-byte aligned: so is the size of every record
  reason = unpack_frame(frame, header, to);
  if (reason.empty()) reason = chunk.records.add({to, header.raw_bytes}, header.count, end_.last_time);
  if (!reason.empty()) return reason;
  chunk.used += header.raw_bytes;
  end_.last = header.last;
  end_.last_time = chunk.records.last_time();
  end_.chain = hash_of(frame);
  return check_snapshot(header);
}

std::string Reader::check_place(std::string_view key, const FrameHeader& header) const {
  if (key != frame_key(header.first)) return "a frame lies under a key that isn't its first LSN";
  if (header.first != end_.last.next()) {
    return "the log goes on at LSN " + std::to_string(header.first.value) + " instead of " +
           std::to_string(end_.last.next().value);
  }
  if (header.previous != end_.chain) return "a frame doesn't follow from the one before it";
  return {};
}

Reader::ChunkPointer Reader::empty_chunk() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return stopped_ || !empty_.empty(); });
  if (stopped_) return nullptr;
  ChunkPointer chunk = std::move(empty_.back());
  empty_.pop_back();
  return chunk;
}

void Reader::hand_over(ChunkPointer chunk) {
  {
    const std::lock_guard lock(mutex_);
    full_.push_back(std::move(chunk));
  }
  changed_.notify_all();
}

Reader::ChunkPointer Reader::next_chunk() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return !full_.empty(); });
  ChunkPointer chunk = std::move(full_.front());
  full_.pop_front();
  return chunk;
}

void Reader::give_back(ChunkPointer chunk) {
  {
    const std::lock_guard lock(mutex_);
    empty_.push_back(std::move(chunk));
  }
  changed_.notify_all();
}

}  // namespace tote::wal
