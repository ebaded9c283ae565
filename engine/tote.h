// The embedding API of Tote: a transaction engine in your program, no HTTP needed.
//
//   auto opened = tote::Engine::open({.directory = "data", .kinds = {tote::kind_of<tote::Wallet>()}});
//   auto& engine = *std::get<std::unique_ptr<tote::Engine>>(opened);
//   tote::Outcome paid = engine.call(tote::request<tote::Wallet>("alice", tote::Wallet::Debit{{300}}, "order-17"));
//
// Threads: every function of Engine may be called from any thread unless it says otherwise. Callbacks, those of Options
// too, run on the engine's one loop thread: they must not block, throw, or end the engine. call() in one is refused as
// `internal_error`; close(), the destructor or what it throws ends the process.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/backup_status.h"
#include "engine/effect_call.h"
#include "engine/history_entry.h"
#include "engine/hot_entity.h"
#include "engine/ids_page.h"
#include "engine/kernel/kind_of.h"
#include "engine/request.h"
#include "engine/retention.h"
#include "wal/log.h"

namespace rocksdb {
class Env;
}

namespace tote {

class Engine;

// How an engine is opened. Only directory and kinds have no default. A value that makes no sense is an OpenError: no
// directory, a negative time, a maximum of 0 that would refuse everything.
struct Options {
  std::string directory;  // of the log; created when missing
  Kinds kinds;            // every kind whose records may be in the log (engine/kernel/kinds.h)
  // How long an idempotency key is remembered, in seconds; 0 = for ever. A longer one holds for what comes: keys that
  // were forgotten under a shorter one stay so (outcomes of unknown keys say that they may have been).
  std::int64_t key_retention_s = 86'400;
  std::size_t keys_in_memory_max = 2'000'000;  // finished keys kept in memory, about 200 bytes each; older: on disk
  std::size_t requests_max = 262'144;          // accepted and not yet answered; beyond: `overloaded`
  // What entities may take in memory, reckoned (engine/slot_table.h); 0: no bound. Beyond it those that weren't used
  // lately are at rest: on disk alone, until they are asked for. Only with snapshots.
  std::uint64_t entities_bytes = 0;
  std::uint64_t disk_free_bytes_min = 512 << 20;  // below: changes are refused as `log_full`, reads go on
  bool read_only = false;                         // recover and read; every change is refused as `forbidden`
  Lsn until{};                                    // read_only: recover to this LSN (0 = to the end)
  std::function<void(std::uint64_t records, std::uint64_t records_total)>
      on_progress{};  // of recovery, about 10 a second

  // A log whose newest record is more than an hour ahead of the clock isn't continued unless this says so: its time
  // would stand still until the clock is there.
  bool accept_clock_skew = false;

  // Outside calls that entities want made, each once its record is durable, and again after a restart until it is
  // reported. On the loop thread: hand it to a thread of your own. False: no room now, the call (untouched) is offered
  // again in 100 ms.
  std::function<bool(EffectCall& call)> on_effect{};
  // A snapshot of all entities every so many milliseconds, a million records or 256 MiB: a start replays what is newer;
  // 0: none. A kind whose State doesn't say its members keeps all from being made (docs/entities.md).
  std::int64_t snapshot_interval_ms = 60'000;

  // An entity can't go on without an operator; told once, again after a restart. Without a tenant: the engine itself.
  // On the loop thread.
  std::function<void(const Alert& alert)> on_alert{};
  // How alerts that last go on: another text of the same tenant, kind, entity and topic, or none: it is over. On the
  // loop thread.
  std::function<void(const Alert& alert)> on_alert_change{};

  Retention retention{};            // what stays in the log, where the rest goes
  std::string backups_directory{};  // where Engine::back_up puts them; empty: nowhere

  // Where the log comes from; null: wal::Log::open, from `directory`. A log that other machines have, too, is opened by
  // whoever keeps it (adapters/cluster/member.h): then open() returns when this machine owns it.
  std::function<wal::Log::Opened(wal::LogOptions)> open_log{};
  // Of such a log, on the thread of open(), while another machine owns it: from now on this engine may be asked, and
  // answers as of what it has of the log; changes are `forbidden`. Callbacks come on that thread until open() returns,
  // which is the engine's loop meanwhile. With null: open() will return no engine, and nobody may ask it any more.
  std::function<void(Engine*)> on_standing_by{};

  // For tests: whether recovery begins with a snapshot or replays the whole log, frames kept in memory before they
  // become a table of their own, runs of keys on disk before some are merged, and the disk (null: the real one).
  bool from_snapshot = true;
  std::size_t table_bytes = 128 << 20;
  std::size_t key_runs_max = 64;
  rocksdb::Env* env = nullptr;

  // Set: no thread is started. The host calls poll() on one thread of its own whenever wake was called, and again when
  // Engine::next_due_ms() has passed. wake is called from other threads, at most once until the next poll().
  std::function<void()> wake{};
};

// Why an engine can't be opened. The directory is unchanged.
struct OpenError {
  Lsn lsn{};  // where the log is damaged; 0 when it isn't the log
  std::string detail;
  bool is_unknown_kind = false;  // nothing is damaged: the log has a kind or a code that Options::kinds don't know
};

// An open engine: one log, its entities, its loop thread.
class Engine {
 public:
  using Opened = std::variant<std::unique_ptr<Engine>, OpenError>;
  using Callback = std::function<void(Outcome&)>;
  using BatchCallback = std::function<void(std::span<Outcome>)>;

