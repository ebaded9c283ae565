// The rows of API.md's wallet table, and every 4xx that a wallet's client can meet.
#include <doctest/doctest.h>

#include <boost/json.hpp>

#include "tests/http/api_words.h"
#include "tests/http/running_server.h"

using namespace tests::http;
namespace json = boost::json;

namespace {

struct WalletFixture {
  TempDirectory directory;
  RunningServer server{directory.path()};
  Client client{server.port()};

  Response post(const std::string& target, std::string_view body, const HeaderList& headers = {}) {
    return client.ask("POST", target, body, headers);
  }
  void open(const std::string& id, std::string_view body = R"({"currency":"EUR"})") {
    REQUIRE(client.ask("PUT", "/v1/wallets/" + id, body).status == 201);
  }
};

}  // namespace

TEST_CASE_FIXTURE(WalletFixture, "PUT opens a wallet once, confirms the same settings, refuses others") {
  const auto first = client.ask("PUT", "/v1/wallets/alice", R"({"currency":"EUR"})");
  CHECK(first.status == 201);
  CHECK(first.body == R"({"id":"alice","currency":"EUR","balance":0,"held":0,"available":0,"version":1,"lsn":1})");
  CHECK(first.header("ETag") == "\"v1\"");
  CHECK(first.header("Tote-Lsn") == "1");
  CHECK(first.header("Content-Type") == "application/json");
  CHECK(first.has("Date"));
  const auto again = client.ask("PUT", "/v1/wallets/alice", R"({"currency":"EUR","overdraft_limit":0})");
  CHECK(again.status == 200);
  CHECK(number(again, "version") == 1);
  CHECK(code_of(client.ask("PUT", "/v1/wallets/alice", R"({"currency":"USD"})")) == "already_exists");
  CHECK(code_of(client.ask("PUT", "/v1/wallets/alice", R"({"currency":"EUR","overdraft_limit":1})")) ==
        "already_exists");
}

TEST_CASE_FIXTURE(WalletFixture, "credits and debits move money, and never more than is available") {
  open("alice", R"({"currency":"EUR","overdraft_limit":100})");
  CHECK(post("/v1/wallets/alice/credits", R"({"amount":1000,"reference":"topup-1"})").status == 200);
  const auto debit = post("/v1/wallets/alice/debits", R"({"amount":1050})");
  CHECK(debit.status == 200);
  CHECK(number(debit, "balance") == -50);
  CHECK(number(debit, "available") == 50);
  const auto refused = post("/v1/wallets/alice/debits", R"({"amount":51})");
  CHECK(refused.status == 402);
  CHECK(code_of(refused) == "insufficient_funds");
  CHECK(number(refused, "available") == 50);
  CHECK(number(refused, "requested") == 51);
  CHECK(code_of(post("/v1/wallets/bob/debits", R"({"amount":1})")) == "not_found");
  CHECK(code_of(client.get("/v1/wallets/bob")) == "not_found");
}

TEST_CASE_FIXTURE(WalletFixture, "a hold is captured in part, the rest is released") {
  open("alice");
  post("/v1/wallets/alice/credits", R"({"amount":1000})");
  const auto held = post("/v1/wallets/alice/holds", R"({"hold":"h1","amount":500,"expires_in_s":900})");
  CHECK(held.status == 201);
  CHECK(held.body.starts_with(
      R"({"id":"alice","currency":"EUR","balance":1000,"held":500,"available":500,"version":3,"lsn":3,"hold":{"id":"h1","amount":500,)"));
  CHECK(json::parse(held.body).at("hold").at("status").as_string() == "open");
  const auto captured = post("/v1/wallets/alice/holds/h1/capture", R"({"amount":300})");
  CHECK(captured.status == 200);
  CHECK(number(captured, "balance") == 700);
  CHECK(number(captured, "held") == 0);
  CHECK(code_of(post("/v1/wallets/alice/holds/h1/release", "{}")) == "hold_closed");
  CHECK(code_of(post("/v1/wallets/alice/holds/h2/release", "{}")) == "hold_not_found");
}

TEST_CASE_FIXTURE(WalletFixture, "capture and release take {} or nothing at all") {
  open("alice", R"({"currency":"EUR","overdraft_limit":100})");
  post("/v1/wallets/alice/holds", R"({"hold":"h1","amount":5})");
  post("/v1/wallets/alice/holds", R"({"hold":"h2","amount":5})");
  CHECK(number(post("/v1/wallets/alice/holds/h1/capture", ""), "balance") == -5);
  CHECK(number(post("/v1/wallets/alice/holds/h2/release", ""), "held") == 0);
  CHECK(code_of(post("/v1/wallets/alice/credits", "")) == "invalid_request");
}

