// Records to bytes and back (record.fbs). What is written always reads; what is read is proved before it is believed.
#pragma once

#include <flatbuffers/flatbuffers.h>

#include <string>
#include <string_view>
#include <vector>

#include "wal/record.h"

namespace tote::wal {

// Keeps its buffer from record to record. One thread.
class RecordEncoder {
 public:
  // Appends the record with its 4-byte size; the sum is a multiple of 8. A record beyond limits.h, without a time or
  // with a change to version 0 is a broken invariant.
  void append(const Record& record, std::string& out);

 private:
  flatbuffers::FlatBufferBuilder builder_{1024};
};

// Records of one or more frames, as views into bytes that someone else keeps, 8-byte aligned.
class DecodedRecords {
 public:
  void clear();
  // Takes `count` records from `bytes`, which must hold them and nothing else; times must rise from `last_time` on.
  // The reason when they don't; then nothing was added.
  std::string add(std::string_view bytes, std::uint32_t count, Time last_time);
  // Valid until the next add or clear.
  const std::vector<Record>& records();
  Time last_time() const { return records_.back().time; }

 private:
  std::string add_one(std::string_view bytes);

  std::vector<Record> records_;
  std::vector<Change> changes_;  // of all records, in order
};

// Takes one size-prefixed record from the front of `rest`; the reason when its size can't be.
std::string next_record(std::string_view& rest, std::string_view& record);

}  // namespace tote::wal
