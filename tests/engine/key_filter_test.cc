// The filter before the keys on disk: it never says no to a key that may be there, says where, and forgets whole runs.
#include "engine/key_filter.h"

#include <doctest/doctest.h>

namespace tote {
namespace {

// Spread like the hashes that it is asked for.
std::uint64_t hash_of_number(std::uint64_t number) {
  number = (number ^ (number >> 31)) * 0x9e3779b97f4a7c15U;
  number = (number ^ (number >> 29)) * 0xbf58476d1ce4e5b9U;
  return number ^ (number >> 32);
}

void add_run(KeyFilter& filter, std::uint64_t number, std::uint64_t from, std::uint64_t keys) {
  filter.begin(number);
  for (std::uint64_t i = from; i < from + keys; ++i) filter.add(hash_of_number(i));
}

std::vector<std::uint64_t> runs_of(const KeyFilter& filter, std::uint64_t key) {
  std::vector<std::uint64_t> runs;
  filter.find(hash_of_number(key), runs);
  if (!runs.empty() && !filter.may_contain(hash_of_number(key))) runs.clear();  // nobody would have asked
  return runs;
}

TEST_CASE("key filter: whatever was added may be contained, in its run, also when the filter has grown") {
  HugePages pages;
  KeyFilter filter(pages);
  constexpr std::uint64_t runs = 30, keys = 20'000;
  for (std::uint64_t run = 0; run < runs; ++run) add_run(filter, run + 7, run * keys, keys);
  CHECK(filter.size() == runs * keys);
  std::uint64_t missing = 0, false_yes = 0;
  for (std::uint64_t i = 0; i < runs * keys; ++i) {
    const auto found = runs_of(filter, i);
    missing += std::find(found.begin(), found.end(), 7 + i / keys) == found.end() ? 1 : 0;
  }
  for (std::uint64_t i = runs * keys; i < 2 * runs * keys; ++i) false_yes += runs_of(filter, i).empty() ? 0 : 1;
  CHECK(missing == 0);
  CHECK(false_yes < runs * keys / 1'000);
}

TEST_CASE("key filter: a run that is dropped is in no answer any more, those after it are") {
  HugePages pages;
  KeyFilter filter(pages);
  for (std::uint64_t run = 1; run <= 20; ++run) add_run(filter, run, run * 100, 100);
  for (int i = 0; i < 19; ++i) filter.drop_oldest();
  CHECK(filter.groups() == 1);
  CHECK(filter.size() == 100);
  for (std::uint64_t key = 100; key < 2'000; ++key)
    for (const std::uint64_t run : runs_of(filter, key)) CHECK(run == 20);
  for (std::uint64_t key = 2'000; key < 2'100; ++key) CHECK(runs_of(filter, key) == std::vector<std::uint64_t>{20});
  filter.drop_oldest();
  CHECK(runs_of(filter, 2'050).empty());
  add_run(filter, 21, 5'000, 100);
  CHECK(runs_of(filter, 5'050) == std::vector<std::uint64_t>{21});
}

TEST_CASE("key filter: runs that share a number go together, wherever their keys are") {
  HugePages pages;
  KeyFilter filter(pages);
  for (std::uint64_t run = 0; run < 40; ++run) add_run(filter, 1 + run / 10, run * 50, 50);
  CHECK(filter.groups() == 4);
  for (std::uint64_t key = 0; key < 2'000; ++key) CHECK(runs_of(filter, key).back() <= 1 + key / 500);
  for (std::size_t left = 3; left > 0; --left) {
    filter.drop_oldest();
    CHECK(filter.groups() == left);
    CHECK(filter.size() == left * 500);
    CHECK(runs_of(filter, (4 - left) * 500 - 1).empty());
  }
  CHECK(runs_of(filter, 1'999) == std::vector<std::uint64_t>{4});
}

TEST_CASE("key filter: a key in two runs is looked for in the newer one first") {
  HugePages pages;
  KeyFilter filter(pages);
  add_run(filter, 3, 0, 10);
  add_run(filter, 4, 5, 10);
  CHECK(runs_of(filter, 7) == std::vector<std::uint64_t>{4, 3});
}

TEST_CASE("key filter: as many keys as ever come, a new one is seldom taken for one of them, and memory is bounded") {
  HugePages pages;
  KeyFilter filter(pages);
  constexpr std::uint64_t runs = 64, keys = 100'000;
  for (std::uint64_t run = 0; run < runs; ++run) add_run(filter, run + 1, run * keys, keys);
  std::uint64_t missing = 0, false_yes = 0;
  for (std::uint64_t i = 0; i < runs * keys; i += 7) {
    const auto found = runs_of(filter, i);
    missing += std::find(found.begin(), found.end(), 1 + i / keys) == found.end() ? 1 : 0;
  }
  for (std::uint64_t i = 0; i < 1'000'000; ++i) false_yes += runs_of(filter, (runs * keys) + i).empty() ? 0 : 1;
  CHECK(missing == 0);
  CHECK(false_yes < 1'000'000 / 2'000);
  CHECK(filter.bytes() < runs * keys * 14);
}

TEST_CASE("key filter: runs that come and go for ever take the memory of those that are there") {
  HugePages pages;
  KeyFilter filter(pages);
  constexpr std::uint64_t keys = 20'000, kept = 20;
  std::size_t bytes_at_first = 0;
  for (std::uint64_t run = 0; run < 2 * KeyFilter::numbers_max; ++run) {
    add_run(filter, run + 1, run * keys, run < 400 ? keys : 1);
    if (run >= kept) filter.drop_oldest();
    if (run == 2 * kept) bytes_at_first = filter.bytes();
  }
  CHECK(filter.bytes() <= 2 * bytes_at_first);
  CHECK(filter.size() == kept);
  for (std::uint64_t run = 2 * KeyFilter::numbers_max - kept; run < 2 * KeyFilter::numbers_max; ++run)
    CHECK(runs_of(filter, run * keys) == std::vector<std::uint64_t>{run + 1});
}

}  // namespace
}  // namespace tote
