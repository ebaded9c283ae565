// `tote projection verify | rebuild`: the tables in PostgreSQL, compared with the log or made anew.
#include <cstdio>

#include "adapters/cli/commands.h"
#include "adapters/cli/errors.h"
#include "adapters/cli/kinds.h"
#include "adapters/cli/log_file.h"
#include "adapters/cli/progress.h"
#include "adapters/cli/text.h"
#include "adapters/postgres/maintenance.h"

namespace tote::cli {
namespace {

constexpr const char* schema = "tote";

// Throws when it is damaged, before anything is compared or written.
std::unique_ptr<wal::Log> checked_log(const std::string& directory, const Kinds& kinds) {
  auto log = open_log(directory);
  each_record(*log, kinds, log->first(), "checked", [](Lsn, const wal::Record&) { return true; });
  return log;
}

template <class Work>
int with_postgres(const ProjectionArguments& arguments, const Work& work) {
  if (arguments.postgres.empty()) throw UsageError("--postgres URI is missing");
  try {
    return work();
  } catch (const postgres::Error& error) {
    throw Failure(std::string("PostgreSQL: ") + error.what());
  }
}

}  // namespace

int verify_projection(const ProjectionArguments& arguments, const Kinds& kinds) {
  return with_postgres(arguments, [&] {
    postgres::Snapshot snapshot(arguments.postgres, schema);
    const auto log = checked_log(arguments.directory, kinds);
    Progress progress("compared");
    const auto verification = snapshot.compare(
        *log, kinds, [](const std::string& line) { std::puts(line.c_str()); },
        [&progress](Lsn at, Lsn last) { progress.at(at.value, last.value); });
    std::printf("%s rows as of LSN %s, %s differences\n", grouped(verification.rows).c_str(),
                grouped(verification.cursor.value).c_str(), grouped(verification.differences).c_str());
    return verification.differences == 0 ? exit_ok : exit_failure;
  });
}

int rebuild_projection(const ProjectionArguments& arguments, const Kinds& kinds) {
  return with_postgres(arguments, [&] {
    const auto log = checked_log(arguments.directory, kinds);
    Progress progress("written");
    const std::uint64_t rows = postgres::rebuild(*log, kinds, arguments.postgres, schema,
                                                 [&progress](Lsn at, Lsn last) { progress.at(at.value, last.value); });
    std::printf("%s rows written\n", grouped(rows).c_str());
    return exit_ok;
  });
}

}  // namespace tote::cli
