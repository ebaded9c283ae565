#include "tests/engine/memory_log.h"

#include <doctest/doctest.h>

#include <algorithm>

namespace tote {

Lsn MemoryLog::append(const wal::Record& record) {
  REQUIRE(record.time > last_time_);
  std::string bytes;
  encoder_.append(record, bytes);
  records_.push_back(std::move(bytes));
  times_.push_back(record.time);
  last_time_ = record.time;
  return last();
}

void MemoryLog::sync_to(Lsn lsn) {
  REQUIRE(lsn >= durable_);
  REQUIRE(lsn <= committed_);
  durable_ = lsn;
}

void MemoryLog::crash() {
  records_.resize(durable_.value);
  times_.resize(durable_.value);
  committed_ = durable_;
  last_time_ = times_.empty() ? Time{} : times_.back();
}

bool MemoryLog::read(std::size_t index, wal::DecodedRecords& into) const {
  into.clear();
  const std::string reason = into.add(records_[index], 1, index == 0 ? Time{} : times_[index - 1]);
  CHECK_MESSAGE(reason.empty(), reason);
  return reason.empty();
}

void MemoryLog::for_each(const std::function<void(Lsn, const wal::Record&)>& visit) const {
  wal::DecodedRecords decoded;
  for (std::size_t i = 0; i < records_.size(); ++i)
    if (read(i, decoded)) visit({i + 1}, decoded.records().front());
}

// Decoded together, as a log on disk does it.
bool MemoryLog::visit_page(Lsn from, Lsn to, const Visit& visit) {
  wal::DecodedRecords decoded;
  for (Lsn lsn = from; lsn <= to; lsn = lsn.next()) {
    const std::size_t index = lsn.value - 1;
    const std::string reason = decoded.add(records_[index], 1, index == 0 ? Time{} : times_[index - 1]);
    CHECK_MESSAGE(reason.empty(), reason);
    if (!reason.empty()) return false;
  }
  if (ahead_) ahead_(from, decoded.records());
  Lsn lsn = from;
  for (const wal::Record& record : decoded.records()) {
    if (is_followed_) followed_ = lsn, last_time_ = record.time;
    if (!visit(lsn, record)) return false;
    lsn = lsn.next();
  }
  return true;
}

wal::Damage MemoryLog::replay(Lsn from, const Visit& visit) {
  constexpr std::uint64_t page = 16;
  is_followed_ = !owned;
  followed_ = {from.value - 1};
  if (!owned) return {};
  for (Lsn first = from; first.value <= records_.size(); first.value += page)
    if (!visit_page(first, {std::min<std::uint64_t>(first.value + page - 1, records_.size())}, visit)) break;
  return {};
}

void MemoryLog::take_from(const MemoryLog& owner, Lsn up_to) {
  REQUIRE(up_to <= owner.durable());
  for (std::uint64_t i = records_.size(); i < up_to.value; ++i) {
    records_.push_back(owner.records_[i]);
    times_.push_back(owner.times_[i]);
  }
  committed_ = durable_ = up_to;
}

wal::Log::Followed MemoryLog::follow(const Visit& visit, std::uint64_t count_max) {
  constexpr std::uint64_t page = 16;
  const Lsn to{std::min(durable_.value, followed_.value + count_max)};
  while (followed_ < to)
    if (!visit_page(followed_.next(), {std::min(to.value, followed_.value + page)}, visit)) return {};
  is_followed_ = !owned || followed_ < durable_;
  return {.is_owned = !is_followed_, .has_more = followed_ < durable_};
}

wal::Damage MemoryLog::read(Lsn from, Lsn to, const Visit& visit) const {
  wal::DecodedRecords records;
  for (Lsn lsn = from; lsn <= to; lsn = lsn.next()) {
    if (!read(lsn.value - 1, records)) return {lsn, "can't be decoded"};
    if (!visit(lsn, records.records().front())) break;
  }
  return {};
}

}  // namespace tote
