// An index from 64-bit hashes to nodes that live elsewhere: open addressing, in many small tables. Ours, not a
// library's, for two reasons that were measured: a batch's look-ups can be prefetched (a miss of the cache costs as
// much as a decision), and growing never stalls the loop (one table of a million entries takes tens of milliseconds).
//
// Extendible hashing (extendible.h): the first bits of a hash choose the part it is in, the last bits where in the
// part. A part doubles until it is a segment; one that is full then is split. So an insert moves at most about 2 600
// places, or the directory.
#pragma once

#include <xxhash.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "engine/extendible.h"
#include "engine/huge_pages.h"
#include "engine/large_block.h"

namespace tote {

inline std::uint64_t hash_of(std::string_view bytes, std::uint64_t seed) {
  return XXH3_64bits_withSeed(bytes.data(), bytes.size(), seed);
}

// Node has `std::uint64_t hash`. Nodes with equal hashes are told apart by the caller's `same(node)`.
template <class Node>
class HashIndex {
 public:
  explicit HashIndex(HugePages& pages) : segments_(pages) {
    for (std::uint32_t part = 0; part < (1U << bits_min); ++part) {
      parts_.push_back({.bits = bits_min});
      directory_.set(std::uint64_t{part} << (64 - bits_min), bits_min, Entry{nullptr, 0, part});
    }
  }

  // Asks for the memory that find(hash) or insert() will read. Always inline: GCC 12 takes a function that only
  // prefetches for one without effect, and drops the call.
  [[gnu::always_inline]] void prefetch(std::uint64_t hash) const {
    const Entry& entry = directory_[hash];
    if (entry.places != nullptr) __builtin_prefetch(&entry.places[hash & entry.mask]);
  }

  template <class Same>
  Node* find(std::uint64_t hash, const Same& same) const {
    const Entry& entry = directory_[hash];
    if (entry.places == nullptr) return nullptr;
    for (std::size_t at = hash & entry.mask; entry.places[at].node != nullptr; at = (at + 1) & entry.mask)
      if (entry.places[at].hash == hash && same(*entry.places[at].node)) return entry.places[at].node;
    return nullptr;
  }

  void insert(Node* node) {
    while (is_full(node->hash)) make_room(node->hash);
    const Entry& entry = directory_[node->hash];
    put(entry, {node->hash, node});
    ++parts_[entry.part].size;
    ++size_;
  }

  // Puts `node` in the place of `old`, which has the same hash.
  void replace(Node* old, Node* node) {
    const Entry& entry = directory_[old->hash];
    entry.places[place_of(entry, old)].node = node;
  }

  // What follows an erased place moves up: there are no tombstones.
  void erase(Node* node) {
    const Entry& entry = directory_[node->hash];
    std::size_t hole = place_of(entry, node);
    for (std::size_t at = (hole + 1) & entry.mask; entry.places[at].node != nullptr; at = (at + 1) & entry.mask) {
      const std::size_t wanted = entry.places[at].hash & entry.mask;
      const bool may_move = ((at - wanted) & entry.mask) >= ((at - hole) & entry.mask);
      if (!may_move) continue;
      entry.places[hole] = entry.places[at];
      hole = at;
    }
    entry.places[hole] = {};
    --parts_[entry.part].size;
    --size_;
  }

  template <class Visit>
  void for_each(const Visit& visit) const {
    for (const Part& part : parts_)
      for (std::size_t at = 0; at < part.capacity; ++at)
        if (part.places[at].node != nullptr) visit(part.places[at].node);
  }

  // A part of for_each(): visits the nodes whose hashes begin like this one, some thousands at most, and tells where
  // the next begin; nothing: these were the last. Who begins with 0 and goes on so meets every node that stays,
  // whatever comes in between.
  template <class Visit>
  std::optional<std::uint64_t> for_each_from(std::uint64_t hash, const Visit& visit) const {
    const Part& part = parts_[directory_[hash].part];
    for (std::size_t at = 0; at < part.capacity; ++at)
      if (part.places[at].node != nullptr) visit(part.places[at].node);
    const std::uint64_t width = std::uint64_t{1} << (64 - part.bits);
    const std::uint64_t next = (hash & ~(width - 1)) + width;
    return next == 0 ? std::nullopt : std::optional(next);
  }

  std::size_t size() const { return size_; }
  // So many places and entries of the directory were moved so far to make room for others.
  std::uint64_t moved() const { return moved_; }

