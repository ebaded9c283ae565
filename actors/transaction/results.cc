#include "actors/transaction/results.h"

namespace tote::transaction {
namespace {

class TransactionKind final : public Kind {
 public:
  KindId id() const override { return kind_id; }
  std::string_view name() const override { return "transaction"; }
  std::unique_ptr<AnyEntity> make() const override { return nullptr; }
  bool digest(CommandRef, std::string&) const override { return false; }
  bool is_active() const override { return false; }
  bool remembers_refusals() const override { return false; }
  ScriptPtr report(std::string_view, std::string_view, CommandRef) const override { return nullptr; }
  bool describe_events(std::string_view, Fields&) const override { return false; }

  // The entities and their versions; the door, which knows all kinds, shows their answers.
  bool describe_answer(std::string_view, std::string_view answer, Fields& fields) const override {
    std::vector<Result> results;
    if (!read_results(answer, results)) return false;
    fields.begin_list("results");
    for (const Result& result : results) {
      fields.begin({});
      fields.text("id", result.entity);
      fields.integer("version", static_cast<std::int64_t>(result.version.value));
      fields.end();
    }
    fields.end_list();
    return true;
  }
};

}  // namespace

std::shared_ptr<const Kind> kind() { return std::make_shared<TransactionKind>(); }

}  // namespace tote::transaction
