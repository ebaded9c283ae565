// The bytes of a run of keys (FORMAT.md, "Runs of keys"): what its writer and its reader agree on.
#pragma once

#include <xxhash.h>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "engine/kernel/ordinal.h"
#include "engine/kernel/time.h"

namespace tote::wal {

static_assert(std::endian::native == std::endian::little, "numbers are copied as they lie in memory");

namespace key_run {

inline constexpr std::string_view magic = "TOTEKEYS";
inline constexpr std::uint32_t version = 1;

inline constexpr std::size_t block_raw_bytes = 32 << 10;  // a block is closed when it holds so much
inline constexpr std::size_t block_raw_bytes_max = 4 << 20;
inline constexpr std::size_t block_header_bytes = 16;  // raw bytes (4), stored bytes (4), checksum (8)

inline constexpr std::size_t page_bytes = 4096;
inline constexpr std::size_t page_head_bytes = 16;    // checksum (8), entries (2), zero (6)
inline constexpr std::size_t index_entry_bytes = 14;  // hash (8), block (4), place in it (2)
inline constexpr std::size_t page_entries_max = (page_bytes - page_head_bytes) / index_entry_bytes;

inline constexpr std::size_t footer_bytes = 112;

template <class Number>
void put_number(Number number, std::string& out) {
  out.append(reinterpret_cast<const char*>(&number), sizeof number);
}

template <class Number>
Number number_at(std::string_view bytes, std::size_t at) {
  Number number;
  std::memcpy(&number, bytes.data() + at, sizeof number);
  return number;
}

// Where one key is: entry `place` (from 0) of block `block`.
struct IndexEntry {
  std::uint64_t hash = 0;
  std::uint32_t block = 0;
  std::uint16_t place = 0;
};

inline IndexEntry index_entry_at(std::string_view page, std::size_t entry) {
  const std::size_t at = page_head_bytes + entry * index_entry_bytes;
  return {number_at<std::uint64_t>(page, at), number_at<std::uint32_t>(page, at + 8),
          number_at<std::uint16_t>(page, at + 12)};
}

// Added up over all entries, it says whether index and blocks are of the same keys.
inline std::uint64_t share_of_sum(const IndexEntry& entry) {
  return (entry.hash ^ (std::uint64_t{entry.block} << 16 | entry.place)) * 0x9e3779b97f4a7c15U;
}

// The seed is where the bytes belong, so that blocks and pages can't change places.
inline std::uint64_t checksum(std::string_view bytes, std::uint64_t seed) {
  return XXH3_64bits_withSeed(bytes.data(), bytes.size(), seed);
}

}  // namespace key_run

// The end of a run, and what `meta` knows of it.
struct KeyRunFooter {
  std::uint64_t blocks = 0, pages = 0, entries = 0;
  std::uint64_t index_at = 0, tables_at = 0;  // offsets: first page, tables of blocks and pages
  Lsn first{}, last{};
  Time oldest{}, newest{};
  std::uint64_t tables_checksum = 0, index_sum = 0;

  std::string bytes() const;
  // Empty, or why these bytes are no footer.
  static std::string read(std::string_view bytes, KeyRunFooter& footer);
  std::uint64_t file_bytes() const;
};

}  // namespace tote::wal
