// What a server tells of itself on stderr: a line an entry, for people or for programs.
#include "adapters/cli/log_lines.h"

#include <doctest/doctest.h>
#include <signal.h>
#include <spdlog/details/log_msg.h>

#include <algorithm>
#include <boost/json.hpp>
#include <string>

#include "tests/cli/program.h"

using namespace tote::cli::test;
using namespace std::string_literals;
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

TEST_CASE("whatever is told, a line is one line: JSON that parses, or text that no terminal obeys") {
  const auto line = [](const std::string& format, const std::string& told) {
    spdlog::memory_buf_t out;
    const auto formatter = tote::cli::log_lines(format);
    formatter->format({"tote", spdlog::level::warn, told}, out);
    return std::string(out.data(), out.size());
  };
  std::string every;
  for (int byte = 0; byte < 256; ++byte) every += static_cast<char>(byte);
  for (const std::string& told :
       {every, std::string("\xc3"), std::string("a\xff\xfe\xed\xa0\x80z"), "kept: \xc3\xa9 \"\\"s}) {
    const std::string entry = line("json", told);
    CHECK(std::count(entry.begin(), entry.end(), '\n') == 1);
    CHECK(json::parse(entry).as_object().size() == 3);  // invalid UTF-8 is an error here
  }
  CHECK(contains(line("json", "kept: \xc3\xa9 \"\\"), "\"kept: \xc3\xa9 \\\"\\\\\""));
  const std::string text = line("text", "a\x1b[2J\x07\r\n  b\x7f\tc\xc3\xa9");
  CHECK(contains(text, "a\\x1b[2J\\x07 b\\x7f\tc\xc3\xa9\n"));
}
