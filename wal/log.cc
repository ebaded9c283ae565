#include "wal/log.h"

#include <algorithm>
#include <utility>

#include "engine/kernel/invariant.h"
#include "wal/failure.h"
#include "wal/range_reader.h"
#include "wal/reader.h"
#include "wal/record_group.h"
#include "wal/store.h"
#include "wal/trimmer.h"
#include "wal/writer.h"

namespace tote::wal {
namespace {

class StoredLog final : public Log {
 public:
  StoredLog(LogOptions options, std::unique_ptr<Store> store)
      : options_(std::move(options)),
        store_(std::move(store)),
        trimmer_(*store_),
        reader_(*store_),
        writer_(options_, *store_) {
    group_.set_last({std::max(store_->newest_frame().value, store_->first().value - 1)});
  }

  void look_ahead(Ahead ahead) override { ahead_ = std::move(ahead); }

  Damage replay(Lsn from, const Visit& visit) override {
    TOTE_INVARIANT(phase_ == Phase::opened);
    const auto snapshot = from > first() ? store_->states().snapshot() : std::nullopt;
    Damage damage = reader_.replay(from, visit, snapshot, ahead_);
    if (reader_.end().complete) {
      group_.set_last(reader_.end().last);
      durable_at_start_.store(reader_.end().last.value, std::memory_order_relaxed);
      group_.set_last_time(reader_.end().last_time);
    }
    return damage;
  }

  Damage read(Lsn from, Lsn to, const Visit& visit) const override {
    if (from < first()) return trimmed(from, first());
    return read_range(*store_, from, to, visit);
  }

  Damage start() override {
    // A log that wasn't proved to its end must not be continued.
    TOTE_INVARIANT(phase_ == Phase::opened && reader_.end().complete && !options_.read_only);
    if (Damage damage = store_->begin_writing(); !damage.detail.empty()) return damage;
    if (const std::string reason = store_->keys().start(); !reason.empty()) {
      stop("idempotency keys can't be written: " + reason);
      return {{}, reason};
    }
    writer_.start(reader_.end().last, reader_.end().chain);
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
    writer_.commit(group_.commit());
  }

  void close() override {
    if (phase_ == Phase::running) {
      commit();
      writer_.close();
      if (durable() == last()) store_->flush();
    }
    phase_ = Phase::closed;
  }

  bool has_room() const override { return group_.pending_bytes(writer_.written_bytes()) < options_.pending_bytes_max; }
  bool is_full() const override { return writer_.is_full(); }
  bool has_disk_for(std::uint64_t bytes) const override { return writer_.has_disk_for(bytes); }
  Lsn last() const override { return group_.last(); }
  Lsn first() const override { return store_->first_with_archive(); }
  Lsn untrimmed() const override { return store_->first(); }
  Trimmer* trimmer() override { return &trimmer_; }
  Lsn durable() const override {
    return std::max(writer_.durable(), Lsn{durable_at_start_.load(std::memory_order_relaxed)});
  }
  Time last_time() const override { return group_.last_time(); }
  Damage check_tables() const override { return store_->check_tables(); }
  KeyStore* keys() override { return &store_->keys(); }
  StateStore* states() override { return &store_->states(); }
  const std::string& id() const override { return store_->id(); }
  Figures figures() const override { return writer_.figures(); }

 private:
  enum class Phase { opened, running, closed };

  void stop(const std::string& sentence) const {
    options_.on_failure ? options_.on_failure(sentence) : stop_for_failed_disk(sentence);
  }

  const LogOptions options_;
  const std::unique_ptr<Store> store_;
  Trimmer trimmer_;
  Reader reader_;
  Writer writer_;  // after what it uses: it ends first

  // Of the owner.
  Phase phase_ = Phase::opened;
  RecordGroup group_;
  Ahead ahead_;

  // Written by the owner, read by all.
  std::atomic<std::uint64_t> durable_at_start_{0};
};

}  // namespace

Log::Opened Log::open(LogOptions options) {
  options.on_failure = told_once(std::move(options.on_failure));
  auto opened = Store::open(options);
  if (auto* damage = std::get_if<Damage>(&opened)) return std::move(*damage);
  if (!options.read_only) {
    const Store& store = *std::get<std::unique_ptr<Store>>(opened);
    std::uint64_t epoch = 0;
    std::string reason = store.promised(epoch);
    if (reason.empty() && epoch > 0)
      reason =
          "belongs to a cluster (epoch " + std::to_string(epoch) + "): what is written outside of it would be lost";
    if (!reason.empty()) return Damage{{}, options.directory + " " + reason};
  }
  return std::make_unique<StoredLog>(std::move(options), std::move(std::get<std::unique_ptr<Store>>(opened)));
}

}  // namespace tote::wal
