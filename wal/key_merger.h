// Keeps the runs of keys few, beside everything else: step() does a little, and rest_ms() says how long to rest then,
// so that the log has the disk. While a large merge goes on, smaller ones pass it. One thread; the store's other
// functions may be called meanwhile.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "wal/damage.h"
#include "wal/key_merge_plan.h"
#include "wal/key_run_merge.h"
#include "wal/key_store.h"

namespace tote::wal {

class KeyMerger {
 public:
  struct Options {
    KeyMergeLimits limits{};
    std::function<bool()> is_disk_full{[] { return false; }};  // true: what was begun is given up. Any thread
    // A run can't be read: it is left as it is, and who asks for one of its keys is told. On the thread of step().
    std::function<void(const Damage&)> on_damage{[](const Damage&) {}};
  };

  KeyMerger(KeyStore& store, Options options) : store_(store), options_(std::move(options)) {}
  ~KeyMerger() { give_up(); }
  KeyMerger(const KeyMerger&) = delete;
  KeyMerger& operator=(const KeyMerger&) = delete;

  enum class Step : std::uint8_t { idle, more, failed };
  // Failed: the disk took something not, which failure() says; the process has to stop.
  Step step();
  const std::string& failure() const { return failure_; }
  // After a step, 0 … 16: what is copied a second has a bound, unless there are very many runs.
  std::int64_t rest_ms() const;

 private:
  static constexpr std::size_t begun_max = 3;
  struct Begun {
    std::string name;
    std::unique_ptr<KeyRunMerge> merge;
  };

  bool begin();
  Step go_on();
  Step finish();
  void leave_out();
  void drop_last();
  void give_up();

  KeyStore& store_;
  const Options options_;
  std::vector<Begun> begun_;        // each began while the one before it went on
  std::set<std::string> left_out_;  // names of runs that can't be read
  std::string failure_;
};

}  // namespace tote::wal
