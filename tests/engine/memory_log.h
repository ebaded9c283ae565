// A log that only remembers: the test says when what was appended is on disk, and whether there is room for more.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "wal/codec.h"
#include "wal/log.h"

namespace tote {

class MemoryLog final : public wal::Log {
 public:
  MemoryLog() = default;
  MemoryLog(const MemoryLog&) = delete;
  MemoryLog& operator=(const MemoryLog&) = delete;

  // -- for the test
  void sync() { sync_to(committed_); }
  // Moves the durable end; never back, never beyond what was committed.
  void sync_to(Lsn lsn);
  // The power went: what wasn't durable is gone.
  void crash();
  bool room = true;
  bool full = false;
  // As if other machines had the log, too.
  bool shared = false, enough = true, record_is_wanted = false;
  std::uint64_t asked = 0, confirmed_to = 0;  // questions
  // False: another machine owns the log, and take_from() says what it has recorded.
  bool owned = true;
  void take_from(const MemoryLog& owner, Lsn up_to);
  wal::KeyStore* key_store = nullptr;      // of another log; null: all finished keys stay in memory
  wal::StateStore* state_store = nullptr;  // null: no snapshots
  // Calls `visit` for every record, durable or not.
  void for_each(const std::function<void(Lsn, const wal::Record&)>& visit) const;
  std::uint64_t size() const { return records_.size(); }

  // -- as the engine's log
  void look_ahead(Ahead ahead) override { ahead_ = std::move(ahead); }
  wal::Damage replay(Lsn from, const Visit& visit) override;
  Followed follow(const Visit& visit, std::uint64_t count_max) override;
  wal::Damage read(Lsn from, Lsn to, const Visit& visit) const override;
  wal::Damage start() override { return {}; }
  Lsn append(const wal::Record& record) override;
  void commit() override { committed_ = last(); }
  void close() override { sync(); }
  bool has_room() const override { return room; }
  bool is_full() const override { return full; }
  Lsn last() const override { return is_followed_ ? followed_ : Lsn{records_.size()}; }
  Lsn first() const override { return {1}; }
  Lsn durable() const override { return durable_; }
  Time last_time() const override { return last_time_; }
  wal::KeyStore* keys() override { return key_store; }
  wal::StateStore* states() override { return state_store; }
  const std::string& id() const override { return id_; }
  Figures figures() const override { return {}; }
  bool is_shared() const override { return shared; }
  bool has_enough() const override { return enough; }
  std::uint64_t confirm() override { return ++asked; }
  std::uint64_t confirmed() const override { return confirmed_to; }
  bool wants_record() const override { return record_is_wanted; }
  bool takes_wanted_record() override { return std::exchange(record_is_wanted, false); }

 private:
  bool read(std::size_t index, wal::DecodedRecords& into) const;
  bool visit_page(Lsn from, Lsn to, const Visit& visit);

  wal::RecordEncoder encoder_;
  std::vector<std::string> records_;  // as they would be on disk
  std::vector<Time> times_;
  Lsn committed_{}, durable_{};
  Ahead ahead_;
  bool is_followed_ = false;  // since replay()
  Lsn followed_{};
  Time last_time_{};
  std::string id_ = std::string(32, '0');
};

}  // namespace tote
