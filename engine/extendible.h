// Extendible hashing (Fagin and others, 1979), what HashIndex and KeyFilter share: the first bits of a hash choose an
// entry of the directory, which says in which segment of 64 KiB the hash is. A full segment is split by one more of the
// first bits, so growing never stalls the loop; only the directory doubles as a whole, and it is a four-thousandth of
// what the segments hold. Loop thread only.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/huge_pages.h"
#include "engine/large_block.h"

namespace tote {

inline constexpr std::size_t segment_bytes = 64 << 10;

// Segments of T. They are never given back.
template <class T>
class Segments {
 public:
  static constexpr std::size_t values_per_segment = segment_bytes / sizeof(T);

  explicit Segments(HugePages& pages) : pages_(pages) {}

  // One is taken soon.
  void prepare() { pages_.prepare(); }
  // Zeroed. Many lie in one huge page.
  T* take() {
    if (left_ == 0) {
      blocks_.push_back(pages_.take<T>());
      left_ = huge_page_bytes / segment_bytes;
    }
    return &blocks_.back()[--left_ * values_per_segment];
  }

 private:
  HugePages& pages_;
  std::vector<LargeBlock<T>> blocks_;
  std::size_t left_ = 0;  // in the last of them
};

// 2^bits entries, from 2 on: all that a look-up needs to know of a segment. Several in a row may tell of the same one.
template <class Entry>
class HashDirectory {
 public:
  explicit HashDirectory(unsigned bits) : bits_(bits), entries_(make_large_block<Entry>(size())) {}

  unsigned bits() const { return bits_; }
  std::size_t size() const { return std::size_t{1} << bits_; }

  const Entry& operator[](std::uint64_t hash) const { return entries_[place_of(hash)]; }
  // Of the segment that all hashes are in which have the first `depth` bits of this one.
  void set(std::uint64_t hash, unsigned depth, const Entry& entry) {
    const std::size_t count = std::size_t{1} << (bits_ - depth);
    std::fill_n(&entries_[place_of(hash) / count * count], count, entry);
  }

  void grow() {
    const LargeBlock<Entry> old = std::move(entries_);
    ++bits_;
    entries_ = make_large_block<Entry>(size());
    for (std::size_t at = 0; at < size(); ++at) entries_[at] = old[at / 2];
  }

 private:
  std::size_t place_of(std::uint64_t hash) const { return static_cast<std::size_t>(hash >> (64 - bits_)); }

  unsigned bits_;
  LargeBlock<Entry> entries_;
};

}  // namespace tote
