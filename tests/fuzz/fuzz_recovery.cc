// Any bytes as the files of RocksDB's own log: a scan comes to an end and says what it found, in order, within bounds.
//
//   first byte: at which byte the second file begins, in 256ths; second byte: odd when the checksums are to be made
//   right, so that what lies behind them is reached; the rest: the bytes of both
#include <rocksdb/env.h>
#include <rocksdb/file_checksum.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>

#include "tests/fuzz/fuzz_target.h"
#include "wal/recovery_file.h"
#include "wal/recovery_scan.h"

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

void check_scan(std::string_view first, std::string_view second) {
  static const std::unique_ptr<rocksdb::Env> memory(rocksdb::NewMemEnv(rocksdb::Env::Default()));
  static const std::string directory = "/log";
  memory->CreateDirIfMissing(directory);
  const auto write = [&](const std::string& name, std::string_view bytes) {
    const auto status = rocksdb::WriteStringToFile(memory.get(), {bytes.data(), bytes.size()}, directory + "/" + name);
    TOTE_INVARIANT(status.ok());
  };
  write("000007.log", first);
  write("000009.log", second);
  std::string manifest("\0\0\0\0\1\0\1m", header_bytes + 1);  // one record of one byte
  mend(manifest);
  write("CURRENT", "MANIFEST-000005\n");
  write("MANIFEST-000005", manifest);
  const RecoveryScan scan =
      scan_directory(*memory, directory, {"000009.log", "000007.log", "000008.log", "x.log", ".log", "7.sst"});
  for (const auto& [name, end] : scan.ends)
    TOTE_INVARIANT(end <= std::max({first.size(), second.size(), manifest.size()}));
  TOTE_INVARIANT(scan.is_readable);
}

}  // namespace
}  // namespace tote::wal

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  std::string first(tote::fuzz::text_of(data + 2, size - 2));
  std::string second = first.substr(first.size() * data[0] / 256);
  first.resize(first.size() - second.size());
  if (data[1] % 2 == 1) {
    tote::wal::mend(first);
    tote::wal::mend(second);
  }
  tote::wal::check_file(first);
  tote::wal::check_scan(first, second);
  return 0;
}
