// Whether a key is known, and in which group (key_groups.h) it may be: nearly every key is new, and learns that here,
// without another look into memory or on disk (DESIGN D5). Loop thread only.
//
// A table of short tags, each with the number of its group, in cache lines of 15. However many keys there are, a
// look-up reads one line, which was prefetched. It grows like HashIndex, a segment of 64 KiB at a time (extendible
// hashing): the first bits of a hash choose the segment, the next ten the line, the next eighteen are the tag. When a
// segment is split, its lines are chosen by one more bit, and that is the first of the tag: so tags become shorter as
// the table grows, and each says by a one behind it where it ends (as in InfiniFilter, Dayan and others, 2023). Half of
// all keys came after the last doubling and have the whole tag; a new key meets an equal one about once in 4 000
// look-ups. Keys whose group is gone leave when their segment is full.
#pragma once

#include <xxhash.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <deque>
#include <functional>
#include <random>
#include <utility>
#include <vector>

#include "engine/extendible.h"
#include "engine/huge_pages.h"

namespace tote {

class KeyFilter {
 public:
  // Numbers are kept modulo this: the newest is less than this above the oldest.
  static constexpr std::uint64_t numbers_max = 1 << 13;

  explicit KeyFilter(HugePages& pages) : lines_(pages) {}

  // What is added from now on is of this group: the newest, or the next one.
  void begin(std::uint64_t number) {
    if (groups_.empty()) oldest_ = number;
    if (number >= oldest_ + groups_.size()) groups_.push_back(0);
  }
  void add(std::uint64_t hash) {
    ++groups_.back();
    ++size_;
    const std::uint64_t bits = spread(hash);
    while (is_full(bits)) make_room(bits);
    const Entry& entry = directory_[bits];
    Segment& segment = segments_[entry.segment];
    ++segment.tags;
    put(segment, line_of(bits, entry), tag_of(bits, entry) | (newest() & number_mask));
  }

  // What add() or may_contain() will read.
  [[gnu::always_inline]] void prefetch(std::uint64_t hash) const {
    const std::uint64_t bits = spread(hash);
    const Entry& entry = directory_[bits];
    if (entry.lines != nullptr) __builtin_prefetch(&entry.lines[line_of(bits, entry)]);
  }
  // False: it was never added, or its group is gone. True: find() may say where, or that it wasn't.
  [[gnu::always_inline]] bool may_contain(std::uint64_t hash) const {
    const std::uint64_t bits = spread(hash);
    const Entry& entry = directory_[bits];
    if (entry.lines == nullptr) return false;
    const Line& line = entry.lines[line_of(bits, entry)];
    return has(line, tag_of(bits, entry)) || line.overflowed != 0;
  }
  // The groups it may be in, newest first.
  void find(std::uint64_t hash, std::vector<std::uint64_t>& numbers) const {
    numbers.clear();
    const std::uint64_t bits = spread(hash);
    if (const Entry& entry = directory_[bits]; entry.lines != nullptr) find_all(entry, bits, numbers);
  }
  // The oldest group is gone.
  void drop_oldest() {
    size_ -= groups_.front();
    groups_.pop_front();
    ++oldest_;
  }

  std::size_t size() const { return size_; }
  std::size_t groups() const { return groups_.size(); }
  // Of the lines.
  std::size_t bytes() const { return segments_.size() * segment_bytes; }

 private:
  // A slot: the tag, a one, zeroes, and in the last 13 bits the number. 0: empty.
  static constexpr std::uint32_t number_mask = numbers_max - 1;
  static constexpr std::uint32_t tag_mask = ~(number_mask << 1 | 1);
  static constexpr std::uint32_t end_of_tag = number_mask + 1;

  struct alignas(64) Line {
    std::uint32_t overflowed;  // 1: more of them are in the segment's rest
    std::array<std::uint32_t, 15> slots;
  };
  static constexpr std::size_t segment_lines = Segments<Line>::values_per_segment;
  static constexpr unsigned line_bits = 10;
  static_assert(segment_lines == 1 << line_bits);

