#include "adapters/cli/rest_audit.h"

#include "adapters/cli/errors.h"
#include "adapters/cli/log_file.h"
#include "engine/answer_check.h"
#include "engine/kernel/kinds.h"
#include "wal/state_row.h"

namespace tote::cli {
namespace {

std::string row_key(std::string_view tenant, KindId kind, std::string_view id) {
  return wal::state_key({.tenant = tenant, .kind = kind, .entity = id, .state = {}});
}

}  // namespace

// The other entities of one tenant.
class RestAudit::Neighbours final : public tote::Neighbours {
 public:
  Neighbours(const RestAudit& audit, const std::string& tenant) : audit_(audit), tenant_(tenant) {}
  const AnyEntity* find(EntityRef ref) const override {
    const auto found = audit_.known_.find(row_key(tenant_, ref.kind, ref.id));
    return found == audit_.known_.end() ? nullptr : found->second.it.entity.get();
  }

 private:
  const RestAudit& audit_;
  const std::string& tenant_;
};

RestAudit::RestAudit(const wal::StateStore& states, const Kinds& kinds, Lsn first)
    : kinds_(kinds), first_(first), last_{first.value - 1} {
  const wal::Damage damage = states.each([&](const wal::StateRow& row) { return take_row(row), true; });
  if (!damage.is_none()) throw Failure(sentence_of(damage));
}

void RestAudit::take_row(const wal::StateRow& row) {
  const std::string key = wal::state_key(row);
  const Kind* const kind = find_kind(kinds_, row.kind);
  auto entity = kind == nullptr ? nullptr : kind->make();
  if (entity == nullptr || !entity->decode_state(row.state))
    throw Failure("the snapshot's row (" + wal::name_of_state(key) + ") isn't a state of its kind");
  entity->version = row.version;
  entity->lsn = row.lsn;
  entity->first_lsn = row.first;
  Known& known = known_[key];
  known.it = {std::string(row.tenant), kind, std::string(row.entity), std::move(entity)};
  known.row = row.lsn;
}

std::string RestAudit::check(Lsn lsn, const wal::Record& record) {
  if (const Lsn next = last_.next(); lsn != next)
    return "the records from LSN " + std::to_string(next.value) + " on are missing";
  last_ = lsn;
  ++records_;
  if (!record.key.empty()) ++keys_;
  for (const wal::Change& change : record.changes)
    if (std::string problem = check(lsn, record.tenant, change); !problem.empty())
      return address_of(kinds_, change.kind, change.entity) + " " + problem;
  const std::string problem = check_answer(lsn, record);
  return problem.empty() ? problem : address_of(kinds_, record.kind, record.entity) + " " + problem;
}

std::string RestAudit::check(Lsn lsn, std::string_view tenant, const wal::Change& change) {
  const auto [found, is_new] = known_.try_emplace(row_key(tenant, change.kind, change.entity));
  Known& known = found->second;
  if (is_new) {
    const Kind* const kind = find_kind(kinds_, change.kind);
    if (kind == nullptr) return "is of a kind that this version of tote doesn't know";
    known.it = {std::string(tenant), kind, std::string(change.entity), kind->make()};
  }
  const bool was_seen = known.seen != Lsn{};
  if (was_seen && change.version != known.version.next())
    return "goes from version " + std::to_string(known.version.value) + " to " + std::to_string(change.version.value);
  if (change.prior != Lsn{} && (was_seen ? change.prior != known.seen : change.prior >= first_))
    return Contradiction{Contradiction::Cause::prior, &change, known.version}.text();
  known.seen = lsn;
  known.version = change.version;
  if (lsn > known.row) return replay(*known.it.entity, lsn, change).text();
  const Version of_row = known.it.entity->version;
  if (lsn == known.row ? change.version == of_row : change.version < of_row) return {};
  return "has version " + std::to_string(of_row.value) + " in the snapshot as of LSN " +
         std::to_string(known.row.value) + ", and " + std::to_string(change.version.value) + " in the record";
}

// Where the entity's state as of the record is known.
std::string RestAudit::check_answer(Lsn lsn, const wal::Record& record) const {
  if (wal::says_nothing(record)) return {};
  const auto found = known_.find(row_key(record.tenant, record.kind, record.entity));
  if (found == known_.end() || lsn < found->second.row) return {};
  const AnyEntity& entity = *found->second.it.entity;
  if (record.version != entity.version)
    return "was told as version " + std::to_string(record.version.value) + ", but is at " +
           std::to_string(entity.version.value);
  return is_success(record.code) ? problem_of_answer(*found->second.it.kind, record.entity, &entity, record.answer)
                                 : std::string();
}

std::string RestAudit::check_end() const {
  for (const auto& [key, known] : known_) {
    const std::string name = address_of(kinds_, known.it.kind->id(), known.it.id) + " ";
    if (known.row > last_ || (known.row >= first_ && known.seen < known.row))
      return name + "has a row in the snapshot as of LSN " + std::to_string(known.row.value) +
             ", which didn't change it";
    if (const std::string wrong = known.it.entity->audit(known.it.id, Neighbours(*this, known.it.tenant));
        !wrong.empty())
      return name + wrong;
  }
  return {};
}

}  // namespace tote::cli
