// The states of entities, kept apart from the log, so that a start needs only the log's tail (DESIGN D10). One row an
// entity, each as of its own LSN; a snapshot says up to where all of them are there. FORMAT.md has the bytes.
//
//   put … put, finish(S)    every entity that S or a record before it changed has a row at least as new as that change
//   each                    all rows, for a start that replays the records after S, and skips what a row has already
//   find                    some rows, for entities that are at rest: nowhere but here and in the log
//
// A row is never newer than the durable log: whoever puts it has waited for that.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "engine/kernel/ordinal.h"
#include "engine/kernel/time.h"
#include "wal/damage.h"
#include "wal/frame.h"

namespace tote::wal {

// An entity as one of its changes left it. Views.
struct StateRow {
  std::string_view tenant;
  std::uint16_t kind = 0;
  std::string_view entity;
  Lsn lsn{}, first{};  // of that change; of its first one
  Version version{};
  std::string_view state;  // engine/kernel/state_bytes.h
};

// What a look for a row came to.
struct FoundRow {
  const StateRow* row = nullptr;  // null: there is none, or it is damaged
  Damage damage{};
};

struct Snapshot {
  Lsn lsn{};               // S
  Time time{};             // of the record S
  std::uint64_t rows = 0;  // so many entities have one, or more by now
  std::uint64_t keys = 0;  // so many records up to S have an idempotency key …
  Lsn keys_from{};    // … of which those before this one aren't needed: they are on disk, or past their retention
  Lsn frame_end{};    // last LSN of the frame that holds S …
  FrameHash frame{};  // … and its hash: the chain is proved from here on
};

class StateStore {
 public:
  virtual ~StateStore() = default;

  // -- one thread at a time, not the loop: both wait for the disk. Empty, or what went wrong: then the process has to
  // stop.
  virtual std::string put(std::span<const StateRow> rows) = 0;
  // All rows until now are there for good, and count: `snapshot` with the frame filled in.
  virtual std::string finish(Snapshot snapshot) = 0;
  // True: rows come faster than the disk sorts them; whoever puts them waits.
  virtual bool is_behind() const { return false; }

  // -- any thread
  // The newest that was finished; nothing before the first.
  virtual std::optional<Snapshot> snapshot() const = 0;
  // Calls `visit` for every row, in the order of tenant, kind and id, until it says false. Damage names the entity.
  using Visit = std::function<bool(const StateRow&)>;
  virtual Damage each(const Visit& visit) const = 0;
  // False: there is certainly no row with this key (state_row.h). Looks into memory only, for about a microsecond.
  virtual bool may_have(std::string_view key) const = 0;
  // Reads the rows with these keys, put by now or earlier, and calls `found` for each in their order. Waits for the
  // disk: not for the loop.
  using Found = std::function<void(std::size_t at, const FoundRow& found)>;
  virtual void find(std::span<const std::string> keys, const Found& found) const = 0;
  // The same of one kind of a tenant, from this id on.
  virtual Damage each_of(std::string_view tenant, std::uint16_t kind, std::string_view from, const Visit& visit) const {
    return each([&](const StateRow& row) {
      return row.tenant != tenant || row.kind != kind || row.entity < from || visit(row);
    });
  }
};

}  // namespace tote::wal
