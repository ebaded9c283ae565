#include "tests/replication/disk.h"

#include <algorithm>
#include <type_traits>

#include "tests/replication/frames.h"

namespace tote::replication::test {

std::size_t Disk::index_after(Lsn lsn) const {
  const auto found =
      std::partition_point(frames_.begin(), frames_.end(), [&](const Frame& it) { return it.last <= lsn; });
  return static_cast<std::size_t>(found - frames_.begin());
}

bool Disk::has(const Mark& mark) const {
  if (mark == begin_) return true;
  if (mark.lsn.value == 0) return false;
  const std::size_t at = index_after({mark.lsn.value - 1});
  return at >= first_ && at < frames_.size() && frames_[at].end() == mark;
}

bool Disk::has_synced(const Mark& mark) const {
  std::size_t synced = frames_.size();
  for (const Pending& pending : pending_) synced = std::min(synced, pending.before);
  const std::size_t after = index_after(mark.lsn);
  const bool is_there = has(mark) || (after > 0 && frames_[after - 1].end() == mark);
  return is_there && after <= synced;
}

std::vector<Frame> Disk::page(Lsn lsn, std::size_t bytes_max) const {
  const std::size_t from = std::max(index_after(lsn), first_);
  std::vector<Frame> page;
  std::size_t bytes = 0;
  for (std::size_t at = from; at < frames_.size() && (bytes < bytes_max || at == from); ++at) {
    page.push_back(frames_[at]);
    bytes += frames_[at].bytes->size();
  }
  return page;
}

void Disk::write(const Write& write, bool keeps_promises) {
  Pending pending{write.ticket, frames_.size(), {}, promised_};
  std::visit(
      [&]<class What>(const What& what) {
        if constexpr (std::is_same_v<What, KeepPromise>) {
          if (keeps_promises) promised_ = what.epoch;
        } else if constexpr (std::is_same_v<What, KeepFrames>) {
          frames_.insert(frames_.end(), what.frames.begin(), what.frames.end());
        } else {
          const auto at = frames_.begin() + static_cast<std::ptrdiff_t>(index_after(what.end.lsn));
          pending.cut.assign(at, frames_.end());
          pending.before = static_cast<std::size_t>(at - frames_.begin());
          aside_.insert(aside_.end(), at, frames_.end());
          frames_.erase(at, frames_.end());
        }
      },
      write.what);
  pending_.push_back(std::move(pending));
}

void Disk::sync(std::uint64_t ticket) {
  while (!pending_.empty() && pending_.front().ticket <= ticket) pending_.pop_front();
}

void Disk::forget(std::size_t kept) {
  for (; pending_.size() > kept; pending_.pop_back()) {
    const Pending& last = pending_.back();
    frames_.resize(last.before);
    frames_.insert(frames_.end(), last.cut.begin(), last.cut.end());
    promised_ = last.promised_before;
  }
  pending_.clear();
}

bool Disk::trim(Lsn counts) {
  std::size_t to = index_after(counts);
  for (const Pending& pending : pending_) to = std::min(to, pending.before);
  if (to < 2 || to - 1 <= first_) return false;
  first_ = to - 1;
  begin_ = frames_[first_ - 1].end();
  return true;
}

void Disk::fill(const Disk& image) {
  const Epoch promised = promised_;
  *this = image;
  promised_ = std::max(promised_, promised);
  pending_.clear();
}

void Disk::wipe() {
  begin_ = log_begins;
  first_ = 0;
  frames_.clear();
  aside_.clear();
  pending_.clear();
  promised_ = {};
}

}  // namespace tote::replication::test
