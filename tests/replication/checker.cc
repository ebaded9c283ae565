#include "tests/replication/checker.h"

#include <algorithm>

#include "tests/replication/frames.h"

namespace tote::replication::test {

Mark Checker::log_begin() { return log_begins; }

void Checker::opened(Epoch epoch, bool is_registered, const std::string& process, const Disk& log) {
  const auto [owner, is_new] = owners_.try_emplace(epoch, process);
  if (!is_new && owner->second != process) fault("two owners opened one epoch");
  if (is_registered && !log.has(log_.end())) fault("an owner opened without all that was acknowledged");
}

void Checker::durable(Lsn lsn, const Disk& log, std::size_t copies_min,
                      const std::function<std::size_t(const Mark&)>& copies) {
  if (!log.has(log_.end())) {
    // An owner that lags behind what others have acknowledged says nothing new; but it may not contradict them.
    const std::size_t end = log.index_after({lsn.value - 1});
    const bool agrees = end < log.frames().size() && log_.has(log.frames()[end].end());
    if (!agrees) fault("two owners acknowledged different frames at one place");
    return;
  }
  for (std::size_t at = log.index_after(log_.end().lsn); at < log.frames().size() && log.frames()[at].last <= lsn;
       ++at) {
    const Frame& frame = log.frames()[at];
    if (copies(frame.end()) < copies_min) fault("acknowledged with too few copies");
    log_.write({at + 1, KeepFrames{{frame}}}, true);
    log_.sync(at + 1);
    for (const std::uint32_t record : records_of(frame)) {
      if (!bank_.apply(record)) fault("executed twice");
      balances_.push_back(bank_.balances());
    }
  }
}

void Checker::applied(Lsn lsn, const Disk& log) {
  if (lsn > log_.end().lsn) return fault("a follower applied what isn't acknowledged");
  const std::size_t at = log.index_after({lsn.value - 1});
  if (at >= log.frames().size() || !log_.has(log.frames()[at].end())) fault("a follower applied what isn't in the log");
}

void Checker::cut(Lsn end, Lsn applied) {
  if (applied > end) fault("what was cut had been applied");
}

void Checker::answered(std::uint32_t record, const Answer& answer, Lsn known_before) {
  const Answer* truth = bank_.find(record);
  if (truth == nullptr || truth->lsn != answer.lsn) return fault("answered, and not in the log");
  if (truth->balance != answer.balance) fault("answered otherwise than the log executes");
  if (answer.lsn <= known_before) fault("executed before what was known when it was asked");
  known_ = std::max(known_, answer.lsn);
}

void Checker::read(std::size_t account, std::int64_t balance, Lsn lsn, Lsn known_before) {
  if (lsn.value >= balances_.size()) return fault("read what isn't acknowledged");
  if (balances_[lsn.value][account] != balance) fault("read what the log doesn't say");
  if (lsn < known_before) fault("a stale read");
  known_ = std::max(known_, lsn);
}

}  // namespace tote::replication::test
