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

std::uint64_t number_for(KeyGroups& groups, const wal::KeyStore::Run& run) {
  const std::uint64_t number = groups.begin(run.oldest, run.keys);
  groups.wrote(number, run);
  return number;
}

TEST_CASE("key groups: large runs have numbers of their own, small ones share one, and each says where its keys are") {
  KeyGroups large(0), small(0);
  constexpr std::uint64_t keys = KeyGroups::keys_max;
  for (std::uint64_t i = 0; i < 10; ++i) CHECK(number_for(large, run(i, keys)) == i + 1);
  CHECK(large.runs_of(3).span.first == Lsn{2 * keys + 1});
  CHECK(large.runs_of(3).span.last == Lsn{3 * keys});
  for (std::uint64_t i = 0; i < 4'096; ++i) CHECK(number_for(small, run(i, keys / 1'024)) == 1 + i / 1'024);
  CHECK(small.runs_of(2).span.first == Lsn{keys + 1});
  CHECK(small.runs_of(2).span.last == Lsn{2 * keys});
}

TEST_CASE("key groups: a group is no longer than a part of the retention, and goes with it") {
  KeyGroups groups(1'600);
  for (std::uint64_t i = 0; i < 100; ++i) number_for(groups, run(i, 10));
  CHECK(groups.runs_of(groups.oldest()).newest.ns - groups.runs_of(groups.oldest()).oldest.ns <= 100 * ns_per_s);
  const Lsn last = groups.runs_of(groups.oldest()).span.last;
  groups.drop_oldest();
  CHECK(groups.runs_of(groups.oldest()).span.first == last.next());
}

TEST_CASE("key groups: there is a number for any number of runs") {
  KeyGroups groups(0);
  std::uint64_t number = 0;
  for (std::uint64_t i = 0; i < 3 * KeyFilter::numbers_max; ++i)
    number = number_for(groups, run(i, KeyGroups::keys_max));
  CHECK(number == KeyFilter::numbers_max);
  CHECK(groups.runs_of(number).span.last == Lsn{3 * KeyFilter::numbers_max * KeyGroups::keys_max});
}

}  // namespace
}  // namespace tote
