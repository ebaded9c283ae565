// What a server tells of itself on stderr: a line an entry, for people or for programs.
#include <doctest/doctest.h>
#include <signal.h>

#include <boost/json.hpp>
#include <string>

#include "tests/cli/program.h"

using namespace tote::cli::test;
namespace json = boost::json;

TEST_CASE("with --log-format json each line that a server tells is an object") {
  const TempDirectory directory;
  Server server(directory.file("data"), {"--log-format", "json", "--log-level", "debug"});
  REQUIRE(server.ready());
  CHECK(request(server.port(), "GET", "/v1/wallets/%22%5C%0A").status == 400);
  server.child().signal(SIGTERM);
  CHECK(server.child().wait() == 0);
  bool has_stopped = false, has_refused = false;
  for (const auto& line : lines_of(server.child().err())) {
    const json::object entry = json::parse(line).as_object();
    CHECK(entry.size() == 3);
    CHECK(entry.at("time").as_string().ends_with("Z"));
    const std::string level(entry.at("level").as_string()), message(entry.at("message").as_string());
    if (level == "info" && message.starts_with("http: stopped listening on 127.0.0.1:")) has_stopped = true;
    if (level == "debug" && message.starts_with("http: GET /v1/wallets/%22%5C%0A 400 in ")) has_refused = true;
  }
  CHECK(has_stopped);
  CHECK(has_refused);
}

TEST_CASE("an unknown log format is refused") {
  const auto refused = run_tote({"serve", "--log-format", "xml"});
  CHECK(refused.code == 2);
  CHECK(refused.err == "tote: --log-format: must be text or json, not \"xml\"\n");
}
