// The checksum of RocksDB's log files, and what one change does to it.
#pragma once

#include <cstdint>
#include <string_view>

namespace tote::wal {

// CRC-32C as RocksDB stores it: rotated and moved, so that a checksum of checksums isn't a fixed point.
std::uint32_t masked_crc32c(std::string_view bytes);

// True: `bytes` with one bit changed, or its first byte, would have this masked checksum; or the checksum itself has
// one changed byte.
bool is_one_change_from(std::string_view bytes, std::uint32_t masked);

}  // namespace tote::wal
