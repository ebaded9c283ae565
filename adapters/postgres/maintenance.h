// What an operator does with a projection: compare it with the log, row by row, or make it anew beside the live one.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "adapters/postgres/projector.h"

namespace tote::postgres {

struct Verification {
  Lsn cursor{};
  std::uint64_t rows = 0;         // compared
  std::uint64_t differences = 0;  // all of them; `report` tells the first hundred
};

// The tables as they are in one moment. The log they are compared with is opened after that: beside a server it then
// has all that the snapshot knows.
class Snapshot {
 public:
  // Throws Error.
  Snapshot(const std::string& uri, const std::string& schema);

  // Once: every row of every table with what the log says as of the cursor. `report` is called with a line for each
  // difference. Throws Error, or std::runtime_error for a log that is damaged or doesn't begin at its beginning.
  Verification compare(const wal::LogReader& log, const Kinds& kinds,
                       const std::function<void(const std::string&)>& report,
                       const std::function<void(Lsn at, Lsn last)>& on_progress);

 private:
  Connection connection_;
  const std::string schema_;
  std::string log_id_;
  Lsn cursor_{};
};

// Fills the tables anew in a schema of their own, then puts them in the place of the live ones, in one transaction. A
// server that projects into them goes on from the new cursor. The rows' number.
std::uint64_t rebuild(const wal::LogReader& log, const Kinds& kinds, const std::string& uri, const std::string& schema,
                      const std::function<void(Lsn at, Lsn last)>& on_progress);

}  // namespace tote::postgres
