#include "engine/trimming.h"

#include <pthread.h>

#include <algorithm>
#include <chrono>

#include "wal/archive_command.h"

namespace tote {
namespace {

constexpr std::int64_t back_off_first_ms = 1'000, back_off_max_ms = 300'000;

std::string name_of_path(const std::string& path) { return path.substr(path.rfind('/') + 1); }

}  // namespace

Trimming::Trimming(wal::Log& log, Retention retention, Needs needs, std::function<void(const Told&)> alert)
    : trimmer_(*log.trimmer()), retention_(std::move(retention)), needs_(std::move(needs)), alert_(std::move(alert)) {}

void Trimming::start() {
  thread_ = std::thread([this] { run(); });
}

void Trimming::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    woken_.notify_all();
  }
  if (thread_.joinable()) thread_.join();
}

void Trimming::run() {
  pthread_setname_np(pthread_self(), "tote-trimming");
  while (!stopped_) {
    {
      std::unique_lock lock(mutex_);
      woken_.wait_for(lock, std::chrono::milliseconds(std::max(retention_.interval_ms, back_off_ms_)),
                      [this] { return stopped_.load(); });
    }
    if (!stopped_) run_once();
  }
}

void Trimming::run_once() {
  std::string problem;
  const wal::TrimLimit most = limit(problem);
  if (problem.empty() && most.below > Lsn{}) {
    tell_held(most);
    problem = seal(most.below);
  }
  Lsn shipped = trimmer_.sealed_to();
  if (problem.empty() && !retention_.archive_command.empty()) problem = ship(shipped);
  // What is sealed and shipped may go although something else went wrong.
  if (const std::string why = trimmer_.trim(std::min(most.below, shipped.next())); problem.empty()) problem = why;
  if (problem.empty() && retention_.archive_keep_s > 0)
    problem = trimmer_.archive().drop({needs_.now().ns - retention_.archive_keep_s * ns_per_s});
  if (stopped_) return;
  back_off_ms_ = problem.empty() ? 0 : std::clamp(back_off_ms_ * 2, back_off_first_ms, back_off_max_ms);
  tell(problem);
}

wal::TrimLimit Trimming::limit(std::string& reason) const {
  wal::TrimNeeds needs;
  if (needs_.snapshot) needs.snapshot = needs_.snapshot();
  if (needs.snapshot == Lsn{}) return {};
  needs.keys_from = keys_from(reason);
  const Lsn young = trimmer_.first_since({needs_.now().ns - retention_.log_s * ns_per_s}, reason);
  if (!reason.empty()) return {};
  needs.kept_from = std::max(young, trimmer_.last_bytes(retention_.log_bytes));
  if (retention_.holds) needs.holds = retention_.holds();
  needs.held_from = trimmer_.last_bytes(retention_.max_bytes);
  return trim_limit(needs);
}

// Keys that are neither on disk nor past their retention are told by their records alone.
Lsn Trimming::keys_from(std::string& reason) const {
  const Lsn up_to = needs_.keys_up_to();
  const Time since = needs_.keys_since();
  return since == Time{} ? up_to.next() : std::max(up_to.next(), trimmer_.first_since(since, reason));
}

std::string Trimming::seal(Lsn below) {
  const wal::Trimmer::Pace pace{.bytes_per_s = trimmer_.log_bytes() > retention_.log_bytes + retention_.log_bytes / 4
                                                   ? std::uint64_t{512} << 20
                                                   : std::uint64_t{64} << 20,
                                .stopped = &stopped_};
  bool sealed = true;
  while (sealed && !stopped_)
    if (std::string problem = trimmer_.seal(below, false, pace, sealed); !problem.empty()) return problem;
  const Lsn next = trimmer_.sealed_to().next();
  if (stopped_ || next >= below) return {};
  std::string problem;
  const Time oldest = trimmer_.time_of(next, problem);
  const std::int64_t waits_s = (needs_.now().ns - oldest.ns) / ns_per_s - retention_.log_s;
  if (!problem.empty() || waits_s < small_segment_s) return problem;
  return trimmer_.seal(below, true, pace, sealed);
}

std::string Trimming::ship(Lsn& shipped) {
  if (std::string problem = trimmer_.shipped_to(shipped); !problem.empty()) return problem;
  for (const wal::SegmentName& name : trimmer_.archive().names()) {
    if (name.last <= shipped) continue;
    const std::string path = trimmer_.archive().path_of(name);
    const std::string why = wal::run_command(wal::with_names(retention_.archive_command, path, name_of_path(path)),
                                             command_ms_max, stopped_);
    if (!why.empty()) return "archive.command didn't take " + name.text + ": " + why;
    if (std::string problem = trimmer_.set_shipped_to(name.last); !problem.empty()) return problem;
    shipped = name.last;
  }
  return {};
}

void Trimming::tell(const std::string& problem) {
  if (problem == told_) return;
  told_ = problem;
  alert_({problem.empty() ? std::string() : "the log can't be trimmed and grows: " + problem});
}

void Trimming::tell_held(const wal::TrimLimit& limit) {
  std::set<std::string> let_go(limit.let_go.begin(), limit.let_go.end());
  for (const std::string& name : let_go)
    if (!let_go_.contains(name))
      alert_({name + " held up more of the log than retention.max_bytes and is let go: it reads the archive while that "
                     "has what it needs, then it stands still",
              false});
  let_go_ = std::move(let_go);
}

}  // namespace tote
