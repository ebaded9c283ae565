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

// Compares every row of every table with what the log says as of the cursor, in one snapshot of the database. The log
// is opened after that: beside a server it then has all that the snapshot knows. `report` is called with a line for
// each difference. Throws Error, or std::runtime_error for a damaged log.
Verification verify(const std::function<const wal::LogReader&()>& open_log, const Kinds& kinds, const std::string& uri,
                    const std::string& schema, const std::function<void(const std::string&)>& report,
                    const std::function<void(Lsn at, Lsn last)>& on_progress);

// Fills the tables anew in a schema of their own, then puts them in the place of the live ones, in one transaction. A
// server that projects into them goes on from the new cursor. The rows' number.
std::uint64_t rebuild(const wal::LogReader& log, const Kinds& kinds, const std::string& uri, const std::string& schema,
                      const std::function<void(Lsn at, Lsn last)>& on_progress);

}  // namespace tote::postgres
