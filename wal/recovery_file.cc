#include "wal/recovery_file.h"

#include <algorithm>
#include <cstring>

#include "wal/crc32c.h"

namespace tote::wal {
namespace {

constexpr std::size_t block_bytes = 32 << 10;
constexpr std::size_t fragment_header_bytes = 7;  // masked CRC-32C: 4, length: 2, type: 1
constexpr std::size_t group_header_bytes = 12;    // sequence: 8, count: 4
constexpr std::size_t sector_bytes = 512;         // the least that a disk writes
constexpr std::uint32_t group_count_max = 1 << 24;
enum FragmentType : unsigned { full = 1, first = 2, middle = 3, last = 4 };

template <class T>
T get(std::string_view bytes, std::size_t at) {
  T value;
  std::memcpy(&value, bytes.data() + at, sizeof value);
  return value;
}

std::size_t block_left(std::size_t at) { return block_bytes - at % block_bytes; }

bool is_zero(std::string_view bytes) { return bytes.find_first_not_of('\0') == std::string_view::npos; }

RecoveryFile::Group group_of(std::string_view bytes) {
  return {get<std::uint64_t>(bytes, 0), get<std::uint32_t>(bytes, sizeof(std::uint64_t))};
}

}  // namespace

// Moves `at` behind the fragment; leaves it at the fragment's first byte when that isn't whole.
bool RecoveryFile::read_fragment(std::size_t& at, Fragment& fragment) const {
  if (block_left(at) < fragment_header_bytes) at = std::min(at + block_left(at), bytes_.size());
  if (bytes_.size() - at < fragment_header_bytes) return false;
  const std::size_t length = get<std::uint16_t>(bytes_, at + 4);
  const unsigned type = static_cast<unsigned char>(bytes_[at + 6]);
  if (type < full || type > last) return false;
  if (fragment_header_bytes + length > std::min(block_left(at), bytes_.size() - at)) return false;
  if (get<std::uint32_t>(bytes_, at) != masked_crc32c(bytes_.substr(at + 6, 1 + length))) return false;
  fragment = {type, bytes_.substr(at + fragment_header_bytes, length)};
  at += fragment_header_bytes + length;
  return true;
}

bool RecoveryFile::next(Group& group) {
  std::string header;  // a group's header may lie in two fragments
  bad_ = begin_;
  for (bool begun = false;; begun = true) {
    Fragment fragment;
    std::size_t at = bad_;
    const bool whole = read_fragment(at, fragment);
    if (!whole) {
      bad_ = at;
      if (!begun) begin_ = at;
      return false;
    }
    if (begun == (fragment.type == full || fragment.type == first)) return false;
    header.append(fragment.data.substr(0, group_header_bytes - std::min(group_header_bytes, header.size())));
    bad_ = at;
    if (fragment.type != full && fragment.type != last) continue;
    if (content_ == Content::batches && header.size() < group_header_bytes) return false;
    group = content_ == Content::batches ? group_of(header) : Group{};
    begin_ = at;
    return true;
  }
}

RecoveryFile::Tail RecoveryFile::tail() const {
  if (begin_ == bytes_.size()) return Tail::none;
  if (has_later_group()) return Tail::followed;
  if (is_one_change_from_whole()) return Tail::changed;
  return has_missing_bytes() ? Tail::torn : Tail::changed;
}

// A crash doesn't leave a fragment that one changed byte of its header, or one changed bit of its data, makes whole.
bool RecoveryFile::is_one_change_from_whole() const {
  const std::size_t left = bytes_.size() - bad_;
  if (left <= fragment_header_bytes) return false;
  const std::size_t length = get<std::uint16_t>(bytes_, bad_ + 4);
  const std::size_t fitting =
      std::min(block_left(bad_), left) - fragment_header_bytes;  // it fills its block or the file
  const auto stored = get<std::uint32_t>(bytes_, bad_);
  if (stored == masked_crc32c(bytes_.substr(bad_ + 6, 1 + fitting))) return true;
  return length <= fitting && is_one_change_from(bytes_.substr(bad_ + 6, 1 + length), stored);
}

// A crash leaves a group without its end, or with pieces that never reached the disk and read as zeros: sectors, and
// what of the first and the last one belongs to the group.
bool RecoveryFile::has_missing_bytes() const {
  const std::size_t left = bytes_.size() - bad_;
  if (left < fragment_header_bytes) return true;
  const std::size_t length = get<std::uint16_t>(bytes_, bad_ + 4);
  if (fragment_header_bytes + length > left) return true;
  for (std::size_t at = begin_; at < bytes_.size(); at += sector_bytes - at % sector_bytes) {
    if (is_zero(bytes_.substr(at, sector_bytes - at % sector_bytes))) return true;
  }
  return false;
}

// Looks at every byte: after damage, lengths can't be trusted to lead from one fragment to the next.
bool RecoveryFile::has_later_group() const {
  for (std::size_t at = begin_ + 1; at + fragment_header_bytes <= bytes_.size(); ++at) {
    if (begins_group(at)) return true;
  }
  return false;
}

bool RecoveryFile::begins_group(std::size_t at) const {
  const unsigned type = static_cast<unsigned char>(bytes_[at + 6]);
  if ((type != full && type != first) || block_left(at) < fragment_header_bytes) return false;
  const std::size_t length = get<std::uint16_t>(bytes_, at + 4);
  if (type == first && fragment_header_bytes + length != block_left(at)) return false;  // it fills its block
  if (length == 0 || (type == full && content_ == Content::batches && length < group_header_bytes)) return false;
  if (fragment_header_bytes + length > std::min(block_left(at), bytes_.size() - at)) return false;
  if (content_ == Content::batches && length >= group_header_bytes) {  // cheap signs before the checksum
    const Group group = group_of(bytes_.substr(at + fragment_header_bytes));
    if (group.sequence >> 56 != 0 || group.count > group_count_max) return false;
  }
  Fragment fragment;
  return read_fragment(at, fragment);
}

}  // namespace tote::wal
