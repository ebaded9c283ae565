#include "replication/following.h"

#include <algorithm>
#include <utility>

namespace tote::replication {

void Following::take(const NodeId& owner, const Append& said) {
  if (said.epoch != epoch_) begin(owner, said.epoch);
  const bool has_taken = take_frames(said.frames);
  if (context_.holding.end() == said.end) is_aligned_ = true;
  announced_ = std::max(announced_, said.committed);
  if (!is_aligned_) ask();
  if (is_aligned_ && (!has_taken || !context_.rules.sync_before_held)) tell();
  apply();
}

void Following::begin(const NodeId& owner, Epoch epoch) {
  epoch_ = epoch;
  owner_ = owner;
  is_aligned_ = false;
  common_.reset();
  foreign_.reset();
  announced_ = {};
  if (epoch > context_.holding.promised()) context_.demand(context_.holding.promise(epoch));
}

// False: there was none that isn't held already, and follows.
bool Following::take_frames(const std::vector<Frame>& frames) {
  Mark end = context_.holding.end();
  std::vector<Frame> taken;
  for (const Frame& frame : frames) {
    if (frame.end() == end) is_aligned_ = true;
    if (frame.last <= end.lsn) continue;
    const bool fits = context_.rules.chain_is_checked ? frame.follows(end) : frame.first == end.lsn.next();
    if (!fits) break;  // a gap that will be sent again, or another log
    end = frame.end();
    taken.push_back(frame);
  }
  if (taken.empty()) return false;
  is_aligned_ = true;
  context_.demand(context_.holding.append(std::move(taken)));
  return true;
}

// Between what is known to be common and to be foreign, evenly by LSN: each round leaves a part of it.
void Following::ask() {
  const Mark low = common_.value_or(context_.log.begin());
  const Mark end = context_.holding.end();
  const Mark high = foreign_ && foreign_->lsn < end.lsn ? *foreign_ : end;
  Ask question{epoch_, {low}};
  const std::uint64_t span = high.lsn > low.lsn ? high.lsn.value - low.lsn.value : 0;
  const std::uint64_t parts = context_.options.marks_max;
  for (std::uint64_t part = 0; part < parts; ++part) {
    const Lsn after{low.lsn.value + span / parts * part + span % parts * part / parts};
    if (after >= high.lsn) break;
    const Mark mark = context_.log.end_after(after);
    if (mark.lsn > question.marks.back().lsn && mark.lsn < high.lsn) question.marks.push_back(mark);
  }
  if (!foreign_ && high.lsn > question.marks.back().lsn) question.marks.push_back(high);
  context_.send(owner_, std::move(question));
}

bool Following::take(const Common& said) {
  if (said.epoch != epoch_) return true;
  const LogView& log = context_.log;
  const bool is_behind = !said.common && said.foreign == context_.holding.end();  // what is common is kept no more
  if (is_aligned_ && is_behind) context_.demand(NeedsFill{owner_});
  if (is_aligned_) return true;
  const bool lacks_common = said.common && !log.has(*said.common);
  const bool is_old = said.foreign && !log.has(*said.foreign);  // it was asked of a log that was another one
  if (is_old && context_.rules.cut_is_verified) return true;
  // So may an answer about a log that was cut since look: then nothing comes of it, because it isn't said again.
  const bool begins_later = lacks_common && !said.foreign && said.common->lsn > log.begin().lsn;
  if (!said.common || begins_later) context_.demand(NeedsFill{owner_});
  if (!said.common || (lacks_common && context_.rules.cut_is_verified)) return true;
  if (!common_ || said.common->lsn > common_->lsn) common_ = said.common;
  if (said.foreign && (!foreign_ || said.foreign->lsn < foreign_->lsn)) foreign_ = said.foreign;
  const Mark end = context_.holding.end();
  if (!foreign_ && *common_ == end) {
    is_aligned_ = true;
    tell();
  } else if (foreign_ && common_->lsn < end.lsn && log.end_after(common_->lsn).lsn == foreign_->lsn) {
    return cut(*common_);
  } else {
    ask();
  }
  return true;
}

bool Following::cut(const Mark& end) {
  if (end.lsn < applied_ && context_.rules.deposed_stops) return stop("what was committed isn't in the owner's log");
  context_.demand(context_.holding.cut(end, epoch_));
  is_aligned_ = true;
  tell();
  return true;
}

bool Following::stop(const char* why) {
  context_.demand(Stop{why});
  return false;
}

void Following::synced() {
  if (!is_aligned_) return;
  tell();
  apply();
}

void Following::tell() {
  const Holding& holding = context_.holding;
  const bool syncs = context_.rules.sync_before_held;
  if (context_.rules.promise_is_kept && holding.synced_promise() < epoch_) return;  // synced() comes back to it
  context_.send(owner_, Held{epoch_, syncs ? holding.synced() : holding.end()});
}

void Following::apply() {
  if (!is_aligned_ && context_.rules.aligned_applies) return;
  const Lsn held = context_.holding.synced().lsn;
  const Lsn to = context_.rules.committed_applies ? std::min(announced_, held) : held;
  if (to <= applied_) return;
  applied_ = to;
  context_.demand(Apply{to});
}

}  // namespace tote::replication
