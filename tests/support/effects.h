// What each request came to, however often it was sent: one effect a key, one a request without a key.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "tests/support/answer.h"
#include "tests/support/history.h"

namespace tests {

struct Effect {
  Operation operation{};
  std::int64_t invoked_ns = 0;  // it was decided between these two
  std::int64_t ended_ns = never_ns;
  unsigned status = 0;  // 0: nobody was told
  Answer answer{};
  std::uint64_t lsn = 0;  // of its own record, or of the state that was seen

  bool is_known() const { return status != 0; }
  bool is_success() const { return status == 200 || status == 201; }
  // It is the change of the wallet to answer.version.
  bool is_change() const;
  // It has a record of its own: a change, or anything with a key.
  bool is_recorded() const { return is_known() && (is_change() || !operation.key.empty()); }
};

using Effects = std::vector<Effect>;

// Effects in no particular order. What contradicts the contract of keys, or the shape of answers, is a violation.
Effects effects_of(const History& history, Verdict& verdict);

void add(Verdict& verdict, Violation::Kind kind, std::string text);

void check_order(const Effects& effects, Verdict& verdict);

// For an effect that nobody was told of: its LSN, if it has one, lies between these (exclusive).
struct Window {
  std::uint64_t after = 0, before = 0;
};
Window window_of(const Effect& unknown, const Effects& effects);

}  // namespace tests