TEST_CASE_FIXTURE(WalletFixture, "bad input is named and leaves no record") {
  open("alice");
  const auto before = server.figures().last;
  const auto refused = post("/v1/wallets/alice/credits", R"({"amount":1.0})");
  CHECK(code_of(refused) == "invalid_request");
  CHECK(json::parse(refused.body).at("pointer").as_string() == "/amount");
  CHECK(json::parse(refused.body).at("detail").as_string() == "/amount must be an integer.");
  for (const char* body :
       {"", "{", "{}", R"({"amount":0})", R"({"amount":-5})", R"({"amount":1000000000000001})", R"({"amount":"5"})",
        R"({"amount":5,"amount":5})", R"({"amount":5,"x":1})", R"({"amount":5} 1)", R"([5])", R"({"amount":1e3})"})
    CHECK_MESSAGE(code_of(post("/v1/wallets/alice/credits", body)) == "invalid_request", std::string(body));
  for (const char* body :
       {R"({"currency":"EURO"})", R"({"currency":"eur"})", R"({"currency":"XXQ"})", R"({"currency":5})", R"({})",
        R"({"currency":"EUR","overdraft_limit":-1})", R"({"currency":"EUR","overdraft_limit":1000000000000001})"})
    CHECK_MESSAGE(code_of(client.ask("PUT", "/v1/wallets/bob", body)) == "invalid_request", std::string(body));
  for (const char* body : {R"({"hold":"h1","amount":5,"expires_in_s":0})",
                           R"({"hold":"h1","amount":5,"expires_in_s":31622401})", R"({"amount":5})"})
    CHECK_MESSAGE(code_of(post("/v1/wallets/alice/holds", body)) == "invalid_request", std::string(body));
  CHECK(code_of(post("/v1/wallets/alice/holds", R"({"hold":"h/1","amount":5})")) == "invalid_id");
  CHECK(code_of(post("/v1/wallets/al%20ice/credits", R"({"amount":5})")) == "invalid_id");
  CHECK(code_of(client.ask("GET", "/v1/wallets/alice", "{}")) == "invalid_request");
  CHECK(server.figures().last == before);
  CHECK(client.get("/v1/wallets/alice").header("ETag") == "\"v1\"");
}

TEST_CASE_FIXTURE(WalletFixture, "If-Match lets through the version it names only") {
  open("alice");
  CHECK(post("/v1/wallets/alice/credits", R"({"amount":5})", {{"If-Match", "\"v1\""}}).status == 200);
  const auto stale = post("/v1/wallets/alice/credits", R"({"amount":5})", {{"If-Match", "\"v1\""}});
  CHECK(stale.status == 412);
  CHECK(code_of(stale) == "version_mismatch");
  CHECK(number(stale, "current_version") == 2);
  CHECK(post("/v1/wallets/alice/credits", R"({"amount":5})", {{"If-Match", "*"}}).status == 200);
  CHECK(code_of(post("/v1/wallets/alice/credits", R"({"amount":5})", {{"If-Match", "v3"}})) == "invalid_request");
  CHECK(code_of(post("/v1/wallets/alice/credits", R"({"amount":5})", {{"If-None-Match", "*"}})) == "invalid_request");
}

TEST_CASE_FIXTURE(WalletFixture, "If-None-Match saves the body") {
  open("alice");
  const auto unchanged = client.get("/v1/wallets/alice", {{"If-None-Match", "\"v1\""}});
  CHECK(unchanged.status == 304);
  CHECK(unchanged.header("ETag") == "\"v1\"");
  CHECK(unchanged.body.empty());
  CHECK(client.get("/v1/wallets/alice", {{"If-None-Match", "\"v2\""}}).status == 200);
  CHECK(client.get("/v1/wallets/nobody", {{"If-None-Match", "*"}}).status == 404);
}

TEST_CASE_FIXTURE(WalletFixture, "a read waits for an LSN, until its deadline") {
  open("alice");
  CHECK(client.get("/v1/wallets/alice", {{"Tote-Min-Lsn", "1"}}).status == 200);
  const auto late = client.get("/v1/wallets/alice", {{"Tote-Min-Lsn", "2"}, {"Tote-Deadline-Ms", "50"}});
  CHECK(late.status == 504);
  CHECK(code_of(late) == "deadline_exceeded");
  Client waiting(server.port());
  waiting.send(Client::text_of("GET", "/v1/wallets/alice", {}, {{"Tote-Min-Lsn", "2"}}));
  CHECK(post("/v1/wallets/alice/credits", R"({"amount":5})").status == 200);
  CHECK(number(waiting.receive(), "balance") == 5);
}

TEST_CASE_FIXTURE(WalletFixture, "paths, methods and HEAD") {
  open("alice");
  CHECK(code_of(client.get("/v1/nothing")) == "not_found");
  const auto wrong = client.ask("DELETE", "/v1/wallets/alice", "");
  CHECK(wrong.status == 405);
  CHECK(code_of(wrong) == "method_not_allowed");
  CHECK(wrong.header("Allow") == "GET, HEAD, PUT, PATCH");
  const auto head = client.ask("HEAD", "/v1/wallets/alice");
  CHECK(head.status == 200);
  CHECK(head.body.empty());
  CHECK(head.header("Content-Length") == std::to_string(client.get("/v1/wallets/alice").body.size()));
}

TEST_CASE_FIXTURE(WalletFixture, "the service's own pages") {
  CHECK(client.get("/livez").body == R"({"status":"live"})");
  CHECK(client.get("/readyz").body == R"({"ready":true})");
  CHECK(client.get("/version").body == R"({"name":"tote","version":"0.0.0","instance":""})");
  CHECK(client.get("/").body.find("/openapi.json") != std::string::npos);
  const auto page = client.get("/problems/insufficient_funds");
  CHECK(page.status == 200);
  CHECK(page.header("Content-Type") == "text/html; charset=utf-8");
  CHECK(code_of(client.get("/problems/nothing")) == "not_found");
  open("alice");
  const auto metrics = client.get("/metrics").body;
  for (const char* line :
       {"tote_requests_total{result=\"executed\"} 1", "tote_http_connections 1", "tote_log_last_lsn 1",
        "tote_http_requests_total{method=\"PUT\",route=\"/v1/wallets/{id}\",status=\"2xx\"} 1",
        "tote_http_request_seconds_count{method=\"PUT\",route=\"/v1/wallets/{id}\"} 1", "tote_disk_free_bytes "})
    CHECK_MESSAGE(metrics.find(line) != std::string::npos, std::string(line));
}
