#include "wal/trimmer.h"

#include <algorithm>

#include "wal/codec.h"
#include "wal/pace.h"
#include "wal/segment_writer.h"

namespace tote::wal {
namespace {

// Of an open frame: when its first and its last record were made.
std::string times_of(std::string_view frame, const FrameHeader& header, Time& first, Time& last) {
  const auto bytes = std::make_unique_for_overwrite<char[]>(header.raw_bytes);
  DecodedRecords records;
  std::string reason = unpack_frame(frame, header, bytes.get());
  if (reason.empty()) reason = records.add({bytes.get(), header.raw_bytes}, header.count, Time{});
  if (!reason.empty()) return reason;
  first = records.records().front().time;
  last = records.records().back().time;
  return {};
}

std::string at(Lsn lsn, const std::string& reason) {
  return "the log can't be read at LSN " + std::to_string(lsn.value) + ": " + reason;
}

// The frame that has this record: where it ends, and when its first and its last record were made.
std::string look_at(const Store& store, Lsn lsn, Lsn& last, Time& first_time, Time& last_time) {
  const Store::Cursor cursor(store, lsn, false);
  FrameHeader header;
  std::string reason = cursor.valid() ? open_frame(cursor.frame(), header) : cursor.error();
  if (reason.empty() && cursor.valid()) reason = times_of(cursor.frame(), header, first_time, last_time);
  last = header.last;
  return reason.empty() ? reason : at(lsn, reason);
}

}  // namespace

Lsn Trimmer::sealed_to() const {
  const Lsn last = archive_.last();
  return last.next() < store_.first() ? Lsn{store_.first().value - 1} : last;
}

std::string Trimmer::has_room() const {
  // As much as is left when the log is full: what is sealed makes room.
  if (archive_.free_bytes() >= store_.reserve_bytes() + segment_bytes + segment_bytes / 4) return {};
  return archive_.directory() + " has no room for a segment";
}

std::string Trimmer::seal(Lsn below, bool although_small, const Pace& pace, bool& sealed) {
  sealed = false;
  const Lsn from = sealed_to().next();
  below = std::min(below, store_.newest_frame());
  if (from >= below) return {};
  if (!although_small && store_.log_bytes(from, below) < segment_bytes) return {};
  std::string reason = archive_.begin_writing();
  if (reason.empty()) reason = has_room();
  const std::string path = reason.empty() ? archive_.unfinished_path(from) : std::string();
  if (reason.empty() && path.empty()) reason = "the system gives no random bytes";
  if (!reason.empty()) return reason;
  SegmentFooter footer;
  footer.log_id = store_.id();
  SegmentWriter writer(archive_.disk(), path);
  reason = write_segment(writer, from, below, pace, footer);
  const bool is_enough = writer.frames() > 0 && (although_small || writer.raw_bytes() >= segment_bytes);
  if (!reason.empty() || !is_enough || (pace.stopped != nullptr && pace.stopped->load())) {
    writer.finish(footer);
    archive_.disk().DeleteFile(path, rocksdb::IOOptions(), nullptr).PermitUncheckedError();
    return reason;
  }
  reason = archive_.seal(writer, path, footer);
  sealed = reason.empty();
  return reason;
}

std::string Trimmer::write_segment(SegmentWriter& writer, Lsn from, Lsn below, const Pace& pace,
                                   SegmentFooter& footer) {
  wal::Pace paced(pace.bytes_per_s, pace.stopped);
  Store::Cursor cursor(store_, from, true);
  std::optional<FrameHash> chain;
  if (archive_.last().next() == from) {
    std::string reason;
    const auto before = archive_.find(archive_.last(), reason);
    if (!reason.empty()) return reason;
    if (before != nullptr) chain = before->footer().hash;
  } else if (store_.first() == from) {
    chain = store_.previous();
  }
  Time oldest, newest;
  for (Lsn next = from; cursor.valid() && writer.raw_bytes() < segment_bytes; cursor.next()) {
    FrameHeader header;
    std::string reason = open_frame(cursor.frame(), header);
    if (reason.empty() && header.last >= below) break;
    if (reason.empty() && (header.first != next || (chain && *chain != header.previous)))
      reason = "a frame doesn't follow from the one before it";
    if (reason.empty()) reason = times_of(cursor.frame(), header, oldest, newest);
    if (!reason.empty()) return at(next, reason);
    if (writer.frames() == 0) footer.oldest = oldest;
    footer.newest = newest;
    writer.add(cursor.frame(), header);
    chain = hash_of(cursor.frame());
    next = header.last.next();
    if (!paced.take(cursor.frame().size())) return {};
  }
  return cursor.error().empty() ? std::string() : at(writer.last().next(), cursor.error());
}

std::string Trimmer::trim(Lsn below) {
  below = std::min({below, sealed_to().next(), store_.newest_frame()});
  if (below <= store_.first()) return {};
  const Store::Cursor cursor(store_, below, false);
  FrameHeader header;
  std::string reason = cursor.valid() ? open_frame(cursor.frame(), header) : cursor.error();
  if (!reason.empty()) return at(below, reason);
  if (!cursor.valid() || header.first <= store_.first()) return {};
  return store_.trim(header.first, header.previous);
}

Time Trimmer::time_of(Lsn lsn, std::string& reason) const {
  Lsn last;
  Time first_time, last_time;
  reason = look_at(store_, lsn, last, first_time, last_time);
  return first_time;
}

Lsn Trimmer::first_since(Time time, std::string& reason) const {
  reason.clear();
  Lsn low = store_.first(), high = store_.newest_frame().next();
  while (low < high && reason.empty()) {
    const Lsn middle{low.value + (high.value - low.value) / 2};
    Lsn last;
    Time first_time, last_time;
    reason = look_at(store_, middle, last, first_time, last_time);
    if (last_time < time && last >= middle)
      low = last.next();
    else
      high = middle;
  }
  return low;
}

Lsn Trimmer::last_bytes(std::uint64_t bytes) const {
  Lsn low = store_.first(), high = store_.newest_frame();
  while (low < high) {
    const Lsn middle{low.value + (high.value - low.value) / 2};
    if (store_.log_bytes(middle) > bytes)
      low = middle.next();
    else
      high = middle;
  }
  return low;
}

std::string Trimmer::shipped_to(Lsn& lsn) const { return store_.shipped_to(lsn); }

std::string Trimmer::set_shipped_to(Lsn lsn) { return store_.set_shipped_to(lsn); }

}  // namespace tote::wal
