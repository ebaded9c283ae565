// A log with kinds or codes that this program doesn't know is no damaged log.
#include <doctest/doctest.h>

#include "tests/cli/program.h"
#include "tests/cli/records.h"
#include "wal/log.h"

using namespace tote;
using namespace tote::cli::test;

namespace {

// A log with one record of an embedding program's kind, or with a code of it.
void write_foreign(const std::string& directory, KindId kind, Code code) {
  auto opened = wal::Log::open({.directory = directory, .disk_free_bytes_min = 0});
  auto& log = std::get<std::unique_ptr<wal::Log>>(opened);
  REQUIRE(log->replay(Lsn{1}, [](Lsn, const wal::Record&) { return true; }).is_none());
  log->start();
  const wal::Change change{kind, "g1", Version{1}, {}};
  wal::Record record{.time = Time{1}, .kind = kind, .entity = "g1", .version = Version{1}};
  if (code == Code::ok) record.changes = {&change, 1};
  if (code != Code::ok) record.version = {};
  record.key = "k1";
  record.code = code;
  log->append(record);
  log->close();
}

void every_command_exits_3(const std::string& data, const std::string& why) {
  for (const Child::Arguments& arguments :
       std::vector<Child::Arguments>{{"verify", data},
                                     {"log", "--data", data},
                                     {"replay", data},
                                     {"serve", "--data", data, "--listen", "127.0.0.1:0"}}) {
    CAPTURE(arguments[0]);
    const auto refused = run_tote(arguments);
    CHECK(refused.code == 3);
    CHECK(contains(refused.err, "tote: LSN 1 has " + why));
    CHECK(contains(refused.err, "this program doesn't know"));
    CHECK_FALSE(contains(refused.err, "damaged"));
  }
}

}  // namespace

TEST_CASE("unknown kind: verify, log, replay and serve say so, and exit with 3") {
  const TempDirectory directory;
  write_foreign(directory.file("data"), 1'042, Code::ok);
  every_command_exits_3(directory.file("data"), "an entity of the kind 1042");
}

TEST_CASE("unknown code: verify, log, replay and serve say so, and exit with 3") {
  const TempDirectory directory;
  write_foreign(directory.file("data"), Wallet::kind_id, user_code(40'007));
  every_command_exits_3(directory.file("data"), "the code 40007");
}
