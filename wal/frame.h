// One frame: the records of one group commit with a header that ties it to the frame before it. Pure bytes, no I/O.
//
//   bytes 0..63   header, little-endian (below)
//   bytes 64..    payload: size-prefixed records, or one LZ4 block of them
//
// FORMAT.md has the grammar and an example. Functions that judge bytes return the reason of their refusal, one sentence
// without a full stop; an empty string means sound.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "engine/kernel/ordinal.h"

namespace tote::wal {

inline constexpr std::size_t frame_header_bytes = 64;
inline constexpr std::array<char, 4> frame_magic{'T', 'O', 'T', 'E'};
inline constexpr std::uint16_t frame_version = 1;        // of a log that one machine owns
inline constexpr std::uint16_t frame_version_epoch = 2;  // of one that is owned in epochs

namespace offset {
inline constexpr std::size_t magic = 0, version = 4, encoding = 6, zero_a = 7, first = 8, last = 16, count = 24,
                             raw_bytes = 28, stored_bytes = 32, epoch = 36, previous_high = 40, previous_low = 48,
                             checksum = 56, payload = frame_header_bytes;
}  // namespace offset

enum class Encoding : std::uint8_t { raw = 0, lz4_block = 1 };

// XXH3-128 of a whole frame, or of the log's id before the first one.
struct FrameHash {
  std::uint64_t high = 0;
  std::uint64_t low = 0;

  constexpr bool operator==(const FrameHash&) const = default;
};

// What the first frame of a log has as its previous hash: a frame of another log never fits.
FrameHash chain_start(std::string_view log_id);

FrameHash hash_of(std::string_view frame);

struct FrameHeader {
  Encoding encoding = Encoding::raw;
  Lsn first{};
  Lsn last{};
  std::uint32_t count = 0;
  std::uint32_t raw_bytes = 0;
  std::uint32_t stored_bytes = 0;
  std::uint32_t epoch = 0;  // of the owner that made it (replication/mark.h); 0: it was the only machine
  FrameHash previous{};
};

// Builds frames one after the other; keeps its compression buffer. One thread.
class FrameBuilder {
 public:
  struct Frame {
    std::string_view header;   // into the builder, until the next build
    std::string_view payload;  // into the builder or the records given
    FrameHash hash{};
  };
  // `records`: `count` size-prefixed records, at most limits::raw_bytes_max bytes.
  Frame build(Lsn first, std::uint32_t count, std::string_view records, FrameHash previous, std::uint32_t epoch = 0);

 private:
  std::array<char, frame_header_bytes> header_{};
  std::string compressed_;
};

// Reads the header and proves that `frame` is whole and unchanged. The chain is the caller's to check.
std::string open_frame(std::string_view frame, FrameHeader& header);

// Writes the header.raw_bytes of the records of an opened frame to `to`.
std::string unpack_frame(std::string_view frame, const FrameHeader& header, char* to);

}  // namespace tote::wal
