// Every line that `tote demo` prints works as pasted, and does what the comment above it says.
#include <doctest/doctest.h>
#include <signal.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "tests/cli/program.h"
#include "tests/places.h"
#include "tests/postgres/cluster.h"

using namespace tote::cli::test;

namespace {

struct Pasted {
  int expected = 0;  // by the comment; psql has no status
  std::string line;
};

std::vector<Pasted> pasted_of(const std::string& printed) {
  std::vector<Pasted> all;
  int expected = 0;
  for (const auto& line : lines_of(printed)) {
    if (line.starts_with("# ")) expected = std::atoi(line.c_str() + 2);
    if (line.starts_with("curl ") || line.starts_with("for ") || line.starts_with("psql "))
      all.push_back({expected, line});
  }
  return all;
}

std::string paste(const std::string& line, const std::string& postgres = {}) {
  Child shell("/bin/bash", {"-c", line}, "/", {{"TOTE_POSTGRES", postgres}});
  CHECK_MESSAGE(shell.wait() == 0, shell.err());
  return shell.out();
}

std::size_t count_of(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

// The order is still pending, one of the two charges isn't there yet, or one of the four refunds.
bool is_not_yet(const std::string& line, const std::string& answer) {
  if (line.ends_with("/v1/orders/o1")) return contains(answer, R"("status":"pending")");
  if (line.ends_with("/v1/matches/fri")) return !contains(answer, R"("taken":1,)");
  if (line.ends_with("/v1/refunds?status=succeeded")) return count_of(answer, R"("status":"succeeded")") < 4;
  if (line.ends_with("/charges"))
    return !contains(answer, R"("amount":500,)") || !contains(answer, R"("amount":1500,)");
  return false;
}

// "A moment later" is up to the machine.
std::string paste_until_there(const std::string& line, const std::string& postgres = {}) {
  std::string answer = paste(line, postgres);
  for (int i = 0; i < 100 && is_not_yet(line, answer); ++i) answer = paste(line, postgres);
  return answer;
}

// All lines of a demo with a database, and what those say that are there with one only.
void check_tables(Child& demo, const std::string& postgres) {
  std::vector<std::string> answers;
  for (const auto& pasted : pasted_of(demo.out())) answers.push_back(paste_until_there(pasted.line, postgres));
  REQUIRE(answers.size() == 29);
  CHECK(answers[25].starts_with("HTTP/1.1 200"));
  CHECK(contains(answers[25], R"("connected":true)"));
  CHECK(contains(answers[26], "     150 |       6 | "));
  CHECK(contains(answers[27], "| captured |   -450 |     250 | h1        | capture-1"));
  CHECK(contains(answers[27], "(4 rows)"));
  CHECK(contains(answers[28], " | thu   |        18 |    8000 | EUR"));
  demo.signal(SIGINT);
  CHECK(demo.wait(5) == 0);
}

}  // namespace

TEST_CASE("demo: its lines, pasted in order") {
  const TempDirectory directory;
  Child demo(::tests::program(), {"demo"}, "/", {{"TMPDIR", directory.path()}});
  REQUIRE_MESSAGE(demo.wait_for_line("READY"), demo.err());
  CHECK(lines_of(demo.out()).front().starts_with("# The console: http://127.0.0.1:"));
  CHECK(lines_of(demo.out()).front().ends_with("/console"));
  std::vector<int> statuses;
  std::vector<std::string> answers;
  for (const auto& pasted : pasted_of(demo.out())) {
    answers.push_back(paste_until_there(pasted.line));
    if (pasted.line.starts_with("for ")) {
      statuses.push_back(pasted.expected);
      continue;
    }
    statuses.push_back(answers.back().starts_with("HTTP/1.1 ") ? std::atoi(answers.back().c_str() + 9) : 0);
    CHECK_MESSAGE(statuses.back() == pasted.expected, pasted.line);
  }
  CHECK(statuses == std::vector<int>{200, 200, 200, 422, 412, 402, 201, 402, 200, 200, 200, 409, 201,
                                     200, 202, 200, 202, 200, 200, 200, 200, 200, 200, 200, 200});
  REQUIRE(answers.size() == 25);
  CHECK(contains(answers[1], R"("balance":700,)"));
  CHECK(contains(answers[2], "Idempotent-Replayed: true"));
  CHECK(contains(answers[2], R"("balance":700,)"));
  CHECK(contains(answers[6], R"("available":200,)"));
  CHECK(contains(answers[8], R"("balance":250,)"));
  CHECK(contains(answers[9], "insufficient_funds"));
  CHECK(contains(answers[10], R"("balance":150,)"));
  CHECK(contains(answers[10], R"("balance":350,)"));
  CHECK(contains(answers[11], "out_of_stock"));
  CHECK(contains(answers[11], R"("index":2)"));
  auto raced = lines_of(answers[12]);
  std::ranges::sort(raced);
  CHECK(raced == std::vector<std::string>{"201", "409", "409", "409", "409", "409", "409", "409"});
  CHECK(contains(answers[13], R"("taken":17,"free":0)"));
  CHECK(contains(answers[14], R"("status":"waitlisted","position":1)"));
  CHECK(contains(answers[17], R"("status":"confirmed")"));
  CHECK(contains(answers[18], R"("amount":500,)"));
  CHECK(contains(answers[18], R"("amount":1500,)"));
  CHECK(lines_of(answers[19]) == std::vector<std::string>(5, "200"));
  CHECK(contains(answers[20], R"("taken":1,"free":0)"));
  CHECK(count_of(answers[21], R"("status":"succeeded")") == 4);
  CHECK(contains(answers[22], "200 200\n"));
  CHECK(lines_of(answers[22]).size() == 1);
  CHECK(contains(answers[23], R"("balance":3000,)"));
  CHECK(contains(answers[24], R"("name":"Sport 1")"));
  demo.signal(SIGINT);
  CHECK(demo.wait(5) == 0);
  CHECK(std::filesystem::is_empty(directory.path()));
}

TEST_CASE("demo --tour: runs its lines, over a kill of its server, and says at once what isn't as expected") {
  const TempDirectory directory;
  Child tour(::tests::program(), {"demo", "--tour"}, "/", {{"TMPDIR", directory.path()}});
  REQUIRE_MESSAGE(tour.wait(60) == 0, tour.out());
  const std::string told = tour.out();
  CHECK(count_of(told, "\n# ") == 28);  // 25 lines, the kill, two after it
  CHECK(count_of(told, "\n$ kill -9 ") == 1);
  CHECK(count_of(told, "\n$ curl ") + count_of(told, "\n$ for ") == 27);
  // Order 17 is asked for three times, the third one after the kill: one body.
  const std::string body = R"({"id":"alice","currency":"EUR","balance":700,"held":0,"available":700,"version":3,)";
  CHECK(count_of(told, body) == 3);
  CHECK(count_of(told, "\nIdempotent-Replayed: true") == 2);
  CHECK(told.ends_with("(--postgres).\n"));
  CHECK(std::filesystem::is_empty(directory.path()));
}

TEST_CASE("demo --tour: an interrupt ends it, and leaves nothing behind") {
  const TempDirectory directory;
  Child tour(::tests::program(), {"demo", "--tour"}, "/", {{"TMPDIR", directory.path()}});
  REQUIRE(tour.wait_for_line("# 200: she pays 300 for order 17."));
  tour.signal(SIGINT);
  CHECK(tour.wait(20) == 1);
  CHECK(std::filesystem::is_empty(directory.path()));
}

TEST_CASE("demo --postgres: the tables, in a schema of its own, as often as one likes") {
  const tests::Cluster cluster;
  cluster.script("CREATE SCHEMA tote; CREATE TABLE tote.wallets (id text); INSERT INTO tote.wallets VALUES ('mine')");
  Child first(::tests::program(), {"demo", "--postgres", cluster.uri()}, "/");
  REQUIRE_MESSAGE(first.wait_for_line("READY"), first.err());
  CHECK(contains(first.out(), "schema tote_demo"));
  check_tables(first, {});

  // Again, with a password, which isn't told.
  std::string uri = cluster.uri();
  uri.insert(uri.find('@'), ":wonder");
  Child second(::tests::program(), {"demo", "--postgres", uri}, "/");
  REQUIRE_MESSAGE(second.wait_for_line("READY"), second.err());
  CHECK_FALSE(contains(second.out(), "wonder"));
  check_tables(second, uri);

  CHECK(cluster.ask("SELECT string_agg(id, ',') FROM tote.wallets") == "mine");
  CHECK(cluster.ask("SELECT count(*) FROM pg_tables WHERE schemaname = 'tote'") == "1");
}

TEST_CASE("demo --postgres: no database is said at once") {
  const auto none = run_tote({"demo", "--postgres", "postgresql://127.0.0.1:1/none"});
  CHECK(none.code == 1);
  CHECK(none.err.starts_with("tote: PostgreSQL: "));
  CHECK(run_tote({"demo", "--postgres", "postgresql://%zz"}).code == 2);
}
