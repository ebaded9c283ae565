// What `tote verify` checks of a snapshot: every row is the state that the records lead to, byte for byte, and nobody
// is missing.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>

#include "engine/world.h"
#include "wal/state_store.h"

namespace tote::cli {

class SnapshotCheck {
 public:
  // Null: there is none. Throws Failure where a row is damaged.
  SnapshotCheck(const wal::StateStore* store, const Kinds& kinds);

  // After each record, in order, was applied to the world. What is wrong, empty when nothing is.
  std::string check(Lsn lsn, const wal::Record& record, const World& world);
  // After the last one.
  std::string check_end() const;

  std::uint64_t rows() const { return rows_.size(); }
  Lsn snapshot() const { return snapshot_; }

 private:
  struct Row {
    Lsn lsn{}, first{};
    Version version{};
    wal::FrameHash state{};  // of its bytes as this program writes them: an older one knew fewer members
    bool is_met = false;
  };

  wal::FrameHash hash_of(const AnyEntity& entity);
  std::string compare(Row& row, const AnyEntity& entity);
  std::string check_complete(const World& world) const;

  std::unordered_map<std::string, Row> rows_;  // by wal::state_key()
  Lsn snapshot_{};
  std::string scratch_;
};

}  // namespace tote::cli
