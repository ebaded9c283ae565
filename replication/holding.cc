#include "replication/holding.h"

#include <utility>

#include "engine/kernel/invariant.h"

namespace tote::replication {

std::uint64_t Holding::remember() {
  pending_.push_back({++ticket_, promised_, end_});
  return ticket_;
}

Write Holding::promise(Epoch epoch) {
  TOTE_INVARIANT(epoch > promised_);
  promised_ = epoch;
  return {remember(), KeepPromise{epoch}};
}

Write Holding::append(std::vector<Frame> frames) {
  TOTE_INVARIANT(!frames.empty());
  end_ = frames.back().end();
  return {remember(), KeepFrames{std::move(frames)}};
}

Write Holding::cut(const Mark& end, Epoch by) {
  TOTE_INVARIANT(end.lsn < end_.lsn);
  end_ = end;
  // What is beyond counts no longer, though it is still on its way to the disk.
  if (synced_.end.lsn > end.lsn) synced_.end = end;
  for (State& state : pending_)
    if (state.end.lsn > end.lsn) state.end = end;
  return {remember(), CutLog{end, by}};
}

bool Holding::sync(std::uint64_t ticket) {
  bool is_new = false;
  for (; !pending_.empty() && pending_.front().ticket <= ticket; pending_.pop_front(), is_new = true)
    synced_ = pending_.front();
  return is_new;
}

}  // namespace tote::replication
