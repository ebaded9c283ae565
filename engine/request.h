// What goes into the engine and what comes out of it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "engine/kernel/command.h"
#include "engine/kernel/entity.h"
#include "engine/kernel/fingerprint.h"
#include "engine/kernel/ordinal.h"
#include "engine/kernel/refusal.h"
#include "engine/kernel/script.h"
#include "engine/kernel/trace.h"

namespace tote {

// A tenant's handle, valid for the life of the engine that gave it. Tenant{} is "default".
struct Tenant {
  std::uint32_t index = 0;

  constexpr bool operator==(const Tenant&) const = default;
};

// One command, or a read, to one entity.
struct Request {
  Tenant tenant{};
  KindId kind = 0;
  std::string entity{};       // 1 … 128 id characters, else `invalid_id`
  Command command{};          // none: a read
  bool is_question = false;   // the command is a question of its kind (E::Question): a read, too
  std::string key{};          // idempotency key, empty = none; ignored for reads
  Fingerprint fingerprint{};  // of what was asked; zero: made from kind, entity, command, expected_version
  std::optional<Version> expected_version{};  // If-Match: `version_mismatch` when the entity has another
  Lsn min_lsn{};                              // reads: wait until the engine's durable state is at least this new
  std::int64_t deadline_ms = 0;               // from submit; not decided by then = `deadline_exceeded`. 0 = none
  std::string actor{};       // who gives the command, for the record: at most limits::actor_bytes_max, more is cut off
  Trace trace{};             // of the caller's, for the record
  bool is_promised = false;  // it finishes what was begun: no quota of entities holds it back
};

// request<Wallet>("alice", Wallet::Debit{{300}}, "order-17"); without a command: a read.
template <Entity E>
Request request(std::string id, typename E::Command command, std::string key = {}) {
  return {.kind = E::kind_id, .entity = std::move(id), .command = Command(std::move(command)), .key = std::move(key)};
}
template <Entity E>
Request request(std::string id) {
  return {.kind = E::kind_id, .entity = std::move(id)};
}
// A transaction whose answer is of this kind: request<Wallet>("alice", std::make_unique<Pay>(…), "order-17").
template <Entity E>
Request request(std::string id, ScriptPtr script, std::string key = {}) {
  return {.kind = E::kind_id, .entity = std::move(id), .command = Command(std::move(script)), .key = std::move(key)};
}

// The answer to one request.
struct Outcome {
  Code code = Code::ok;
  Facts facts{};      // of a refusal
  Version version{};  // of the entity, after the command
  Lsn lsn{};          // of the record that tells it; for a read or an unrecorded refusal: of the state that was seen
  bool replayed = false;  // the answer was given before, under the same idempotency key
  KindId kind = 0;        // what the command was addressed to
  std::string entity{};
  std::string answer{};  // of a success: bytes for Kind::describe_answer; of a refusal: its Subject's, or nothing
};

// Takes outcomes without an allocation per request. Called on the loop thread.
class Sink {
 public:
  virtual ~Sink() = default;
  virtual void done(std::uint64_t tag, Outcome& outcome) = 0;
};

// What an operator watches. Counters since start.
struct Figures {
  std::uint64_t executed = 0, refused = 0, replayed = 0, reads = 0;  // requests answered, by what they came to
  std::uint64_t in_flight = 0;                                       // accepted and not yet answered
  std::uint64_t waiting_reads = 0;                                   // of those: for an LSN
  std::uint64_t entities = 0, entities_live = 0;                     // that exist; with an actor in memory
  std::uint64_t entities_resting = 0, entities_bytes = 0;            // not in memory; what the others take, reckoned
  std::uint64_t entities_fetching = 0;                               // are being read from their rows
  std::uint64_t entities_fetched = 0, entities_left = 0;             // since start: from their rows; to them
  std::uint64_t keys_in_memory = 0, keys_on_disk = 0, key_runs = 0;
  std::uint64_t timers_fired = 0;
  std::uint64_t log_damage = 0;       // times that a reader of the log met damage
  Lsn log_damage_lsn{};               // where it was first met; 0: nowhere, or not at a record
  std::uint64_t internal_errors = 0;  // requests that met a defect: an exception, a code that no kind registers
  std::uint64_t records_recovered = 0, recovery_ns = 0;
  std::int64_t clock_skew_ns = 0;  // the log's time is so far ahead of the clock
  std::uint64_t syncs = 0, sync_ns = 0, log_bytes = 0, disk_free_bytes = 0;
  Lsn last{}, durable{};
  Lsn first{}, untrimmed{};             // the oldest record that can be read; that is in the log itself
  std::uint64_t segments = 0;           // of the archive
  std::uint64_t calls_outstanding = 0;  // outside calls that entities wait for
  std::uint64_t alerts = 0;             // entities that can't go on without an operator
  Lsn snapshot{};                       // what the newest snapshot is as of; 0: there is none
  std::uint64_t snapshot_age_ns = 0;    // since its newest record
  std::uint64_t snapshot_rows = 0;      // entities written since start …
  std::int64_t snapshot_round_ns = 0;   // … the last time, so long
  std::uint64_t entities_unsaved = 0;   // have changed since they were written
  bool log_full = false, draining = false;
};

}  // namespace tote
