#include "engine/idempotency.h"

#include <caf/behavior.hpp>
#include <caf/send.hpp>

#include "engine/kernel/name.h"
#include "engine/recorder.h"

namespace tote {
Fingerprint fingerprint_of(const Request& request, const Kind* kind) {
  thread_local std::string bytes;
  bytes.clear();
  bytes.append(reinterpret_cast<const char*>(&request.kind), sizeof request.kind);
  bytes.append(request.entity).push_back('\0');
  bytes.push_back(request.expected_version ? '\1' : '\0');
  const std::uint64_t version = request.expected_version.value_or(Version{}).value;
  bytes.append(reinterpret_cast<const char*>(&version), sizeof version);
  if (const auto* script = request.command.get<ScriptPtr>())
    (*script)->digest(bytes);
  else if (kind != nullptr)
    kind->digest(request.command, bytes);
  const XXH128_hash_t hash = XXH3_128bits(bytes.data(), bytes.size());
  return {hash.high64, hash.low64 | 1};
}

Idempotency::Idempotency(caf::actor_config& config, Core& core, KeyTable& finished)
    : caf::event_based_actor(config), core_(core), finished_(finished) {}

caf::behavior Idempotency::make_behavior() {
  return {
      [this](const Arrived& arrived) { arrive(arrived.flights); },
      [this](const Settled& settled) { settle(settled.flights); },
  };
}

void Idempotency::arrive(FlightList flights) {
  core_.clock().sample();
  finished_.expire(core_.clock().last());
  // Hashes first, so that the memory which the look-ups need is on its way before the first of them.
  for (Flight* flight = flights.front(); flight != nullptr; flight = flight->next) {
    flight->hash = hash_of_key(flight->request.key);
    finished_.prefetch(flight->hash);
  }
  FlightList onward;
  while (!flights.empty()) {
    Flight* flight = flights.pop();
    if (flight->asks_for_key()) {
      if (answer_at_once(flight)) continue;
      in_flight_.insert(flight);
    }
    onward.push(flight);
  }
  if (!onward.empty()) caf::anon_send(core_.directory(), Arrived{onward});
}

// True: answered, attached to the request that came first, or refused. False: it is the first of its key.
bool Idempotency::answer_at_once(Flight* flight) {
  Request& request = flight->request;
  if (!is_valid_idempotency_key(request.key)) return refuse(flight, Code::idempotency_key_invalid);
  const bool asks_only = flight->purpose == Flight::Purpose::find_outcome;
  if (!asks_only && request.fingerprint == Fingerprint{}) {
    try {
      request.fingerprint = fingerprint_of(request, core_.kind(request.kind));
    } catch (...) {
      core_.tell_defect(*flight, text_of_exception());
      return refuse(flight, Code::internal_error);
    }
  }

  if (Flight* first = find_in_flight(*flight)) {
    if (!asks_only && first->request.fingerprint != request.fingerprint)
      return refuse(flight, Code::idempotency_key_reused);
    flight->duplicates = first->duplicates;
    first->duplicates = flight;
    return true;
  }
  if (const KeyEntry* entry = finished_.find(flight->hash, request.key, core_.clock().last())) {
    if (!asks_only && entry->fingerprint != request.fingerprint) return refuse(flight, Code::idempotency_key_reused);
    entry->fill(flight->outcome);
    return replay(flight);
  }
  if (answer_from_disk(flight)) return true;
  if (asks_only) return refuse_unknown(flight);
  if (core_.has_too_many_keys()) return refuse(flight, Code::overloaded);
  return false;
}

bool Idempotency::answer_from_disk(Flight* flight) {
  wal::KeyStore::Entry entry;
  const auto found = core_.find_on_disk(flight->request.tenant, flight->hash, flight->request.key, entry);
  if (found == wal::KeyStore::Found::absent) return false;
  if (found == wal::KeyStore::Found::damaged) return refuse(flight, Code::overloaded);  // the process is stopping
  const wal::Record& record = entry.record;
  if (flight->purpose == Flight::Purpose::execute && record.fingerprint != flight->request.fingerprint)
    return refuse(flight, Code::idempotency_key_reused);
  flight->outcome = {.code = record.code,
                     .facts = record.facts,
                     .version = record.version,
                     .lsn = entry.lsn,
                     .kind = record.kind,
                     .entity = std::string(record.entity),
                     .answer = std::string(record.answer)};
  return replay(flight);
}

// Without a record: nothing was executed for this arrival.
bool Idempotency::refuse(Flight* flight, Code code) {
  flight->outcome.code = code;
  flight->outcome.lsn = core_.durable();
  flight->outcome.kind = flight->request.kind;
  flight->outcome.entity = flight->request.entity;
  core_.reply(flight);
  return true;
}

// Nothing was executed under the key as far as it is remembered: for ever, or within the retention, which is told.
bool Idempotency::refuse_unknown(Flight* flight) {
  const std::int64_t retention_s = core_.options().key_retention_s;
  if (retention_s != 0) flight->outcome.facts = {{FactName::retention_s, retention_s}};
  return refuse(flight, Code::outcome_unknown);
}

bool Idempotency::replay(Flight* flight) {
  flight->outcome.replayed = true;
  ++core_.figures().replayed;
  core_.reply(flight);
  return true;
}

// First the answer is kept, then it is given.
void Idempotency::settle(FlightList flights) {
  FlightList again;
  for (const Flight* flight = flights.front(); flight != nullptr; flight = flight->next)
    finished_.prefetch(flight->hash);
  while (!flights.empty()) {
    Flight* flight = flights.pop();
    Flight* duplicates = std::exchange(flight->duplicates, nullptr);
    in_flight_.erase(flight);
    if (is_stored(flight->outcome.code)) {
      remember(*flight);
      answer_duplicates(duplicates, flight->outcome);
    } else {
      // Nothing was executed, so the one that waited longest takes its place.
      duplicates = reversed(duplicates);
      while (duplicates != nullptr) again.push(std::exchange(duplicates, duplicates->duplicates));
    }
    core_.reply(flight);
  }
  for (Flight* flight = again.front(); flight != nullptr; flight = flight->next) flight->duplicates = nullptr;
  if (!again.empty()) arrive(again);
}

void Idempotency::remember(const Flight& flight) {
  const Outcome& outcome = flight.outcome;
  finished_.insert({.hash = flight.hash,
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

// Oldest first: they are attached at the front.
Flight* Idempotency::reversed(Flight* duplicates) {
  Flight* oldest = nullptr;
  while (duplicates != nullptr) oldest = std::exchange(duplicates, std::exchange(duplicates->duplicates, oldest));
  return oldest;
}

void Idempotency::answer_duplicates(Flight* duplicates, const Outcome& first) {
  while (duplicates != nullptr) {
    Flight* flight = std::exchange(duplicates, duplicates->duplicates);
    flight->outcome = first;
    replay(flight);
  }
}

Flight* Idempotency::find_in_flight(const Flight& flight) const {
  return in_flight_.find(flight.hash, [&](const Flight& other) { return other.request.key == flight.request.key; });
}

}  // namespace tote
