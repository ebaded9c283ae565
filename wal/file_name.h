// Names of RocksDB's files, as RocksDB itself writes them: whatever is named otherwise is none of them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tote::wal {

// "000004.log" of "/data/000004.log".
std::string name_of(const std::string& path);

// The number in "000004.log" and "MANIFEST-000004"; nothing when the name isn't one that RocksDB would give it.
std::optional<std::uint64_t> log_number(std::string_view name);
std::optional<std::uint64_t> table_number(std::string_view name);
std::optional<std::uint64_t> manifest_number(std::string_view name);

inline bool is_log_name(std::string_view name) { return log_number(name).has_value(); }
inline bool is_table_name(std::string_view name) { return table_number(name).has_value(); }
inline bool is_manifest_name(std::string_view name) { return manifest_number(name).has_value(); }

// A number that no database reaches, in a name of RocksDB's: it would count on from there, and overflow.
bool has_absurd_number(std::string_view name);

}  // namespace tote::wal
