// The filter before the keys on disk: it never says no to a key that may be there, and forgets what is past retention.
#include <doctest/doctest.h>

#include "engine/bloom_filter.h"

namespace tote {
namespace {

// Spread like the hashes that it is asked for.
std::uint64_t hash_of_number(std::uint64_t number) { return (number + 1) * 0x9e3779b97f4a7c15U; }

TEST_CASE("key filter: whatever was added may be contained, also when it has grown") {
  KeyFilter filter(0);
  constexpr std::uint64_t count = 1'200'000;  // more than one generation
  for (std::uint64_t i = 0; i < count; ++i) filter.add(hash_of_number(i), {1});
  CHECK(filter.size() == count);
  std::uint64_t missing = 0, false_yes = 0;
  for (std::uint64_t i = 0; i < count; ++i) missing += filter.may_contain(hash_of_number(i)) ? 0 : 1;
  for (std::uint64_t i = count; i < 2 * count; ++i) false_yes += filter.may_contain(hash_of_number(i)) ? 1 : 0;
  CHECK(missing == 0);
  CHECK(false_yes < count / 20);
}

TEST_CASE("key filter: a generation goes when its newest key is past the retention, and not before") {
  constexpr std::int64_t retention_s = 10;
  KeyFilter filter(retention_s);
  filter.add(hash_of_number(1), {0});
  filter.add(hash_of_number(2), {5 * ns_per_s});
  filter.expire({15 * ns_per_s - 1});
  CHECK(filter.may_contain(hash_of_number(1)));
  CHECK(filter.size() == 2);
  filter.expire({15 * ns_per_s});
  CHECK_FALSE(filter.may_contain(hash_of_number(1)));
  CHECK_FALSE(filter.may_contain(hash_of_number(2)));
  CHECK(filter.size() == 0);
}

TEST_CASE("key filter: without a retention nothing is forgotten") {
  KeyFilter filter(0);
  filter.add(hash_of_number(1), {0});
  filter.expire({Time::never().ns - 1});
  CHECK(filter.may_contain(hash_of_number(1)));
}

}  // namespace
}  // namespace tote
