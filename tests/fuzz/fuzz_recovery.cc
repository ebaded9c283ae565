// Any bytes as a file of RocksDB's own log: its groups come in order, within its bounds, and to an end.
//
//   first byte: odd when the checksums are to be made right, so that what lies behind them is reached; the rest: the file
#include <rocksdb/file_checksum.h>

#include <cstring>
#include <string>
#include <string_view>

#include "tests/fuzz/fuzz_target.h"
#include "wal/recovery_file.h"

namespace tote::wal {
namespace {

constexpr std::size_t block_bytes = 32 << 10, header_bytes = 7;

std::uint32_t masked_crc(std::string_view bytes) {
  const auto generator = rocksdb::GetFileChecksumGenCrc32cFactory()->CreateFileChecksumGenerator({});
  generator->Update(bytes.data(), bytes.size());
  generator->Finalize();
  std::uint32_t crc = 0;
  std::memcpy(&crc, generator->GetChecksum().data(), sizeof crc);
  crc = __builtin_bswap32(crc);
  return ((crc >> 15) | (crc << 17)) + 0xa282ead8U;
}

// As far as the lengths lead from one fragment to the next.
void mend(std::string& file) {
  for (std::size_t at = 0; at + header_bytes <= file.size();) {
    const std::size_t left = block_bytes - at % block_bytes;
    std::uint16_t length = 0;
    std::memcpy(&length, file.data() + at + 4, sizeof length);
    if (left >= header_bytes && at + header_bytes + length <= file.size()) {
      const std::uint32_t crc = masked_crc({file.data() + at + 6, std::size_t{1} + length});
      std::memcpy(file.data() + at, &crc, sizeof crc);
    }
    at += left < header_bytes ? left : header_bytes + length;
  }
}

void check_file(std::string_view bytes) {
  RecoveryFile file(bytes);
  RecoveryFile::Group group;
  std::size_t end = 0;
  while (file.next(group)) {
    TOTE_INVARIANT(file.end() > end && file.end() <= bytes.size());
    end = file.end();
  }
  file.tail();
}

}  // namespace
}  // namespace tote::wal

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  std::string file(tote::fuzz::text_of(data + 1, size - 1));
  if (data[0] % 2 == 1) tote::wal::mend(file);
  tote::wal::check_file(file);
  return 0;
}
