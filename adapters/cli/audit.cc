#include "adapters/cli/audit.h"

#include <map>

#include "actors/item/item.h"
#include "actors/wallet/wallet.h"

namespace tote::cli {
namespace {

// The fields of an answer at its top level. A nested object is about what the command asked, which the log doesn't
// keep.
class Flat final : public Fields {
 public:
  void integer(std::string_view name, std::int64_t value) override { add(name, std::to_string(value)); }
  void text(std::string_view name, std::string_view value) override { add(name, std::string(value)); }
  void time(std::string_view name, Time value) override { add(name, std::to_string(value.ns)); }
  void begin(std::string_view) override { ++depth_; }
  void end() override { --depth_; }

  std::map<std::string, std::string> fields;

 private:
  void add(std::string_view name, std::string value) {
    if (depth_ == 0) fields[std::string(name)] = std::move(value);
  }

  int depth_ = 0;
};

std::string differing_field(const Flat& recorded, const Flat& state) {
  for (const auto& [name, value] : state.fields)
    if (const auto found = recorded.fields.find(name); found != recorded.fields.end() && found->second != value)
      return name + " " + found->second + ", but the state after it has " + value;
  return {};
}

}  // namespace

std::string Audit::check(Lsn lsn, const wal::Record& record) {
  ++records_;
  last_ = lsn;
  if (!record.key.empty()) ++keys_;
  if (auto problem = world_.apply(lsn, record); !problem.empty()) return problem;
  for (const auto& change : record.changes) books_.add(world_, record.tenant, change);
  const auto problem = check_answer(record);
  return problem.empty() ? problem : address_of(kinds_, record.kind, record.entity) + " " + problem;
}

// A version that was told, and the answer to a success, must be what the log itself leads to.
std::string Audit::check_answer(const wal::Record& record) const {
  const auto* kind = find_kind(kinds_, record.kind);
  if (kind == nullptr) return "is of a kind that this version of tote doesn't know";
  // A refused booking counts as an attempt, an order that fails is kept: only where one entity says no to its own
  // command, nothing may change.
  const bool is_alone = record.changes.size() == 1 && (record.kind == Wallet::kind_id || record.kind == Item::kind_id);
  if (!is_success(record.code) && is_alone)
    return "was refused (" + std::string(name_of(record.code)) + "), but changed";
  const auto* entity = world_.find(record.tenant, record.kind, record.entity);
  const Version version = entity != nullptr ? entity->version : Version{};
  if (record.version != version)
    return "was told as version " + std::to_string(record.version.value) + ", but is at " +
           std::to_string(version.value);
  if (!is_success(record.code) || record.answer.empty() || entity == nullptr) return {};
  if (kind->is_active()) return {};  // their answers are views: of a booking, of a saga
  Flat recorded, state;
  if (!kind->describe_answer(record.entity, record.answer, recorded)) return "has an answer that can't be read";
  std::string answer;
  entity->answer({}, answer);
  kind->describe_answer(record.entity, answer, state);
  const auto difference = differing_field(recorded, state);
  return difference.empty() ? difference : "was answered with " + difference;
}

std::string Audit::check_end() { return books_.close(world_); }

}  // namespace tote::cli
