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

postgres::LogSource source_of(const wal::Log& log) {
  return {
      log.id(), [&log] { return log.durable(); },
      [&log](Lsn from, Lsn to, const Engine::RecordVisit& visit) { return log.read(from, to, visit).detail.empty(); }};
}

// Opens the log, says what can't be done without it, and turns what PostgreSQL says into a Failure.
template <class Work>
int with_log(const ProjectionArguments& arguments, const Work& work) {
  if (arguments.postgres.empty()) throw UsageError("--postgres URI is missing");
  const auto log = open_log(arguments.directory);
  each_record(*log, Lsn{1}, "checked", [](Lsn, const wal::Record&) { return true; });
  try {
    return work(source_of(*log));
  } catch (const postgres::Error& error) {
    throw Failure(std::string("PostgreSQL: ") + error.what());
  }
}

}  // namespace

int verify_projection(const ProjectionArguments& arguments) {
  return with_log(arguments, [&](const postgres::LogSource& log) {
    Progress progress("compared");
    const auto verification = postgres::verify(
        log, kinds(), arguments.postgres, schema, [](const std::string& line) { std::puts(line.c_str()); },
        [&progress](Lsn at, Lsn last) { progress.at(at.value, last.value); });
    std::printf("%s rows as of LSN %s, %s differences\n", grouped(verification.rows).c_str(),
                grouped(verification.cursor.value).c_str(), grouped(verification.differences).c_str());
    return verification.differences == 0 ? exit_ok : exit_failure;
  });
}

int rebuild_projection(const ProjectionArguments& arguments) {
  return with_log(arguments, [&](const postgres::LogSource& log) {
    Progress progress("written");
    const std::uint64_t rows = postgres::rebuild(log, kinds(), arguments.postgres, schema,
                                                 [&progress](Lsn at, Lsn last) { progress.at(at.value, last.value); });
    std::printf("%s rows written\n", grouped(rows).c_str());
    return exit_ok;
  });
}

}  // namespace tote::cli
