#include "actors/transaction/batch_record.h"

#include "engine/kernel/script.h"

namespace tote::transaction {
namespace {

class Keep final : public Script {
 public:
  explicit Keep(const BatchRecord& batch) { write_batch(batch, answer_); }

  void entities(std::vector<EntityRef>&) const override {}
  Verdict run(Transaction&) const override { return {}; }
  void answer(Transaction&, std::string& out) const override { out += answer_; }
  void digest(std::string& out) const override { out += answer_; }

 private:
  std::string answer_;
};

}  // namespace

Command batch_command(const BatchRecord& batch) { return Command(ScriptPtr(std::make_unique<Keep>(batch))); }

}  // namespace tote::transaction
