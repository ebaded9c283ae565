// The archive and the log as one: frames from the one that has a record on, wherever it lies.
#pragma once

#include <optional>

#include "wal/archive.h"
#include "wal/store.h"

namespace tote::wal {

// What the log has when it is made stays to be read, whatever is trimmed meanwhile.
class ChainCursor final : public FrameCursor {
 public:
  // `is_long`: much will be read, so that reading ahead helps. The store outlives it.
  ChainCursor(const Store& store, Lsn from, bool is_long) : log_(store, from, is_long) {
    if (from < log_.begins_at()) sealed_.emplace(store.archive(), from, log_.begins_at());
    settle();
  }
  ChainCursor(const ChainCursor&) = delete;
  ChainCursor& operator=(const ChainCursor&) = delete;

  bool valid() const override { return at_->valid(); }
  void next() override {
    at_->next();
    settle();
  }
  std::string error() const override { return at_->error(); }
  std::string_view key() const override { return at_->key(); }
  std::string_view frame() const override { return at_->frame(); }

 private:
  // Behind the last frame of the archive comes the first one of the log.
  void settle() {
    if (sealed_ && !sealed_->valid() && sealed_->error().empty()) sealed_.reset();
    at_ = sealed_ ? static_cast<FrameCursor*>(&*sealed_) : &log_;
  }

  Store::Cursor log_;
  std::optional<ArchiveCursor> sealed_;
  FrameCursor* at_ = nullptr;
};

}  // namespace tote::wal
