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
  Story(const Kinds& kinds, const ExplainArguments& arguments, const Address& address)
      : kinds_(kinds), arguments_(arguments), it_{arguments.tenant, find_kind(kinds, address.kind), address.id, {}} {
    it_.entity = it_.kind->make();
  }

  // False: the story ends here.
  bool take(Lsn lsn, const wal::Record& record) {
    if (arguments_.at && lsn.value > *arguments_.at) return false;
    for (const auto& change : record.changes) {
      if (!it_.is_changed_by(record, change)) continue;
      if (const auto found = replay(*it_.entity, lsn, change); !found.is_none()) {
        contradicted_ = lsn;
        began_before_ = it_.entity->version == Version{} && change.version != Version{1};
        problem_ = address_of(kinds_, change.kind, change.entity) + " " + found.text();
        return false;
      }
      tell(lsn, record, change);
    }
    return true;
  }

  // Throws Failure when the log, whose first record is that one, contradicts itself, or has nothing to tell.
  void check_end(Lsn first) const {
    if (began_before_ && first > Lsn{1}) throw Failure(arguments_.entity + " began before: " + sentence_of_gone(first));
    if (!problem_.empty()) throw Failure(sentence_of({contradicted_, problem_}));
    if (it_.entity->version == Version{}) throw Failure(arguments_.entity + " has no record in this log");
  }

 private:
  void tell(Lsn lsn, const wal::Record& record, const wal::Change& change) {
    line_ = "v" + std::to_string(change.version.value) + "  lsn=" + std::to_string(lsn.value) + "  " +
            time_text(record.time) + "  ";
    append_events(kinds_, change, line_);
    line_ += "\n      now    ";
    answer_.clear();
    it_.entity->answer({}, answer_);
    TextFields fields(line_);
    it_.kind->describe_answer(it_.id, answer_, fields);
    line_ += "\n      cause  " + cause(record);
    for (const auto& other : record.changes) {
      if (it_.is_changed_by(record, other)) continue;
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
    if (!record.actor.empty()) text.append(" by ").append(record.actor);
    const bool is_addressed = record.kind == it_.kind->id() && record.entity == it_.id;
    if (!is_addressed) text += ", to " + address_of(kinds_, record.kind, record.entity);
    return text + ", " + name_of(kinds_, record.code);
  }

  const Kinds& kinds_;
  const ExplainArguments& arguments_;
  Inhabitant it_;
  std::string line_, answer_;
  Lsn contradicted_{};
  bool began_before_ = false;
  std::string problem_;
};

}  // namespace

int explain(const ExplainArguments& arguments, const Kinds& kinds) {
  Story story(kinds, arguments, address_in(kinds, "ENTITY", arguments.entity));
  const auto log = open_log(arguments.directory, arguments.archive);
  each_record(*log, kinds, log->first(), "read",
              [&](Lsn lsn, const wal::Record& record) { return story.take(lsn, record); });
  story.check_end(log->first());
  return exit_ok;
}

}  // namespace tote::cli
