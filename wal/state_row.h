// The bytes of a row of the column family `state`, and of a snapshot's mark (FORMAT.md). Pure bytes, no I/O.
#pragma once

#include <string>
#include <string_view>

#include "wal/state_store.h"

namespace tote::wal {

// Sorts before every row: no tenant is called like it.
inline constexpr std::string_view state_mark_key{"\0", 1};

// tenant, zero, kind (2 bytes, big-endian), id: sorted by tenant, kind and id.
std::string state_key(std::string_view tenant, std::uint16_t kind, std::string_view id);
std::string state_key(const StateRow& row);
// Appends the value, whose checksum covers the key.
void append_state_value(std::string_view key, const StateRow& row, std::string& out);
// Views into both. Empty, or why they are no row.
std::string read_state_row(std::string_view key, std::string_view value, StateRow& row);
// "kind 1, alice of shop", as far as the key can be read.
std::string name_of_state(std::string_view key);

std::string snapshot_bytes(const Snapshot& snapshot);
std::string read_snapshot(std::string_view bytes, Snapshot& snapshot);

}  // namespace tote::wal
