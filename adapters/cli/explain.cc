// `tote explain`: how one entity came to be, change by change, and why.
#include <cstdio>
#include <optional>

#include "adapters/cli/address.h"
#include "adapters/cli/commands.h"
#include "adapters/cli/errors.h"
#include "adapters/cli/kinds.h"
#include "adapters/cli/log_file.h"
#include "adapters/cli/record_lines.h"
#include "adapters/cli/text.h"
#include "engine/kernel/kinds.h"
#include "engine/world.h"

namespace tote::cli {
namespace {

// The entity's own life, and beside each change what else its record did.
class Story {
 public:
  Story(const Kinds& kinds, const ExplainArguments& arguments, Address address)
      : kinds_(kinds), arguments_(arguments), address_(std::move(address)), kind_(find_kind(kinds, address_.kind)) {
    entity_ = kind_->make();
  }

  bool take(Lsn lsn, const wal::Record& record) {
    if (arguments_.at && lsn.value > *arguments_.at) return false;
    if (record.tenant != arguments_.tenant) return true;
    for (const auto& change : record.changes)
      if (is_it(change)) tell(lsn, record, change);
    return true;
  }

  bool is_empty() const { return entity_->version == Version{}; }

 private:
  bool is_it(const wal::Change& change) const { return change.kind == address_.kind && change.entity == address_.id; }

  void tell(Lsn lsn, const wal::Record& record, const wal::Change& change) {
    entity_->replay(change.events);
    entity_->version = change.version;
    line_ = "v" + std::to_string(change.version.value) + "  lsn=" + std::to_string(lsn.value) + "  " +
            time_text(record.time) + "  ";
    append_events(kinds_, change, line_);
    line_ += "\n      now    ";
    answer_.clear();
    entity_->answer({}, answer_);
    TextFields fields(line_);
    kind_->describe_answer(address_.id, answer_, fields);
    line_ += "\n      cause  " + cause(record);
    for (const auto& other : record.changes) {
      if (is_it(other)) continue;
      line_ += "\n      with   " + address_of(kinds_, other.kind, other.entity) + " v" +
               std::to_string(other.version.value) + " ";
      append_events(kinds_, other, line_);
    }
    std::puts(line_.c_str());
  }

  // A record without a key was made by a request that gave none, by time, or by what an entity wanted done.
  std::string cause(const wal::Record& record) const {
    std::string text;
    if (!record.key.empty())
      text = "request with key " + std::string(record.key);
    else if (record.answer.empty())
      text = "time, or a follow-up of the engine";
    else
      text = "request without a key";
    const bool is_addressed = record.kind == address_.kind && record.entity == address_.id;
    if (!is_addressed) text += ", to " + address_of(kinds_, record.kind, record.entity);
    return text + ", " + name_of(kinds_, record.code);
  }

  const Kinds& kinds_;
  const ExplainArguments& arguments_;
  const Address address_;
  const Kind* const kind_;
  std::unique_ptr<AnyEntity> entity_;
  std::string line_, answer_;
};

}  // namespace

int explain(const ExplainArguments& arguments, const Kinds& kinds) {
  Story story(kinds, arguments, address_in(kinds, "ENTITY", arguments.entity));
  const auto log = open_log(arguments.directory);
  each_record(*log, kinds, log->first(), "read",
              [&](Lsn lsn, const wal::Record& record) { return story.take(lsn, record); });
  if (story.is_empty()) throw Failure(arguments.entity + " has no record in this log");
  return exit_ok;
}

}  // namespace tote::cli
