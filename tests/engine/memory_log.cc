#include "tests/engine/memory_log.h"

#include <doctest/doctest.h>

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

wal::Damage MemoryLog::replay(Lsn from, const Visit& visit) {
  wal::DecodedRecords decoded;
  for (std::size_t i = from.value - 1; i < records_.size(); ++i)
    if (!read(i, decoded) || !visit({i + 1}, decoded.records().front())) break;
  return {};
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
