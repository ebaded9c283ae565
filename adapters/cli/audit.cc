#include "adapters/cli/audit.h"

#include <algorithm>
#include <functional>

#include "engine/answer_check.h"
#include "engine/kernel/kind_of.h"
#include "engine/kernel/kinds.h"
#include "engine/kernel/sum.h"

namespace tote::cli {
namespace {

// "" when the change is of what the record is addressed to.
std::string name_beside(const Kinds& kinds, const wal::Record& record, const wal::Change& change) {
  const bool is_it = change.kind == record.kind && change.entity == record.entity;
  return is_it ? std::string() : address_of(kinds, change.kind, change.entity) + " ";
}

// The other entities of one tenant.
class SameTenant final : public Neighbours {
 public:
  SameTenant(const World& world, const std::string& tenant) : world_(world), tenant_(tenant) {}
  const AnyEntity* find(EntityRef ref) const override { return world_.find(tenant_, ref.kind, ref.id); }

 private:
  const World& world_;
  const std::string& tenant_;
};

}  // namespace

Audit::Audit(const Kinds& kinds) : kinds_(kinds), world_(kinds) {
  for (const auto& kind : kinds)
    if (auto books = kind->books()) books_.emplace(kind->id(), std::move(books));
}

std::string Audit::check(Lsn lsn, const wal::Record& record) {
  ++records_;
  last_ = lsn;
  if (!record.key.empty()) ++keys_;
  if (auto problem = world_.apply(lsn, record); !problem.empty()) return problem;
  for (const auto& change : record.changes)
    if (const auto books = books_.find(change.kind); books != books_.end())
      books->second->add(*world_.find(record.tenant, change.kind, change.entity), change.events);
  if (auto problem = count(record); !problem.empty()) return problem;
  const auto problem = check_answer(record);
  return problem.empty() ? problem : address_of(kinds_, record.kind, record.entity) + " " + problem;
}

// What is there comes from what was made; what the log says of that from time to time is what its records come to.
std::string Audit::count(const wal::Record& record) {
  const std::size_t tenant = tenants_.try_emplace(std::string(record.tenant), tenants_.size()).first->second;
  for (const auto& change : record.changes) {
    const AnyEntity* entity = world_.find(record.tenant, change.kind, change.entity);
    if (change.kind == MoneyBooks::kind_id && !agrees(tenant, state_of<MoneyBooks>(*entity)))
      return address_of(kinds_, change.kind, change.entity) + " says another thing than the records before it come to";
    if (find_kind(kinds_, change.kind)->has_holdings()) made_.moved(tenant, entity->take_moved());
  }
  made_.settle();
  return {};
}

// Books that begin with what was found are older than the counting: from there on they are what counts.
bool Audit::agrees(std::size_t tenant, const MoneyBooks::State& said) {
  if (said.found) {
    const auto is_other = [](const MoneyBooks::Line& a, const MoneyBooks::Line& b) {
      return a.unit != b.unit || a.balances != b.balances || a.held != b.held;
    };
    const auto lines = made_.lines(tenant);
    if (!std::ranges::equal(lines, said.lines, std::not_fn(is_other))) return false;
    made_.set(tenant, said.lines);
  }
  return said.lines == made_.lines(tenant);
}

// What was made and destroyed, record by record, against what the entities have in the end.
std::string Audit::check_made() const {
  LiveBooks there;
  world_.each([&](const Inhabitant& one) {
    if (one.kind->has_holdings()) there.found(tenants_.at(one.tenant), one.entity->holding());
  });
  for (const auto& [name, tenant] : tenants_) {
    const auto made = made_.lines(tenant), has = there.lines(tenant);
    const auto is_same = [](const MoneyBooks::Line& a, const MoneyBooks::Line& b) {
      return a.unit == b.unit && a.balances == b.balances && a.held == b.held &&
             a.issued.sum() - a.destroyed.sum() == b.balances.sum();
    };
    if (!std::ranges::equal(made, has, is_same)) return "the wallets of " + name + " have another sum than its books";
  }
  return {};
}

// A version that was told, and the answer to a success, must be what the log itself leads to.
std::string Audit::check_answer(const wal::Record& record) const {
  if (wal::says_nothing(record)) return {};
  const auto* kind = find_kind(kinds_, record.kind);
  if (kind == nullptr) return "is of a kind that this version of tote doesn't know";
  // A refused booking counts as an attempt, an order that fails is kept; nothing else may change by a refusal.
  for (const auto& change : record.changes)
    if (!is_success(record.code) && !find_kind(kinds_, change.kind)->remembers_refusals())
      return "was refused (" + name_of(kinds_, record.code) + "), but " + name_beside(kinds_, record, change) +
             "changed";
  const auto* entity = world_.find(record.tenant, record.kind, record.entity);
  const Version version = entity != nullptr ? entity->version : Version{};
  if (record.version != version)
    return "was told as version " + std::to_string(record.version.value) + ", but is at " +
           std::to_string(version.value);
  return is_success(record.code) ? problem_of_answer(*kind, record.entity, entity, record.answer) : std::string();
}

std::string Audit::check_end() {
  std::string problem;
  world_.each([&](const Inhabitant& one) {
    const std::string wrong = one.entity->audit(one.id, SameTenant(world_, one.tenant));
    if (!wrong.empty()) problem = address_of(kinds_, one.kind->id(), one.id) + " " + wrong;
    if (const auto books = books_.find(one.kind->id()); books != books_.end()) books->second->close(*one.entity);
  });
  for (const auto& [kind, books] : books_)
    if (std::string sums = books->problem(); !sums.empty()) problem = std::move(sums);
  return problem.empty() ? check_made() : problem;
}

std::vector<std::pair<std::string, std::string>> Audit::lines() const {
  std::vector<std::pair<std::string, std::string>> all;
  for (const auto& [kind, books] : books_)
    for (auto& line : books->lines()) all.push_back(std::move(line));
  for (const auto& [tenant, index] : tenants_)
    for (const MoneyBooks::Line& line : made_.lines(index))
      all.emplace_back(line.unit, "of " + tenant + ": issued " + text_of(line.issued.sum()) + ", destroyed " +
                                      text_of(line.destroyed.sum()) + ", balances " + text_of(line.balances.sum()));
  return all;
}

}  // namespace tote::cli
