#include "wal/frame.h"

#include <lz4.h>
#include <xxhash.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <memory>

#include "engine/kernel/invariant.h"
#include "wal/limits.h"

namespace tote::wal {
namespace {

static_assert(std::endian::native == std::endian::little, "the header is copied as it lies in memory");

template <class T>
void put(char* header, std::size_t at, T value) {
  std::memcpy(header + at, &value, sizeof value);
}

template <class T>
T get(std::string_view frame, std::size_t at) {
  T value;
  std::memcpy(&value, frame.data() + at, sizeof value);
  return value;
}

struct FreeState {
  void operator()(XXH3_state_t* state) const { XXH3_freeState(state); }
};

XXH3_state_t* hash_state() {
  thread_local const std::unique_ptr<XXH3_state_t, FreeState> state(XXH3_createState());
  return state.get();
}

std::uint64_t checksum_of(std::string_view header, std::string_view payload) {
  XXH3_state_t* const state = hash_state();
  XXH3_64bits_reset(state);
  XXH3_64bits_update(state, header.data(), offset::checksum);
  XXH3_64bits_update(state, payload.data(), payload.size());
  return XXH3_64bits_digest(state);
}

FrameHash hash_of(std::string_view header, std::string_view payload) {
  XXH3_state_t* const state = hash_state();
  XXH3_128bits_reset(state);
  XXH3_128bits_update(state, header.data(), header.size());
  XXH3_128bits_update(state, payload.data(), payload.size());
  const XXH128_hash_t hash = XXH3_128bits_digest(state);
  return {hash.high64, hash.low64};
}

// LZ4 of `records`, or an empty view when that isn't worth it.
std::string_view compress(std::string_view records, std::string& buffer) {
  if (records.size() < limits::compress_bytes_min) return {};
  if (buffer.size() < records.size()) buffer.resize(records.size());
  // Room for less than the records take: LZ4 gives up by itself when it can't shrink them.
  const int stored = LZ4_compress_default(records.data(), buffer.data(), static_cast<int>(records.size()),
                                          static_cast<int>(records.size() - 1));
  return {buffer.data(), static_cast<std::size_t>(std::max(stored, 0))};
}

std::string check_bounds(const FrameHeader& header, std::size_t frame_bytes) {
  if (header.first.value == 0) return "the frame starts at LSN 0";
  if (header.last < header.first) return "the frame ends before it starts";
  if (header.count == 0 || header.last.value - header.first.value != header.count - 1) {
    return "the frame's count doesn't match its LSNs";
  }
  if (header.raw_bytes > limits::raw_bytes_max) return "the frame's records are larger than 256 MiB";
  if (header.raw_bytes / sizeof(std::uint32_t) < header.count) return "the frame is too small for its count";
  if (header.stored_bytes != frame_bytes - frame_header_bytes) return "the frame's size doesn't match its header";
  if (header.encoding == Encoding::raw && header.stored_bytes != header.raw_bytes) {
    return "the frame isn't compressed but has two sizes";
  }
  if (header.encoding == Encoding::lz4_block && header.stored_bytes >= header.raw_bytes) {
    return "the frame's compression made it larger";
  }
  return {};
}

}  // namespace

FrameHash hash_of(std::string_view frame) {
  const XXH128_hash_t hash = XXH3_128bits(frame.data(), frame.size());
  return {hash.high64, hash.low64};
}

FrameHash chain_start(std::string_view log_id) { return hash_of(log_id); }

FrameBuilder::Frame FrameBuilder::build(Lsn first, std::uint32_t count, std::string_view records, FrameHash previous,
                                        std::uint32_t epoch) {
  TOTE_INVARIANT(first.value > 0 && count > 0 && records.size() <= limits::raw_bytes_max);
  std::string_view payload = compress(records, compressed_);
  const Encoding encoding = payload.empty() ? Encoding::raw : Encoding::lz4_block;
  if (encoding == Encoding::raw) payload = records;

  char* const header = header_.data();
  std::memcpy(header + offset::magic, frame_magic.data(), frame_magic.size());
  put(header, offset::version, epoch == 0 ? frame_version : frame_version_epoch);
  put(header, offset::encoding, encoding);
  put(header, offset::zero_a, std::uint8_t{0});
  put(header, offset::first, first.value);
  put(header, offset::last, first.value + count - 1);
  put(header, offset::count, count);
  put(header, offset::raw_bytes, static_cast<std::uint32_t>(records.size()));
  put(header, offset::stored_bytes, static_cast<std::uint32_t>(payload.size()));
  put(header, offset::epoch, epoch);
  put(header, offset::previous_high, previous.high);
  put(header, offset::previous_low, previous.low);
  const std::string_view bytes(header, header_.size());
  put(header, offset::checksum, checksum_of(bytes, payload));
  return {bytes, payload, hash_of(bytes, payload)};
}

std::string open_frame(std::string_view frame, FrameHeader& header) {
  if (frame.size() < frame_header_bytes) return "the frame is shorter than a header";
  if (std::memcmp(frame.data(), frame_magic.data(), frame_magic.size()) != 0) return "no frame begins here";
  const auto version = get<std::uint16_t>(frame, offset::version);
  if (version != frame_version && version != frame_version_epoch) {
    return "the frame has format version " + std::to_string(version) + ", this program reads version 1 to " +
           std::to_string(frame_version_epoch);
  }
  // Before any field is believed.
  if (get<std::uint64_t>(frame, offset::checksum) != checksum_of(frame, frame.substr(frame_header_bytes))) {
    return "the frame's checksum doesn't match its bytes";
  }
  const auto encoding = get<std::uint8_t>(frame, offset::encoding);
  if (encoding > static_cast<std::uint8_t>(Encoding::lz4_block)) return "the frame's encoding is unknown";
  header.epoch = get<std::uint32_t>(frame, offset::epoch);
  if (get<std::uint8_t>(frame, offset::zero_a) != 0 || (version == frame_version && header.epoch != 0)) {
    return "a field of the frame that must be zero isn't";
  }
  if (version == frame_version_epoch && header.epoch == 0) return "the frame has an epoch's version and no epoch";
  header.encoding = Encoding{encoding};
  header.first = {get<std::uint64_t>(frame, offset::first)};
  header.last = {get<std::uint64_t>(frame, offset::last)};
  header.count = get<std::uint32_t>(frame, offset::count);
  header.raw_bytes = get<std::uint32_t>(frame, offset::raw_bytes);
  header.stored_bytes = get<std::uint32_t>(frame, offset::stored_bytes);
  header.previous = {get<std::uint64_t>(frame, offset::previous_high), get<std::uint64_t>(frame, offset::previous_low)};
  return check_bounds(header, frame.size());
}

std::string unpack_frame(std::string_view frame, const FrameHeader& header, char* to) {
  const std::string_view payload = frame.substr(frame_header_bytes);
  if (header.encoding == Encoding::raw) {
    std::memcpy(to, payload.data(), payload.size());
    return {};
  }
  const int unpacked =
      LZ4_decompress_safe(payload.data(), to, static_cast<int>(payload.size()), static_cast<int>(header.raw_bytes));
  if (unpacked < 0 || static_cast<std::uint32_t>(unpacked) != header.raw_bytes) {
    return "the frame's compressed bytes don't unpack to the size in its header";
  }
  return {};
}

}  // namespace tote::wal
