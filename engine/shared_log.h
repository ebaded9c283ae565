// An engine's log as others read it beside the loop, until the engine closes it: whoever reads then, reads to the end.
#pragma once

#include <algorithm>
#include <functional>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <utility>

#include "wal/log_reader.h"

namespace tote {

class SharedLog final : public wal::LogReader {
 public:
  // `on_damage` is called on the thread that met it.
  explicit SharedLog(std::function<void(const wal::Damage&)> on_damage) : on_damage_(std::move(on_damage)) {}

  // Before anybody reads.
  void open(const wal::LogReader& log) {
    log_ = &log;
    id_ = log.id();
  }
  // Waits for those who read. From then on nothing is there to be read.
  void close() {
    const std::unique_lock readers(mutex_);
    log_ = nullptr;
  }

  const std::string& id() const override { return id_; }
  Lsn first() const override {
    const std::shared_lock lock(mutex_);
    return log_ == nullptr ? Lsn{} : log_->first();
  }
  Lsn untrimmed() const override {
    const std::shared_lock lock(mutex_);
    return log_ == nullptr ? Lsn{} : log_->untrimmed();
  }
  Lsn durable() const override {
    const std::shared_lock lock(mutex_);
    return log_ == nullptr ? Lsn{} : log_->durable();
  }
  wal::Damage read(Lsn from, Lsn to, const Visit& visit) const override {
    const std::shared_lock lock(mutex_);
    if (log_ == nullptr) return {{}, "the engine is closed"};
    if (from < log_->first()) return wal::trimmed(from, log_->first());
    wal::Damage damage = log_->read(from, std::min(to, log_->durable()), visit);
    if (!damage.is_none()) on_damage_(damage);
    return damage;
  }

 private:
  const std::function<void(const wal::Damage&)> on_damage_;
  mutable std::shared_mutex mutex_;  // held by those who read
  const wal::LogReader* log_ = nullptr;
  std::string id_;
};

}  // namespace tote
