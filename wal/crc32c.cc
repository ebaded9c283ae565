#include "wal/crc32c.h"

#include <rocksdb/file_checksum.h>

#include <array>
#include <cstring>
#include <memory>

namespace tote::wal {
namespace {

constexpr std::uint32_t polynomial = 0x82f63b78;  // reversed
constexpr std::uint32_t mask_delta = 0xa282ead8;

constexpr std::array<std::uint32_t, 256> make_table() {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t i = 0; i < table.size(); ++i) {
    std::uint32_t value = i;
    for (int bit = 0; bit < 8; ++bit) value = (value >> 1U) ^ ((value & 1U) != 0 ? polynomial : 0U);
    table[i] = value;
  }
  return table;
}
constexpr std::array<std::uint32_t, 256> table = make_table();

// What the checksum's error becomes when one more byte follows.
constexpr std::uint32_t advanced(std::uint32_t error) { return table[error & 0xffU] ^ (error >> 8U); }

std::uint32_t unmasked(std::uint32_t masked) {
  const std::uint32_t rotated = masked - mask_delta;
  return (rotated >> 17U) | (rotated << 15U);
}

bool differ_in_one_byte(std::uint32_t a, std::uint32_t b) {
  int differing = 0;
  for (unsigned shift = 0; shift < 32; shift += 8) differing += ((a ^ b) >> shift & 0xffU) != 0 ? 1 : 0;
  return differing <= 1;
}

}  // namespace

std::uint32_t masked_crc32c(std::string_view bytes) {
  static const auto factory = rocksdb::GetFileChecksumGenCrc32cFactory();
  const auto generator = factory->CreateFileChecksumGenerator({});
  generator->Update(bytes.data(), bytes.size());
  generator->Finalize();
  std::uint32_t crc = 0;
  std::memcpy(&crc, generator->GetChecksum().data(), sizeof crc);
  crc = __builtin_bswap32(crc);
  return ((crc >> 15U) | (crc << 17U)) + mask_delta;
}

bool is_one_change_from(std::string_view bytes, std::uint32_t masked) {
  const std::uint32_t actual = masked_crc32c(bytes);
  if (differ_in_one_byte(actual, masked)) return true;
  const std::uint32_t error = unmasked(actual) ^ unmasked(masked);
  // The error that a change makes depends only on the change and on how many bytes follow it.
  std::array<std::uint32_t, 8> of_bit{};
  for (std::size_t bit = 0; bit < of_bit.size(); ++bit) of_bit[bit] = table[std::size_t{1} << bit];
  for (std::size_t following = 0; following + 1 < bytes.size(); ++following) {
    for (std::uint32_t& of : of_bit) {
      if (of == error) return true;
      of = advanced(of);
    }
  }
  for (std::uint32_t change = 1; change < 256; ++change) {  // of the first byte: any combination of its bits
    std::uint32_t of = 0;
    for (std::size_t bit = 0; bit < of_bit.size(); ++bit) of ^= (change >> bit & 1U) != 0 ? of_bit[bit] : 0U;
    if (of == error) return true;
  }
  return false;
}

}  // namespace tote::wal
