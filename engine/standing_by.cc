// While another machine owns the log: what it has recorded is applied, and what is made of records (rows of entities,
// runs of keys, segments) is written, leaves memory and is trimmed by the same turns and threads as where the log is
// owned. So a machine that stands by for a year is as large as its owner, and starts as fast.
#include "engine/local_engine.h"

namespace tote {
namespace {

constexpr std::uint64_t replayed_at_once = 32'768;         // records, between two turns
constexpr std::uint64_t replayed_at_once_in_want = 2'048;  // of memory
constexpr int turns_at_once = 256;                         // in which entities leave memory

}  // namespace

std::optional<OpenError> LocalEngine::stand_by() {
  core_->stand_by();
  start_readers();
  start_backups();
  start_trimming();
  if (options_.on_standing_by) options_.on_standing_by(this);
  for (;;) {
    int turns = 0;
    do turn();
    while (++turns < turns_at_once && core_->context().tiers().may_find_unused());
    publish_figures();
    const wal::Log::Followed followed = follow();
    if (auto error = problem_of_replay(followed.damage)) {
      end_standing_by();
      return error;
    }
    if (followed.is_owned) return std::nullopt;
    inbox_.wait(followed.has_more ? 0 : next_due_ms());
  }
}

// A disk without room must not keep a machine from taking over: then memory grows, a page a second.
bool LocalEngine::waits_for_disk() {
  constexpr std::int64_t patience_ns = ns_per_s;
  std::int64_t& since_ns = replaying_.waits_since_ns;
  if (core_->may_replay()) return since_ns = 0, false;
  const std::int64_t now_ns = clock_.monotonic_ns();
  if (since_ns == 0) since_ns = now_ns;
  if (now_ns - since_ns < patience_ns) return true;
  since_ns = now_ns;
  return false;
}

// Nobody asks any more; who has asked is answered, if only by saying that nobody can say.
void LocalEngine::end_standing_by() {
  if (trimming_ != nullptr) trimming_->stop();
  if (backups_ != nullptr) backups_->stop();
  if (options_.on_standing_by) options_.on_standing_by(nullptr);
  draining_.store(true);
  for (turn(); in_flight_.load(std::memory_order_acquire) > 0; turn()) {
    core_->wheel().drain();
    core_->wheel().abandon(run_actors_);
    answer_waiting(true);
    histories_->stop();
    listing_->stop();
    inbox_.wait(1);
  }
}

wal::Log::Followed LocalEngine::follow() {
  if (waits_for_disk()) {
    inbox_.wait(1);
    return log_->is_lost() ? log_->follow({}, 0) : wal::Log::Followed{};
  }
  const bool is_in_want = core_->context().tiers().is_over();
  const Lsn before = log_->last();
  auto followed = log_->follow([this](Lsn lsn, const wal::Record& record) { return replay(lsn, record); },
                               is_in_want ? replayed_at_once_in_want : replayed_at_once);
  followed.has_more = followed.has_more || log_->last() > before;
  return followed;
}

}  // namespace tote