  using Rest = std::vector<std::pair<std::uint32_t, std::uint32_t>>;  // line and slot
  struct Segment {
    Line* lines = nullptr;
    std::uint32_t depth = 0;  // so many first bits are the same of all hashes in it
    std::uint32_t tags = 0;
    Rest rest{};  // of lines that are full: about 1 %
  };
  // Of the directory: all that a look-up needs. Several in a row may have the same segment.
  struct Entry {
    Line* lines = nullptr;  // null: none yet
    std::uint32_t depth = 0;
    std::uint32_t segment = 0;
  };

  // Nobody can aim at one segment: whoever makes keys with hashes that are alike doesn't know the factor.
  std::uint64_t spread(std::uint64_t hash) const { return hash * factor_; }
  static std::size_t line_of(std::uint64_t bits, const Entry& entry) {
    return static_cast<std::size_t>(bits << entry.depth >> (64 - line_bits));
  }
  static std::uint32_t tag_of(std::uint64_t bits, const Entry& entry) {
    return (static_cast<std::uint32_t>(bits << entry.depth << line_bits >> 32) & tag_mask) | end_of_tag;
  }

  std::uint64_t newest() const { return oldest_ + groups_.size() - 1; }
  // The number whose last bits are in a slot, if it is still there.
  std::uint64_t number_of(std::uint32_t slot) const {
    return oldest_ + ((slot - static_cast<std::uint32_t>(oldest_)) & number_mask);
  }
  bool is_live(std::uint32_t slot) const { return number_of(slot) < oldest_ + groups_.size(); }

  // The tag in the slot is the beginning of this one.
  template <class Slot>
  static auto begins(Slot slot, Slot tag) {
    const Slot own = slot & ~number_mask, end = own & -own;
    return (((own ^ tag) & -(end + end)) == 0) & (own != 0);
  }
  // The whole line at once, four slots an instruction: nearly every look-up ends here.
  static bool has(const Line& line, std::uint32_t tag) {
    using Four = std::uint32_t __attribute__((vector_size(16)));
    const auto slots = std::bit_cast<std::array<Four, 4>>(line);  // what says `overflowed` is no slot with a tag
    const Four wanted{tag, tag, tag, tag};
    const auto any =
        begins(slots[0], wanted) | begins(slots[1], wanted) | begins(slots[2], wanted) | begins(slots[3], wanted);
    const auto halves = std::bit_cast<std::array<std::uint64_t, 2>>(any);
    return (halves[0] | halves[1]) != 0;
  }
  void find_all(const Entry& entry, std::uint64_t bits, std::vector<std::uint64_t>& numbers) const {
    const std::size_t at = line_of(bits, entry);
    const std::uint32_t tag = tag_of(bits, entry);
    const auto look_at = [&](std::uint32_t slot) {
      if (begins(slot, tag) && is_live(slot)) numbers.push_back(number_of(slot));
    };
    for (const std::uint32_t slot : entry.lines[at].slots) look_at(slot);
    if (entry.lines[at].overflowed != 0)
      for (const auto& [line, slot] : segments_[entry.segment].rest)
        if (line == at) look_at(slot);
    std::sort(numbers.begin(), numbers.end(), std::greater<>());
    numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
  }

  static void put(Segment& segment, std::size_t at, std::uint32_t slot) {
    Line& line = segment.lines[at];
    for (std::uint32_t& place : line.slots)
      if (place == 0) return void(place = slot);
    line.overflowed = 1;
    segment.rest.emplace_back(static_cast<std::uint32_t>(at), slot);
  }

  // Two thirds of the slots. Segments fill alike, so with one bound all would be split at once.
  static constexpr std::uint32_t full_of(std::uint64_t bits) {
    return 10 * segment_lines - static_cast<std::uint32_t>(bits >> 59) * 32;
  }
  bool is_full(std::uint64_t bits) const {
    const Entry& entry = directory_[bits];
    return entry.lines == nullptr || segments_[entry.segment].tags >= full_of(bits);
  }

