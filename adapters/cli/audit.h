// What `tote verify` checks of every record beyond its bytes and its place in the chain, which wal does.
#pragma once

#include <string>

#include "adapters/cli/books.h"
#include "adapters/cli/kinds.h"
#include "engine/world.h"

namespace tote::cli {

class Audit {
 public:
  explicit Audit(const Kinds& kinds) : kinds_(kinds), world_(kinds) {}

  // The next record. What is wrong with it, empty when nothing is.
  std::string check(Lsn lsn, const wal::Record& record);
  // After the last one.
  std::string check_end();

  const World& world() const { return world_; }
  const Books& books() const { return books_; }
  std::uint64_t records() const { return records_; }
  std::uint64_t keys() const { return keys_; }
  Lsn last() const { return last_; }

 private:
  std::string check_answer(const wal::Record& record) const;

  const Kinds& kinds_;
  World world_;
  Books books_;
  std::uint64_t records_ = 0, keys_ = 0;
  Lsn last_{};
};

}  // namespace tote::cli
