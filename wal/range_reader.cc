#include "wal/range_reader.h"

#include <memory>
#include <string>
#include <utility>

#include "wal/chain_cursor.h"
#include "wal/codec.h"
#include "wal/frame.h"

namespace tote::wal {
namespace {

class RangeReader {
 public:
  RangeReader(const Store& store, Lsn from, Lsn to) : cursor_(store, from, false), next_(from), to_(to) {}

  Damage run(const Log::Visit& visit, const Log::Ahead& ahead) {
    for (; next_ <= to_ && cursor_.valid(); cursor_.next()) {
      if (std::string reason = load(); !reason.empty()) return {next_, std::move(reason)};
      if (ahead) ahead(decoded_first_, records_.records());
      if (!visit_frame(visit)) return {};
    }
    if (next_ > to_) return {};
    const std::string reason = cursor_.error();
    return {next_, reason.empty() ? "the log ends before this record" : reason};
  }

 private:
  std::string load() {
    const std::string_view frame = cursor_.frame();
    std::string reason = open_frame(frame, header_);
    if (!reason.empty()) return reason;
    if (cursor_.key() != frame_key(header_.first)) return "a frame lies under a key that isn't its first LSN";
    const bool follows = is_first_ ? header_.first <= next_ && next_ <= header_.last : header_.previous == chain_;
    if (!follows) return "a frame doesn't follow from the one before it";
    is_first_ = false;
    chain_ = hash_of(frame);
    if (capacity_ < header_.raw_bytes) {
      capacity_ = header_.raw_bytes;
      bytes_ = std::make_unique_for_overwrite<char[]>(capacity_);
    }
    reason = unpack_frame(frame, header_, bytes_.get());
    records_.clear();
    return reason.empty() ? decode({bytes_.get(), header_.raw_bytes}) : reason;
  }

  // Only what is asked for: a record alone costs little more than its frame's bytes.
  std::string decode(std::string_view bytes) {
    std::string_view record;
    std::uint32_t skipped = 0;
    for (; header_.first.value + skipped < next_.value; ++skipped)
      if (std::string reason = next_record(bytes, record); !reason.empty()) return reason;
    decoded_first_ = {header_.first.value + skipped};
    if (to_ >= header_.last) return records_.add(bytes, header_.count - skipped, Time{});
    const char* const begin = bytes.data();
    const auto count = static_cast<std::uint32_t>(to_.value - decoded_first_.value + 1);
    for (std::uint32_t i = 0; i < count; ++i)
      if (std::string reason = next_record(bytes, record); !reason.empty()) return reason;
    return records_.add({begin, bytes.data()}, count, Time{});
  }

  bool visit_frame(const Log::Visit& visit) {
    Lsn lsn = decoded_first_;
    for (const Record& record : records_.records()) {
      const Lsn at = std::exchange(lsn, lsn.next());
      next_ = at.next();
      if (!visit(at, record)) return false;
    }
    return true;
  }

  ChainCursor cursor_;
  Lsn next_, to_;
  bool is_first_ = true;
  FrameHeader header_;
  Lsn decoded_first_{};
  FrameHash chain_{};
  std::unique_ptr<char[]> bytes_;
  std::size_t capacity_ = 0;
  DecodedRecords records_;
};

}  // namespace

Damage read_range(const Store& store, Lsn from, Lsn to, const Log::Visit& visit, const Log::Ahead& ahead) {
  return RangeReader(store, from, to).run(visit, ahead);
}

}  // namespace tote::wal
