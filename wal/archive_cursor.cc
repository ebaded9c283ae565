#include "wal/archive.h"
#include "wal/store.h"

namespace tote::wal {

ArchiveCursor::ArchiveCursor(const Archive& archive, Lsn from, Lsn end) : archive_(archive), end_(end), next_(from) {
  std::string reason;
  if (from < end) segment_ = archive_.find(from, reason);
  if (segment_ != nullptr) block_ = segment_->block_of(from);
  next();
  while (valid() && next_ <= from) next();
}

// The block behind the last one. False: nothing is left, or it can't be read.
bool ArchiveCursor::load() {
  if (next_ >= end_ || !error_.empty()) return false;
  std::string reason;
  if (segment_ == nullptr || block_ == segment_->blocks()) {
    segment_ = archive_.find(next_, reason);
    block_ = 0;
    if (segment_ == nullptr && reason.empty())
      reason = "the archive has no record of LSN " + std::to_string(next_.value);
  }
  if (reason.empty()) reason = segment_->read_block(block_++, frames_);
  rest_ = frames_;
  if (reason.empty() && rest_.empty()) reason = "a block of the archive is empty";
  if (!reason.empty()) fail(reason);
  return reason.empty();
}

void ArchiveCursor::next() {
  frame_ = {};
  if (rest_.empty() && !load()) return;
  std::string_view frame;
  FrameHeader header;
  std::string reason = next_frame(rest_, frame);
  if (reason.empty()) reason = open_frame(frame, header);
  if (!reason.empty()) return fail(reason);
  next_ = header.first >= end_ ? end_ : header.last.next();
  if (header.first >= end_) return void(rest_ = {});
  key_ = frame_key(header.first);
  frame_ = frame;
}

void ArchiveCursor::fail(const std::string& reason) {
  error_ = reason;
  frame_ = rest_ = {};
}

}  // namespace tote::wal
