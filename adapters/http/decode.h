// From one HTTP request to what is to be done: pure, without sockets, clock or state, so that a fuzzer can call it.
#pragma once

#include <cstdint>
#include <string>

#include "adapters/http/json_reader.h"
#include "adapters/http/message.h"
#include "adapters/http/problems.h"
#include "adapters/http/routes.h"
#include "engine/request.h"

namespace tote::http {

struct DecodeOptions {
  bool require_idempotency_key = false;
  bool accepts_cards = false;  // there is a payment gateway
};

enum class Action : std::uint8_t {
  submit,        // `request` to the engine
  find_outcome,  // `argument` is the key
  history,       // of `request`'s kind and entity: `after`, `limit`
  batch,         // the body's lines: `request` has their key and deadline
  log,           // records after `after_lsn`, at most `limit`, or all as they come (`is_stream`)
  projection,    // once its cursor is at least `request`'s min_lsn
  gateway,       // the test gateway's own: `amount` is its balance
  serve,         // a page of the door itself; `argument` is its parameter
  refuse,        // `problem`
};

struct Decoded {
  Action action = Action::refuse;
  const Route* route = nullptr;
  Request request{};     // without its tenant
  std::string argument;  // also: the If-None-Match header of a read; the status of refunds that are asked for
  Version after{};
  Lsn after_lsn{};
  bool is_stream = false;
  std::size_t limit = 0;
  std::int64_t amount = 0;
  std::string status{};  // of refunds: only those
  Problem problem{};
};

// Entries of one page of a history.
inline constexpr std::int64_t history_limit_max = 1'000;
inline constexpr std::int64_t history_limit = 100;

// How long a read with Tote-Min-Lsn and no deadline of its own waits.
inline constexpr std::int64_t min_lsn_deadline_ms = 30'000;

// Reads everything but the token. Precedence: path and method, key, other headers, ids, query, body. `json` is scratch.
Decoded decode(const Message& message, const Target& target, const RouteMatch& match, const DecodeOptions& options,
               JsonDocument& json);

// The same from the start, for tests and fuzzing.
Decoded decode(const Message& message, const DecodeOptions& options);

// XXH3-128 over method, path, query and body, each with its length before it; never zero.
Fingerprint fingerprint_of(Method method, const Target& target, std::string_view body);

}  // namespace tote::http
