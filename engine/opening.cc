// From the log to a loop that runs, and back.
#include <algorithm>

#include "engine/kernel/invariant.h"
#include "engine/kernel/kinds.h"
#include "engine/local_engine.h"
#include "engine/unknown.h"

namespace tote {
namespace {

wal::LogOptions log_options(const Options& options, std::function<void()> wake) {
  return {.directory = options.directory,
          .disk_free_bytes_min = options.disk_free_bytes_min,
          .archive_directory = options.retention.archive_directory,
          .read_only = options.read_only,
          .table_bytes = options.table_bytes,
          .env = options.env,
          .on_durable = [wake = std::move(wake)](Lsn) { wake(); }};
}

// Why an engine can't be opened with them, whatever the directory holds; empty when it can.
std::string problem_of(const Options& options) {
  const auto& retention = options.retention;
  if (options.directory.empty()) return "Options::directory is empty";
  if (options.requests_max == 0) return "Options::requests_max is 0: every request would be refused";
  if (options.keys_in_memory_max == 0) return "Options::keys_in_memory_max is 0: every change would be refused";
  if (options.key_retention_s < 0) return "Options::key_retention_s is negative";
  if (options.snapshot_interval_ms < 0) return "Options::snapshot_interval_ms is negative";
  if (retention.log_s < 0 || retention.archive_keep_s < 0) return "Options::retention has a negative time";
  if (options.until != Lsn{} && !options.read_only) return "Options::until is for engines that are read_only";
  return tote::problem_of(options.kinds);
}

}  // namespace

std::optional<OpenError> LocalEngine::recover() {
  if (auto problem = problem_of(options_); !problem.empty()) return OpenError{{}, std::move(problem)};
  auto log = log_options(options_, [this] { inbox_.wake(); });
  auto opened = options_.open_log ? options_.open_log(std::move(log)) : wal::Log::open(std::move(log));
  if (auto* damage = std::get_if<wal::Damage>(&opened)) return OpenError{damage->lsn, damage->detail};
  log_ = std::move(std::get<std::unique_ptr<wal::Log>>(opened));
  shared_log_.open(*log_);
  core_ = std::make_unique<Core>(system_, *log_, clock_, tenants_,
                                 CoreOptions{.kinds = options_.kinds,
                                             .key_retention_s = options_.key_retention_s,
                                             .keys_in_memory_max = options_.keys_in_memory_max,
                                             .key_runs_max = options_.key_runs_max,
                                             .entities_bytes = options_.entities_bytes,
                                             .snapshot_interval_ms = options_.snapshot_interval_ms,
                                             .from_snapshot = options_.from_snapshot && options_.until == Lsn{},
                                             .read_only = options_.read_only,
                                             .wake = [this] { inbox_.wake(); },
                                             .on_effect = options_.on_effect,
                                             .on_alert = options_.on_alert,
                                             .on_alert_change = options_.on_alert_change,
                                             .on_damage = [this](const wal::Damage& damage) { meet(damage); }});
  log_->look_ahead([this](Lsn first, std::span<const wal::Record> records) { core_->look_ahead(first, records); });
  replaying_.began_ns = clock_.monotonic_ns();
  if (std::string why = core_->load_keys(); !why.empty()) return OpenError{{}, options_.directory + ": " + why};
  if (const auto loaded = core_->load_states(); !loaded.damage.is_none())
    return OpenError{loaded.damage.lsn, loaded.damage.detail, loaded.is_unknown};
  replaying_.from = core_->replay_from();
  const auto damage =
      log_->replay(replaying_.from, [this](Lsn lsn, const wal::Record& record) { return replay(lsn, record); });
  if (auto error = problem_of_replay(damage)) return error;
  if (log_->is_shared() && !options_.read_only)
    if (auto error = stand_by()) return error;
  if (std::string why = core_->check_end(log_->last()); !why.empty()) return OpenError{log_->last().next(), why};
  // Where others keep the log, too, refusing would end all of them one after the other: that costs more than a time
  // that stands still, of which there is an alert.
  if (!options_.read_only && !options_.accept_clock_skew && !log_->is_shared())
    if (auto refusal = ClockWatch::refusal(log_->last_time(), clock_.wall()); !refusal.empty())
      return OpenError{{}, std::move(refusal)};
  core_->context().figures().recovery_ns = static_cast<std::uint64_t>(clock_.monotonic_ns() - replaying_.began_ns);
  return std::nullopt;
}

// False: it can't be replayed, or isn't wanted.
bool LocalEngine::replay(Lsn lsn, const wal::Record& record) {
  constexpr std::int64_t progress_every_ns = 100 * ns_per_ms;
  Replaying& now = replaying_;
  if (options_.until != Lsn{} && lsn > options_.until) return false;
  now.is_unknown = !(now.why = unknown_in(options_.kinds, record)).empty();
  if (now.is_unknown || !core_->replay(lsn, record, now.why)) return now.contradicted = lsn, false;
  const auto count = ++core_->context().figures().records_recovered;
  if (options_.on_progress && count % 4096 == 0 && clock_.monotonic_ns() - now.told_ns > progress_every_ns) {
    now.told_ns = clock_.monotonic_ns();
    options_.on_progress(count, std::max(log_->last(), log_->durable()).value + 1 - now.from.value);
  }
  return true;
}

std::optional<OpenError> LocalEngine::problem_of_replay(const wal::Damage& damage) const {
  if (!damage.detail.empty()) return OpenError{damage.lsn, damage.detail};
  if (replaying_.contradicted != Lsn{})
    return OpenError{replaying_.contradicted, replaying_.why, replaying_.is_unknown};
  return std::nullopt;
}

std::optional<OpenError> LocalEngine::start() {
  if (!options_.read_only)
    if (const auto damage = log_->start(); !damage.detail.empty()) return OpenError{damage.lsn, damage.detail};
  started_ = true;
  is_owner_.store(true);
  core_->start();
  start_readers();
  start_backups();
  start_trimming();
  publish_figures();
  inbox_.ring_alarm();
  if (!is_hosted()) loop_ = std::thread([this] { run(); });
  return std::nullopt;
}

void LocalEngine::start_readers() {
  if (histories_ != nullptr) return;
  histories_ = std::make_unique<HistoryReader>(*log_, log_->states(), [this] { inbox_.wake(); });
  listing_ = std::make_unique<Listing>(core_->context(), log_->states(), [this] { inbox_.wake(); });
}

void LocalEngine::start_backups() {
  if (backups_ != nullptr || options_.read_only || log_->trimmer() == nullptr) return;
  backups_ = std::make_unique<BackupDesk>(*log_, options_.directory, options_.backups_directory);
  backups_->start();
}

void LocalEngine::start_trimming() {
  const wal::StateStore* const states = log_->states();
  if (trimming_ != nullptr || options_.read_only || log_->trimmer() == nullptr || states == nullptr) return;
  Trimming::Needs needs;
  needs.snapshot = [states] {
    const auto newest = states->snapshot();
    return newest ? newest->lsn : Lsn{};
  };
  needs.now = [this] { return clock_.wall(); };
  needs.keys_up_to = [this] { return log_->keys()->up_to(); };
  needs.keys_since = [this] {
    return options_.key_retention_s == 0 ? Time{} : Time{clock_.wall().ns - options_.key_retention_s * ns_per_s};
  };
  Retention retention = options_.retention;
  // Followers read where the log is owned; elsewhere nobody knows how far they are.
  if (retention.holds)
    retention.holds = [this] { return is_owner_.load() ? options_.retention.holds() : std::vector<wal::Hold>(); };
  trimming_ =
      std::make_unique<Trimming>(*log_, std::move(retention), std::move(needs), [this](const Trimming::Told& told) {
        Submission submission;
        submission.task = [this, told] {
          const auto& tell = told.is_over() ? options_.on_alert_change : options_.on_alert;
          if (tell) tell({{}, "log", {}, told.text, "trimming", told.lasts});
        };
        inbox_.put(std::move(submission));
      });
  trimming_->start();
}

void LocalEngine::close() {
  TOTE_INVARIANT(!is_in_callback() && "close(), or the end of the engine, in a callback would wait for itself");
  const std::lock_guard lock(closing_);
  if (std::exchange(closed_, true) || !started_) return;
  draining_.store(true);
  if (trimming_ != nullptr) trimming_->stop();
  if (backups_ != nullptr) backups_->stop();
  stop_.store(true, std::memory_order_release);
  inbox_.wake();
  if (loop_.joinable()) loop_.join();
  poller_ = std::this_thread::get_id();  // callbacks come here from now on
  for (poll(); in_flight_.load(std::memory_order_acquire) > 0; poll()) {
    core_->wheel().drain();
    if (log_->is_lost()) {
      core_->wheel().abandon(run_actors_);
      answer_waiting(true);
    }
    histories_->stop();
    listing_->stop();
    inbox_.wait(1);
  }
  histories_.reset();
  listing_.reset();
  trimming_.reset();
  shared_log_.close();
  core_->context().tiers().stop();
  core_->keys().finished().stop();  // what its threads have written goes into tables, too
  core_->snapshots().stop();
  if (!options_.read_only) log_->close();
  publish_figures();
  core_.reset();
  static_cast<LoopScheduler&>(system_.scheduler()).run();
  log_.reset();
}

void LocalEngine::tell_fullness(bool is_full) {
  if (std::exchange(was_full_, is_full) == is_full) return;
  const auto& tell = is_full ? options_.on_alert : options_.on_alert_change;
  const std::string_view text =
      is_full ? "the disk is nearly full: changes are refused until there is room, reads go on" : "";
  if (tell) tell({{}, "log", {}, text, "disk"});
}

void LocalEngine::publish_figures() {
  Figures now = core_->context().figures();
  const auto log = log_->figures();
  if (!options_.read_only) clock_watch_.look(core_->context().clock().last(), clock_.wall());
  now.clock_skew_ns = clock_watch_.skew_ns();
  const Tiers& tiers = core_->context().tiers();
  now.entities = core_->context().slots().size() + tiers.resting() - std::min(tiers.resting(), tiers.fetching());
  now.entities_resting = tiers.resting();
  now.entities_bytes = tiers.bytes();
  now.entities_fetching = tiers.fetching();
  now.entities_fetched = tiers.fetched();
  now.entities_left = tiers.left();
  now.keys_in_memory = core_->keys().finished().in_memory();
  now.keys_on_disk = core_->keys().finished().on_disk();
  now.key_runs = core_->keys().finished().runs();
  now.syncs = log.syncs;
  now.sync_ns = log.sync_ns;
  now.log_bytes = log.bytes;
  now.disk_free_bytes = log.disk_free_bytes;
  now.last = log_->last();
  now.durable = core_->context().durable();
  now.first = log_->first();
  now.untrimmed = log_->untrimmed();
  if (wal::Trimmer* trimmer = log_->trimmer()) now.segments = trimmer->archive().count();
  now.calls_outstanding = core_->context().activity().calls_outstanding();
  now.alerts = core_->context().activity().alerts();
  now.waiting_reads = core_->wheel().waiting_reads().size();
  if (const auto snapshot = core_->snapshots().newest())
    now.snapshot = snapshot->lsn,
    now.snapshot_age_ns =
        static_cast<std::uint64_t>(std::max(core_->context().clock().last().ns - snapshot->time.ns, std::int64_t{0}));
  now.snapshot_rows = core_->snapshots().figures().rows;
  now.snapshot_round_ns = core_->snapshots().figures().round_ns;
  now.entities_unsaved = core_->context().unsaved().size();
  now.log_full = log_->is_full();
  tell_fullness(now.log_full);
  now.alerts += (now.log_full ? 1 : 0) + (now.clock_skew_ns > ClockWatch::alerted_s * ns_per_s ? 1 : 0);
  const std::lock_guard lock(figures_mutex_);
  published_ = now;
}

Figures LocalEngine::figures() const {
  const std::lock_guard lock(figures_mutex_);
  Figures now = published_;
  now.in_flight = in_flight_.load(std::memory_order_relaxed);
  now.log_damage = damage_.count.load();
  now.log_damage_lsn = {damage_.lsn.load()};
  if (now.log_damage > 0) ++now.alerts;
  now.draining = draining_.load(std::memory_order_relaxed);
  return now;
}

void LocalEngine::visit(const Visit& visit) const {
  if (core_ == nullptr) return;  // closed
  core_->context().slots().for_each([&](const Slot* slot) {
    if (!slot->residence.is(Residence::State::dormant)) return;
    visit(tenants_.name(slot->tenant), *slot->kind, slot->id, *slot->entity);
  });
}

Engine::Opened Engine::open(Options options) {
  auto engine = std::make_unique<LocalEngine>(std::move(options));
  if (auto error = engine->recover()) return *error;
  if (auto error = engine->start()) return *error;
  return engine;
}

}  // namespace tote
