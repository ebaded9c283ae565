// Frames as bytes: nothing but the very bytes that were written is accepted.
#include "wal/frame.h"

#include <doctest/doctest.h>
#include <xxhash.h>

#include <cstring>

#include "tests/wal/fixture.h"
#include "wal/codec.h"
#include "wal/limits.h"

namespace tote::wal {
namespace {

const FrameHash start = chain_start("0123456789abcdef0123456789abcdef");

std::string records(std::uint64_t count) {
  RecordEncoder encoder;
  std::string out;
  for (std::uint64_t number = 1; number <= count; ++number) {
    with_sample(number, [&](const Record& record) { encoder.append(record, out); });
  }
  return out;
}

std::string frame_of(std::string_view bytes, std::uint32_t count, FrameHash* hash = nullptr) {
  FrameBuilder builder;
  const FrameBuilder::Frame frame = builder.build({1}, count, bytes, start);
  if (hash != nullptr) *hash = frame.hash;
  return std::string(frame.header) + std::string(frame.payload);
}

std::string reason_for(std::string_view frame) {
  FrameHeader header;
  return open_frame(frame, header);
}

// As a damaged or hostile writer would: the change comes with a fitting checksum.
std::string resealed(std::string frame) {
  std::string covered = frame.substr(0, offset::checksum) + frame.substr(offset::payload);
  const std::uint64_t checksum = XXH3_64bits(covered.data(), covered.size());
  std::memcpy(frame.data() + offset::checksum, &checksum, sizeof checksum);
  return frame;
}

template <class T>
std::string with_field(std::string frame, std::size_t at, T value) {
  std::memcpy(frame.data() + at, &value, sizeof value);
  return resealed(std::move(frame));
}

TEST_CASE("frame: a small one is stored as it is") {
  const std::string bytes = records(2);
  FrameHash hash;
  const std::string frame = frame_of(bytes, 2, &hash);
  FrameHeader header;
  REQUIRE(open_frame(frame, header).empty());
  CHECK(header.encoding == Encoding::raw);
  CHECK(header.first == Lsn{1});
  CHECK(header.last == Lsn{2});
  CHECK(header.count == 2);
  CHECK(header.previous == start);
  CHECK(hash_of(frame) == hash);
  CHECK(frame.substr(frame_header_bytes) == bytes);
}

TEST_CASE("frame: a large one is compressed and unpacks to the same bytes") {
  const std::string bytes = records(200);
  FrameHash hash;
  const std::string frame = frame_of(bytes, 200, &hash);
  CHECK(frame.size() < bytes.size());
  FrameHeader header;
  REQUIRE(open_frame(frame, header).empty());
  CHECK(header.encoding == Encoding::lz4_block);
  std::string unpacked(header.raw_bytes, '\0');
  REQUIRE(unpack_frame(frame, header, unpacked.data()).empty());
  CHECK(unpacked == bytes);
  CHECK(hash_of(frame) == hash);
}

TEST_CASE("frame: bytes that don't shrink are stored as they are") {
  std::string noise(limits::compress_bytes_min, '\0');
  std::uint64_t state = 1;
  for (char& c : noise) c = static_cast<char>((state = state * 6364136223846793005ULL + 1) >> 56);
  FrameHeader header;
  REQUIRE(open_frame(frame_of(noise, 1), header).empty());
  CHECK(header.encoding == Encoding::raw);
}

TEST_CASE("frame: every flip of every bit is refused, raw and compressed") {
  for (const std::uint32_t count : {3U, 200U}) {
    std::string frame = frame_of(records(count), count);
    for (std::size_t bit = 0; bit < frame.size() * 8; ++bit) {
      const auto mask = static_cast<char>(1U << (bit % 8));
      frame[bit / 8] = static_cast<char>(frame[bit / 8] ^ mask);
      REQUIRE_FALSE(reason_for(frame).empty());
      frame[bit / 8] = static_cast<char>(frame[bit / 8] ^ mask);
    }
  }
}

TEST_CASE("frame: every truncation is refused") {
  const std::string frame = frame_of(records(3), 3);
  for (std::size_t size = 0; size < frame.size(); ++size) CHECK_FALSE(reason_for(frame.substr(0, size)).empty());
}

TEST_CASE("frame: trailing bytes are refused, even with a fitting checksum") {
  const std::string frame = frame_of(records(3), 3) + std::string(8, '\0');
  CHECK(reason_for(frame) == "the frame's checksum doesn't match its bytes");
  CHECK(reason_for(resealed(frame)) == "the frame's size doesn't match its header");
}

TEST_CASE("frame: each inconsistency has its own reason, also under a fitting checksum") {
  const std::string frame = frame_of(records(3), 3);
  CHECK(reason_for(with_field(frame, offset::magic, 'X')) == "no frame begins here");
  for (const std::uint16_t version : {std::uint16_t{0}, std::uint16_t{3}})
    CHECK(reason_for(with_field(frame, offset::version, version)) ==
          "the frame has format version " + std::to_string(version) + ", this program reads version 1 to 2");
  CHECK(reason_for(with_field(frame, offset::version, std::uint16_t{2})) ==
        "the frame has an epoch's version and no epoch");
  CHECK(reason_for(with_field(frame, offset::encoding, std::uint8_t{2})) == "the frame's encoding is unknown");
  CHECK(reason_for(with_field(frame, offset::zero_a, std::uint8_t{1})) ==
        "a field of the frame that must be zero isn't");
  CHECK(reason_for(with_field(frame, offset::epoch, std::uint32_t{1})) ==
        "a field of the frame that must be zero isn't");
  CHECK(reason_for(with_field(frame, offset::first, std::uint64_t{0})) == "the frame starts at LSN 0");
  CHECK(reason_for(with_field(frame, offset::first, std::uint64_t{4})) == "the frame ends before it starts");
  CHECK(reason_for(with_field(frame, offset::count, std::uint32_t{0})) == "the frame's count doesn't match its LSNs");
  CHECK(reason_for(with_field(frame, offset::count, std::uint32_t{4})) == "the frame's count doesn't match its LSNs");
  CHECK(reason_for(with_field(frame, offset::last, std::uint64_t{9})) == "the frame's count doesn't match its LSNs");
  CHECK(reason_for(with_field(frame, offset::stored_bytes, std::uint32_t{1})) ==
        "the frame's size doesn't match its header");
  CHECK(reason_for(with_field(frame, offset::raw_bytes, std::uint32_t{64})) ==
        "the frame isn't compressed but has two sizes");
}

TEST_CASE("frame: one that an owner made says in which epoch, and is otherwise the same") {
  const std::string bytes = records(3), alone = frame_of(bytes, 3);
  FrameBuilder builder;
  const FrameBuilder::Frame made = builder.build({1}, 3, bytes, start, 7);
  const std::string frame = std::string(made.header) + std::string(made.payload);
  FrameHeader header;
  REQUIRE(open_frame(frame, header).empty());
  CHECK(header.epoch == 7);
  CHECK(header.previous == start);
  CHECK(made.hash == hash_of(frame));
  CHECK(made.hash != hash_of(alone));
  CHECK(frame.substr(frame_header_bytes) == alone.substr(frame_header_bytes));
  REQUIRE(open_frame(alone, header).empty());
  CHECK(header.epoch == 0);
  CHECK(reason_for(with_field(frame, offset::epoch, std::uint32_t{0})) ==
        "the frame has an epoch's version and no epoch");
}

TEST_CASE("frame: a size beyond 256 MiB is refused before memory is asked for") {
  const std::string frame = frame_of(records(3), 3);
  const std::uint32_t too_large = (256U << 20) + 1;
  CHECK(reason_for(with_field(frame, offset::raw_bytes, too_large)) == "the frame's records are larger than 256 MiB");
}

TEST_CASE("frame: a count that its size can't hold is refused") {
  std::string frame = with_field(frame_of(records(3), 3), offset::last, std::uint64_t{1'000'000});
  frame = with_field(frame, offset::count, std::uint32_t{1'000'000});
  CHECK(reason_for(frame) == "the frame is too small for its count");
}

TEST_CASE("frame: compressed bytes that don't unpack are refused") {
  std::string frame = frame_of(records(200), 200);
  FrameHeader header;
  for (std::size_t at = frame_header_bytes; at < frame.size(); at += 7) {
    std::string changed = frame;
    changed[at] = static_cast<char>(changed[at] ^ 0x55);
    changed = resealed(changed);
    REQUIRE(open_frame(changed, header).empty());
    std::string unpacked(header.raw_bytes, '\0');
    static_cast<void>(unpack_frame(changed, header, unpacked.data()));  // within its bytes, whatever it says
  }
  const std::string wrong_size = with_field(frame, offset::raw_bytes, std::uint32_t{1U << 20});
  REQUIRE(open_frame(wrong_size, header).empty());
  std::string unpacked(header.raw_bytes, '\0');
  CHECK(unpack_frame(wrong_size, header, unpacked.data()) ==
        "the frame's compressed bytes don't unpack to the size in its header");
}

TEST_CASE("frame: the chain of one log never starts like that of another") {
  CHECK_FALSE(chain_start("0123456789abcdef0123456789abcdef") == chain_start("0123456789abcdef0123456789abcdee"));
}

}  // namespace
}  // namespace tote::wal
