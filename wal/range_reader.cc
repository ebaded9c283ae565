#include "wal/range_reader.h"

#include <memory>
#include <string>

#include "wal/codec.h"
#include "wal/frame.h"

namespace tote::wal {
namespace {

class RangeReader {
 public:
  RangeReader(const Store& store, Lsn from, Lsn to) : cursor_(store, from), next_(from), to_(to) {}

  Damage run(const Log::Visit& visit) {
    for (; next_ <= to_ && cursor_.valid(); cursor_.next()) {
      if (std::string reason = load(); !reason.empty()) return {next_, std::move(reason)};
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
    return reason.empty() ? records_.add({bytes_.get(), header_.raw_bytes}, header_.count, Time{}) : reason;
  }

  bool visit_frame(const Log::Visit& visit) {
    Lsn lsn = header_.first;
    for (const Record& record : records_.records()) {
      const Lsn at = std::exchange(lsn, lsn.next());
      if (at < next_) continue;
      if (at > to_) break;
      next_ = at.next();
      if (!visit(at, record)) return false;
    }
    return true;
  }

  Store::Cursor cursor_;
  Lsn next_, to_;
  bool is_first_ = true;
  FrameHeader header_;
  FrameHash chain_{};
  std::unique_ptr<char[]> bytes_;
  std::size_t capacity_ = 0;
  DecodedRecords records_;
};

}  // namespace

Damage read_range(const Store& store, Lsn from, Lsn to, const Log::Visit& visit) {
  return RangeReader(store, from, to).run(visit);
}

}  // namespace tote::wal
