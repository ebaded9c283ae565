#include <pthread.h>

#include <atomic>
#include <caf/actor_system_config.hpp>
#include <future>
#include <shared_mutex>
#include <thread>

#include "engine/clock_watch.h"
#include "engine/core.h"
#include "engine/history.h"
#include "engine/inbox.h"
#include "engine/kernel/kinds.h"
#include "engine/kernel/limits.h"
#include "engine/loop_scheduler.h"
#include "engine/tote.h"
#include "engine/unknown.h"

namespace tote {
namespace {

wal::LogOptions log_options(const Options& options, std::function<void()> wake) {
  return {.directory = options.directory,
          .disk_free_bytes_min = options.disk_free_bytes_min,
          .read_only = options.read_only,
          .table_bytes = options.table_bytes,
          .env = options.env,
          .on_durable = [wake = std::move(wake)](Lsn) { wake(); }};
}

// The program's arguments and environment are not CAF's: nothing but this configures it.
struct SystemConfig : caf::actor_system_config {
  SystemConfig() { load<LoopScheduler>(); }
};

// Collects the outcomes of one batch.
class BatchSink final : public Sink {
 public:
  BatchSink(std::size_t size, Engine::BatchCallback done) : outcomes_(size), left_(size), done_(std::move(done)) {}

  void done(std::uint64_t tag, Outcome& outcome) override {
    outcomes_[tag] = std::move(outcome);
    if (--left_ > 0) return;
    done_(outcomes_);
    delete this;
  }

 private:
  std::vector<Outcome> outcomes_;
  std::size_t left_;
  Engine::BatchCallback done_;
};

class CallbackSink final : public Sink {
 public:
  explicit CallbackSink(Engine::Callback done) : done_(std::move(done)) {}

  void done(std::uint64_t, Outcome& outcome) override {
    done_(outcome);
    delete this;
  }

 private:
  Engine::Callback done_;
};

class CallSink final : public Sink {
 public:
  void done(std::uint64_t, Outcome& outcome) override {
    outcome_ = std::move(outcome);
    is_done_.set_value();
  }
  std::future<void> future() { return is_done_.get_future(); }
  Outcome take() { return std::move(outcome_); }

 private:
  Outcome outcome_;
  std::promise<void> is_done_;
};

class LocalEngine final : public Engine {
 public:
  explicit LocalEngine(Options options)
      : options_(std::move(options)), inbox_(options_.wake), clock_watch_(options_.on_alert), system_(config_) {
    taken_.reserve(Inbox::reserved);
  }

  ~LocalEngine() override { LocalEngine::close(); }

  std::optional<OpenError> recover();
  std::optional<OpenError> start();

  std::optional<Tenant> tenant(std::string_view name) override { return tenants_.get(name); }
  void submit(Request request, Callback done) override {
    submit(std::move(request), *new CallbackSink(std::move(done)), 0);
  }
  void submit(Request request, Sink& sink, std::uint64_t tag) override;
  void submit(std::vector<Request> requests, BatchCallback done) override;
  Outcome call(Request request) override;
  void find_outcome(Tenant tenant, std::string key, Sink& sink, std::uint64_t tag) override;
  void history(Tenant tenant, KindId kind, std::string id, Version after, std::size_t limit,
               HistoryCallback done) override;
  std::string log_id() const override {
    const std::shared_lock lock(log_mutex_);
    return log_ == nullptr ? std::string() : log_->id();
  }
  Lsn durable() const override {
    const std::shared_lock lock(log_mutex_);
    return log_ == nullptr ? Lsn{} : log_->durable();
  }
  wal::Damage read_log(Lsn from, Lsn to, const RecordVisit& visit) const override;
  void cancel(Sink& sink, std::uint64_t tag) override;
  void report(const EffectCall& call, Command result, Callback done) override;
  void close() override;
  void poll() override;
  std::int64_t next_due_ms() override {
    if (core_ == nullptr) return 1000;
    return wants_turn() ? 0 : core_->next_due_ms();
  }
  Figures figures() const override;
  void visit(const Visit& visit) const override;

