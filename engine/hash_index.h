// An index from 64-bit hashes to nodes that live elsewhere: open addressing, split in many small tables. Ours, not a
// library's, for two reasons that were measured: a batch's look-ups can be prefetched (a miss of the cache costs as
// much as a decision), and growing never stalls the loop (one table of a million entries takes tens of milliseconds).
#pragma once

#include <xxhash.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

#include "engine/large_block.h"

namespace tote {

inline std::uint64_t hash_of(std::string_view bytes, std::uint64_t seed) {
  return XXH3_64bits_withSeed(bytes.data(), bytes.size(), seed);
}

// Node has `std::uint64_t hash`. Nodes with equal hashes are told apart by the caller's `same(node)`.
template <class Node>
class HashIndex {
 public:
  // Asks for the memory that find(hash) or insert() will read. Always inline: GCC 12 takes a function that only
  // prefetches for one without effect, and drops the call.
  [[gnu::always_inline]] void prefetch(std::uint64_t hash) const {
    const Part& part = part_of(hash);
    if (part.capacity != 0) __builtin_prefetch(&part.places[part.start(hash)]);
  }

  template <class Same>
  Node* find(std::uint64_t hash, const Same& same) const {
    const Part& part = part_of(hash);
    if (part.capacity == 0) return nullptr;
    for (std::size_t at = part.start(hash); part.places[at].node != nullptr; at = part.following(at))
      if (part.places[at].hash == hash && same(*part.places[at].node)) return part.places[at].node;
    return nullptr;
  }

  void insert(Node* node) {
    Part& part = part_of(node->hash);
    if (part.size * 64 >= part.capacity * full_of_64(node->hash)) part.grow();
    part.put({node->hash, node});
    ++size_;
  }

  // Puts `node` in the place of `old`, which has the same hash.
  void replace(Node* old, Node* node) {
    Part& part = part_of(old->hash);
    part.places[part.place_of(old)].node = node;
  }

  void erase(Node* node) {
    part_of(node->hash).erase(node);
    --size_;
  }

  template <class Visit>
  void for_each(const Visit& visit) const {
    for (const Part& part : parts_)
      for (std::size_t at = 0; at < part.capacity; ++at)
        if (part.places[at].node != nullptr) visit(part.places[at].node);
  }

  std::size_t size() const { return size_; }

 private:
  struct Place {
    std::uint64_t hash = 0;
    Node* node = nullptr;  // null: empty
  };

  // Never full, linear probing, no tombstones: what follows an erased place moves up.
  struct Part {
    LargeBlock<Place> places;
    std::size_t capacity = 0;  // of places: a power of two, or none
    std::size_t size = 0;

    std::size_t start(std::uint64_t hash) const { return hash & (capacity - 1); }
    std::size_t following(std::size_t at) const { return (at + 1) & (capacity - 1); }

    void put(Place place) {
      std::size_t at = start(place.hash);
      while (places[at].node != nullptr) at = following(at);
      places[at] = place;
      ++size;
    }
    void grow() {
      const LargeBlock<Place> old = std::move(places);
      const std::size_t old_capacity = std::exchange(capacity, capacity == 0 ? 16 : capacity * 2);
      places = make_large_block<Place>(capacity);
      size = 0;
      for (std::size_t at = 0; at < old_capacity; ++at)
        if (old[at].node != nullptr) put(old[at]);
    }
    std::size_t place_of(const Node* node) const {
      std::size_t at = start(node->hash);
      while (places[at].node != node) at = following(at);
      return at;
    }
    void erase(const Node* node) {
      std::size_t hole = place_of(node);
      for (std::size_t at = following(hole); places[at].node != nullptr; at = following(at)) {
        const std::size_t wanted = start(places[at].hash);
        const bool may_move = ((at - wanted) & (capacity - 1)) >= ((at - hole) & (capacity - 1));
        if (!may_move) continue;
        places[hole] = places[at];
        hole = at;
      }
      places[hole] = {};
      --size;
    }
  };
  static constexpr std::size_t parts = 32;

  // How full a part may get, in 64ths: from 26 to 41. They fill alike, so with one bound all would grow at once.
  static constexpr std::size_t full_of_64(std::uint64_t hash) { return 26 + (hash >> 59) / 2; }

  Part& part_of(std::uint64_t hash) { return parts_[hash >> 59]; }
  const Part& part_of(std::uint64_t hash) const { return parts_[hash >> 59]; }

  std::array<Part, parts> parts_;
  std::size_t size_ = 0;
};

}  // namespace tote
