// Properties run with the same seed everywhere, so that a red build can be repeated. Look further with another one:
//   RC_PARAMS="seed=7 max_success=10000" ./test_actors
#pragma once

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <cstdlib>
#include <string>

namespace tote {

template <class Property>
void check_property(const std::string& claim, const Property& property) {
  // rapidcheck reads its configuration at the first check and prints it; what is set already wins.
  static const int set = ::setenv("RC_PARAMS", "seed=20260101 max_success=300", 0);
  REQUIRE(set == 0);
  CHECK(rc::check(claim, property));
}

}  // namespace tote
