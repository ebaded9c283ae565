// `tote replay DIR`: the state as of a record, one entity a line.
#include <cstdio>

#include "adapters/cli/commands.h"
#include "adapters/cli/errors.h"
#include "adapters/cli/kinds.h"
#include "adapters/cli/log_file.h"
#include "adapters/cli/record_lines.h"
#include "adapters/cli/text.h"
#include "adapters/http/json_writer.h"
#include "engine/world.h"

namespace tote::cli {
namespace {

// The id stands before the fields already.
class WithoutId final : public TextFields {
 public:
  using TextFields::TextFields;
  void text(std::string_view name, std::string_view value) override {
    if (name != "id") TextFields::text(name, value);
  }
};

std::string text_line(const Inhabitant& one, const std::string& answer) {
  std::string line = one.tenant + " " + std::string(one.kind->name()) + "/" + one.id;
  line += " v" + std::to_string(one.entity->version.value) + " lsn=" + std::to_string(one.entity->lsn.value);
  WithoutId fields(line);
  one.kind->describe_answer(one.id, answer, fields);
  return line;
}

std::string json_line(const Inhabitant& one, const std::string& answer) {
  std::string line;
  http::append_string(line.append("{\"tenant\":"), one.tenant);
  http::append_string(line.append(",\"kind\":"), one.kind->name());
  append_answer_members(*one.kind, one.id, answer, one.entity->version, one.entity->lsn, line);
  return line + "}";
}

void print(const World& world, bool json) {
  std::string answer;
  for (const auto* one : world.sorted()) {
    answer.clear();
    one->entity->answer({}, answer);
    std::puts((json ? json_line(*one, answer) : text_line(*one, answer)).c_str());
  }
}

}  // namespace

int replay(const ReplayArguments& arguments, const Kinds& kinds) {
  const auto log = open_log(arguments.directory, arguments.archive);
  if (log->first() > Lsn{1}) throw Failure(sentence_of_gone(log->first()) + ": states can't be made of them");
  World world(kinds);
  Lsn last;
  std::string problem;
  each_record(*log, kinds, log->first(), "replayed", [&](Lsn lsn, const wal::Record& record) {
    if (arguments.until && lsn.value > *arguments.until) return false;
    last = lsn;
    problem = world.apply(lsn, record);
    return problem.empty();
  });
  if (!problem.empty()) throw Failure(sentence_of({last, problem}));
  if (arguments.until && last.value < *arguments.until)
    std::fprintf(stderr, "tote: the log ends at LSN %s\n", std::to_string(last.value).c_str());
  print(world, arguments.json);
  return exit_ok;
}

}  // namespace tote::cli
