// Which runs share a number of the filter.
#include "engine/key_groups.h"

#include <doctest/doctest.h>

namespace tote {
namespace {

// Run `i` (from 0) of runs of so many keys and of ten seconds each.
wal::KeyStore::Run run(std::uint64_t i, std::uint64_t keys) {
  const Time oldest{static_cast<std::int64_t>(i * 10 + 1) * ns_per_s}, newest{oldest.ns + 9 * ns_per_s};
  return {{{i * keys + 1}, {(i + 1) * keys}}, keys, oldest, newest};
}

TEST_CASE("key groups: large runs have numbers of their own, small ones share one, and each says where its keys are") {
  KeyGroups large(0), small(0);
  constexpr std::uint64_t keys = KeyGroups::keys_max;
  for (std::uint64_t i = 0; i < 10; ++i) CHECK(large.number_for(run(i, keys)) == i + 1);
  CHECK(large.span_of(3).first == Lsn{2 * keys + 1});
  CHECK(large.span_of(3).last == Lsn{3 * keys});
  for (std::uint64_t i = 0; i < 4'096; ++i) CHECK(small.number_for(run(i, keys / 1'024)) == 1 + i / 1'024);
  CHECK(small.span_of(2).first == Lsn{keys + 1});
  CHECK(small.span_of(2).last == Lsn{2 * keys});
}

TEST_CASE("key groups: a group is no longer than a part of the retention, and goes with it") {
  KeyGroups groups(1'600);
  for (std::uint64_t i = 0; i < 100; ++i) groups.number_for(run(i, 10));
  CHECK(groups.oldest().newest.ns - groups.oldest().oldest.ns <= 100 * ns_per_s);
  const Lsn last = groups.oldest().span.last;
  groups.drop_oldest();
  CHECK(groups.oldest().span.first == last.next());
}

TEST_CASE("key groups: there is a number for any number of runs") {
  KeyGroups groups(0);
  std::uint64_t number = 0;
  for (std::uint64_t i = 0; i < 3 * KeyFilter::numbers_max; ++i)
    number = groups.number_for(run(i, KeyGroups::keys_max));
  CHECK(number == KeyFilter::numbers_max);
  CHECK(groups.span_of(number).last == Lsn{3 * KeyFilter::numbers_max * KeyGroups::keys_max});
}

}  // namespace
}  // namespace tote
