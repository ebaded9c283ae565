#include "engine/idempotency.h"

#include <algorithm>
#include <caf/behavior.hpp>
#include <caf/send.hpp>

#include "engine/duplicates.h"
#include "engine/kernel/name.h"
#include "engine/recorder.h"

namespace tote {
namespace {

constexpr std::size_t lookups_per_tenant_max = 1'024;  // so nobody's retries take all places: the others wait

}  // namespace

Fingerprint fingerprint_of(const Request& request, const Kind* kind) {
  thread_local std::string bytes;
  bytes.clear();
  bytes.append(reinterpret_cast<const char*>(&request.kind), sizeof request.kind);
  bytes.append(request.entity).push_back('\0');
  bytes.push_back(request.expected_version ? '\1' : '\0');
  const std::uint64_t version = request.expected_version.value_or(Version{}).value;
  bytes.append(reinterpret_cast<const char*>(&version), sizeof version);
  if (const auto* script = request.command.get<ScriptPtr>(); script != nullptr && *script != nullptr)
    (*script)->digest(bytes);
  else if (kind != nullptr)
    kind->digest(request.command, bytes);
  const XXH128_hash_t hash = XXH3_128bits(bytes.data(), bytes.size());
  return {hash.high64, hash.low64 | 1};
}

Idempotency::Idempotency(caf::actor_config& config, Context& context, Keys& keys)
    : caf::event_based_actor(config),
      context_(context),
      finished_(keys.finished()),
      held_(keys.held()),
      in_flight_(context.pages()) {}

caf::behavior Idempotency::make_behavior() {
  return {
      [this](const Arrived& arrived) { arrive(arrived.flights); },
      [this](const Settled& settled) { settle(settled.flights); },
      [this](const LookedUp&) { go_on(); },
  };
}

void Idempotency::arrive(FlightList flights) {
  context_.clock().sample();
  // Hashes first, so that the memory which the look-ups need is on its way before the first of them.
  for (Flight* flight = flights.front(); flight != nullptr; flight = flight->next) {
    if (!flight->asks_for_key()) continue;
    flight->hash = finished_.hash(flight->request.tenant, flight->request.key);
    finished_.prefetch(flight->hash);
  }
  FlightList onward;
  while (!flights.empty()) {
    Flight* flight = flights.pop();
    if (flight->asks_for_key() && answer_at_once(flight)) continue;
    auto* held = held_.of(flight->request.tenant);
    (held == nullptr ? onward : held->flights).push(flight);
  }
  if (!onward.empty()) caf::anon_send(context_.directory(), Arrived{onward});
}

// True: answered, attached to the request that came first, or refused. False: it is the first of its key.
bool Idempotency::answer_at_once(Flight* flight) {
  Request& request = flight->request;
  if (!is_valid_idempotency_key(request.key) && !is_own_idempotency_key(request.key))
    return refuse(flight, Code::idempotency_key_invalid);
  const bool asks_only = flight->purpose == Flight::Purpose::find_outcome;
  if (!asks_only && request.fingerprint == Fingerprint{}) {
    try {
      request.fingerprint = fingerprint_of(request, context_.kind(request.kind));
    } catch (...) {
      context_.tell_defect(*flight, text_of_exception());
      return refuse(flight, Code::internal_error);
    }
  }

  if (Flight* first = find_in_flight(*flight)) {
    const bool is_judged = first->lookup == Flight::Lookup::none;
    if (!asks_only && is_judged && first->request.fingerprint != request.fingerprint)
      return refuse(flight, Code::idempotency_key_reused);
    if (flight->lookup == Flight::Lookup::unasked) flight->lookup = Flight::Lookup::none;
    attach_duplicate(*first, flight);
    return true;
  }
  if (finished_.may_know(flight->hash) && answer_finished(flight)) return true;
  flight->lookup = Flight::Lookup::none;
  if (asks_only) return refuse_unknown(flight);
  if (finished_.has_too_many()) return refuse(flight, Code::overloaded);
  in_flight_.insert(flight);
  return false;
}

bool Idempotency::answer_finished(Flight* flight) {
  const Request& request = flight->request;
  const KeyEntry* entry = finished_.find(flight->hash, request.tenant, request.key, context_.clock().last());
  if (entry == nullptr) return flight->lookup != Flight::Lookup::absent && wait_for_disk(flight);
  const bool asks_only = flight->purpose == Flight::Purpose::find_outcome;
  if (!asks_only && entry->fingerprint != request.fingerprint) return refuse(flight, Code::idempotency_key_reused);
  entry->fill(flight->outcome);
  return replay(flight);
}

bool Idempotency::wait_for_disk(Flight* flight) {
  const bool is_its_turn = flight->lookup == Flight::Lookup::unasked;
  HeldRequests::Held* const held = held_.of(flight->request.tenant);
  if (!is_its_turn && held != nullptr && (held->unasked > 0 || held->lookups >= lookups_per_tenant_max)) {
    flight->lookup = Flight::Lookup::unasked;
    held->flights.push(flight);
    ++held->unasked;
    return true;
  }
  switch (ask_disk(flight)) {
    case FinishedKeys::OnDisk::no: return false;
    case FinishedKeys::OnDisk::too_many: return refuse(flight, Code::overloaded);
    case FinishedKeys::OnDisk::asked: break;
  }
  held_.behind(flight->request.tenant).flights.push(flight);
  return true;
}

FinishedKeys::OnDisk Idempotency::ask_disk(Flight* flight) {
  const auto asked = finished_.ask_disk(flight);
  if (asked != FinishedKeys::OnDisk::asked) return asked;
  flight->lookup = Flight::Lookup::pending;
  in_flight_.insert(flight);
  ++held_.behind(flight->request.tenant).lookups;
  return asked;
}

// Those that waited for a place get one, in their order. Whoever gets none here, because another one with its key is
// on its way, say, is judged when all before it have been.
void Idempotency::ask_next(HeldRequests::Held& held) {
  std::size_t left = 2 * lookups_per_tenant_max;  // a turn is short
  for (Flight* each = held.flights.front(); each != nullptr && held.unasked > 0 && left > 0;
       each = each->next, --left) {
    if (held.lookups >= lookups_per_tenant_max) return;
    if (each->lookup != Flight::Lookup::unasked || find_in_flight(*each) != nullptr) continue;
    const auto asked = ask_disk(each);
    if (asked == FinishedKeys::OnDisk::too_many) return;
    if (asked == FinishedKeys::OnDisk::asked) --held.unasked;
  }
}

// All that came before it have been judged.
void Idempotency::judge_unasked(HeldRequests::Held& held, FlightList& onward) {
  Flight* const flight = held.flights.pop();
  FlightList behind = held.flights.take();
  --held.unasked;
  if (!answer_at_once(flight)) onward.push(flight);
  held.flights.append(behind);  // it may be first again, and be looked up now
}

// What the disk has said of the keys that were asked for.
void Idempotency::take_looked_up() {
  for (auto& [flight, found] : finished_.take_answers(context_.clock().last())) {
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
}

// What waits behind look-ups that are done goes on, in its order: so many a turn, each tenant its share.
void Idempotency::go_on() {
  constexpr std::size_t judged_per_turn = 512;
  context_.clock().sample();
  take_looked_up();
  answer_owed();
  FlightList onward;
  const std::size_t share = judged_per_turn / std::max<std::size_t>(held_.tenants(), 1) + 1;
  const auto is_ready = [](const HeldRequests::Held& held) {
    return !held.flights.empty() && held.flights.front()->lookup != Flight::Lookup::pending;
  };
  bool has_more = false;
  held_.each([&](HeldRequests::Held& held) {
    ask_next(held);
    for (std::size_t left = share; left > 0 && is_ready(held); --left) {
      if (held.flights.front()->lookup == Flight::Lookup::unasked) {
        judge_unasked(held, onward);
        continue;
      }
      Flight* flight = held.flights.pop();
      if (flight->lookup != Flight::Lookup::none) --held.lookups;
      judge(flight, onward);
    }
    has_more = has_more || is_ready(held);
  });
  held_.go_on(has_more || !owed_.empty());
  if (!onward.empty()) caf::anon_send(context_.directory(), Arrived{onward});
}

void Idempotency::judge(Flight* flight, FlightList& onward) {
  const auto lookup = std::exchange(flight->lookup, Flight::Lookup::none);
  if (lookup == Flight::Lookup::none) return onward.push(flight);
  in_flight_.erase(flight);
  Flight* duplicates = std::exchange(flight->duplicates, nullptr);
  if (lookup == Flight::Lookup::found) {
    const Outcome stored = flight->outcome;
    const Fingerprint fingerprint = flight->stored_fingerprint;
    owe({Owed::What::answer, duplicates, stored, fingerprint});
    answer_stored(flight, stored, fingerprint);
  } else if (lookup == Flight::Lookup::damaged) {
    const Lsn lsn = flight->outcome.lsn;
    owe({Owed::What::damage, duplicates, {.lsn = lsn}});
    refuse_damaged(flight, lsn);
  } else {
    owe({.what = Owed::What::arrive_again, .newest = duplicates, .runs = finished_.runs_known()});
    flight->lookup = Flight::Lookup::absent;
    if (!answer_at_once(flight)) onward.push(flight);
  }
}

void Idempotency::owe(Owed owed) {
  if (owed.newest == nullptr) return;
  owed_.push_back(std::move(owed));
  held_.go_on(true);
}

// Each key its share.
void Idempotency::answer_owed() {
  constexpr std::size_t answered_per_turn = 512, share = 64;
  constexpr std::size_t copied_bytes = 2'048;  // as dear as one more answer
  for (std::size_t answered = 0; answered < answered_per_turn && !owed_.empty();) {
    Owed owed = std::move(owed_.front());
    owed_.pop_front();
    const std::size_t price = 1 + owed.outcome.answer.size() / copied_bytes;
    for (std::size_t spent = 0; spent < share && owed.newest != nullptr; spent += price, answered += price)
      answer_duplicate(owed);
    if (owed.newest != nullptr) owed_.push_back(std::move(owed));
  }
}

void Idempotency::answer_duplicate(Owed& owed) {
  Flight* flight = take_oldest_duplicate(owed.newest);
  switch (owed.what) {
    case Owed::What::answer: return answer_stored(flight, owed.outcome, owed.fingerprint);
    case Owed::What::damage: return static_cast<void>(refuse_damaged(flight, owed.outcome.lsn));
    case Owed::What::arrive_again: return arrive_again(owed, flight);
  }
}

// The one that waited longest takes the place of the first. If the others ask for the same, they wait for it together.
void Idempotency::arrive_again(Owed& owed, Flight* flight) {
  // Runs that have come since then may have the key: the first of it was executed meanwhile.
  const bool is_absent = owed.runs != 0 && owed.runs == finished_.runs_known();
  flight->lookup = is_absent ? Flight::Lookup::absent : Flight::Lookup::none;
  FlightList again;
  again.push(flight);
  arrive(again);
  if (owed.newest == nullptr || owed.fingerprint == Fingerprint{}) return;
  Flight* first = find_in_flight(*owed.newest);
  if (first != nullptr && first->request.fingerprint == owed.fingerprint)
    attach_duplicates(*first, std::exchange(owed.newest, nullptr));
}

void Idempotency::answer_stored(Flight* flight, const Outcome& stored, const Fingerprint& fingerprint) {
  if (flight->purpose == Flight::Purpose::execute && fingerprint != flight->request.fingerprint) {
    flight->outcome = {};
    refuse(flight, Code::idempotency_key_reused);
  } else {
    flight->outcome = stored;
    replay(flight);
  }
}

// Without a record: nothing was executed for this arrival.
bool Idempotency::refuse(Flight* flight, Code code) {
  flight->outcome.code = code;
  flight->outcome.lsn = context_.durable();
  flight->outcome.kind = flight->request.kind;
  flight->outcome.entity = flight->request.entity;
  context_.reply(flight);
  return true;
}

// Nothing was executed under the key as far as it is remembered: for ever, or within the retention, which is told.
bool Idempotency::refuse_unknown(Flight* flight) {
  const std::int64_t retention_s = context_.options().key_retention_s;
  if (retention_s != 0 || finished_.has_forgotten()) flight->outcome.facts = {{FactName::retention_s, retention_s}};
  return refuse(flight, Code::outcome_unknown);
}

// It may have been executed: nobody can tell.
bool Idempotency::refuse_damaged(Flight* flight, Lsn lsn) {
  flight->outcome.facts = {{FactName::lsn, static_cast<std::int64_t>(lsn.value)}};
  return refuse(flight, Code::log_damaged);
}

bool Idempotency::replay(Flight* flight) {
  flight->outcome.replayed = true;
  ++context_.figures().replayed;
  context_.reply(flight);
  return true;
}

// First the answer is kept, then it is given. Where nothing was executed, the one that waited longest takes its place.
void Idempotency::settle(FlightList flights) {
  for (const Flight* flight = flights.front(); flight != nullptr; flight = flight->next)
    finished_.prefetch_for_insert(flight->hash);
  while (!flights.empty()) {
    Flight* flight = flights.pop();
    Flight* duplicates = std::exchange(flight->duplicates, nullptr);
    in_flight_.erase(flight);
    if (is_stored(flight->outcome.code)) {
      remember(*flight);
      if (duplicates != nullptr) owe({Owed::What::answer, duplicates, flight->outcome, flight->request.fingerprint});
    } else {
      owe({.what = Owed::What::arrive_again, .newest = duplicates, .fingerprint = flight->request.fingerprint});
    }
    context_.reply(flight);
  }
  answer_owed();
}

void Idempotency::remember(const Flight& flight) {
  const Outcome& outcome = flight.outcome;
  finished_.insert({.hash = flight.hash,
                    .tenant = flight.request.tenant,
                    .key = flight.request.key,
                    .entity = outcome.entity,
                    .answer = outcome.answer,
                    .facts = outcome.facts,
                    .time = flight.time,
                    .lsn = outcome.lsn,
                    .version = outcome.version,
                    .fingerprint = flight.request.fingerprint,
                    .kind = outcome.kind,
                    .code = outcome.code});
}

Flight* Idempotency::find_in_flight(const Flight& flight) const {
  return in_flight_.find(flight.hash, [&](const Flight& other) {
    return other.request.key == flight.request.key && other.request.tenant == flight.request.tenant;
  });
}

}  // namespace tote
