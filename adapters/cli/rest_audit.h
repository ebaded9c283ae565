// What `tote verify` checks of a log whose oldest records are gone (archive.keep_s): an entity is what the snapshot
// says and what the records after its row make of it; before its row its versions must follow each other.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>

#include "adapters/cli/kinds.h"
#include "engine/world.h"
#include "wal/state_store.h"

namespace tote::cli {

class RestAudit {
 public:
  // `first`: of the records that are there. Throws Failure where a row is damaged.
  RestAudit(const wal::StateStore& states, const Kinds& kinds, Lsn first);

  // The next record. What is wrong with it, empty when nothing is.
  std::string check(Lsn lsn, const wal::Record& record);
  // After the last one: rows that no record made, and what its kind says of each entity.
  std::string check_end() const;

  std::uint64_t records() const { return records_; }
  std::uint64_t entities() const { return known_.size(); }
  std::uint64_t keys() const { return keys_; }
  Lsn last() const { return last_; }

 private:
  struct Known {
    Inhabitant it;
    Lsn row{};   // its snapshot's; none: it was made by a record that is there
    Lsn seen{};  // its newest change among the records
    Version version{};
  };
  class Neighbours;

  void take_row(const wal::StateRow& row);
  std::string check(Lsn lsn, std::string_view tenant, const wal::Change& change);
  std::string check_answer(Lsn lsn, const wal::Record& record) const;

  const Kinds& kinds_;
  const Lsn first_;
  std::unordered_map<std::string, Known> known_;  // by wal::state_key()
  std::uint64_t records_ = 0, keys_ = 0;
  Lsn last_;
};

}  // namespace tote::cli
