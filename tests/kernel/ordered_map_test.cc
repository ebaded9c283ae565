#include "engine/kernel/ordered_map.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <random>
#include <string>

namespace tote {
namespace {

// The least value below a node.
struct Least {
  int value = 0;
  static Least of(int, int value) { return {value}; }
  Least plus(Least other) const { return {std::min(value, other.value)}; }
};
using Tree = OrderedMap<int, int, Least>;

void check_same(const Tree& tree, const std::map<int, int>& plain) {
  REQUIRE(tree.size() == plain.size());
  auto expected = plain.begin();
  int rank = 0;
  for (const auto& [key, value] : tree) {
    REQUIRE(key == expected->first);
    REQUIRE(value == expected->second);
    REQUIRE(tree.rank(key) == static_cast<std::size_t>(rank++));
    ++expected;
  }
}

void change_at_random(std::mt19937& random, Tree& tree, std::map<int, int>& plain) {
  const int key = static_cast<int>(random() % 500), value = static_cast<int>(random() % 1'000);
  switch (random() % 4) {
    case 0: CHECK(tree.erase(key) == (plain.erase(key) == 1)); break;
    case 1:
      tree.put(key, [&](int& seen) { seen += value; });
      plain[key] += value;
      return;
    case 2: CHECK(tree.edit(key, [&](int& seen) { seen = value; }) == plain.contains(key)); break;
    default: CHECK(tree.emplace(key, value) == plain.emplace(key, value).second); return;
  }
  if (plain.contains(key)) plain[key] = value;
}

TEST_CASE("ordered map: is what a plain map is, whatever is done to it") {
  std::mt19937 random(7);
  Tree tree;
  std::map<int, int> plain;
  for (int i = 0; i < 20'000; ++i) {
    change_at_random(random, tree, plain);
    if (i % 500 == 0) check_same(tree, plain);
    const int key = static_cast<int>(random() % 500);
    const auto at = tree.upper_bound(key);
    const auto expected = plain.upper_bound(key);
    REQUIRE((at == tree.end()) == (expected == plain.end()));
    if (expected != plain.end()) REQUIRE(at->first == expected->first);
  }
}

TEST_CASE("ordered map: a copy stays what it was, however the original changes") {
  std::mt19937 random(8);
  Tree tree;
  std::map<int, int> plain;
  std::vector<std::pair<Tree, std::map<int, int>>> copies;
  for (int i = 0; i < 3'000; ++i) {
    change_at_random(random, tree, plain);
    if (i % 100 == 0) copies.emplace_back(tree, plain);
  }
  for (const auto& [copy, expected] : copies) check_same(copy, expected);
  check_same(tree, plain);
}

TEST_CASE("ordered map: the first entry of a kind is found by what nodes know of those below") {
  std::mt19937 random(9);
  Tree tree;
  std::map<int, int> plain;
  for (int i = 0; i < 5'000; ++i) {
    change_at_random(random, tree, plain);
    const int limit = static_cast<int>(random() % 100);
    const auto* found = tree.first([&](Least least) { return least.value <= limit; });
    const auto expected =
        std::find_if(plain.begin(), plain.end(), [&](const auto& one) { return one.second <= limit; });
    REQUIRE((found == nullptr) == (expected == plain.end()));
    if (found != nullptr) REQUIRE(found->first == expected->first);
  }
}

TEST_CASE("ordered map: two versions of it are compared by what they don't share") {
  std::mt19937 random(10);
  OrderedSet<int> before;
  for (int i = 0; i < 1'000; ++i) before.emplace(static_cast<int>(random() % 5'000), {});
  OrderedSet<int> after = before;
  for (int i = 0; i < 50; ++i) {
    after.emplace(static_cast<int>(random() % 5'000), {});
    after.erase(static_cast<int>(random() % 5'000));
  }
  std::vector<int> gone, come, expected_gone, expected_come;
  for (const auto& [key, nothing] : before)
    if (!after.contains(key)) expected_gone.push_back(key);
  for (const auto& [key, nothing] : after)
    if (!before.contains(key)) expected_come.push_back(key);
  OrderedSet<int>::Comparison comparison(before, after);
  CHECK(!before.is_same(after));
  CHECK(after.is_same(comparison.second()));
  before = after = {};  // it keeps them as they were
  int slices = 0;
  for (std::size_t steps = 7; !comparison.go_on(steps, gone, come); steps = 7) ++slices;
  CHECK(slices > 10);
  CHECK(gone == expected_gone);
  CHECK(come == expected_come);
}

// Counts how often it is copied: what a change of a shared map costs.
struct CountedCopies {
  static inline int copies = 0;
  CountedCopies() = default;
  CountedCopies(const CountedCopies&) { ++copies; }
  CountedCopies(CountedCopies&&) noexcept = default;
  CountedCopies& operator=(const CountedCopies&) = default;
  CountedCopies& operator=(CountedCopies&&) noexcept = default;
};

TEST_CASE("ordered map: a copy copies no entry, and a change after it those on one path") {
  OrderedMap<int, CountedCopies> map;
  for (int i = 0; i < 100'000; ++i) map.emplace(i, CountedCopies());
  CountedCopies::copies = 0;
  const auto copy = map;
  CHECK(CountedCopies::copies == 0);
  map.erase(50'000);
  CHECK(CountedCopies::copies <= 45);
  const int before = CountedCopies::copies;
  map.emplace(50'000, CountedCopies());
  CHECK(CountedCopies::copies <= before + 45);
  CHECK(copy.size() == 100'000);
}

TEST_CASE("ordered map: is flat, in whatever order its keys come") {
  OrderedMap<int, int> up;
  for (int i = 0; i < 100'000; ++i) up.emplace(i, i);
  CHECK(up.rank(70'000) == 70'000);
  for (int i = 0; i < 99'000; ++i) REQUIRE(up.erase(i));
  CHECK(up.size() == 1'000);
  CHECK(up.begin()->first == 99'000);
}

}  // namespace
}  // namespace tote