  void make_room(std::uint64_t bits) {
    if (segments_.empty()) {
      segments_.push_back({lines_.take()});
      return point_to(0, bits);
    }
    const std::uint32_t number = directory_[bits].segment;
    std::array<Line, segment_lines> lines;  // NOLINT(cppcoreguidelines-pro-type-member-init): all of it is copied
    std::memcpy(static_cast<void*>(lines.data()), segments_[number].lines, sizeof lines);
    const auto rest = std::exchange(segments_[number].rest, {});
    // Mostly of groups that are gone: the others get on with the room as it is.
    const bool is_split = count_live(lines, rest) * 4 > full_of(bits) * std::size_t{3};
    empty(number);
    if (is_split) split(number, bits);
    each_live(lines, rest, [&](std::size_t line, std::uint32_t slot) {
      is_split ? put_again(number, line, slot) : put_back(number, line, slot);
    });
  }
  template <class Visit>
  void each_live(const std::array<Line, segment_lines>& lines, const Rest& rest, const Visit& visit) const {
    for (std::size_t at = 0; at < segment_lines; ++at)
      for (const std::uint32_t slot : lines[at].slots)
        if (slot != 0 && is_live(slot)) visit(at, slot);
    for (const auto& [at, slot] : rest)
      if (is_live(slot)) visit(at, slot);
  }
  std::size_t count_live(const std::array<Line, segment_lines>& lines, const Rest& rest) const {
    std::size_t count = 0;
    each_live(lines, rest, [&](std::size_t, std::uint32_t) { ++count; });
    return count;
  }
  void empty(std::uint32_t number) {
    std::memset(static_cast<void*>(segments_[number].lines), 0, segment_bytes);
    segments_[number].tags = 0;
  }
  // The second half of its lines goes to a new segment, the last one.
  void split(std::uint32_t number, std::uint64_t bits) {
    const std::uint32_t depth = ++segments_[number].depth;
    if (depth > directory_.bits()) directory_.grow();
    const auto other = static_cast<std::uint32_t>(segments_.size());
    segments_.push_back({lines_.take(), depth});
    const std::uint64_t bit = std::uint64_t{1} << (64 - depth);
    point_to(number, bits & ~bit);
    point_to(other, bits | bit);
  }
  void put_back(std::uint32_t number, std::size_t line, std::uint32_t slot) {
    ++segments_[number].tags;
    put(segments_[number], line, slot);
  }
  // Of a segment that was split: the first bit of the line chooses the segment, the first of the tag is now the last of
  // the line. A tag that has none left may be either.
  void put_again(std::uint32_t number, std::size_t line, std::uint32_t slot) {
    constexpr std::uint32_t first = std::uint32_t{1} << 31;
    const bool moves = line >= segment_lines / 2;
    const auto target = moves ? static_cast<std::uint32_t>(segments_.size() - 1) : number;
    const std::size_t lines = line % (segment_lines / 2) * 2;
    const std::uint32_t own = slot & ~number_mask;
    if (own == first) {
      put_back(target, lines, slot);
      put_back(target, lines + 1, slot);
    } else {
      put_back(target, lines + (own >= first ? 1 : 0), own << 1 | (slot & number_mask));
    }
  }

  void point_to(std::uint32_t number, std::uint64_t bits) {
    const Segment& segment = segments_[number];
    directory_.set(bits, segment.depth, Entry{segment.lines, segment.depth, number});
  }

  Segments<Line> lines_;
  const std::uint64_t factor_ = std::random_device()() * std::uint64_t{0x9e3779b97f4a7c15} | 1;
  HashDirectory<Entry> directory_{1};
  std::vector<Segment> segments_;
  std::deque<std::size_t> groups_;  // how many keys each brought, oldest first
  std::uint64_t oldest_ = 0;        // its number
  std::size_t size_ = 0;
};

}  // namespace tote