 private:
  struct Place {
    std::uint64_t hash = 0;
    Node* node = nullptr;  // null: empty
  };
  // Of the directory: all that a look-up needs. Several in a row may have the same part.
  struct Entry {
    Place* places;  // null: none yet
    std::uint32_t mask;
    std::uint32_t part;
  };
  // Never full, linear probing.
  struct Part {
    Place* places = nullptr;
    std::uint32_t capacity = 0;  // of places: a power of two, or none
    std::uint32_t size = 0;
    std::uint32_t bits = 0;  // so many first bits are the same of all hashes in it
  };

  static constexpr std::uint32_t bits_min = 5;
  static constexpr std::uint32_t places_min = 16;
  static constexpr std::uint32_t segment_places = Segments<Place>::values_per_segment;
  // Hashes that don't differ in their first bits (somebody's intent) mustn't make the directory grow without end.
  static constexpr std::size_t entries_per_part_max = 32;

  // How full a part may get, in 64ths: from 26 to 41. They fill alike, so with one bound all would grow at once.
  static constexpr std::size_t full_of_64(std::uint64_t hash) { return 26 + (hash >> 59) / 2; }

  static void put(const Entry& entry, Place place) {
    std::size_t at = place.hash & entry.mask;
    while (entry.places[at].node != nullptr) at = (at + 1) & entry.mask;
    entry.places[at] = place;
  }
  static std::size_t place_of(const Entry& entry, const Node* node) {
    std::size_t at = node->hash & entry.mask;
    while (entry.places[at].node != node) at = (at + 1) & entry.mask;
    return at;
  }

  bool is_full(std::uint64_t hash) const {
    const Part& part = parts_[directory_[hash].part];
    return part.size * std::size_t{64} >= part.capacity * full_of_64(hash);
  }
  void make_room(std::uint64_t hash) {
    const Part& part = parts_[directory_[hash].part];
    const bool is_alone = part.bits == directory_.bits();  // in its entry of the directory
    const bool may_grow = directory_.size() * 2 <= entries_per_part_max * parts_.size();
    if (part.capacity != segment_places || (is_alone && !may_grow)) return grow(hash);
    if (is_alone) {
      moved_ += directory_.size();
      directory_.grow();
    }
    split(hash);
  }

  // The part of this hash gets twice the places.
  void grow(std::uint64_t hash) {
    const std::uint32_t number = directory_[hash].part;
    const Part old = parts_[number];
    const std::uint32_t capacity = old.capacity == 0 ? places_min : old.capacity * 2;
    if (capacity == segment_places / 2) segments_.prepare();
    LargeBlock<Place> own;
    if (capacity != segment_places) own = make_large_block<Place>(capacity);
    parts_[number].places = own ? own.get() : segments_.take();
    parts_[number].capacity = capacity;
    const Entry entry = point_to(number, hash);
    for (std::size_t at = 0; at < old.capacity; ++at)
      if (old.places[at].node != nullptr) put(entry, old.places[at]);
    moved_ += old.size;
    own_[number] = std::move(own);
  }

  // The part of this hash gives about half of its hashes to a new one.
  void split(std::uint64_t hash) {
    const std::uint32_t number = directory_[hash].part;
    const std::uint32_t bits = ++parts_[number].bits;
    const std::uint64_t bit = std::uint64_t{1} << (64 - bits);
    const auto other = static_cast<std::uint32_t>(parts_.size());
    Place* const places = parts_[number].places;
    parts_.push_back({segments_.take(), segment_places, 0, bits});
    const std::array<Entry, 2> halves{point_to(number, hash & ~bit), point_to(other, hash | bit)};
    std::array<Place, segment_places> old;
    std::memcpy(old.data(), places, sizeof old);
    std::memset(static_cast<void*>(places), 0, sizeof old);
    std::uint32_t moved = 0;
    for (const Place& place : old) {
      if (place.node == nullptr) continue;
      const bool moves = (place.hash & bit) != 0;
      put(halves[moves ? 1 : 0], place);
      moved += moves ? 1 : 0;
    }
    moved_ += parts_[number].size;
    parts_[number].size -= moved;
    parts_[other].size = moved;
  }

  // The directory knows where the part of this hash is.
  Entry point_to(std::uint32_t number, std::uint64_t hash) {
    const Part& part = parts_[number];
    const Entry entry{part.places, part.capacity - 1, number};
    directory_.set(hash, part.bits, entry);
    return entry;
  }

  Segments<Place> segments_;
  HashDirectory<Entry> directory_{bits_min};
  std::vector<Part> parts_;
  std::size_t size_ = 0;
  std::uint64_t moved_ = 0;
  std::unordered_map<std::uint32_t, LargeBlock<Place>> own_;  // by part: the places that aren't a segment
};

}  // namespace tote
