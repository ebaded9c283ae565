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
      activity_(*this),
      spiller_([this](const std::string& what) { options_.on_failure(what); }, options_.wake),
      waiting_reads_(options_.waiting_reads_max, options_.waiting_reads_per_tenant_max) {
  if (!options_.on_failure) options_.on_failure = wal::stop_for_failed_disk;
  for (const auto& kind : options_.kinds) {
    if (kind->make() == nullptr) continue;  // no entities: a kind of answers
    if (kinds_.size() <= kind->id()) kinds_.resize(kind->id() + std::size_t{1});
    kinds_[kind->id()] = kind.get();
  }
}

Core::~Core() {
  spiller_.finish();  // it reads the tables
  directory_ = nullptr;
  keys_.clear();
  slots_.for_each([](Slot* slot) { slot->actor = nullptr; });
}

void Core::start() {
  clock_.start_after(log_.last_time());
  slots_.for_each([this](Slot* slot) {
    timers_.schedule(slot, slot->dormant->next_due());
    if (slot->is_active && !options_.read_only) activity_.recovered(*slot);
  });
  directory_ = system_.spawn<Directory, caf::hidden + caf::lazy_init>(std::ref(*this));
}

std::size_t Core::keys_in_memory() const {
  std::size_t sum = 0;
  for (const auto& keys : keys_)
    if (keys.table != nullptr) sum += keys.table->size();
  return sum;
}

std::size_t Core::keys_on_disk() const {
  std::size_t sum = 0;
  for (const auto& keys : keys_)
    if (keys.on_disk != nullptr) sum += keys.on_disk->size();
  return sum;
}

Core::Keys& Core::keys_of(Tenant tenant) {
  if (keys_.size() <= tenant.index) keys_.resize(tenant.index + std::size_t{1});
  auto& keys = keys_[tenant.index];
  if (keys.table != nullptr) return keys;
  keys.table = std::make_unique<KeyTable>(options_.key_retention_s);
  keys.on_disk = std::make_unique<KeyFilter>(options_.key_retention_s);
  if (log_.keys() != nullptr) keys.on_disk_up_to = log_.keys()->up_to(tenant_name(tenant));
  return keys;
}

const caf::actor& Core::idempotency_of(Tenant tenant) {
  Keys& keys = keys_of(tenant);
  if (!keys.actor)
    keys.actor = system_.spawn<Idempotency, caf::hidden + caf::lazy_init>(std::ref(*this), std::ref(*keys.table));
  return keys.actor;
}

wal::KeyStore::Found Core::find_on_disk(Tenant tenant, std::uint64_t hash, std::string_view key,
                                        wal::KeyStore::Entry& entry) {
  using Found = wal::KeyStore::Found;
  const Keys& keys = keys_of(tenant);
  if (!keys.on_disk->may_contain(hash) || log_.keys() == nullptr) return Found::absent;
  std::string damage;
  const Found found = log_.keys()->find(tenant_name(tenant), key, entry, damage);
  if (found == Found::damaged) options_.on_failure("an idempotency key can't be read: " + damage);
  const bool is_over = found == Found::yes && options_.key_retention_s != 0 &&
                       after(entry.record.time, options_.key_retention_s) <= clock_.last();
  return is_over ? Found::absent : found;
}

// The tenant with the most keys gives its oldest to the disk when there are too many in memory.
void Core::spill_keys() {
  keys_in_memory_ = keys_in_memory();
  if (keys_in_memory_ <= options_.keys_in_memory_max || spiller_.is_busy() || log_.keys() == nullptr) return;
  const auto largest = std::max_element(keys_.begin(), keys_.end(), [](const Keys& a, const Keys& b) {
    return (a.table == nullptr ? 0 : a.table->size()) < (b.table == nullptr ? 0 : b.table->size());
  });
  const Tenant tenant{static_cast<std::uint32_t>(largest - keys_.begin())};
  largest->on_disk->expire(clock_.last());  // it only grows here, so here it gives back what is past its retention
  spiller_.start(tenant_name(tenant), *largest->table, *largest->on_disk, *log_.keys());
}

void Core::accept(Flight* flight) {
  ++accepted_;
  const Tenant tenant = flight->request.tenant;
  const bool asks_for_key = flight->asks_for_key();
  if (!asks_for_key && flight->is_read() && flight->request.min_lsn > durable()) {
    wait_for_lsn(flight);
  } else if (asks_for_key || has_staged(tenant)) {
    // Without a key, but behind requests of its tenant with one: it goes their way, so that their order stays.
    idempotency_of(tenant);
    auto& staged = keys_[tenant.index].staged;
    if (staged.empty()) touched_.push_back(tenant);
    staged.push(flight);
  } else {
    unkeyed_.push(flight);
  }
}

bool Core::wants_turn() const {
  return !refused_.empty() || spiller_.wants_turn() || activity_.wants_turn() || waiting_reads_.is_ready(durable()) ||
         gate_.is_ready(durable()) || has_postponed() || has_due_timers();
}

void Core::turn(const std::function<void()>& run_actors) {
  // A timer takes about 2 us with its record: these are some hundred microseconds.
  constexpr TimeSlice of_turn{.timers = 128, .catch_up = 256};
  constexpr std::size_t released_max = 512;
  accepted_ = 0;
  slice_ = of_turn;
  clock_.sample();
  end_waiting_reads();
  for (const Tenant tenant : touched_) {
    auto& keys = keys_[tenant.index];
    caf::anon_send(keys.actor, Arrived{keys.staged.take()});
  }
  touched_.clear();
  if (!unkeyed_.empty()) caf::anon_send(directory_, Arrived{unkeyed_.take()});
  if (has_due_timers() || has_postponed()) caf::anon_send(directory_, TimersDue{});
  run_actors();
  follow_up(run_actors);
  commit();

  spiller_.turn();
  FlightList ready = refused_.take();
  gate_.release(durable(), released_max, ready);
  if (!ready.empty()) {
    settle(ready);
    run_actors();
    commit();
  }
  spill_keys();
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
  while (!ready.empty()) {
    Flight* flight = ready.pop();
    if (!flight->is_keyed()) {
      reply(flight);
      continue;
    }
    auto& staged = keys_[flight->request.tenant.index].staged;
    if (staged.empty()) touched_.push_back(flight->request.tenant);
    staged.push(flight);
  }
  for (const Tenant tenant : touched_) {
    auto& keys = keys_[tenant.index];
    caf::anon_send(keys.actor, Settled{keys.staged.take()});
  }
  touched_.clear();
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
  if (wants_turn()) return 0;
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
  if (!record.key.empty()) replay_key(lsn, *tenant, record);
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

void Core::replay_key(Lsn lsn, Tenant tenant, const wal::Record& record) {
  Keys& keys = keys_of(tenant);
  const std::uint64_t hash = hash_of_key(record.key);
  if (lsn <= keys.on_disk_up_to) return keys.on_disk->add(hash, record.time);
  keys.table->insert({.hash = hash,
                      .key = record.key,
                      .entity = record.entity,
                      .answer = record.answer,
                      .facts = record.facts,
                      .time = record.time,
                      .lsn = lsn,
                      .version = record.version,
                      .fingerprint = record.fingerprint,
                      .kind = record.kind,
                      .code = record.code});
  keys.table->expire(record.time);
}

}  // namespace tote
