#include "engine/core.h"

#include <algorithm>
#include <caf/send.hpp>

#include "engine/directory.h"
#include "engine/idempotency.h"
#include "wal/failure.h"

namespace tote {
Core::Core(caf::actor_system& system, wal::Log& log, const ClockSource& clock, Tenants& tenants, CoreOptions options)
    : system_(system),
      log_(log),
      clock_(clock, log.last_time()),
      tenants_(tenants),
      options_(std::move(options)),
      activity_(*this),
      keys_(tenants, log.keys(),
            {.retention_s = options_.key_retention_s,
             .in_memory_max = options_.keys_in_memory_max,
             .read_only = options_.read_only,
             .on_failure = options_.on_failure ? options_.on_failure : wal::stop_for_failed_disk,
             .wake = options_.wake}) {
  for (const auto& kind : options_.kinds) {
    if (kind->make() == nullptr) continue;  // no entities: a kind of answers
    if (kinds_.size() <= kind->id()) kinds_.resize(kind->id() + std::size_t{1});
    kinds_[kind->id()] = kind.get();
  }
}

Core::~Core() {
  keys_.stop();  // its threads read what is here
  directory_ = nullptr;
  idempotency_ = nullptr;
  slots_.for_each([](Slot* slot) { slot->actor = nullptr; });
}

void Core::start() {
  clock_.start_after(log_.last_time());
  slots_.for_each([this](Slot* slot) {
    timers_.schedule(slot, slot->dormant->next_due());
    if (slot->is_active) activity_.changed(*slot);
  });
  directory_ = system_.spawn<Directory, caf::hidden + caf::lazy_init>(std::ref(*this));
  idempotency_ = system_.spawn<Idempotency, caf::hidden + caf::lazy_init>(std::ref(*this));
}

void Core::accept(Flight* flight) {
  ++accepted_;
  const bool asks_for_key = flight->asks_for_key();
  if (!asks_for_key && flight->is_read() && flight->request.min_lsn > durable()) {
    if (waiting_reads_.size() >= options_.waiting_reads_max) return refuse(flight, Code::overloaded);
    waiting_reads_.emplace(flight->request.min_lsn, flight);
  } else if (asks_for_key || !keyed_.empty() || held_of(flight->request.tenant) != nullptr) {
    // Without a key, but behind requests of its tenant with one: it goes their way, so that their order stays.
    keyed_.push(flight);
  } else {
    unkeyed_.push(flight);
  }
}

void Core::turn(const std::function<void()>& run_actors) {
  accepted_ = 0;
  clock_.sample();
  release_waiting_reads();
  expire_waiting_reads();
  take_looked_up();
  if (!keyed_.empty()) caf::anon_send(idempotency_, Arrived{keyed_.take()});
  if (!unkeyed_.empty()) caf::anon_send(directory_, Arrived{unkeyed_.take()});
  if (timers_.next() <= clock_.last() && !options_.read_only) caf::anon_send(directory_, TimersDue{});
  run_actors();
  follow_up(run_actors);
  commit();

  FlightList ready = refused_.take();
  gate_.release(durable(), ready);
  if (!ready.empty()) {
    settle(ready);
    run_actors();
    commit();
  }
  keys_.turn(clock_.last());
}

void Core::take_looked_up() {
  if (!keys_.has_answers()) return;
  for (auto& [flight, found] : keys_.take_answers(clock_.last())) {
    if (found.answer == wal::KeyFound::Answer::damaged) continue;  // the process is stopping: it waits for ever
    const bool is_found = found.answer == wal::KeyFound::Answer::yes;
    flight->lookup = is_found ? Flight::Lookup::found : Flight::Lookup::absent;
    if (!is_found) continue;
    const wal::Record& record = found.record;
    flight->stored_fingerprint = record.fingerprint;
    flight->outcome = {.code = record.code,
                       .facts = record.facts,
                       .version = record.version,
                       .lsn = found.lsn,
                       .kind = record.kind,
                       .entity = std::string(record.entity),
                       .answer = std::string(record.answer)};
  }
  caf::anon_send(idempotency_, LookedUp{});
}

// What the entities want done after what has happened to them. Entities that want ever more get a few rounds a turn.
void Core::follow_up(const std::function<void()>& run_actors) {
  constexpr int rounds_max = 8;
  if (options_.read_only) return;
  for (int round = 0; round < rounds_max && activity_.wants_turn(); ++round) {
    FlightList wanted;
    activity_.ask(wanted);
    if (wanted.empty()) break;
    caf::anon_send(directory_, Arrived{wanted});
    run_actors();
  }
  activity_.start_calls(durable());
}

void Core::commit() {
  if (!options_.read_only) log_.commit();
}

// Keyed requests go back through the actor that holds their key; the others are answered here.
void Core::settle(FlightList& ready) {
  FlightList keyed;
  while (!ready.empty()) {
    Flight* flight = ready.pop();
    if (flight->is_keyed()) {
      keyed.push(flight);
    } else {
      reply(flight);
    }
  }
  if (!keyed.empty()) caf::anon_send(idempotency_, Settled{keyed});
}

void Core::refuse(Flight* flight, Code code) {
  flight->outcome.code = code;
  flight->outcome.kind = flight->request.kind;
  flight->outcome.entity = flight->request.entity;
  flight->outcome.version = {};
  flight->outcome.lsn = durable();
  flight->outcome.answer.clear();
  refused_.push(flight);
}

void Core::reply(Flight* flight) {
  if (flight->purpose == Flight::Purpose::follow_up) return pool_.give_back(flight);
  const Code code = flight->outcome.code;
  if (flight->is_read()) {
    ++figures_.reads;
  } else if (!flight->outcome.replayed) {
    ++(is_success(code) ? figures_.executed : figures_.refused);
  }
  flight->sink->done(flight->tag, flight->outcome);
  ++answered_;
  pool_.give_back(flight);
}

void Core::release_waiting_reads() {
  while (!waiting_reads_.empty() && waiting_reads_.begin()->first <= durable()) {
    unkeyed_.push(waiting_reads_.begin()->second);
    waiting_reads_.erase(waiting_reads_.begin());
  }
}

void Core::expire_waiting_reads() {
  for (auto at = waiting_reads_.begin(); at != waiting_reads_.end();) {
    Flight* flight = at->second;
    const bool over = flight->deadline_ns != 0 && flight->deadline_ns <= clock_.monotonic_ns();
    if (over) refuse(flight, Code::deadline_exceeded);
    at = over ? waiting_reads_.erase(at) : std::next(at);
  }
}

std::int64_t Core::next_due_ms() {
  constexpr std::int64_t idle_ms = 1000;
  constexpr std::int64_t waiting_reads_ms = 10;  // how exactly their deadlines are kept
  if (wants_turn() || has_chores()) return 0;
  if (!waiting_reads_.empty() || activity_.offers_again()) return waiting_reads_ms;
  if (options_.read_only || timers_.next() == Time::never()) return idle_ms;
  clock_.sample();
  return std::clamp((timers_.next().ns - clock_.last().ns + ns_per_ms - 1) / ns_per_ms, std::int64_t{0}, idle_ms);
}

void Core::drain() {
  for (const auto& [lsn, flight] : waiting_reads_) refuse(flight, Code::draining);
  waiting_reads_.clear();
}

bool Core::replay(Lsn lsn, const wal::Record& record, std::string& why) {
  recovered_ = lsn;
  const auto tenant = tenants_.get(record.tenant);
  if (!tenant) return why = "too many tenants, or a tenant's name that is not an id", false;
  for (const wal::Change& change : record.changes)
    if (!replay_change(lsn, *tenant, change, why)) return false;
  if (!record.key.empty()) keys_.replay(lsn, *tenant, record);
  return true;
}

bool Core::replay_change(Lsn lsn, Tenant tenant, const wal::Change& change, std::string& why) {
  const Kind* known = kind(change.kind);
  if (known == nullptr)
    return why = "an entity kind that this program doesn't know: " + std::to_string(change.kind), false;
  Slot* slot = slots_.find(tenant, change.kind, change.entity);
  if (slot == nullptr) slot = slots_.insert(tenant, *known, change.entity);
  AnyEntity& entity = *slot->dormant;
  if (change.version != entity.version.next())
    return why = "version " + std::to_string(change.version.value) + " of " + slot->id + " doesn't follow " +
                 std::to_string(entity.version.value),
           false;
  if (!entity.replay(change.events)) return why = "events of " + slot->id + " that can't be applied", false;
  entity.version = change.version;
  entity.lsn = lsn;
  if (entity.version == Version{1}) entity.first_lsn = lsn;
  return true;
}

}  // namespace tote
