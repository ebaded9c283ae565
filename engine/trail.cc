#include "engine/trail.h"

#include <algorithm>

namespace tote {
namespace {

constexpr std::uint64_t close_by = 64;       // records: one reading takes both
constexpr std::uint64_t stretch_max = 4096;  // records of one reading

}  // namespace

wal::Damage Trail::extend(const wal::LogReader& log, const Inhabitant& it, Lsn known, Lsn to,
                          const std::atomic<bool>& stopped) {
  std::deque<Lsn> found;
  std::uint64_t reach = 1;  // records looked at with each step: more where its changes are close together
  for (Lsn at = to; at > known;) {
    const Lsn from = std::max({Lsn{at.value - std::min(at.value, reach) + 1}, known.next(), log.first()});
    if (at < from) return wal::trimmed(at, log.first());
    std::deque<Hit> hits;
    if (auto damage = look(log, it, from, at, stopped, hits); !damage.is_none()) return damage;
    if (stopped.load(std::memory_order_relaxed)) return {};
    const bool is_there = !hits.empty() && hits.back().lsn == at;
    if (!is_there && at != to) return {at, it.id + " isn't changed by this record, which a later change of it names"};
    if (!is_there || found.size() + hits.size() > steps_max) {
      found.clear();
      scanned_to_ = to;
      break;
    }
    for (auto hit = hits.rbegin(); hit != hits.rend(); ++hit) found.push_front(hit->lsn);
    const Hit& oldest = hits.front();
    if (oldest.prior == Lsn{}) {
      if (oldest.version != Version{1}) scanned_to_ = {oldest.lsn.value - 1};
      break;
    }
    const std::uint64_t gap = oldest.lsn.value - oldest.prior.value;
    reach = gap <= close_by ? std::min(stretch_max, reach * 4) : 1;
    at = oldest.prior;
  }
  steps_.insert(steps_.end(), found.begin(), found.end());
  end_ = to;
  return {};
}

wal::Damage Trail::look(const wal::LogReader& log, const Inhabitant& it, Lsn from, Lsn to,
                        const std::atomic<bool>& stopped, std::deque<Hit>& hits) {
  return log.read(from, to, [&](Lsn lsn, const wal::Record& record) {
    for (const wal::Change& change : record.changes)
      if (it.is_changed_by(record, change)) hits.push_back({lsn, change.prior, change.version});
    return !stopped.load(std::memory_order_relaxed);
  });
}

Trail::Stretch Trail::next() const {
  Stretch stretch{steps_.front(), steps_.front()};
  for (const Lsn step : steps_) {
    if (step.value - stretch.to.value > close_by || step.value - stretch.from.value >= stretch_max) break;
    stretch.to = step;
  }
  return stretch;
}

void Trail::pass(Lsn lsn) {
  while (!steps_.empty() && steps_.front() <= lsn) steps_.pop_front();
}

}  // namespace tote
