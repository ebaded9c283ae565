#include "actors/transaction/composite.h"

#include "actors/transaction/results.h"

namespace tote {
namespace {

// The index is what the caller needs most: it comes first, and the last fact goes when there are too many.
Facts with_index(std::size_t index, const Facts& facts) {
  Facts out{{FactName::index, static_cast<std::int64_t>(index)}};
  for (const Fact& fact : facts) out.add(fact);
  return out;
}

Subject within(std::size_t index, const Subject& of_part) {
  if (of_part.empty()) return {};
  return {"/commands/" + std::to_string(index) + of_part.pointer, of_part.id};
}

}  // namespace

void Composite::entities(std::vector<EntityRef>& out) const {
  for (const PartPtr& part : parts_) part->entities(out);
}

Verdict Composite::run(Transaction& on) const {
  if (parts_.empty() || parts_.size() > parts_max) return {Code::invalid_request};
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    const Verdict verdict = parts_[i]->run(on);
    if (verdict.refused()) return {verdict.code, with_index(i, verdict.facts), within(i, verdict.subject)};
  }
  return {};
}

void Composite::answer(Transaction& on, std::string& out) const {
  std::vector<std::string> answers(parts_.size());
  std::vector<transaction::Result> results;
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    const EntityRef about = parts_[i]->about();
    const AnyEntity* entity = on.look(about);
    if (entity == nullptr) continue;
    parts_[i]->answer(*entity, answers[i]);
    results.push_back({{}, about.kind, about.id, entity->version, answers[i]});
  }
  transaction::write_results(results, out);
}

void Composite::digest(std::string& out) const {
  out.append("composite ");
  for (const PartPtr& part : parts_) {
    part->digest(out);
    out.push_back('\0');
  }
}

Command composite_command(std::vector<PartPtr> parts) {
  return Command(ScriptPtr(std::make_unique<Composite>(std::move(parts))));
}

}  // namespace tote
