// Any bytes as a frame of the log: they are refused with a reason, or they are records that can be written again.
#include <xxhash.h>

#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "tests/fuzz/fuzz_target.h"
#include "wal/codec.h"
#include "wal/frame.h"

namespace tote::wal {
namespace {

constexpr std::uint32_t raw_bytes_max = 1 << 20;  // enough for every check, and the fuzzer needs no gigabytes

// FlatBuffers want their bytes aligned, as the reader of the log keeps them.
class AlignedBytes {
 public:
  explicit AlignedBytes(std::size_t size) : words_(size / sizeof(std::uint64_t) + 1), size_(size) {}
  char* data() { return reinterpret_cast<char*>(words_.data()); }
  std::string_view view() { return {data(), size_}; }

 private:
  std::vector<std::uint64_t> words_;
  std::size_t size_;
};

// Makes the header believable where chance would need too long, so that what lies behind the checksum is reached.
void mend(std::string& frame) {
  std::memcpy(frame.data() + offset::magic, frame_magic.data(), frame_magic.size());
  std::memcpy(frame.data() + offset::version, &frame_version, sizeof frame_version);
  const std::string hashed = frame.substr(0, offset::checksum) + frame.substr(offset::payload);
  const std::uint64_t checksum = XXH3_64bits(hashed.data(), hashed.size());
  std::memcpy(frame.data() + offset::checksum, &checksum, sizeof checksum);
}

bool same(const Record& a, const Record& b) {
  if (a.changes.size() != b.changes.size()) return false;
  for (std::size_t i = 0; i < a.changes.size(); ++i) {
    const Change& x = a.changes[i];
    const Change& y = b.changes[i];
    if (x.kind != y.kind || x.entity != y.entity || x.version != y.version || x.events != y.events) return false;
  }
  return a.time == b.time && a.tenant == b.tenant && a.kind == b.kind && a.entity == b.entity &&
         a.version == b.version && a.key == b.key && a.fingerprint == b.fingerprint && a.code == b.code &&
         a.facts == b.facts && a.answer == b.answer;
}

void check_record(const Record& record) {
  static RecordEncoder encoder;
  std::string encoded;
  encoder.append(record, encoded);
  AlignedBytes bytes(encoded.size());
  std::memcpy(bytes.data(), encoded.data(), encoded.size());
  DecodedRecords again;
  TOTE_INVARIANT(again.add(bytes.view(), 1, Time{}).empty());
  TOTE_INVARIANT(again.records().size() == 1 && same(again.records().front(), record));
}

void check_frame(std::string_view frame) {
  FrameHeader header;
  if (!open_frame(frame, header).empty() || header.raw_bytes > raw_bytes_max) return;
  AlignedBytes bytes(header.raw_bytes);
  if (!unpack_frame(frame, header, bytes.data()).empty()) return;
  DecodedRecords decoded;
  if (!decoded.add(bytes.view(), header.count, Time{}).empty()) return;
  TOTE_INVARIANT(decoded.records().size() == header.count);
  for (const Record& record : decoded.records()) check_record(record);
}

}  // namespace
}  // namespace tote::wal

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string frame(reinterpret_cast<const char*>(data), size);
  tote::wal::check_frame(frame);
  if (size < tote::wal::frame_header_bytes) return 0;
  tote::wal::mend(frame);
  tote::wal::check_frame(frame);
  return 0;
}
