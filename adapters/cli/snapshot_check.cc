#include "adapters/cli/snapshot_check.h"

#include "adapters/cli/errors.h"
#include "adapters/cli/log_file.h"
#include "wal/state_row.h"

namespace tote::cli {
namespace {

std::string row_name(const Inhabitant& it) {
  return "the snapshot's row of " + std::string(it.kind->name()) + "/" + it.id + " of " + it.tenant;
}

std::string key_of(std::string_view tenant, KindId kind, std::string_view id) {
  return wal::state_key({.tenant = tenant, .kind = kind, .entity = id, .state = {}});
}

}  // namespace

SnapshotCheck::SnapshotCheck(const wal::StateStore* store, const Kinds& kinds) {
  if (store == nullptr) return;
  if (const auto newest = store->snapshot()) snapshot_ = newest->lsn;
  const wal::Damage damage = store->each([&](const wal::StateRow& row) {
    const std::string key = wal::state_key(row);
    const Kind* kind = find_kind(kinds, row.kind);
    const auto entity = kind == nullptr ? nullptr : kind->make();
    if (entity == nullptr || !entity->decode_state(row.state))
      throw Failure("the snapshot's row (" + wal::name_of_state(key) + ") isn't a state of its kind");
    rows_[key] = {row.lsn, row.first, row.version, hash_of(*entity)};
    return true;
  });
  if (!damage.is_none()) throw Failure(sentence_of(damage));
}

std::string SnapshotCheck::check(Lsn lsn, const wal::Record& record, const World& world) {
  for (const wal::Change& change : record.changes) {
    const auto found = rows_.find(key_of(record.tenant, change.kind, change.entity));
    if (found == rows_.end() || found->second.lsn != lsn) continue;
    const AnyEntity* entity = world.find(record.tenant, change.kind, change.entity);
    if (const auto problem = compare(found->second, *entity); !problem.empty())
      return "the snapshot's row (" + wal::name_of_state(found->first) + ") " + problem;
  }
  return lsn == snapshot_ ? check_complete(world) : std::string();
}

wal::FrameHash SnapshotCheck::hash_of(const AnyEntity& entity) {
  scratch_.clear();
  entity.encode_state(scratch_);
  return wal::hash_of(scratch_);
}

std::string SnapshotCheck::compare(Row& row, const AnyEntity& entity) {
  row.is_met = true;
  if (row.version != entity.version)
    return "has version " + std::to_string(row.version.value) + ", the log leads to " +
           std::to_string(entity.version.value);
  if (row.first != entity.first_lsn)
    return "was made at LSN " + std::to_string(row.first.value) + ", says the log at " +
           std::to_string(entity.first_lsn.value);
  return row.state == hash_of(entity) ? std::string() : "has another state than the log leads to";
}

// As of its LSN: who was there then has a row that is at least as new.
std::string SnapshotCheck::check_complete(const World& world) const {
  std::string problem;
  world.each([&](const Inhabitant& it) {
    if (!problem.empty()) return;
    const auto found = rows_.find(key_of(it.tenant, it.kind->id(), it.id));
    if (found == rows_.end())
      problem = row_name(it) + " is missing";
    else if (found->second.lsn < it.entity->lsn)
      problem = row_name(it) + " is as of LSN " + std::to_string(found->second.lsn.value) +
                ", older than its change at " + std::to_string(it.entity->lsn.value);
  });
  return problem;
}

std::string SnapshotCheck::check_end() const {
  for (const auto& [key, row] : rows_)
    if (!row.is_met)
      return "the snapshot's row (" + wal::name_of_state(key) + ") is as of LSN " + std::to_string(row.lsn.value) +
             ", which didn't change it";
  return {};
}

}  // namespace tote::cli
