// What the projection says about the entities that records have changed.
#pragma once

#include <vector>

#include "adapters/postgres/row_cells.h"
#include "adapters/postgres/tables.h"
#include "engine/world.h"

namespace tote::postgres {

// Collects the rows of a batch of records. `world` is as of the record before, and goes with them.
class Collector {
 public:
  // Both outlive it.
  Collector(const Kinds& kinds, const Tables& tables) : kinds_(kinds), tables_(tables), world_(kinds) {}

  // Applies the record; throws std::runtime_error when it contradicts the world.
  void apply(Lsn lsn, const wal::Record& record);
  // The rows since the last call.
  Rows take();
  Lsn lsn() const { return lsn_; }

 private:
  std::vector<ToldRow> told(const wal::Record& record, const wal::Change& change) const;
  std::vector<ToldRow> told_before(const wal::Record& record, const wal::Change& change) const;
  void put(Lsn lsn, const wal::Record& record, const wal::Change& change, ToldRow row);

  const Kinds& kinds_;
  const Tables& tables_;
  World world_;
  Rows rows_;
  Lsn lsn_{};
};

}  // namespace tote::postgres