 private:
  // So many requests pass all stages together: enough to share the cost of messages, few enough to stay in the cache.
  static constexpr std::size_t accepted_at_once = 256;

  bool is_hosted() const { return options_.wake != nullptr; }
  void ask_history(HistoryReader::Question& question, Tenant tenant, KindId kind);
  void answer_histories();
  void meet(const wal::Damage& damage) const;
  // Code::ok, or why `count` more requests can't be taken now.
  Code admit(std::size_t count);
  void accept(Request& request, const Submission& from, std::uint64_t tag);
  bool take_part(Submission& submission);
  void turn();
  // A turn that goes on with what was taken before takes nothing new: what rang meanwhile waits for the next one.
  bool wants_turn() const { return next_taken_ < taken_.size() || inbox_.is_rung() || core_->wants_turn(); }
  void run();
  void publish_figures();

  // Damage that readers of the log have met. Any thread.
  struct DamageMet {
    std::atomic<std::uint64_t> count{0}, lsn{0};
  };

  Options options_;
  Tenants tenants_;
  mutable Inbox inbox_;
  mutable DamageMet damage_;
  SystemClock clock_;
  ClockWatch clock_watch_;
  std::unique_ptr<wal::Log> log_;
  SystemConfig config_;
  caf::actor_system system_;
  std::unique_ptr<Core> core_;
  std::unique_ptr<HistoryReader> histories_;
  const std::function<void()> run_actors_ = [this] { static_cast<LoopScheduler&>(system_.scheduler()).run(); };
  std::vector<Submission> taken_;
  std::size_t next_taken_ = 0;     // of them
  std::size_t next_of_batch_ = 0;  // of taken_[next_taken_]
  std::atomic<std::uint64_t> in_flight_{0};
  std::atomic<bool> draining_{false};
  std::atomic<bool> stop_{false};
  bool started_ = false;
  bool closed_ = false;
  std::mutex closing_;                   // makes close() safe from several threads, guards no domain state
  mutable std::shared_mutex log_mutex_;  // held by those who read the log beside the loop, and to close it
  mutable std::mutex figures_mutex_;     // guards the published copy
  Figures published_;
  std::atomic<std::thread::id> poller_{};  // the one thread of poll()
  std::thread loop_;
};

std::optional<OpenError> LocalEngine::recover() {
  if (auto problem = problem_of(options_.kinds); !problem.empty()) return OpenError{{}, std::move(problem)};
  auto opened = wal::Log::open(log_options(options_, [this] { inbox_.wake(); }));
  if (auto* damage = std::get_if<wal::Damage>(&opened)) return OpenError{damage->lsn, damage->detail};
  log_ = std::move(std::get<std::unique_ptr<wal::Log>>(opened));
  core_ = std::make_unique<Core>(system_, *log_, clock_, tenants_,
                                 CoreOptions{.kinds = options_.kinds,
                                             .key_retention_s = options_.key_retention_s,
                                             .keys_in_memory_max = options_.keys_in_memory_max,
                                             .key_runs_max = options_.key_runs_max,
                                             .read_only = options_.read_only,
                                             .wake = [this] { inbox_.wake(); },
                                             .on_effect = options_.on_effect,
                                             .on_alert = options_.on_alert,
                                             .on_damage = [this](const wal::Damage& damage) { meet(damage); }});
  constexpr std::int64_t progress_every_ns = 100 * ns_per_ms;
  const std::int64_t began_ns = clock_.monotonic_ns();
  std::int64_t told_ns = began_ns;
  auto& figures = core_->figures();
  if (std::string why = core_->load_keys(); !why.empty()) return OpenError{{}, options_.directory + ": " + why};
  std::string why;
  Lsn contradicted{};
  bool is_unknown = false;
  const auto damage = log_->replay(Lsn{1}, [&](Lsn lsn, const wal::Record& record) {
    if (options_.until != Lsn{} && lsn > options_.until) return false;
    if (why = unknown_in(options_.kinds, record); !why.empty()) return contradicted = lsn, is_unknown = true, false;
    if (!core_->replay(lsn, record, why)) return contradicted = lsn, false;
    ++figures.records_recovered;
    if (options_.on_progress && figures.records_recovered % 4096 == 0 &&
        clock_.monotonic_ns() - told_ns > progress_every_ns) {
      told_ns = clock_.monotonic_ns();
      options_.on_progress(figures.records_recovered, log_->last().value);
    }
    return true;
  });
  if (!damage.detail.empty()) return OpenError{damage.lsn, damage.detail};
  if (contradicted != Lsn{}) return OpenError{contradicted, why, is_unknown};
  if (!options_.read_only && !options_.accept_clock_skew)
    if (auto refusal = ClockWatch::refusal(log_->last_time(), clock_.wall()); !refusal.empty())
      return OpenError{{}, std::move(refusal)};
  figures.recovery_ns = static_cast<std::uint64_t>(clock_.monotonic_ns() - began_ns);
  return std::nullopt;
}

std::optional<OpenError> LocalEngine::start() {
  if (!options_.read_only)
    if (const auto damage = log_->start(); !damage.detail.empty()) return OpenError{damage.lsn, damage.detail};
  started_ = true;
  core_->start();
  histories_ = std::make_unique<HistoryReader>(*log_, [this] { inbox_.wake(); });
  publish_figures();
  if (!is_hosted()) loop_ = std::thread([this] { run(); });
  return std::nullopt;
}

Code LocalEngine::admit(std::size_t count) {
  // Counted first: close() either sees the count and waits, or is seen here.
  const std::uint64_t in_flight = in_flight_.fetch_add(count, std::memory_order_seq_cst) + count;
  const bool is_draining = draining_.load(std::memory_order_seq_cst);
  if (!is_draining && in_flight <= options_.requests_max) return Code::ok;
  in_flight_.fetch_sub(count, std::memory_order_seq_cst);
  return is_draining ? Code::draining : Code::overloaded;
}

void LocalEngine::submit(Request request, Sink& sink, std::uint64_t tag) {
  if (const Code code = admit(1); code != Code::ok) {
    Outcome refused{.code = code, .kind = request.kind, .entity = std::move(request.entity)};
    return sink.done(tag, refused);
  }
  const std::int64_t arrived_ns = request.deadline_ms == 0 ? 0 : clock_.monotonic_ns();
  inbox_.put({.request = std::move(request), .sink = &sink, .tag = tag, .arrived_ns = arrived_ns});
}

void LocalEngine::submit(std::vector<Request> requests, BatchCallback done) {
  const Code code = requests.size() > limits::batch_requests_max ? Code::invalid_request : admit(requests.size());
  if (code != Code::ok || requests.empty()) {
    std::vector<Outcome> refused(requests.size(), Outcome{.code = code});
    return done(refused);
  }
  auto* sink = new BatchSink(requests.size(), std::move(done));
  inbox_.put({.batch = std::move(requests), .sink = sink, .arrived_ns = clock_.monotonic_ns()});
}

Outcome LocalEngine::call(Request request) {
  CallSink sink;
  auto future = sink.future();
  submit(std::move(request), sink, 0);
  if (is_hosted() && (poller_.load() == std::thread::id{} || poller_.load() == std::this_thread::get_id())) {
    while (future.wait_for(std::chrono::microseconds(50)) != std::future_status::ready) poll();
  }
  future.wait();
  return sink.take();
}

wal::Damage LocalEngine::read_log(Lsn from, Lsn to, const RecordVisit& visit) const {
  const std::shared_lock lock(log_mutex_);
  if (log_ == nullptr) return {{}, "the engine is closed"};
  wal::Damage damage = log_->read(from, std::min(to, log_->durable()), visit);
  if (!damage.is_none()) meet(damage);
  return damage;
}

// An operator is told of the first of it: the log isn't mended by reading it again.
void LocalEngine::meet(const wal::Damage& damage) const {
  if (damage_.count.fetch_add(1) > 0) return;
  damage_.lsn = damage.lsn.value;
  if (!options_.on_alert) return;
  Submission submission;
  submission.task = [this, damage] {
    const std::string where = damage.lsn == Lsn{} ? "" : " at LSN " + std::to_string(damage.lsn.value);
    options_.on_alert({{}, "log", {}, "the log is damaged" + where + ": " + damage.detail});
  };
  inbox_.put(std::move(submission));
}

void LocalEngine::cancel(Sink& sink, std::uint64_t tag) {
  Submission submission;
  submission.task = [this, asker = &sink, tag] { core_->cancel(*asker, tag); };
  inbox_.put(std::move(submission));
}

void LocalEngine::find_outcome(Tenant tenant, std::string key, Sink& sink, std::uint64_t tag) {
  if (const Code code = admit(1); code != Code::ok) {
    Outcome refused{.code = code};
    return sink.done(tag, refused);
  }
  Submission submission{.sink = &sink, .tag = tag, .finds_outcome = true};
  submission.request.tenant = tenant;
  submission.request.key = std::move(key);
  inbox_.put(std::move(submission));
}

void LocalEngine::history(Tenant tenant, KindId kind, std::string id, Version after, std::size_t limit,
                          HistoryCallback done) {
  if (const Code code = admit(1); code != Code::ok) {
    History refused;
    refused.code = code;
    return done(refused);
  }
  auto question = std::make_shared<HistoryReader::Question>();
  question->id = std::move(id);
  question->after = after;
  question->limit = limit;
  question->done = std::move(done);
  Submission submission;
  submission.task = [this, question, tenant, kind] { ask_history(*question, tenant, kind); };
  inbox_.put(std::move(submission));
}

// Only what is durable is told: nobody may see what a crash could still undo.
void LocalEngine::ask_history(HistoryReader::Question& question, Tenant tenant, KindId kind) {
  const Slot* slot = core_->slots().find(tenant, kind, question.id);
  const bool exists =
      slot != nullptr && slot->entity->first_lsn != Lsn{} && slot->entity->first_lsn <= core_->durable();
  History refused;
  refused.code = exists ? Code::overloaded : Code::not_found;
  const auto done = question.done;
  if (exists) {
    question.tenant = tenants_.name(tenant);
    question.kind = slot->kind;
    question.from = slot->entity->first_lsn;
    question.to = std::min(slot->entity->lsn, core_->durable());
    if (histories_->ask(std::move(question))) return;
  }
  done(refused);
  in_flight_.fetch_sub(1, std::memory_order_release);
}

void LocalEngine::answer_histories() {
  for (auto& question : histories_->take()) {
    if (!question.answer.damage.is_none()) meet(question.answer.damage);
    question.done(question.answer);
    in_flight_.fetch_sub(1, std::memory_order_release);
  }
}

void LocalEngine::report(const EffectCall& call, Command result, Callback done) {
  Request request{.tenant = call.tenant, .kind = call.kind, .entity = call.entity};
  if (const Kind* kind = find_kind(options_.kinds, call.kind))
    request.command = Command(kind->report(call.entity, call.effect, result));
  submit(std::move(request), std::move(done));
}

void LocalEngine::accept(Request& request, const Submission& from, std::uint64_t tag) {
  Flight* flight = core_->pool().take();
  flight->request = std::move(request);
  flight->sink = from.sink;
  flight->tag = tag;
  flight->deadline_ns =
      flight->request.deadline_ms == 0 ? 0 : from.arrived_ns + flight->request.deadline_ms * ns_per_ms;
  if (from.finds_outcome) flight->purpose = Flight::Purpose::find_outcome;
  core_->accept(flight);
}

// Takes so many of the requests that were submitted, and runs the engine's wheel once.
void LocalEngine::turn() {
  if (next_taken_ == taken_.size()) {
    taken_.clear();
    next_taken_ = 0;
    inbox_.take(taken_);
  }
  for (std::size_t parts = 0; next_taken_ < taken_.size() && parts < accepted_at_once; ++parts) {
    if (core_->accepted() >= accepted_at_once) break;
    if (take_part(taken_[next_taken_])) ++next_taken_;
  }
  answer_histories();
  core_->turn(run_actors_);
  if (const auto answered = core_->take_answered(); answered > 0)
    in_flight_.fetch_sub(answered, std::memory_order_release);
}

// False: more of this batch is left for the next turn.
bool LocalEngine::take_part(Submission& submission) {
  if (submission.task) return submission.task(), true;
  if (submission.batch.empty()) return accept(submission.request, submission, submission.tag), true;
  while (next_of_batch_ < submission.batch.size() && core_->accepted() < accepted_at_once) {
    accept(submission.batch[next_of_batch_], submission, next_of_batch_);
    ++next_of_batch_;
  }
  if (next_of_batch_ < submission.batch.size()) return false;
  next_of_batch_ = 0;
  return true;
}

// A host has other work on this thread: it gets it back after a millisecond, and next_due_ms() says to come again.
void LocalEngine::poll() {
  constexpr std::int64_t poll_ns = ns_per_ms;
  if (poller_.load() == std::thread::id{}) poller_ = std::this_thread::get_id();
  if (core_ == nullptr) return;  // closed: a host's timer may still fire
  turn();
  for (const std::int64_t began_ns = core_->clock().monotonic_ns();
       wants_turn() && core_->clock().monotonic_ns() - began_ns < poll_ns;)
    turn();
  publish_figures();
}

void LocalEngine::run() {
  pthread_setname_np(pthread_self(), "tote-loop");
  while (!stop_.load(std::memory_order_acquire)) {
    poll();
    inbox_.wait(next_due_ms());
  }
}

// Answers everything that was accepted: what is appended becomes durable, what waits for more is refused.
void LocalEngine::close() {
  const std::lock_guard lock(closing_);
  if (std::exchange(closed_, true) || !started_) return;
  draining_.store(true);
  stop_.store(true, std::memory_order_release);
  inbox_.wake();
  if (loop_.joinable()) loop_.join();
  for (poll(); in_flight_.load(std::memory_order_acquire) > 0; poll()) {
    core_->drain();
    histories_->stop();
    inbox_.wait(1);
  }
  histories_.reset();
  const std::unique_lock readers(log_mutex_);
  core_->keys().stop();  // what its threads have written goes into tables, too
  if (!options_.read_only) log_->close();
  publish_figures();
  core_.reset();
  static_cast<LoopScheduler&>(system_.scheduler()).run();
  log_.reset();
}

void LocalEngine::publish_figures() {
  Figures now = core_->figures();
  const auto log = log_->figures();
  if (!options_.read_only) clock_watch_.look(core_->clock().last(), clock_.wall());
  now.clock_skew_ns = clock_watch_.skew_ns();
  now.entities = core_->slots().size();
  now.keys_in_memory = core_->keys_in_memory();
  now.keys_on_disk = core_->keys_on_disk();
  now.key_runs = core_->keys().runs();
  now.syncs = log.syncs;
  now.sync_ns = log.sync_ns;
  now.log_bytes = log.bytes;
  now.disk_free_bytes = log.disk_free_bytes;
  now.last = log_->last();
  now.durable = core_->durable();
  now.calls_outstanding = core_->activity().calls_outstanding();
  now.alerts = core_->activity().alerts();
  now.waiting_reads = core_->waiting_reads().size();
  now.log_full = log_->is_full();
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
  core_->slots().for_each([&](const Slot* slot) {
    if (slot->dormant != nullptr) visit(tenants_.name(slot->tenant), *slot->kind, slot->id, *slot->dormant);
  });
}

}  // namespace

Engine::Opened Engine::open(Options options) {
  auto engine = std::make_unique<LocalEngine>(std::move(options));
  if (auto error = engine->recover()) return *error;
  if (auto error = engine->start()) return *error;
  return engine;
}

}  // namespace tote
