// Invariants stay on in production: a broken one stops the process before the record is written.
#pragma once

#include <cstdio>
#include <cstdlib>

namespace tote {

[[noreturn]] inline void stop_for_broken_invariant(const char* what, const char* file, int line) {
  std::fprintf(stderr, "tote: broken invariant: %s (%s:%d); stopped before anything was written\n", what, file, line);
  std::abort();
}

}  // namespace tote

// Not an assert: it is checked in every build.
#define TOTE_INVARIANT(condition) \
  ((condition) ? static_cast<void>(0) : ::tote::stop_for_broken_invariant(#condition, __FILE__, __LINE__))
