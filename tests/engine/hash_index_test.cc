// The index of hashes: says what a plain map says, whatever the hashes are, and never stops to grow.
#include "engine/hash_index.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <unordered_map>

namespace tote {
namespace {

struct Node {
  std::uint64_t hash = 0;
  std::uint64_t id = 0;
};

// Beside it a map from ids to nodes.
struct Compared {
  HugePages pages;
  HashIndex<Node> index{pages};
  std::unordered_map<std::uint64_t, std::unique_ptr<Node>> nodes;

  Node* find(std::uint64_t hash, std::uint64_t id) {
    return index.find(hash, [&](const Node& node) { return node.id == id; });
  }
  void insert(std::uint64_t hash, std::uint64_t id) {
    auto& node = nodes[id] = std::make_unique<Node>(Node{hash, id});
    index.insert(node.get());
  }
  void erase(std::uint64_t id) {
    index.erase(nodes.at(id).get());
    nodes.erase(id);
  }
  void replace(std::uint64_t id) {
    auto& node = nodes.at(id);
    auto next = std::make_unique<Node>(*node);
    index.replace(node.get(), next.get());
    node = std::move(next);
  }
  void check() {
    std::size_t wrong = 0, visited = 0;
    for (const auto& [id, node] : nodes) wrong += find(node->hash, id) == node.get() ? 0 : 1;
    index.for_each([&](const Node* node) {
      ++visited;
      wrong += nodes.contains(node->id) && nodes.at(node->id).get() == node ? 0 : 1;
    });
    CHECK(wrong == 0);
    CHECK(visited == nodes.size());
    CHECK(index.size() == nodes.size());
  }
};

// Grows to `size_max`, and is emptied again.
template <class HashOf>
void compare(std::uint64_t seed, std::size_t size_max, const HashOf& hash_of_id) {
  Compared it;
  std::mt19937_64 random(seed);
  std::uint64_t next_id = 0, wrong = 0;
  std::vector<std::uint64_t> ids;
  for (const bool grows : {true, false}) {
    while (grows ? ids.size() < size_max : !ids.empty()) {
      const auto die = random() % 10;
      if (ids.empty() || (grows ? die < 7 : die < 2)) {
        ids.push_back(next_id++);
        it.insert(hash_of_id(ids.back()), ids.back());
      } else {
        std::swap(ids[random() % ids.size()], ids.back());
        if (die == 9) {
          it.replace(ids.back());
        } else {
          it.erase(ids.back());
          wrong += it.find(hash_of_id(ids.back()), ids.back()) == nullptr ? 0 : 1;
          ids.pop_back();
        }
      }
      wrong += it.find(hash_of_id(next_id), next_id) == nullptr ? 0 : 1;
    }
    it.check();
  }
  CHECK(wrong == 0);
}

std::uint64_t spread(std::uint64_t id) { return hash_of({reinterpret_cast<const char*>(&id), sizeof id}, 7); }

TEST_CASE("hash index: whatever is inserted, replaced and erased, it says what a map says") {
  for (const std::size_t size : {10U, 1'000U, 200'000U}) compare(size, size, spread);
}

TEST_CASE("hash index: nodes with equal hashes are told apart, however many") {
  compare(1, 6'000, [](std::uint64_t) { return std::uint64_t{0}; });
  compare(2, 50'000, [](std::uint64_t id) { return spread(id / 16); });
}

TEST_CASE("hash index: hashes that don't differ in their first bits, or in their last, cost time and no more") {
  compare(3, 6'000, [](std::uint64_t id) { return spread(id) >> 40; });
  compare(4, 6'000, [](std::uint64_t id) { return spread(id) << 40; });
  compare(5, 50'000, [](std::uint64_t id) { return id % 2 == 0 ? spread(id) : spread(id) >> 9; });
}

// One table for all would move a million places at once, the 32 parts 30 000 each, both growing with the index.
TEST_CASE("hash index: no insert waits for a whole table to grow") {
  constexpr std::size_t count = 1'000'000;
  HugePages pages;
  HashIndex<Node> index(pages);
  std::vector<Node> nodes(count);
  std::uint64_t most = 0;
  for (std::size_t id = 0; id < count; ++id) {
    nodes[id] = {spread(id), id};
    const std::uint64_t before = index.moved();
    index.insert(&nodes[id]);
    most = std::max(most, index.moved() - before);
  }
  CHECK(index.moved() > count);  // they are counted
  CHECK(most <= 2'700 + count / 512);
  CHECK(index.size() == count);
}

}  // namespace
}  // namespace tote
