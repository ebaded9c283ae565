// The engine behind the embedding API (engine/tote.h): its log, its core, its loop and the threads that ask it.
//
//   opening.cc       from the log to a loop that runs, and back: recover, start, close, figures
//   standing_by.cc   while another machine owns the log
//   local_engine.cc  what is asked, from any thread
//   turning.cc       the loop: what was asked is handed to the core, a slice a turn
#pragma once

#include <atomic>
#include <caf/actor_system_config.hpp>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "engine/backup_desk.h"
#include "engine/clock_watch.h"
#include "engine/core.h"
#include "engine/history.h"
#include "engine/hot_questions.h"
#include "engine/inbox.h"
#include "engine/listing.h"
#include "engine/loop_scheduler.h"
#include "engine/shared_log.h"
#include "engine/tote.h"
#include "engine/trimming.h"

namespace tote {

// The program's arguments and environment are not CAF's: nothing but this configures it.
struct SystemConfig : caf::actor_system_config {
  SystemConfig() { load<LoopScheduler>(); }
};

class LocalEngine final : public Engine {
 public:
  explicit LocalEngine(Options options)
      : options_(std::move(options)),
        inbox_(options_.wake),
        shared_log_([this](const wal::Damage& damage) { meet(damage); }),
        clock_watch_(options_.on_alert, options_.on_alert_change),
        system_(config_) {
    taken_.reserve(Inbox::reserved);
  }

  ~LocalEngine() override { LocalEngine::close(); }

  std::optional<OpenError> recover();
  std::optional<OpenError> start();

  std::optional<Tenant> tenant(std::string_view name) override { return tenants_.get(name); }
  void submit(Request request, Callback done) override;
  void submit(Request request, Sink& sink, std::uint64_t tag) override;
  void submit(std::vector<Request> requests, BatchCallback done) override;
  Outcome call(Request request) override;
  void find_outcome(Tenant tenant, std::string key, Sink& sink, std::uint64_t tag) override;
  void history(Tenant tenant, KindId kind, std::string id, Version after, std::size_t limit,
               HistoryCallback done) override;
  void hottest(std::optional<Tenant> tenant, std::size_t count_max, HotCallback done) override;
  void ids(Tenant tenant, IdsAsk ask, IdsCallback done) override;
  void limit_entities(Tenant tenant, std::uint64_t max) override;
  const wal::LogReader& log() const override { return shared_log_; }
  void cancel(Sink& sink, std::uint64_t tag) override;
  void report(const EffectCall& call, Command result, Callback done) override;
  bool back_up() override { return backups_ != nullptr && backups_->ask(); }
  BackupStatus backup() const override { return backups_ == nullptr ? BackupStatus{} : backups_->status(); }
  void close() override;
  void poll() noexcept override;
  std::int64_t next_due_ms() override {
    if (core_ == nullptr) return 1000;
    return wants_turn() || has_chores() ? 0 : core_->wheel().next_due_ms();
  }
  Figures figures() const override;
  void visit(const Visit& visit) const override;

 private:
  // So many requests pass all stages together: enough to share the cost of messages, few enough to stay in the cache.
  static constexpr std::size_t accepted_at_once = 256;

  // -- recovery
  struct Replaying {
    Lsn from{}, contradicted{};  // 0: not yet
    std::string why{};
    bool is_unknown = false;
    std::int64_t began_ns = 0, told_ns = 0;  // monotonic
    std::int64_t waits_since_ns = 0;         // for the disk; 0: it doesn't
  };
  bool replay(Lsn lsn, const wal::Record& record);
  std::optional<OpenError> problem_of_replay(const wal::Damage& damage) const;
  // Until this machine owns the log. Turns meanwhile, on the thread that opens the engine.
  std::optional<OpenError> stand_by();
  wal::Log::Followed follow();
  bool waits_for_disk();
  void end_standing_by();
  void start_readers();

  bool is_hosted() const { return options_.wake != nullptr; }
  void ask_history(HistoryReader::Question& question, Tenant tenant, KindId kind);
  void answer_histories();
  // `answer` is called in this turn, or, where other machines may own the log, once what it tells is confirmed to be no
  // older than now; with false when it never will be.
  void answer_confirmed(std::function<void(bool is_confirmed)> answer);
  void answer_waiting(bool is_lost);
  void turn_listing();
  void meet(const wal::Damage& damage);
  void start_backups();
  void start_trimming();
  // Code::ok, or why `count` more requests can't be taken now.
  Code admit(std::size_t count, Tenant tenant);
  // On the thread of poll(), and within it.
  bool is_in_callback() const { return poller_.load() == std::this_thread::get_id() && is_polling_; }
  void meet_call_in_callback();
  void accept(Request& request, const Submission& from, std::uint64_t tag);
  bool take_part(Submission& submission);
  void turn();
  // A turn that goes on with what was taken before takes nothing new: what rang meanwhile waits for the next one.
  bool wants_turn() const {
    return next_taken_ < taken_.size() || inbox_.is_rung() || core_->wheel().wants_turn() || has_confirmed();
  }
  // One piece of them a poll: whoever hosts looks after its sockets in between, and writes what was answered.
  bool has_chores() const { return (listing_ != nullptr && listing_->wants_turn()) || hot_questions_.wants_turn(); }
  bool has_confirmed() const {
    return !confirming_.empty() && core_->context().is_confirmed(confirming_.front().question);
  }
  void run();
  void publish_figures();
  void tell_fullness(bool is_full);

  // Damage that readers of the log have met. Any thread.
  struct DamageMet {
    std::atomic<std::uint64_t> count{0}, lsn{0};
  };

  struct Confirming {
    std::uint64_t question = 0;
    std::function<void(bool)> answer{};
  };

  Options options_;
  Replaying replaying_;
  std::atomic<bool> is_owner_{false};  // recovery is over
  Tenants tenants_;
  Inbox inbox_;
  DamageMet damage_;
  SharedLog shared_log_;
  SystemClock clock_;
  ClockWatch clock_watch_;
  std::unique_ptr<wal::Log> log_;
  SystemConfig config_;
  caf::actor_system system_;
  std::unique_ptr<Core> core_;
  std::unique_ptr<HistoryReader> histories_;
  std::unique_ptr<Listing> listing_;
  HotQuestions hot_questions_;
  std::unique_ptr<BackupDesk> backups_;  // null: nobody may write
  std::unique_ptr<Trimming> trimming_;   // null: nothing is ever taken from the log
  const std::function<void()> run_actors_ = [this] { static_cast<LoopScheduler&>(system_.scheduler()).run(); };
  std::deque<Confirming> confirming_;  // answers of what isn't a flight
  std::vector<Submission> taken_;
  std::size_t next_taken_ = 0;     // of them
  std::size_t next_of_batch_ = 0;  // of taken_[next_taken_]
  std::atomic<std::uint64_t> in_flight_{0};
  std::atomic<bool> draining_{false};
  std::atomic<bool> stop_{false};
  bool started_ = false;
  bool was_full_ = false;
  bool closed_ = false;
  std::mutex closing_;                // makes close() safe from several threads, guards no domain state
  mutable std::mutex figures_mutex_;  // guards the published copy
  Figures published_;
  std::atomic<std::thread::id> poller_{};  // the one thread of poll()
  bool is_polling_ = false;                // of that thread, as the next one
  bool has_met_call_ = false;
  std::thread loop_;
};

}  // namespace tote
