// What concurrent clients asked and were told, and whether a strictly serializable server could have told it.
//
//   history ─ effects_of ── per key: one answer, the same bytes for everyone      (effects.cc)
//                └─ check_order ── LSNs are unique and keep real time             (order.cc)
//                └─ replay ─────── a plain wallet, run in LSN order, says the same  (replay.cc)
//                                  and its balance is the sum of what was told    (history.cc)
//
// Every operation is on one wallet, so it is enough that each wallet's operations fit one order that keeps real time:
// linearizability is local.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "tests/support/operation.h"

namespace tests {

inline constexpr std::int64_t never_ns = std::numeric_limits<std::int64_t>::max();

struct Event {
  enum class Kind : std::uint8_t { request, lookup };  // lookup: GET /v1/outcomes/{operation.key}

  Kind kind = Kind::request;
  Operation operation{};
  std::int64_t invoked_ns = 0;          // monotonic, counted so that it also is wall clock time (see now_ns)
  std::int64_t returned_ns = never_ns;  // of no answer: when it can't be executed any more
  unsigned status = 0;                  // 0: no answer; it was executed wholly or not at all
  std::string body{};
  std::uint64_t lsn = 0;          // Tote-Lsn
  std::uint64_t version = 0;      // ETag
  unsigned replayed_headers = 0;  // how many of the two
};

using History = std::vector<Event>;

struct Violation {
  enum class Kind : std::uint8_t {
    unexpected,  // a status that no request of the workload may get
    key,         // more than one answer to a key, or answers that differ
    lsn,         // one LSN for two records, or header and body differ
    real_time,   // an order that contradicts what had been answered before
    version,     // a version twice, or one that nothing explains
    state,       // an answer that a plain wallet wouldn't give
    sum,         // the balance isn't the sum of what was acknowledged
  };
  Kind kind;
  std::string text;
};

struct Verdict {
  std::vector<Violation> violations;  // at most violations_max
  std::size_t changes = 0;            // acknowledged
  std::size_t refusals = 0, reads = 0, replays = 0;
  std::size_t expiries = 0;  // versions that no client was told: holds that ran out …
  std::size_t resolved = 0;  // … and requests whose answer was lost

  bool has(Violation::Kind kind) const;
  std::string text() const;
};

inline constexpr std::size_t violations_max = 20;

Verdict check(const History& history);

// Nanoseconds since 1970 that never jump: the wall clock at the start of the program plus monotonic time.
std::int64_t now_ns();

// Success, or a refusal that is kept under the key.
bool is_final(unsigned status);

}  // namespace tests
