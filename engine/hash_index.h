// An index from 64-bit hashes to nodes that live elsewhere: open addressing, in many small tables. Ours, not a
// library's, for two reasons that were measured: a batch's look-ups can be prefetched (a miss of the cache costs as
// much as a decision), and growing never stalls the loop (one table of a million entries takes tens of milliseconds).
//
// Extendible hashing (Fagin and others, 1979): the first bits of a hash choose a place in the directory, which says
// in which part the hash is; the last bits choose where in the part. A part doubles until it is a segment of 64 KiB;
// one that is full then is split by one more of the first bits. So an insert moves at most about 2 600 places; only
// the directory doubles as a whole, and it is a four-thousandth of the index.
#pragma once

#include <xxhash.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

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
  explicit HashIndex(HugePages& pages)
      : pages_(pages), directory_(make_large_block<Entry>(std::size_t{1} << bits_min)) {
    for (std::uint32_t i = 0; i < (1U << bits_min); ++i) {
      parts_.push_back({.bits = bits_min});
      directory_[i].part = i;
    }
  }

  // Asks for the memory that find(hash) or insert() will read. Always inline: GCC 12 takes a function that only
  // prefetches for one without effect, and drops the call.
  [[gnu::always_inline]] void prefetch(std::uint64_t hash) const {
    const Entry& entry = entry_of(hash);
    if (entry.places != nullptr) __builtin_prefetch(&entry.places[hash & entry.mask]);
  }

  template <class Same>
  Node* find(std::uint64_t hash, const Same& same) const {
    const Entry& entry = entry_of(hash);
    if (entry.places == nullptr) return nullptr;
    for (std::size_t at = hash & entry.mask; entry.places[at].node != nullptr; at = (at + 1) & entry.mask)
      if (entry.places[at].hash == hash && same(*entry.places[at].node)) return entry.places[at].node;
    return nullptr;
  }

  void insert(Node* node) {
    while (is_full(node->hash)) make_room(node->hash);
    const Entry& entry = entry_of(node->hash);
    put(entry, {node->hash, node});
    ++parts_[entry.part].size;
    ++size_;
  }

  // Puts `node` in the place of `old`, which has the same hash.
  void replace(Node* old, Node* node) {
    const Entry& entry = entry_of(old->hash);
    entry.places[place_of(entry, old)].node = node;
  }

  // What follows an erased place moves up: there are no tombstones.
  void erase(Node* node) {
    const Entry& entry = entry_of(node->hash);
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

  std::size_t size() const { return size_; }

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
  static constexpr std::uint32_t segment_places = (64 << 10) / sizeof(Place);
  static constexpr std::size_t segments_per_block = huge_page_bytes / (segment_places * sizeof(Place));
  // Hashes that don't differ in their first bits (somebody's intent) mustn't make the directory grow without end.
  static constexpr std::size_t entries_per_part_max = 32;

  // How full a part may get, in 64ths: from 26 to 41. They fill alike, so with one bound all would grow at once.
  static constexpr std::size_t full_of_64(std::uint64_t hash) { return 26 + (hash >> 59) / 2; }

  Entry& entry_of(std::uint64_t hash) { return directory_[hash >> (64 - bits_)]; }
  const Entry& entry_of(std::uint64_t hash) const { return directory_[hash >> (64 - bits_)]; }

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
    const Part& part = parts_[entry_of(hash).part];
    return part.size * std::size_t{64} >= part.capacity * full_of_64(hash);
  }
  void make_room(std::uint64_t hash) {
    const Part& part = parts_[entry_of(hash).part];
    const bool may_double = (std::size_t{2} << bits_) <= entries_per_part_max * parts_.size();
    if (part.capacity != segment_places || (part.bits == bits_ && !may_double)) return grow(hash);
    if (part.bits == bits_) double_directory();
    split(hash);
  }

  // The part of this hash gets twice the places.
  void grow(std::uint64_t hash) {
    const std::uint32_t number = entry_of(hash).part;
    const Part old = parts_[number];
    const std::uint32_t capacity = old.capacity == 0 ? places_min : old.capacity * 2;
    if (capacity == segment_places / 2) pages_.prepare();
    LargeBlock<Place> own;
    if (capacity != segment_places) own = make_large_block<Place>(capacity);
    parts_[number].places = own ? own.get() : take_segment();
    parts_[number].capacity = capacity;
    const Entry& entry = *point_to(number, hash);
    for (std::size_t at = 0; at < old.capacity; ++at)
      if (old.places[at].node != nullptr) put(entry, old.places[at]);
    own_[number] = std::move(own);
  }

  // The part of this hash gives about half of its hashes to a new one.
  void split(std::uint64_t hash) {
    const std::uint32_t number = entry_of(hash).part;
    const std::uint32_t bits = ++parts_[number].bits;
    const std::uint64_t bit = std::uint64_t{1} << (64 - bits);
    const auto other = static_cast<std::uint32_t>(parts_.size());
    Place* const places = parts_[number].places;
    parts_.push_back({take_segment(), segment_places, 0, bits});
    const std::array<const Entry*, 2> halves{point_to(number, hash & ~bit), point_to(other, hash | bit)};
    std::array<Place, segment_places> old;
    std::memcpy(old.data(), places, sizeof old);
    std::memset(static_cast<void*>(places), 0, sizeof old);
    std::uint32_t moved = 0;
    for (const Place& place : old) {
      if (place.node == nullptr) continue;
      const bool moves = (place.hash & bit) != 0;
      put(*halves[moves ? 1 : 0], place);
      moved += moves ? 1 : 0;
    }
    parts_[number].size -= moved;
    parts_[other].size = moved;
  }

  // The entries of a part that this hash is in say where it is; the first of them.
  const Entry* point_to(std::uint32_t number, std::uint64_t hash) {
    const Part& part = parts_[number];
    const std::size_t count = std::size_t{1} << (bits_ - part.bits);
    Entry* const first = &entry_of(hash) - ((hash >> (64 - bits_)) & (count - 1));
    std::fill_n(first, count, Entry{part.places, part.capacity - 1, number});
    return first;
  }

  void double_directory() {
    const LargeBlock<Entry> old = std::move(directory_);
    const std::size_t count = std::size_t{1} << bits_++;
    directory_ = make_large_block<Entry>(count * 2);
    for (std::size_t i = 0; i < count; ++i) directory_[i * 2] = directory_[i * 2 + 1] = old[i];
  }

  // Zeroed. Many lie in one huge page.
  Place* take_segment() {
    if (segments_left_ == 0) {
      blocks_.push_back(pages_.take<Place>());
      segments_left_ = segments_per_block;
    }
    return &blocks_.back()[--segments_left_ * segment_places];
  }

  HugePages& pages_;
  std::uint32_t bits_ = bits_min;  // the directory has 2^bits_ entries
  LargeBlock<Entry> directory_;
  std::vector<Part> parts_;
  std::size_t size_ = 0;
  std::vector<LargeBlock<Place>> blocks_;                     // of segments
  std::size_t segments_left_ = 0;                             // in the last of them
  std::unordered_map<std::uint32_t, LargeBlock<Place>> own_;  // by part: the places that aren't a segment
};

}  // namespace tote
