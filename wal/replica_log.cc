#include "wal/replica_log.h"

#include <algorithm>
#include <utility>

#include "engine/kernel/invariant.h"
#include "wal/codec.h"
#include "wal/range_reader.h"
#include "wal/store.h"
#include "wal/trimmer.h"
#include "wal/writer.h"

namespace tote::wal {
namespace {

class ReplicaLog final : public Log {
 public:
  ReplicaLog(LogOptions options, std::shared_ptr<FrameStore> frames, std::shared_ptr<ReplicaSeam> seam)
      : options_(std::move(options)),
        frames_(std::move(frames)),
        seam_(std::move(seam)),
        trimmer_(frames_->store()),
        last_(frames_->end().last.value) {
    if (options_.on_durable) seam_->wake_engine_with(options_.on_durable);
  }
  ~ReplicaLog() override { seam_->wake_engine_with({}); }

  Damage replay(Lsn from, const Visit& visit) override {
    TOTE_INVARIANT(phase_ == Phase::opened);
    Lsn visited{from.value - 1};
    bool goes_on = true;
    const Visit visit_one = [&](Lsn lsn, const Record& record) {
      visited = lsn;
      last_time_.store(record.time.ns, std::memory_order_relaxed);
      return goes_on = visit(lsn, record);
    };
    for (;;) {
      const ReplicaSeam::Next next = seam_->wait_behind(visited);
      if (!next.stopped.empty()) return {{}, next.stopped};
      if (next.up_to > visited) {
        last_.store(std::max(last().value, next.up_to.value), std::memory_order_relaxed);
        const Lsn to = std::min(next.up_to, Lsn{visited.value + read_at_once});
        if (Damage damage = read_range(frames_->store(), visited.next(), to, visit_one); !damage.is_none())
          return damage;
        if (!goes_on) return {};
      } else if (next.is_open) {
        break;
      }
    }
    last_.store(visited.value, std::memory_order_relaxed);
    is_replayed_ = true;
    return {};
  }

  Damage read(Lsn from, Lsn to, const Visit& visit) const override {
    if (from < first()) return trimmed(from, first());
    return read_range(frames_->store(), from, to, visit);
  }

  Damage start() override {
    TOTE_INVARIANT(phase_ == Phase::opened && is_replayed_);
    if (const std::string reason = frames_->store().keys().start(); !reason.empty()) {
      frames_->options().on_failure("idempotency keys can't be written: " + reason);
      return {{}, reason};
    }
    filling_.reserve(buffer_bytes(options_));
    phase_ = Phase::running;
    return {};
  }

  Lsn append(const Record& record) override {
    TOTE_INVARIANT(phase_ == Phase::running);
    TOTE_INVARIANT(record.time > last_time());
    encoder_.append(record, filling_);
    const Lsn lsn = last().next();
    last_.store(lsn.value, std::memory_order_relaxed);
    last_time_.store(record.time.ns, std::memory_order_relaxed);
    filling_bytes_.store(filling_.size(), std::memory_order_relaxed);
    return lsn;
  }

  void commit() override {
    TOTE_INVARIANT(phase_ == Phase::running);
    committed_bytes_.store(committed_bytes_.load(std::memory_order_relaxed) + filling_.size(),
                           std::memory_order_relaxed);
    filling_bytes_.store(0, std::memory_order_relaxed);
    seam_->commit(filling_);
  }

  void close() override {
    if (phase_ == Phase::running) {
      commit();
      seam_->wait_durable(last());
    }
    phase_ = Phase::closed;
  }

  bool has_room() const override {
    const std::uint64_t pending = committed_bytes_.load(std::memory_order_relaxed) - seam_->taken_bytes() +
                                  filling_bytes_.load(std::memory_order_relaxed);
    return pending < options_.pending_bytes_max;
  }
  bool is_full() const override { return frames_->is_full(); }
  bool has_disk_for(std::uint64_t bytes) const override { return frames_->has_disk_for(bytes); }
  Lsn last() const override { return {last_.load(std::memory_order_relaxed)}; }
  Lsn first() const override {
    const Archive& archive = frames_->store().archive();
    const bool joins = !archive.is_empty() && archive.last().next() >= untrimmed();
    return joins ? std::min(archive.first(), untrimmed()) : untrimmed();
  }
  Lsn untrimmed() const override { return frames_->store().first(); }
  Trimmer* trimmer() override { return &trimmer_; }
  Lsn durable() const override { return seam_->durable(); }
  Time last_time() const override { return {last_time_.load(std::memory_order_relaxed)}; }
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
  static constexpr std::uint64_t read_at_once = 1 << 20;  // records: between two looks whether it was stopped

  const LogOptions options_;
  const std::shared_ptr<FrameStore> frames_;
  const std::shared_ptr<ReplicaSeam> seam_;
  Trimmer trimmer_;

  // Of the owner.
  Phase phase_ = Phase::opened;
  bool is_replayed_ = false;
  RecordEncoder encoder_;
  std::string filling_;  // records since the last commit

  // Written by the owner, read by all.
  std::atomic<std::uint64_t> last_;
  std::atomic<std::int64_t> last_time_{0};
  std::atomic<std::uint64_t> filling_bytes_{0};
  std::atomic<std::uint64_t> committed_bytes_{0};
};

}  // namespace

std::unique_ptr<Log> open_replica_log(LogOptions options, std::shared_ptr<FrameStore> frames,
                                      std::shared_ptr<ReplicaSeam> seam) {
  return std::make_unique<ReplicaLog>(std::move(options), std::move(frames), std::move(seam));
}

}  // namespace tote::wal
