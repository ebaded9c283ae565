#include "wal/frame_store.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

#include "wal/chain_cursor.h"
#include "wal/codec.h"
#include "wal/failure.h"
#include "wal/reader.h"
#include "wal/store.h"

namespace tote::wal {
namespace {

constexpr std::uint64_t looked_every_bytes = 4 << 20;  // written between two looks at the disk
constexpr std::int64_t looked_every_ns = 250'000'000;

std::int64_t monotonic_ns() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

}  // namespace

FrameStore::Opened FrameStore::open(LogOptions options) {
  options.on_failure = told_once(std::move(options.on_failure));
  auto opened = Store::open(options);
  if (auto* damage = std::get_if<Damage>(&opened)) return std::move(*damage);
  std::shared_ptr<FrameStore> frames(
      new FrameStore(std::move(options), std::move(std::get<std::unique_ptr<Store>>(opened))));
  if (Damage damage = frames->prove(); !damage.is_none()) return damage;
  return frames;
}

FrameStore::FrameStore(LogOptions options, std::unique_ptr<Store> store)
    : options_(std::move(options)), store_(std::move(store)) {}

FrameStore::~FrameStore() {
  if (!has_failed_) store_->flush();
}

Damage FrameStore::prove() {
  if (std::string reason = store_->promised(promised_); !reason.empty())
    return {{}, options_.directory + " doesn't say what it has promised: " + reason};
  Reader reader(*store_);
  const auto snapshot = store_->states().snapshot();
  const Lsn from = snapshot ? std::max(snapshot->lsn.next(), store_->first()) : store_->first();
  if (Damage damage = reader.replay(
          from, [](Lsn, const Record&) { return true; }, snapshot);
      !damage.is_none())
    return damage;
  end_ = {reader.end().last, reader.end().chain};
  if (Damage damage = store_->begin_writing(); !damage.is_none()) return damage;
  look_at_disk(0);
  return {};
}

const std::string& FrameStore::id() const { return store_->id(); }

std::string FrameStore::change_id(const std::string& id) {
  std::string reason = store_->change_id(id);
  end_ = {{}, chain_start(store_->id())};
  return reason;
}

std::string FrameStore::disk_of(const std::string& node, std::string& disk) { return store_->disk_of(node, disk); }

bool FrameStore::judge(const char* what, const std::string& reason) {
  if (reason.empty()) return true;
  has_failed_ = true;
  options_.on_failure(std::string(what) + ": " + reason);
  return false;  // in tests
}

bool FrameStore::promise(std::uint64_t epoch) {
  return !has_failed_ && judge("a promise can't be written", store_->promise(epoch));
}

bool FrameStore::append(std::span<const std::string_view> frames, const FrameEnd& end) {
  if (has_failed_ || frames.empty()) return !has_failed_;
  std::size_t bytes = 0;
  FrameHash chain = end.hash;
  for (const std::string_view frame : frames) {
    FrameHeader header;
    std::string reason = open_frame(frame, header);
    if (reason.empty() && header.previous != chain) reason = "a frame doesn't follow from the one before it";
    if (!judge("a frame can't be taken", reason)) return false;
    chain = hash_of(frame);
    bytes += frame.size();
  }
  look_at_disk(bytes);
  const std::int64_t began_ns = monotonic_ns();
  if (!judge("frames can't be written", store_->put(frames, end.last.next()))) return false;
  sync_ns_.fetch_add(static_cast<std::uint64_t>(monotonic_ns() - began_ns), std::memory_order_relaxed);
  syncs_.fetch_add(1, std::memory_order_relaxed);
  frames_.fetch_add(frames.size(), std::memory_order_relaxed);
  bytes_.fetch_add(bytes, std::memory_order_relaxed);
  return true;
}

std::string FrameStore::why_not_cut(const FrameEnd& end) const {
  if (const auto snapshot = store_->states().snapshot(); snapshot && snapshot->frame_end > end.last)
    return "there is a snapshot at LSN " + std::to_string(snapshot->lsn.value);
  if (const Lsn keys = store_->keys().up_to(); keys > end.last)
    return "there are keys on disk up to LSN " + std::to_string(keys.value);
  return has(end) ? std::string() : "no such frame ends there";
}

bool FrameStore::cut(const FrameEnd& end, std::uint64_t epoch) {
  if (has_failed_) return false;
  const std::string lsn = std::to_string(end.last.value);
  const std::string what = "the log can't be cut to LSN " + lsn;
  if (!judge(what.c_str(), why_not_cut(end))) return false;
  return judge(what.c_str(), store_->cut(end.last, "cut-" + std::to_string(epoch) + "-" + lsn));
}

void FrameStore::look_at_disk(std::size_t bytes_to_write) {
  const std::uint64_t written = bytes_.load(std::memory_order_relaxed);
  const std::int64_t now_ns = monotonic_ns();
  const bool is_due = disk_checked_ns_ == 0 || written - disk_checked_bytes_ >= looked_every_bytes ||
                      now_ns - disk_checked_ns_ >= looked_every_ns;
  if (!is_due) return;
  disk_checked_bytes_ = written;
  disk_checked_ns_ = now_ns;
  const std::uint64_t free_bytes = store_->disk_free_bytes();
  const std::uint64_t needed_bytes = std::max(options_.disk_free_bytes_min, store_->reserve_bytes() + bytes_to_write);
  disk_free_bytes_.store(free_bytes, std::memory_order_relaxed);
  disk_needed_bytes_.store(needed_bytes, std::memory_order_relaxed);
  is_full_.store(free_bytes < needed_bytes, std::memory_order_relaxed);
}

bool FrameStore::has_disk_for(std::uint64_t bytes) const {
  return disk_free_bytes_.load(std::memory_order_relaxed) >= disk_needed_bytes_.load(std::memory_order_relaxed) + bytes;
}

Log::Figures FrameStore::figures() const {
  Log::Figures out;
  out.frames = frames_.load(std::memory_order_relaxed);
  out.syncs = syncs_.load(std::memory_order_relaxed);
  out.bytes = bytes_.load(std::memory_order_relaxed);
  out.sync_ns = sync_ns_.load(std::memory_order_relaxed);
  out.disk_free_bytes = disk_free_bytes_.load(std::memory_order_relaxed);
  return out;
}

FrameEnd FrameStore::begin() const {
  const Store::Beginning log = store_->beginning();
  const FrameEnd begin{{log.first.value - 1}, log.previous};
  const Archive& archive = store_->archive();
  if (archive.is_empty() || archive.last().next() < log.first || archive.first() >= log.first) return begin;
  std::string reason;
  const Archive::Reader segment = archive.find(archive.first(), reason);
  if (segment == nullptr) return begin;
  return {{segment->footer().first.value - 1}, segment->footer().previous};
}

bool FrameStore::has(const FrameEnd& end) const {
  const FrameEnd from = begin();
  if (end.last <= from.last) return end == from;
  const ChainCursor cursor(*store_, end.last, false);
  FrameHeader header;
  return cursor.valid() && open_frame(cursor.frame(), header).empty() && header.last == end.last &&
         hash_of(cursor.frame()) == end.hash;
}

FrameEnd FrameStore::end_after(Lsn lsn) const {
  const ChainCursor cursor(*store_, lsn.next(), false);
  FrameHeader header;
  if (!cursor.valid() || !open_frame(cursor.frame(), header).empty()) {
    if (const FrameEnd from = begin(); lsn < from.last) return from;  // the archive has dropped it meanwhile
    options_.on_failure("the log can't be read at LSN " + std::to_string(lsn.value + 1) + ": " + cursor.error());
    return {};
  }
  return {header.last, hash_of(cursor.frame())};
}

void FrameStore::each_after(Lsn lsn, const std::function<bool(std::string_view frame)>& visit) const {
  ChainCursor cursor(*store_, lsn.next(), false);
  for (; cursor.valid(); cursor.next()) {
    FrameHeader header;
    if (!open_frame(cursor.frame(), header).empty()) break;
    if (header.last > lsn && !visit(cursor.frame())) return;
  }
  const bool is_of_log = lsn.next() >= store_->first();
  if (is_of_log && (cursor.valid() || !cursor.error().empty()))
    options_.on_failure("the log can't be read after LSN " + std::to_string(lsn.value) + ": " + cursor.error());
}

Time last_time_of(std::string_view frame) {
  FrameHeader header;
  if (!open_frame(frame, header).empty()) return {};
  const auto bytes = std::make_unique_for_overwrite<char[]>(header.raw_bytes);
  DecodedRecords records;
  if (!unpack_frame(frame, header, bytes.get()).empty()) return {};
  if (!records.add({bytes.get(), header.raw_bytes}, header.count, Time{}).empty()) return {};
  return records.last_time();
}

}  // namespace tote::wal
