// Some entities on their way from the loop to their rows (engine/snapshot_writer.h).
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/slot_table.h"
#include "wal/state_store.h"

namespace tote {

struct SnapshotBatch {
  struct Row {
    std::string_view tenant;
    Slot* slot = nullptr;  // a thread reads what never changes of it: kind and id
    Lsn lsn{}, first{};
    Version version{};
    std::size_t end = 0;                        // of its bytes, which begin where those of the row before end
    std::unique_ptr<const FrozenState> frozen;  // instead of them …
    std::size_t frozen_bytes = 0;               // … once it is written
  };

  std::uint32_t number = 0;  // they are written in this order
  std::vector<Row> rows;
  std::string bytes;
  Lsn newest{};                       // nothing of it is written before this is durable
  std::size_t frozen = 0;             // rows
  std::optional<wal::Snapshot> ends;  // with it the round is done …
  bool counts = false;                // … and a start may begin with it
  std::uint64_t written_bytes = 0;    // once it is: of states

  void add(Slot& slot, std::string_view tenant) {
    const AnyEntity& entity = *slot.entity;
    auto copy = entity.freeze();
    if (copy == nullptr)
      entity.encode_state(bytes);
    else
      ++frozen;
    rows.push_back({tenant, &slot, entity.lsn, entity.first_lsn, entity.version, bytes.size(), std::move(copy)});
    newest = std::max(newest, entity.lsn);
  }
  bool is_full() const {
    constexpr std::size_t rows_max = 2'048, bytes_max = 256 << 10, frozen_max = 64;
    return rows.size() >= rows_max || bytes.size() >= bytes_max || frozen >= frozen_max;
  }
  // On the loop: copies of states end where they were made.
  void clear() {
    constexpr std::size_t kept_bytes = 1 << 20;
    rows.clear();
    bytes.clear();
    if (bytes.capacity() > kept_bytes) bytes.shrink_to_fit();
    newest = {};
    frozen = 0;
    ends.reset();
    counts = false;
    written_bytes = 0;
  }
};

}  // namespace tote
