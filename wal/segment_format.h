// The bytes of a sealed segment (FORMAT.md, "The archive"): what its writer and its reader agree on.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "engine/kernel/ordinal.h"
#include "engine/kernel/time.h"
#include "wal/frame.h"
#include "wal/limits.h"

namespace tote::wal {

namespace segment {

inline constexpr std::string_view magic = "TOTESEAL";
inline constexpr std::uint32_t version = 1;

inline constexpr std::size_t block_raw_bytes = 256 << 10;  // a block is closed when it holds so much
inline constexpr std::size_t block_raw_bytes_max = limits::raw_bytes_max + (1 << 20);
inline constexpr std::size_t block_header_bytes = 16;  // raw bytes (4), stored bytes (4), checksum (8)
inline constexpr std::size_t frame_prefix_bytes = 8;   // bytes of the frame (4), zero (4)
inline constexpr std::size_t table_entry_bytes = 16;   // first LSN (8), offset of the block (8)
inline constexpr std::size_t id_bytes = 32;
inline constexpr std::size_t footer_bytes = 160;

inline constexpr std::string_view ending = ".segment";
inline constexpr std::string_view unfinished_ending = ".segment.new";

}  // namespace segment

// The end of a segment: what is in it, and how it continues the chain.
struct SegmentFooter {
  std::string log_id{};  // of the log that wrote its frames
  Lsn first{}, last{};
  Time oldest{}, newest{};       // of its first and last record
  FrameHash previous{}, hash{};  // of the frame before its first one; of its last one
  std::uint64_t frames = 0, blocks = 0, table_at = 0, raw_bytes = 0, table_checksum = 0;

  std::string bytes() const;
  // Empty, or why these bytes are no footer.
  static std::string read(std::string_view bytes, SegmentFooter& footer);
  std::uint64_t file_bytes() const { return table_at + blocks * segment::table_entry_bytes + segment::footer_bytes; }
};

// What a segment's name says: 16 hex digits of its first LSN, of its last, and 16 random ones.
struct SegmentName {
  Lsn first{}, last{};
  std::string text{};  // with its ending

  // Never given before. Empty text: the system gives no random bytes.
  static SegmentName make(Lsn first, Lsn last);
  // False: it isn't one.
  static bool read(std::string_view text, SegmentName& name);
};

}  // namespace tote::wal
