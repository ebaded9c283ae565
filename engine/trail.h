// Where in a log the changes of one entity are. Each names the LSN of the one before it, so they are found from the
// newest back, in as many steps as there are changes, however long the log is. Those of an older program name none:
// below them the log is to be looked through, record by record.
#pragma once

#include <atomic>
#include <cstddef>
#include <deque>

#include "engine/world.h"
#include "wal/log_reader.h"

namespace tote {

class Trail {
 public:
  // Of one entity; more than this are looked for record by record: they are that dense.
  static constexpr std::size_t steps_max = 262'144;

  // Reads back from `to`, which is the newest change, to the one after `known`, what the entity has been followed to
  // already (0: nothing). `stopped`: it is given up.
  wal::Damage extend(const wal::LogReader& log, const Inhabitant& it, Lsn known, Lsn to,
                     const std::atomic<bool>& stopped);

  // Everything up to here is to be looked through first.
  Lsn scanned_to() const { return scanned_to_; }
  // The next changes that lie so close together that one reading takes them: from the first to the last.
  struct Stretch {
    Lsn from{}, to{};
  };
  bool has_steps() const { return !steps_.empty(); }
  Stretch next() const;
  // These were taken.
  void pass(Lsn lsn);
  Lsn end() const { return end_; }

 private:
  struct Hit {
    Lsn lsn{}, prior{};
    Version version{};
  };
  // Its changes from one LSN to another, oldest first.
  static wal::Damage look(const wal::LogReader& log, const Inhabitant& it, Lsn from, Lsn to,
                          const std::atomic<bool>& stopped, std::deque<Hit>& hits);

  Lsn scanned_to_{};
  std::deque<Lsn> steps_;  // oldest first
  Lsn end_{};              // everything up to here is known
};

}  // namespace tote
