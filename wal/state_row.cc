#include "wal/state_row.h"

#include <xxhash.h>

#include "wal/key_run_format.h"
#include "wal/limits.h"

namespace tote::wal {
namespace {

using key_run::number_at;
using key_run::put_number;

constexpr char row_format = 1;
constexpr std::uint64_t snapshot_format = 1;
constexpr std::size_t state_head_bytes = 1 + 3 * sizeof(std::uint64_t);  // format, LSN, version, first LSN
constexpr std::size_t state_checksum_bytes = sizeof(std::uint64_t);
constexpr std::size_t snapshot_bytes_count = 10 * sizeof(std::uint64_t);

// The seed is where the bytes belong, so that rows can't change places.
std::uint64_t state_checksum(std::string_view key, std::string_view bytes) {
  return XXH3_64bits_withSeed(bytes.data(), bytes.size(), XXH3_64bits(key.data(), key.size()));
}

bool is_state_id(std::string_view text) { return !text.empty() && text.size() <= limits::id_bytes_max; }

// False: it isn't the key of a row.
bool read_state_key(std::string_view key, StateRow& row) {
  const std::size_t zero = key.find('\0');
  if (zero == std::string_view::npos || key.size() < zero + 3) return false;
  row.tenant = key.substr(0, zero);
  row.kind = static_cast<std::uint16_t>(static_cast<unsigned char>(key[zero + 1]) << 8 |
                                        static_cast<unsigned char>(key[zero + 2]));
  row.entity = key.substr(zero + 3);
  return is_state_id(row.tenant) && is_state_id(row.entity);
}

}  // namespace

std::string state_key(std::string_view tenant, std::uint16_t kind, std::string_view id) {
  std::string key;
  key.reserve(tenant.size() + 3 + id.size());
  key.append(tenant).push_back('\0');
  key.push_back(static_cast<char>(kind >> 8));
  key.push_back(static_cast<char>(kind & 0xff));
  return key.append(id);
}

std::string state_key(const StateRow& row) { return state_key(row.tenant, row.kind, row.entity); }

void append_state_value(std::string_view key, const StateRow& row, std::string& out) {
  const std::size_t begin = out.size();
  out.reserve(begin + state_head_bytes + row.state.size() + state_checksum_bytes);
  out.push_back(row_format);
  put_number(row.lsn.value, out);
  put_number(row.version.value, out);
  put_number(row.first.value, out);
  out.append(row.state);
  put_number(state_checksum(key, std::string_view(out).substr(begin)), out);
}

std::string read_state_row(std::string_view key, std::string_view value, StateRow& row) {
  if (!read_state_key(key, row)) return "its key isn't one of an entity";
  if (value.size() < state_head_bytes + state_checksum_bytes) return "it ends too early";
  const std::string_view covered = value.substr(0, value.size() - state_checksum_bytes);
  if (number_at<std::uint64_t>(value, covered.size()) != state_checksum(key, covered)) return "its checksum is wrong";
  if (value.front() != row_format)
    return "it has format " + std::to_string(static_cast<unsigned char>(value.front())) + ", this program reads " +
           std::to_string(row_format);
  row.lsn = {number_at<std::uint64_t>(value, 1)};
  row.version = {number_at<std::uint64_t>(value, 1 + sizeof(std::uint64_t))};
  row.first = {number_at<std::uint64_t>(value, 1 + 2 * sizeof(std::uint64_t))};
  row.state = covered.substr(state_head_bytes);
  // Each change is a record of its own.
  const bool is_possible = row.first >= Lsn{1} && row.version >= Version{1} && row.first <= row.lsn &&
                           row.lsn.value - row.first.value >= row.version.value - 1;
  return is_possible ? std::string() : "its LSNs and its version contradict each other";
}

std::string name_of_state(std::string_view key) {
  StateRow row;
  if (!read_state_key(key, row)) return "a row whose key isn't one of an entity";
  return "kind " + std::to_string(row.kind) + ", " + std::string(row.entity) + " of " + std::string(row.tenant);
}

std::string snapshot_bytes(const Snapshot& snapshot) {
  std::string out;
  for (const std::uint64_t number :
       {snapshot_format, snapshot.lsn.value, static_cast<std::uint64_t>(snapshot.time.ns), snapshot.rows, snapshot.keys,
        snapshot.keys_from.value, snapshot.frame_end.value, snapshot.frame.high, snapshot.frame.low})
    put_number(number, out);
  put_number(state_checksum({}, out), out);
  return out;
}

std::string read_snapshot(std::string_view bytes, Snapshot& snapshot) {
  if (bytes.size() != snapshot_bytes_count) return "the mark of a snapshot has a wrong size";
  const auto number = [&](std::size_t at) { return number_at<std::uint64_t>(bytes, at * sizeof(std::uint64_t)); };
  if (number(9) != state_checksum({}, bytes.substr(0, bytes.size() - state_checksum_bytes)))
    return "the mark of a snapshot has a wrong checksum";
  if (number(0) != snapshot_format) return "the mark of a snapshot is of format " + std::to_string(number(0));
  snapshot = {.lsn = {number(1)},
              .time = {static_cast<std::int64_t>(number(2))},
              .rows = number(3),
              .keys = number(4),
              .keys_from = {number(5)},
              .frame_end = {number(6)},
              .frame = {number(7), number(8)}};
  const bool is_possible = snapshot.lsn >= Lsn{1} && snapshot.lsn <= snapshot.frame_end;
  return is_possible ? std::string() : "the mark of a snapshot contradicts itself";
}

}  // namespace tote::wal
