// A log for those who only read one: its records have a time and nothing else, the n-th was made at n * 10 ns. Tests
// change what they want to be otherwise.
#pragma once

#include <cstdint>
#include <string>

#include "wal/log_reader.h"

namespace tests {

class MadeUpLog : public tote::wal::LogReader {
 public:
  explicit MadeUpLog(std::uint64_t records = 100) : newest{records} {}

  const std::string& id() const override { return log_id; }
  tote::Lsn first() const override { return oldest; }
  tote::Lsn durable() const override { return newest; }
  tote::wal::Damage read(tote::Lsn from, tote::Lsn to, const Visit& visit) const override {
    if (from < oldest) return tote::wal::trimmed(from, oldest);
    for (tote::Lsn at = from; at <= to && at <= newest && damage.is_none(); at = at.next())
      if (!visit(at, {.time = {static_cast<std::int64_t>(at.value) * 10 + later_ns}})) break;
    return damage;
  }

  std::string log_id = "000102030405060708090a0b0c0d0e0f";
  tote::Lsn oldest{1}, newest;
  std::int64_t later_ns = 0;   // another log's: its records were made then
  tote::wal::Damage damage{};  // that every read meets
};

}  // namespace tests
