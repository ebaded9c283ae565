// `tote verify DIR`: is everything in the log sound?
#include <cstdio>

#include "adapters/cli/audit.h"
#include "adapters/cli/commands.h"
#include "adapters/cli/errors.h"
#include "adapters/cli/log_file.h"
#include "adapters/cli/rest_audit.h"
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

template <class Check>
void check_records(wal::Log& log, const Kinds& kinds, Lsn& last, const Check& check) {
  std::string problem;
  each_record(log, kinds, log.first(), "checked", [&](Lsn lsn, const wal::Record& record) {
    last = lsn;
    return (problem = check(lsn, record)).empty();
  });
  if (!problem.empty()) throw Failure(sentence_of({last, problem}));
}

void check_tables(const wal::Log& log) {
  if (const auto damage = log.check_tables(); !damage.detail.empty()) throw Failure(sentence_of(damage));
}

void verify_all(wal::Log& log, const Kinds& kinds) {
  Audit audit(kinds);
  SnapshotCheck snapshot(log.states(), kinds);
  Lsn last;
  check_records(log, kinds, last, [&](Lsn lsn, const wal::Record& record) {
    std::string problem = audit.check(lsn, record);
    return problem.empty() ? snapshot.check(lsn, record, audit.world()) : problem;
  });
  std::string problem = audit.check_end();
  if (problem.empty()) problem = snapshot.check_end();
  if (!problem.empty()) throw Failure(sentence_of({audit.last(), problem}));
  check_tables(log);
  print(audit, snapshot);
}

// The records before are in no archive any more: nothing can be derived from the beginning.
void verify_rest(wal::Log& log, const Kinds& kinds) {
  const auto snapshot = log.states()->snapshot();
  if (!snapshot || snapshot->lsn.next() < log.first())
    throw Failure(sentence_of({log.first(), "neither the archive nor a snapshot has what came before"}));
  RestAudit audit(*log.states(), kinds, log.first());
  Lsn last;
  check_records(log, kinds, last, [&](Lsn lsn, const wal::Record& record) { return audit.check(lsn, record); });
  if (const std::string problem = audit.check_end(); !problem.empty())
    throw Failure(sentence_of({audit.last(), problem}));
  check_tables(log);
  std::printf("records   %s, from LSN %s to %s\n", grouped(audit.records()).c_str(), grouped(log.first().value).c_str(),
              grouped(audit.last().value).c_str());
  std::printf("entities  %s\n", grouped(audit.entities()).c_str());
  std::printf("keys      %s\n", grouped(audit.keys()).c_str());
  std::printf("snapshot  LSN %s\n", grouped(snapshot->lsn.value).c_str());
  std::puts(
      "before    in no archive here: states are taken from the snapshot, and no books are made from the beginning");
}

}  // namespace

int verify(const VerifyArguments& arguments, const Kinds& kinds) {
  const auto log = open_log(arguments.directory, arguments.archive);
  if (log->first() > Lsn{1} && log->states() != nullptr)
    verify_rest(*log, kinds);
  else
    verify_all(*log, kinds);
  std::puts("sound");
  return exit_ok;
}

}  // namespace tote::cli
