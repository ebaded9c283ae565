// An index from 64-bit hashes to nodes that live elsewhere. Split in many small tables, so that growing one never
// stalls the loop: with a single table of a million entries one rehash takes tens of milliseconds.
#pragma once

#include <xxhash.h>

#include <array>
#include <boost/unordered/unordered_flat_map.hpp>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tote {

inline std::uint64_t hash_of(std::string_view bytes, std::uint64_t seed) {
  return XXH3_64bits_withSeed(bytes.data(), bytes.size(), seed);
}

// Node has `std::uint64_t hash` and `Node* same_hash` (used by the index). Equal hashes are told apart by the caller.
template <class Node>
class HashIndex {
 public:
  template <class Same>
  Node* find(std::uint64_t hash, const Same& same) const {
    const auto& part = part_of(hash);
    const auto found = part.find(hash);
    if (found == part.end()) return nullptr;
    for (Node* node = found->second; node != nullptr; node = node->same_hash)
      if (same(*node)) return node;
    return nullptr;
  }

  void insert(Node* node) {
    auto [at, inserted] = part_of(node->hash).try_emplace(node->hash, node);
    node->same_hash = inserted ? nullptr : at->second;
    at->second = node;
    ++size_;
  }

  void erase(Node* node) {
    auto& part = part_of(node->hash);
    const auto found = part.find(node->hash);
    if (found == part.end()) return;
    Node** link = &found->second;
    while (*link != nullptr && *link != node) link = &(*link)->same_hash;
    if (*link == nullptr) return;
    *link = node->same_hash;
    if (found->second == nullptr) part.erase(found);
    --size_;
  }

  template <class Visit>
  void for_each(const Visit& visit) const {
    for (const auto& part : parts_)
      for (const auto& [hash, first] : part)
        for (Node* node = first; node != nullptr;) {
          Node* following = node->same_hash;
          visit(node);
          node = following;
        }
  }

  std::size_t size() const { return size_; }

 private:
  struct Identity {
    using is_avalanching = void;  // the keys are hashes already
    std::size_t operator()(std::uint64_t hash) const { return hash; }
  };
  using Part = boost::unordered_flat_map<std::uint64_t, Node*, Identity>;
  static constexpr std::size_t parts = 256;

  Part& part_of(std::uint64_t hash) { return parts_[(hash >> 24) % parts]; }
  const Part& part_of(std::uint64_t hash) const { return parts_[(hash >> 24) % parts]; }

  std::array<Part, parts> parts_;
  std::size_t size_ = 0;
};

}  // namespace tote
