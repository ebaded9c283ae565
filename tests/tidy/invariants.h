// docs/invariants.md names code and tests; here they are looked up.
#pragma once

#include "tests/tidy/tree.h"

namespace tidy {

// Every row has a number, in order, code that is there, and a test with one of its sentences: `tests/x_test.cc` "…".
Findings check_invariants(const Tree& tree);

}  // namespace tidy
