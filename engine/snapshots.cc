#include "engine/snapshots.h"

#include <algorithm>
#include <utility>

#include "engine/books.h"
#include "engine/kernel/money_books.h"

namespace tote {
namespace {

constexpr std::uint64_t log_bytes_max = std::uint64_t{1} << 30;  // of one round: what a start replays at most, about

const Kind* kind_without_bytes(const Kinds& kinds) {
  const auto found = std::ranges::find_if(kinds, [](const auto& kind) { return !kind->has_state_bytes(); });
  return found == kinds.end() ? nullptr : found->get();
}

}  // namespace

Snapshots::Snapshots(Context& context, const FinishedKeys& keys)
    : context_(context),
      keys_(keys),
      store_(context.log().states()),
      interval_ns_(context.options().snapshot_interval_ms * ns_per_ms),
      without_bytes_(kind_without_bytes(context.options().kinds)) {
  const CoreOptions& options = context_.options();
  if (store_ == nullptr || options.read_only || interval_ns_ == 0) return;
  if (without_bytes_ == nullptr)
    writer_.emplace(*store_, context_.log(),
                    SnapshotWriter::Options{options.snapshot_thread, options.on_failure, options.wake});
  context_.unsaved().keep(writer_.has_value());
  if (writer_) context_.tiers().open();
}

void Snapshots::start(std::uint64_t rows) {
  rows_ = rows;
  context_.clock().sample();
  next_ns_ = context_.clock().monotonic_ns() + interval_ns_;
}

void Snapshots::turn() {
  if (writer_ && (writer_->has_done() || !context_.options().snapshot_thread)) take_back();
  if (!round_ && is_due()) begin();
  if (round_ && !is_handed_over_) go_on();
  if (std::exchange(has_recorded_, false)) context_.log().commit();
}

bool Snapshots::wants_turn() const {
  if (!writer_) return false;
  return writer_->has_done() || (round_ && !is_handed_over_ && (batch_ || writer_->has_empty_batch()));
}

void Snapshots::stop() {
  if (writer_) writer_->stop();
  batch_.reset();
}

bool Snapshots::is_due() {
  constexpr std::int64_t early_every_ns = 100 * ns_per_ms;
  const std::int64_t now_ns = context_.clock().monotonic_ns();
  if (now_ns >= next_ns_) return can_be_made();
  if (!writer_ || context_.unsaved().empty()) return false;
  const bool is_wanted = context_.tiers().wants_round() && now_ns - began_ns_ >= early_every_ns;
  return is_wanted || context_.log().figures().bytes - log_bytes_ >= log_bytes_max;
}

bool Snapshots::can_be_made() {
  if (writer_) return !context_.unsaved().empty();
  const bool are_wanted = store_ != nullptr && interval_ns_ != 0 && !context_.options().read_only;
  if (are_wanted && !std::exchange(is_told_, true) && context_.options().on_alert)
    context_.options().on_alert({{},
                                 without_bytes_->name(),
                                 {},
                                 "no snapshots are made: this kind's State doesn't say its members, so each start "
                                 "replays the whole log"});
  return false;
}

void Snapshots::begin() {
  const wal::Log& log = context_.log();
  round_ = wal::Snapshot{
      .lsn = log.last(), .time = log.last_time(), .keys = context_.unsaved().keys(), .keys_from = keys_needed_from()};
  is_handed_over_ = false;
  began_ns_ = context_.clock().monotonic_ns();
  next_ns_ = began_ns_ + interval_ns_;
  log_bytes_ = log.figures().bytes;
  round_bytes_ = 0;
  left_ = context_.unsaved().take();
  books_next_ = 0;
  counts_ = !context_.is_standing_by() || go_back_to_books();
}

// False: no S that is newer than that of the last one.
bool Snapshots::go_back_to_books() {
  const bool are_said = context_.kind(MoneyBooks::kind_id) != nullptr;
  if (const auto said = are_said ? context_.books().oldest_said() : std::nullopt) {
    round_->lsn = said->lsn;
    round_->time = said->time;
    round_->keys = said->keys;
  }
  const auto last = newest();
  return round_->lsn > (last ? last->lsn : Lsn{});
}

// After all others those that say what was made and destroyed: as of S or later, whenever they were asked.
bool Snapshots::has_left() {
  while (left_.empty() && !context_.is_passive() && books_next_ < context_.books().tenants())
    if (Slot* slot = write_books(context_, books_next_++)) {
      left_.push_back(slot);
      has_recorded_ = true;
    }
  return !left_.empty();
}

// With no key in memory, and none on its way there, the log needn't be read for any.
Lsn Snapshots::keys_needed_from() const {
  const Lsn end = context_.log().last().next();
  const bool has_none = keys_.in_memory() == 0 && keys_.newest() >= context_.unsaved().newest_key();
  return has_none ? end : std::min(keys_.needed_from(), end);
}

// A row costs a few hundred nanoseconds, most of them for memory that nobody else needs now.
void Snapshots::go_on() {
  constexpr std::int64_t slice_ns = 150'000;
  constexpr std::size_t look_every = 16, ahead = 8;
  const std::size_t rows_max = context_.options().snapshot_rows_a_turn;
  const std::int64_t began_ns = context_.clock().monotonic_ns();
  for (std::size_t rows = 0; has_left(); ++rows) {
    if (rows == rows_max) return;
    if (rows % look_every == look_every - 1) {
      context_.clock().sample();
      if (context_.clock().monotonic_ns() - began_ns > slice_ns) return;
    }
    if (!has_batch()) return;
    if (left_.size() > 2 * ahead) {
      __builtin_prefetch(left_[2 * ahead]);
      __builtin_prefetch(left_[ahead]->entity.get());
    }
    Slot* slot = left_.front();
    left_.pop_front();
    slot->is_unsaved = false;
    rows_ += slot->has_row ? 0 : 1;
    slot->has_row = true;
    slot->row_batch = batch_->number;
    const std::size_t before = batch_->bytes.size();
    batch_->add(*slot, context_.tenant_name(slot->tenant));
    if (batch_->rows.back().frozen == nullptr) context_.slots().weigh(*slot, batch_->bytes.size() - before);
    ++figures_.rows;
    if (batch_->is_full()) hand_over();
  }
  if (!has_batch()) return;
  round_->rows = rows_;
  batch_->ends = *round_;
  batch_->counts = counts_;
  batch_->newest = std::max(batch_->newest, round_->lsn);
  is_handed_over_ = true;
  hand_over();
}

// False: as many as may be are on their way.
bool Snapshots::has_batch() {
  if (batch_) return true;
  batch_ = writer_->empty_batch();
  if (batch_) batch_->number = ++batches_;
  return batch_ != nullptr;
}

// Those that were encoded beside the loop.
void Snapshots::weigh(SnapshotBatch& batch) {
  if (batch.frozen == 0) return;
  for (const SnapshotBatch::Row& row : batch.rows)
    if (row.frozen != nullptr) context_.slots().weigh(*row.slot, row.frozen_bytes);
}

void Snapshots::hand_over() { writer_->put(std::move(batch_)); }

void Snapshots::take_back() {
  if (!context_.options().snapshot_thread)
    while (writer_->step()) {
    }
  writer_->take_back([this](SnapshotBatch& batch) {
    round_bytes_ += batch.written_bytes;
    weigh(batch);
    context_.tiers().rows_written(batch.number, batch.ends.has_value());
    if (batch.ends) end(*batch.ends);
  });
}

// The next round has as much to write, perhaps: it is to take half of the time until the one after it.
void Snapshots::end(const wal::Snapshot&) {
  ++figures_.rounds;
  figures_.round_ns = context_.clock().monotonic_ns() - began_ns_;
  writer_->set_pace(2 * round_bytes_ * static_cast<std::uint64_t>(ns_per_s) / static_cast<std::uint64_t>(interval_ns_));
  round_.reset();
}

}  // namespace tote
