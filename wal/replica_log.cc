#include "wal/replica_log.h"

#include <algorithm>
#include <utility>

#include "engine/kernel/invariant.h"
#include "wal/range_reader.h"
#include "wal/record_group.h"
#include "wal/store.h"
#include "wal/trimmer.h"
#include "wal/writer.h"

namespace tote::wal {
namespace {

class ReplicaLog final : public Log {
 public:
  ReplicaLog(LogOptions options, std::shared_ptr<FrameStore> frames, std::shared_ptr<ReplicaSeam> seam)
      : options_(std::move(options)), frames_(std::move(frames)), seam_(std::move(seam)), trimmer_(frames_->store()) {
    group_.set_last(frames_->end().last);
    if (options_.on_durable) seam_->wake_engine_with(options_.on_durable);
  }
  ~ReplicaLog() override { seam_->wake_engine_with({}); }

  void look_ahead(Ahead ahead) override { ahead_ = std::move(ahead); }

  // What is made of records that count is never taken back, so it counts from now on, too.
  Damage replay(Lsn from, const Visit&) override {
    TOTE_INVARIANT(phase_ == Phase::opened);
    group_.set_last({from.value - 1});
    const std::string reason = frames_->store().keys().start();
    if (!reason.empty()) frames_->options().on_failure("idempotency keys can't be written: " + reason);
    return {{}, reason};
  }

  Followed follow(const Visit& visit, std::uint64_t count_max) override {
    TOTE_INVARIANT(phase_ == Phase::opened);
    const ReplicaSeam::Next next = seam_->next();
    if (!next.stopped.empty()) return {.damage = {{}, next.stopped}};
    seam_->applied(last());
    is_followed_ = next.is_open && next.up_to <= last();
    if (next.up_to <= last()) return {.is_owned = next.is_open};
    const Lsn to = std::min(next.up_to, Lsn{last().value + count_max});
    const auto visit_one = [&](Lsn lsn, const Record& record) {
      group_.set_last(lsn);
      group_.set_last_time(record.time);
      return visit(lsn, record);
    };
    Damage damage = read_range(frames_->store(), last().next(), to, visit_one, ahead_);
    seam_->applied(last());
    return {.damage = std::move(damage), .has_more = to < next.up_to || next.is_open};
  }

  Damage read(Lsn from, Lsn to, const Visit& visit) const override {
    if (from < first()) return trimmed(from, first());
    return read_range(frames_->store(), from, to, visit);
  }

  Damage start() override {
    TOTE_INVARIANT(phase_ == Phase::opened && is_followed_);
    group_.reserve(buffer_bytes(options_));
    phase_ = Phase::running;
    return {};
  }

  Lsn append(const Record& record) override {
    TOTE_INVARIANT(phase_ == Phase::running);
    return group_.append(record);
  }

  void commit() override {
    TOTE_INVARIANT(phase_ == Phase::running);
    seam_->commit(group_.commit());
  }

  void close() override {
    if (phase_ == Phase::running) {
      commit();
      seam_->wait_durable(last());
    }
    phase_ = Phase::closed;
  }

  bool has_room() const override { return group_.pending_bytes(seam_->taken_bytes()) < options_.pending_bytes_max; }
  bool is_full() const override { return frames_->is_full(); }
  bool has_disk_for(std::uint64_t bytes) const override { return frames_->has_disk_for(bytes); }
  Lsn last() const override { return group_.last(); }
  Lsn first() const override { return frames_->store().first_with_archive(); }
  Lsn untrimmed() const override { return frames_->store().first(); }
  Trimmer* trimmer() override { return &trimmer_; }
  Lsn durable() const override { return seam_->durable(); }
  Time last_time() const override { return group_.last_time(); }
  Damage check_tables() const override { return frames_->store().check_tables(); }
  KeyStore* keys() override { return &frames_->store().keys(); }
  StateStore* states() override { return &frames_->store().states(); }
  const std::string& id() const override { return frames_->id(); }
  Figures figures() const override { return frames_->figures(); }

  bool is_shared() const override { return true; }
  bool has_enough() const override { return seam_->has_enough(); }
  bool is_lost() const override { return seam_->is_stopped(); }
  std::uint64_t confirm() override { return seam_->ask(); }
  std::uint64_t confirmed() const override { return seam_->confirmed(); }
  bool wants_record() const override { return seam_->wants_record(); }
  bool takes_wanted_record() override { return seam_->takes_wanted_record(); }

 private:
  enum class Phase { opened, running, closed };

  const LogOptions options_;
  const std::shared_ptr<FrameStore> frames_;
  const std::shared_ptr<ReplicaSeam> seam_;
  Trimmer trimmer_;

  // Of the owner.
  Phase phase_ = Phase::opened;
  Ahead ahead_;
  bool is_followed_ = false;
  RecordGroup group_;
};

}  // namespace

std::unique_ptr<Log> open_replica_log(LogOptions options, std::shared_ptr<FrameStore> frames,
                                      std::shared_ptr<ReplicaSeam> seam) {
  return std::make_unique<ReplicaLog>(std::move(options), std::move(frames), std::move(seam));
}

}  // namespace tote::wal
