// POST /v1/batch: many commands in one request, each as if it had come alone.
#include <doctest/doctest.h>

#include <boost/json.hpp>
#include <string>
#include <vector>

#include "tests/http/client.h"
#include "tests/http/running_server.h"

using namespace tests::http;
namespace json = boost::json;

namespace {

struct Fixture {
  TempDirectory directory;
  RunningServer server{directory.path()};
  Client client{server.port()};

  Fixture() {
    for (const char* wallet : {"alice", "bob"})
      REQUIRE(client.ask("PUT", std::string("/v1/wallets/") + wallet, R"({"currency":"EUR"})").status == 201);
  }

  std::vector<json::value> batch(const std::string& body, const HeaderList& headers = {}) {
    const Response response = client.ask("POST", "/v1/batch", body, headers);
    REQUIRE_MESSAGE(response.status == 200, response.body);
    CHECK(response.header("Content-Type") == "application/x-ndjson");
    std::vector<json::value> lines;
    for (std::size_t at = 0; at < response.body.size();) {
      const auto end = response.body.find('\n', at);
      lines.push_back(json::parse(response.body.substr(at, end - at)));
      at = end + 1;
    }
    return lines;
  }
  std::int64_t balance(const std::string& wallet) {
    return json::parse(client.get("/v1/wallets/" + wallet).body).at("balance").as_int64();
  }
};

std::int64_t status(const json::value& line) { return line.at("status").as_int64(); }
std::string code(const json::value& line) { return std::string(line.at("body").at("code").as_string()); }

}  // namespace

TEST_CASE_FIXTURE(Fixture, "batch: every kind of command, in order, each with its own answer") {
  const auto lines = batch(R"({"wallet":"alice","credit":100}
{"wallet":"alice","debit":30,"reference":"order-1"}
{"wallet":"alice","debit":3000}
{"wallet":"alice","hold":"h1","amount":10}
{"from":"alice","to":"bob","amount":5}
{"commands":[{"wallet":"alice","debit":1},{"wallet":"bob","credit":1}]}
{"order":"o1","lines":[{"item":"none","quantity":1}],"pay":{"wallet":"alice","amount":1}}
{"match":"none","book":"alice"}
)");
  REQUIRE(lines.size() == 8);
  CHECK(lines[0].at("body").at("balance").as_int64() == 100);
  CHECK(lines[1].at("body").at("balance").as_int64() == 70);
  CHECK(code(lines[2]) == "insufficient_funds");
  CHECK(status(lines[2]) == 402);
  CHECK(lines[3].at("body").at("held").as_int64() == 10);
  CHECK(lines[4].at("body").at("to").at("balance").as_int64() == 5);
  CHECK(lines[5].at("body").at("results").as_array().size() == 2);
  CHECK(status(lines[6]) == 404);
  CHECK(status(lines[7]) == 404);
  CHECK(balance("alice") == 64);
  CHECK(balance("bob") == 6);
}

TEST_CASE_FIXTURE(Fixture, "batch: lines that can't be understood are answered, the others executed") {
  const auto lines = batch(
      "{\"wallet\":\"alice\",\"credit\":1}\r\n"
      "no json\n\n"
      "{\"wallet\":\"alice\"}\n"
      "{\"wallet\":\"alice\",\"credit\":1,\"debits\":2}\n"
      "{\"wallet\":\"a b\",\"credit\":1}\n"
      "{\"wallet\":\"alice\",\"credit\":1,\"key\":\"two words\"}\n"
      "{\"wallet\":\"alice\",\"credit\":1}");
  REQUIRE(lines.size() == 7);
  CHECK(status(lines[0]) == 200);
  for (int i = 1; i < 6; ++i) CHECK(status(lines[static_cast<std::size_t>(i)]) == 400);
  CHECK(lines[3].at("body").at("pointer").as_string() == "/debits");
  CHECK(code(lines[4]) == "invalid_id");
  CHECK(code(lines[5]) == "idempotency_key_invalid");
  CHECK(status(lines[6]) == 200);
  CHECK(balance("alice") == 2);
}

TEST_CASE_FIXTURE(Fixture, "batch: keys of lines, and of the whole: what is sent again is answered again") {
  const std::string body = R"({"wallet":"alice","credit":7,"key":"k1"}
{"wallet":"alice","credit":7,"key":"k1"}
{"wallet":"alice","credit":8,"key":"k1"}
{"wallet":"alice","credit":100}
)";
  const auto first = batch(body, {{"Idempotency-Key", "b1"}});
  REQUIRE(first.size() == 4);
  CHECK(first[1].at("body") == first[0].at("body"));
  CHECK(first[1].at("replayed").as_bool());
  CHECK(code(first[2]) == "idempotency_key_reused");
  CHECK_FALSE(first[3].as_object().contains("replayed"));
  const auto again = batch(body, {{"Idempotency-Key", "b1"}});
  for (std::size_t i : {0, 1, 3}) {
    CHECK(again[i].at("body") == first[i].at("body"));
    CHECK(again[i].at("replayed").as_bool());
  }
  CHECK(balance("alice") == 107);
  CHECK(json::parse(client.get("/v1/outcomes/b1:4").body).at("status").as_int64() == 200);
}

TEST_CASE_FIXTURE(Fixture, "batch: bounds") {
  std::string body;
  for (int i = 0; i < 10'000; ++i) body += "{\"wallet\":\"alice\",\"credit\":1}\n";
  CHECK(batch(body).size() == 10'000);
  CHECK(balance("alice") == 10'000);
  CHECK(client.ask("POST", "/v1/batch", body + "{\"wallet\":\"alice\",\"credit\":1}").status == 400);
  CHECK(client.ask("POST", "/v1/batch", "\n \n").status == 400);
  CHECK(client.ask("POST", "/v1/batch?x=1", body).status == 400);
  CHECK(client.ask("POST", "/v1/batch", body, {{"If-Match", "\"v1\""}}).status == 400);
  CHECK(balance("alice") == 10'000);
  CHECK(client.ask("POST", "/v1/batch", std::string((1 << 20) + 1, ' ')).status == 413);
  // The larger bound is this path's alone.
  Client other(server.port());
  CHECK(other.ask("POST", "/v1/transactions", std::string(100'000, ' ')).status == 413);
}
