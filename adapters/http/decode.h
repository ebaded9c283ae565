// From one HTTP request to what is to be done: pure, without sockets, clock or state, so that a fuzzer can call it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "adapters/http/json_reader.h"
#include "adapters/http/problems.h"
#include "adapters/http/role.h"
#include "adapters/http/routes.h"
#include "adapters/http/serving.h"
#include "adapters/http/words.h"
#include "engine/request.h"

namespace tote::http {

struct ListAsk;  // lists.h

struct DecodeOptions {
  bool require_idempotency_key = false;
  bool accepts_cards = false;                    // there is a payment gateway
  std::span<const std::string> card_webhooks{};  // their names; what they lie in outlives this
  Role role = Role::issuer;                      // of who asks
  std::string_view actor{};                      // the name of who asks; empty: it isn't known
  bool is_always_told = false;                   // it stands in the record, whatever role the change needs
  Trace trace{};                                 // what it is asked for
};

// What one request asks: served by its route's row, or refused.
struct Decoded {
  const Route* route = nullptr;     // null: refused
  Request request{};                // without its tenant
  std::string argument{};           // of the path or the query, where that is no id: a key, a code, a status
  std::string if_none_match{};      // of a read
  Version after{};                  // of a history, with `limit`
  Lsn after_lsn{};                  // of the log, with `limit` or all as it comes (`is_stream`)
  std::optional<Time> from_time{};  // instead of after_lsn
  bool is_stream = false;
  std::size_t limit = 0;
  std::int64_t step_s = 0, after_s = 0;  // of the overview
  std::int64_t after_number = 0;         // of alerts
  std::int64_t amount = 0;               // of the test gateway's balance
  std::shared_ptr<ListAsk> list{};       // of a list
  Problem problem{};

  bool is_refused() const { return problem.kind != nullptr; }
  bool is_for_engine() const { return !is_refused() && route->serving == &by_engine; }
};

// Entries of one page of a history.
inline constexpr std::int64_t history_limit_max = 1'000;
inline constexpr std::int64_t history_limit = 100;

// How long a read with Tote-Min-Lsn and no deadline of its own waits.
inline constexpr std::int64_t min_lsn_deadline_ms = 30'000;

// What is told to whom the role is missing.
Problem forbidden_without(Role needed);
// … of what is for operators of the whole server alone.
Problem forbidden_to_tenants();

// Reads everything but the token. Precedence: path and method, role, key, other headers, ids, query, body. `json` is
// scratch.
Decoded decode(const Message& message, const Target& target, const RouteMatch& match, const DecodeOptions& options,
               JsonDocument& json);

// The same from the start, for tests and fuzzing.
Decoded decode(const Message& message, const DecodeOptions& options);

// XXH3-128 over method, path, query and body, each with its length before it; never zero.
Fingerprint fingerprint_of(Method method, const Target& target, std::string_view body);

}  // namespace tote::http
