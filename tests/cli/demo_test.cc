// Every line that `tote demo` prints works as pasted, and does what the comment above it says.
#include <doctest/doctest.h>
#include <signal.h>

#include <cstdlib>
#include <filesystem>

#include "tests/cli/program.h"

using namespace tote::cli::test;

namespace {

struct Pasted {
  int expected = 0;  // by the comment
  std::string line;
};

std::vector<Pasted> pasted_of(const std::string& printed) {
  std::vector<Pasted> all;
  int expected = 0;
  for (const auto& line : lines_of(printed)) {
    if (line.starts_with("# ")) expected = std::atoi(line.c_str() + 2);
    if (line.starts_with("curl ")) all.push_back({expected, line});
  }
  return all;
}

}  // namespace

TEST_CASE("demo: its lines, pasted in order") {
  const TempDirectory directory;
  Child demo(TOTE_PROGRAM, {"demo"}, "/", {{"TMPDIR", directory.path()}});
  REQUIRE_MESSAGE(demo.wait_for_line("READY"), demo.err());
  std::vector<int> statuses;
  std::vector<std::string> answers;
  for (const auto& pasted : pasted_of(demo.out())) {
    Child shell("/bin/bash", {"-c", pasted.line}, "/");
    CHECK(shell.wait() == 0);
    answers.push_back(shell.out());
    statuses.push_back(shell.out().starts_with("HTTP/1.1 ") ? std::atoi(shell.out().c_str() + 9) : 0);
    CHECK_MESSAGE(statuses.back() == pasted.expected, pasted.line);
  }
  CHECK(statuses == std::vector<int>{200, 200, 200, 422, 412, 402, 201, 402, 200, 200});
  REQUIRE(answers.size() == 10);
  CHECK(contains(answers[1], R"("balance":700,)"));
  CHECK(contains(answers[2], "Idempotent-Replayed: true"));
  CHECK(contains(answers[2], R"("balance":700,)"));
  CHECK(contains(answers[6], R"("available":200,)"));
  CHECK(contains(answers[8], R"("balance":250,)"));
  CHECK(contains(answers[9], "insufficient_funds"));
  demo.signal(SIGINT);
  CHECK(demo.wait(5) == 0);
  CHECK(std::filesystem::is_empty(directory.path()));
}