  // Opens or creates the log, reads the newest snapshot, replays what came after it and starts serving. Takes about a
  // second per million entities, and as much per million records.
  static Opened open(Options options);
  virtual ~Engine() = default;  // as close()

  // The handle of a tenant, made on first use. At most limits::tenants_max: beyond, nothing. The name is an id.
  virtual std::optional<Tenant> tenant(std::string_view name) = 0;

  // One request. `done`, when there is one, is called exactly once, after what it tells is durable. A read that waits
  // for its min_lsn does so for limits::waiting_read_s_max at most, then it is `deadline_exceeded`.
  virtual void submit(Request request, Callback done) = 0;
  // The same without an allocation: sink.done(tag, outcome) is called exactly once; the sink must outlive it.
  virtual void submit(Request request, Sink& sink, std::uint64_t tag) = 0;
  // Whoever asked has gone: a read of this sink and tag that still waits for its min_lsn is ended now, as
  // `deadline_exceeded`. Anything else goes on. In order with submit() of the same thread.
  virtual void cancel(Sink& sink, std::uint64_t tag) = 0;
  // Up to limits::batch_requests_max requests; outcomes in the same order, when the last of them is durable. Requests
  // of one batch are independent of each other, but those to one entity are executed in the order given.
  virtual void submit(std::vector<Request> requests, BatchCallback done) = 0;
  // Waits for the outcome. In a callback it would wait for itself: `internal_error`, nothing has happened. With a host:
  // on the thread of poll() it polls; on another one it waits for the host's next poll().
  virtual Outcome call(Request request) = 0;
  // The durable events of an entity after `after`, at most `limit` and what belongs to the last version; read from the
  // log on a thread of its own. close() ends it as `draining`.
  using HistoryCallback = std::function<void(History&)>;
  virtual void history(Tenant tenant, KindId kind, std::string id, Version after, std::size_t limit,
                       HistoryCallback done) = 0;
  // The tenant's entities that had most requests in the last ten seconds, or those of all tenants where none is named,
  // at most `count_max`, the hottest first: estimated (engine/radar.h). With Code::ok, or why it can't be told now
  // (then there are none).
  using HotCallback = std::function<void(Code, HotEntities&)>;
  virtual void hottest(std::optional<Tenant> tenant, std::size_t count_max, HotCallback done) = 0;

  // Ids of a kind in their order, a page of them. close() ends it as `draining`.
  using IdsCallback = std::function<void(IdsPage&)>;
  virtual void ids(Tenant tenant, IdsAsk ask, IdsCallback done) = 0;
  // So many entities the tenant may have from now on, wherever they are; 0: no limit. A request that would make one
  // more is `quota_exceeded`. What there is stays, and what finishes what was promised isn't held back.
  virtual void limit_entities(Tenant tenant, std::uint64_t max) = 0;
  // The engine's log, to be read beside everything else; not on the loop thread, because it reads from disk. Lives as
  // long as the engine. Damage that a reader meets is also alerted and in the figures; what a closed engine's log tells
  // is that it is closed.
  virtual const wal::LogReader& log() const = 0;
  // What is stored under an idempotency key, or `outcome_unknown`: with the fact `retention_s`, nothing was executed
  // under it within that time; without, nothing ever was. A key in flight is waited for.
  virtual void find_outcome(Tenant tenant, std::string key, Sink& sink, std::uint64_t tag) = 0;

  // What a call of Options::on_effect came to, in the type that the entity's kind expects. Reporting twice, or late,
  // changes nothing. An outcome that isn't stored (`overloaded`, `log_full`): report again later.
  virtual void report(const EffectCall& call, Command result, Callback done) = 0;

  // Begins a backup in Options::backups_directory, beside everything else. False: there is no such directory, nobody
  // may write into the log's, or one is being made already, for whomever.
  virtual bool back_up() = 0;
  virtual BackupStatus backup() const = 0;  // of the last one, also where `tote backup` asked for it

  // Refuses new requests as `draining`, answers those accepted, closes the log. Returns when all of it is done. With a
  // host: on the thread of poll(). Not in a callback. What is asked afterwards is `draining`; but join the threads that
  // ask before the destructor.
  virtual void close() = 0;

  // For a host (Options::wake): runs everything that is ready. Only ever from one thread; in a callback it does
  // nothing.
  virtual void poll() = 0;
  // For a host: milliseconds until poll() is due without a wake, at most 1000. From the thread of poll().
  virtual std::int64_t next_due_ms() = 0;

  virtual Figures figures() const = 0;
  // Everything that is in memory, in no particular order, as recovered: read only that is everything. Only before the
  // first request; of a closed engine: nothing.
  using Visit = std::function<void(std::string_view tenant, const Kind&, std::string_view id, const AnyEntity&)>;
  virtual void visit(const Visit& visit) const = 0;
};

}  // namespace tote
