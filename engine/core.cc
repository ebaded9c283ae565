#include "engine/core.h"

#include <algorithm>
#include <caf/send.hpp>

#include "engine/directory.h"
#include "engine/idempotency.h"
#include "engine/kernel/limits.h"
#include "wal/failure.h"

namespace tote {
Core::Core(caf::actor_system& system, wal::Log& log, const ClockSource& clock, Tenants& tenants, CoreOptions options)
    : system_(system),
      log_(log),
      clock_(clock, log.last_time()),
      tenants_(tenants),
      options_(std::move(options)),
      slots_(pages_),
      activity_(*this),
      watching_(*this),
      keys_(tenants, log.keys(), pages_,
            {.retention_s = options_.key_retention_s,
             .in_memory_max = options_.keys_in_memory_max,
             .runs_max = options_.key_runs_max,
             .read_only = options_.read_only,
             .on_failure = [this](const std::string& what) { options_.on_failure(what); },
             .wake = options_.wake,
             .is_disk_full = [this] { return log_.is_full(); },
             .has_disk_for = [this](std::uint64_t bytes) { return log_.has_disk_for(bytes); },
             .on_damage = options_.on_damage}),
      waiting_reads_(options_.waiting_reads_max, options_.waiting_reads_per_tenant_max) {
  if (!options_.on_failure) options_.on_failure = wal::stop_for_failed_disk;
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
    timers_.schedule(slot, slot->entity->next_due());
    if (slot->is_active && !options_.read_only) activity_.recovered(*slot);
  });
  directory_ = system_.spawn<Directory, caf::hidden + caf::lazy_init>(std::ref(*this));
  idempotency_ = system_.spawn<Idempotency, caf::hidden + caf::lazy_init>(std::ref(*this));
}

void Core::accept(Flight* flight) {
  ++accepted_;
  const bool asks_for_key = flight->asks_for_key();
  if (!asks_for_key && flight->is_read() && flight->request.min_lsn > durable()) {
    wait_for_lsn(flight);
  } else if (asks_for_key || !keyed_.empty() || held_of(flight->request.tenant) != nullptr) {
    // Without a key, but behind requests of its tenant with one: it goes their way, so that their order stays.
    keyed_.push(flight);
  } else {
    unkeyed_.push(flight);
  }
}

bool Core::wants_turn() const {
  return !refused_.empty() || keys_.has_answers() || has_held_ready_ || activity_.wants_turn() ||
         waiting_reads_.is_ready(durable()) || gate_.is_ready(durable()) || has_postponed() || has_due_timers();
}

void Core::turn(const std::function<void()>& run_actors) {
  // A timer takes about 2 us with its record: these are some hundred microseconds.
  constexpr TimeSlice of_turn{.timers = 128, .catch_up = 256, .news = 512};
  constexpr std::size_t released_max = 2'048;
  accepted_ = 0;
  slice_ = of_turn;
  clock_.sample();
  end_waiting_reads();
  take_looked_up();
  if (!keyed_.empty()) caf::anon_send(idempotency_, Arrived{keyed_.take()});
  if (!unkeyed_.empty()) caf::anon_send(directory_, Arrived{unkeyed_.take()});
  if (has_due_timers() || has_postponed()) caf::anon_send(directory_, TimersDue{});
  run_actors();
  follow_up(run_actors);
  commit();

  FlightList ready = refused_.take();
  gate_.release(durable(), released_max, ready);
  if (!ready.empty()) {
    settle(ready);
    run_actors();
    commit();
  }
  keys_.turn(clock_.last());
}

void Core::take_looked_up() {
  if (!keys_.has_answers() && !has_held_ready_) return;
  for (auto& [flight, found] : keys_.take_answers(clock_.last())) {
    if (found.answer == wal::KeyFound::Answer::damaged) {
      flight->lookup = Flight::Lookup::damaged;
      flight->outcome.lsn = found.lsn;
      continue;
    }
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
  std::size_t asked_left = 256;
  if (options_.read_only) return;
  for (int round = 0; round < rounds_max && asked_left > 0 && activity_.wants_turn(); ++round) {
    FlightList wanted;
    activity_.ask(asked_left, wanted);
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

void Core::fail(Flight* flight, const std::string& what) {
  tell_defect(*flight, what);
  flight->outcome.facts.clear();
  refuse(flight, Code::internal_error);
}

// A client that makes it happen again and again doesn't fill the operator's day: it is told once a second at most.
void Core::tell_defect(const Flight& flight, const std::string& what) {
  constexpr std::int64_t told_every_ns = ns_per_s;
  ++figures_.internal_errors;
  const std::int64_t now_ns = clock_.monotonic_ns();
  if (options_.on_alert && (failure_told_ns_ == 0 || now_ns - failure_told_ns_ >= told_every_ns)) {
    failure_told_ns_ = now_ns;
    const Kind* of = find_kind(options_.kinds, flight.request.kind);
    const std::string text = "internal error: " + what;
    options_.on_alert({tenant_name(flight.request.tenant), of == nullptr ? std::string_view() : of->name(),
                       flight.request.entity, text});
  }
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

void Core::wait_for_lsn(Flight* flight) {
  clock_.sample();
  const std::int64_t end_ns = clock_.monotonic_ns() + limits::waiting_read_s_max * ns_per_s;
  flight->deadline_ns = flight->deadline_ns == 0 ? end_ns : std::min(flight->deadline_ns, end_ns);
  if (!waiting_reads_.add(flight)) refuse(flight, Code::overloaded);
}

// Some a turn: when very many are due at once, others take their turns in between.
void Core::end_waiting_reads() {
  constexpr int ended_max = 512;
  const Lsn up_to = durable();
  for (int i = 0; i < ended_max; ++i) {
    Flight* flight = waiting_reads_.take_ready(up_to);
    if (flight == nullptr) break;
    unkeyed_.push(flight);
  }
  for (int i = 0; i < ended_max; ++i) {
    Flight* flight = waiting_reads_.take_over(clock_.monotonic_ns());
    if (flight == nullptr) break;
    refuse(flight, Code::deadline_exceeded);
  }
}

void Core::cancel(const Sink& sink, std::uint64_t tag) {
  while (Flight* flight = waiting_reads_.take_of(sink, tag)) refuse(flight, Code::deadline_exceeded);
}

std::int64_t Core::next_due_ms() {
  constexpr std::int64_t idle_ms = 1000;
  constexpr std::int64_t offers_ms = 10;
  if (wants_turn() || has_chores()) return 0;
  clock_.sample();
  std::int64_t ms = activity_.offers_again() ? offers_ms : idle_ms;
  const auto until = [&ms](std::int64_t at_ns, std::int64_t now_ns) {
    if (at_ns - now_ns < ms * ns_per_ms) ms = std::max<std::int64_t>((at_ns - now_ns + ns_per_ms - 1) / ns_per_ms, 0);
  };
  if (waiting_reads_.size() > 0) until(waiting_reads_.first_end_ns(), clock_.monotonic_ns());
  if (may_fire() && timers_.next() != Time::never()) until(timers_.next().ns, clock_.last().ns);
  return ms;
}

void Core::drain() {
  while (Flight* flight = waiting_reads_.take_any()) refuse(flight, Code::draining);
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
  AnyEntity& entity = *slot->entity;
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
