// What the projection says about the entities that records have changed.
#pragma once

#include <map>
#include <string>

#include "adapters/postgres/tables.h"
#include "engine/world.h"

namespace tote::postgres {

// Collects the rows of a batch of records. `world` is as of the record before, and goes with them.
class Collector {
 public:
  explicit Collector(const Kinds& kinds) : world_(kinds) {}

  // Applies the record; throws std::runtime_error when it contradicts the world.
  void apply(Lsn lsn, const wal::Record& record);
  // The rows since the last call.
  Rows take();
  Lsn lsn() const { return lsn_; }

 private:
  struct RefundSeen {
    int status = 0;
    std::uint32_t attempts = 0;
  };

  void collect_ledger(Lsn lsn, const wal::Record& record, const wal::Change& change, std::int64_t balance_before);
  void collect(std::string_view tenant, const wal::Change& change);
  void collect_refunds(const std::string& tenant, const AnyEntity& entity);

  World world_;
  Rows rows_;
  Lsn lsn_{};
  std::map<std::string, std::map<std::string, RefundSeen>> refunds_seen_;  // by tenant: as rows were written last
};

}  // namespace tote::postgres
