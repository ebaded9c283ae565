// Money and time at the edge of 64 bit: a sum that doesn't fit is refused or never comes, it doesn't wrap.
#include "engine/kernel/money.h"

#include <doctest/doctest.h>

#include <limits>

#include "engine/kernel/time.h"

namespace tote {
namespace {

constexpr std::int64_t highest = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t lowest = std::numeric_limits<std::int64_t>::min();

TEST_CASE("money: sums and differences that fit") {
  CHECK(plus(Money{2}, Money{3}) == Money{5});
  CHECK(minus(Money{2}, Money{3}) == Money{-1});
  CHECK(plus(Money{highest}, Money{lowest}) == Money{-1});
  CHECK(plus(Money{highest - 1}, Money{1}) == Money{highest});
  CHECK(minus(Money{lowest + 1}, Money{1}) == Money{lowest});
}

TEST_CASE("money: an overflow is no sum") {
  CHECK_FALSE(plus(Money{highest}, Money{1}).has_value());
  CHECK_FALSE(plus(Money{lowest}, Money{-1}).has_value());
  CHECK_FALSE(minus(Money{lowest}, Money{1}).has_value());
  CHECK_FALSE(minus(Money{0}, Money{lowest}).has_value());
}

TEST_CASE("time: a number of seconds later") {
  CHECK(after(Time{5}, 0) == Time{5});
  CHECK(after(Time{5}, 2) == Time{2'000'000'005});
  CHECK(after(Time{5 * ns_per_s}, -2) == Time{3 * ns_per_s});
}

TEST_CASE("time: what doesn't fit is never") {
  CHECK(after(Time{0}, highest) == Time::never());
  CHECK(after(Time{1}, highest / ns_per_s) < Time::never());
  CHECK(after(Time{highest - 1}, 1) == Time::never());
  CHECK(after(Time::never(), 1) == Time::never());
}

}  // namespace
}  // namespace tote
