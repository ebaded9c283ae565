// What `tote verify` checks of every record beyond its bytes and its place in the chain, which wal does.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "adapters/cli/kinds.h"
#include "engine/books.h"
#include "engine/world.h"

namespace tote::cli {

class Audit {
 public:
  explicit Audit(const Kinds& kinds);  // which outlive it

  // The next record. What is wrong with it, empty when nothing is.
  std::string check(Lsn lsn, const wal::Record& record);
  // After the last one: what its kind says of each entity, and the books.
  std::string check_end();

  const World& world() const { return world_; }
  // Of the books, for people; after check_end().
  std::vector<std::pair<std::string, std::string>> lines() const;
  std::uint64_t records() const { return records_; }
  std::uint64_t keys() const { return keys_; }
  Lsn last() const { return last_; }

 private:
  std::string check_answer(const wal::Record& record) const;
  std::string count(const wal::Record& record);
  bool agrees(std::size_t tenant, const MoneyBooks::State& said);
  std::string check_made() const;

  const Kinds& kinds_;
  World world_;
  std::map<KindId, std::unique_ptr<Books>> books_;
  LiveBooks made_;  // by the numbers of `tenants_`
  std::map<std::string, std::size_t> tenants_;
  std::uint64_t records_ = 0, keys_ = 0;
  Lsn last_{};
};

}  // namespace tote::cli
