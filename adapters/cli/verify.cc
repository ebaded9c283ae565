// `tote verify DIR`: is everything in the log sound?
#include <cstdio>

#include "adapters/cli/audit.h"
#include "adapters/cli/commands.h"
#include "adapters/cli/errors.h"
#include "adapters/cli/log_file.h"
#include "adapters/cli/snapshot_check.h"
#include "adapters/cli/text.h"

namespace tote::cli {
namespace {

void print(const Audit& audit, const SnapshotCheck& snapshot) {
  std::printf("records   %s, last LSN %s\n", grouped(audit.records()).c_str(), grouped(audit.last().value).c_str());
  std::printf("entities  %s\n", grouped(audit.world().size()).c_str());
  std::printf("keys      %s\n", grouped(audit.keys()).c_str());
  if (snapshot.rows() > 0)
    std::printf("snapshot  LSN %s, %s rows\n", grouped(snapshot.snapshot().value).c_str(),
                grouped(snapshot.rows()).c_str());
  for (const auto& [name, figures] : audit.lines()) std::printf("%-9s %s\n", name.c_str(), figures.c_str());
}

}  // namespace

int verify(const VerifyArguments& arguments, const Kinds& kinds) {
  const auto log = open_log(arguments.directory, arguments.archive);
  Audit audit(kinds);
  SnapshotCheck snapshot(log->states(), kinds);
  std::string problem;
  each_record(*log, kinds, log->first(), "checked", [&](Lsn lsn, const wal::Record& record) {
    problem = audit.check(lsn, record);
    if (problem.empty()) problem = snapshot.check(lsn, record, audit.world());
    return problem.empty();
  });
  if (problem.empty()) problem = audit.check_end();
  if (problem.empty()) problem = snapshot.check_end();
  if (!problem.empty()) throw Failure(sentence_of({audit.last(), problem}));
  if (const auto damage = log->check_tables(); !damage.detail.empty()) throw Failure(sentence_of(damage));
  print(audit, snapshot);
  std::puts("sound");
  return exit_ok;
}

}  // namespace tote::cli
