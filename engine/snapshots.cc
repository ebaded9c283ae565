#include "engine/snapshots.h"

#include <algorithm>
#include <utility>

#include "engine/books.h"
#include "engine/kernel/money_books.h"

namespace tote {
namespace {

constexpr std::uint64_t tail_bytes = 256 << 20;  // of log, which a start replays in about a second, too

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
      tail_records_(context.options().snapshot_tail_records),
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
  log_lsn_ = newest_lsn_ =
      newest().value_or(wal::Snapshot{}).lsn;  // a long tail that was replayed isn't replayed again
}

void Snapshots::turn() {
  if (writer_ && (writer_->has_done() || !context_.options().snapshot_thread)) take_back();
  if (!round_ && is_due()) begin();
  if (round_ && !is_handed_over_) go_on();
  if (writer_) tell_behind();
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
  return is_wanted || is_tail_long();
}

// Where nearly each record is of another entity a row costs more than to replay its record: then the tail is longer.
bool Snapshots::is_tail_long() const {
  constexpr std::uint64_t records_a_row = 2, times_max = 4;
  const wal::Log& log = context_.log();
  if (log.last() <= log_lsn_) return false;
  const std::uint64_t worth =
      std::min<std::uint64_t>(records_a_row * context_.unsaved().size(), times_max * tail_records_);
  return log.last().value - log_lsn_.value >= std::max(tail_records_, worth) ||
         log.figures().bytes - log_bytes_ >= tail_bytes;
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
  const std::int64_t now_ns = context_.clock().monotonic_ns();
  const std::int64_t since_last_ns = began_ns_ == 0 ? interval_ns_ : std::min(now_ns - began_ns_, interval_ns_);
  began_ns_ = slice_ended_ns_ = now_ns;
  next_ns_ = began_ns_ + interval_ns_;
  log_bytes_ = log.figures().bytes;
  log_lsn_ = log.last();
  round_bytes_ = round_rows_ = 0;
  left_ = context_.unsaved().take();
  set_pace(since_last_ns);
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

// The round takes half of the time until the next one is due, if the log grows as it did.
void Snapshots::set_pace(std::int64_t period_ns) {
  const std::uint64_t bytes = left_.size() * row_bytes_;
  const auto period_us = static_cast<std::uint64_t>(std::max<std::int64_t>(period_ns / 1'000, 1));
  writer_->set_pace(2 * bytes * 1'000'000 / period_us);
}

// The log grows faster than it did before this round.
void Snapshots::keep_pace() {
  constexpr std::uint64_t hurry_bytes_per_s = 256 << 20;
  const wal::Log& log = context_.log();
  if (!round_ || (log.last().value - log_lsn_.value) * 4 < 3 * tail_records_) return;
  writer_->set_pace(hurry_bytes_per_s);
}

// The disk doesn't take rows as fast as entities change, for a long time.
void Snapshots::tell_behind() {
  const std::uint64_t told_from = 8 * tail_records_, over_below = 4 * tail_records_;
  // Where a start reads records again whose keys aren't on disk, it is before the snapshot for a while.
  const std::uint64_t last = context_.log().last().value;
  const std::uint64_t behind = last - std::min(last, newest_lsn_.value);
  if (is_behind_ ? behind >= over_below : behind < told_from) return;
  is_behind_ = !is_behind_;
  const auto& tell = is_behind_ ? context_.options().on_alert : context_.options().on_alert_change;
  const std::string_view text =
      is_behind_ ? "snapshots don't keep up with the log: a start would replay millions of records" : "";
  if (tell) tell({{}, "log", {}, text, "snapshots"});
}

// A part of the time since the last slice: turns are long when very much is done in each.
std::int64_t Snapshots::slice_ns() {
  constexpr std::int64_t least_ns = 150'000, most_ns = 500'000, part = 8;
  const std::int64_t passed_ns = context_.clock().monotonic_ns() - slice_ended_ns_;
  return std::clamp(passed_ns / part, least_ns, most_ns);
}

// A row costs a few hundred nanoseconds, most of them for memory that nobody else needs now.
void Snapshots::go_on() {
  constexpr std::size_t look_every = 16, ahead = 8;
  const std::size_t rows_max = context_.options().snapshot_rows_a_turn;
  context_.clock().sample();
  const std::int64_t ends_ns = context_.clock().monotonic_ns() + slice_ns();
  for (std::size_t rows = 0; has_left(); ++rows) {
    if (rows == rows_max) return;
    if (rows % look_every == look_every - 1) {
      context_.clock().sample();
      slice_ended_ns_ = context_.clock().monotonic_ns();
      if (slice_ended_ns_ > ends_ns) return;
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
    round_rows_ += batch.rows.size();
    weigh(batch);
    context_.tiers().rows_written(batch.number, batch.ends.has_value());
    if (batch.ends) end(*batch.ends);
  });
  keep_pace();
}

void Snapshots::end(const wal::Snapshot& snapshot) {
  ++figures_.rounds;
  figures_.round_ns = context_.clock().monotonic_ns() - began_ns_;
  if (counts_) newest_lsn_ = snapshot.lsn;
  if (round_rows_ > 0) row_bytes_ = round_bytes_ / round_rows_ + 1;
  round_.reset();
}

}  // namespace tote
