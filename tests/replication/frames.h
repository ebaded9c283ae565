// Frames of records that are numbers.
#pragma once

#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "replication/mark.h"

namespace tote::replication::test {

inline constexpr Mark log_begins{{}, {7, 7}};

inline std::uint64_t mixed(std::uint64_t x) {
  x ^= x >> 30;
  x *= 0xbf58476d1ce4e5b9ULL;
  x ^= x >> 27;
  x *= 0x94d049bb133111ebULL;
  return x ^ (x >> 31);
}

inline Frame frame_after(const Mark& end, Epoch epoch, const std::vector<std::uint32_t>& records) {
  std::string bytes(records.size() * sizeof(std::uint32_t), '\0');
  std::memcpy(bytes.data(), records.data(), bytes.size());
  ChainHash hash{mixed(end.hash.high + epoch.value), mixed(end.hash.low ^ records.size())};
  for (const std::uint32_t record : records) hash = {mixed(hash.high ^ record), mixed(hash.low + record)};
  return {epoch,    end.lsn.next(), {end.lsn.value + records.size()},
          end.hash, hash,           std::make_shared<const std::string>(std::move(bytes))};
}

inline std::vector<std::uint32_t> records_of(const Frame& frame) {
  std::vector<std::uint32_t> records(frame.bytes->size() / sizeof(std::uint32_t));
  std::memcpy(records.data(), frame.bytes->data(), frame.bytes->size());
  return records;
}

}  // namespace tote::replication::test
