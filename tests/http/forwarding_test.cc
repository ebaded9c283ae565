// A client may talk to any node: one without the log hands requests on to the one that has it.
#include <doctest/doctest.h>

#include <boost/json.hpp>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "actors/wallet/wallet.h"
#include "tests/http/api_words.h"
#include "tests/http/client.h"
#include "tests/http/forwarding_node.h"
#include "tests/http/raw_owner.h"
#include "tests/http/running_server.h"

using namespace tests::http;
using tote::server::ForwarderOptions;
namespace json = boost::json;

namespace {

tote::Kinds kinds() { return {tote::kind_of<tote::Wallet>()}; }

std::string url_of(std::uint16_t port) { return "http://127.0.0.1:" + std::to_string(port); }

// All but the time at which it was said.
std::string text_of(const Response& response) {
  std::string text = std::to_string(response.status) + '\n';
  for (const auto& [name, value] : response.headers)
    if (name != "Date") text += name + ": " + value + '\n';
  return text + '\n' + response.body;
}

struct ForwardingFixture {
  TempDirectory directory;
  RunningServer owner;
  ForwardingNode node;
  Client direct{owner.port()}, other{node.port()};

  explicit ForwardingFixture(tote::http::ServerOptions options = {})
      : owner(directory.path(), options), node(url_of(owner.port()), kinds(), {}, options) {}
};

// A node in front of bytes.
struct RawFixture {
  RawOwner owner;
  ForwardingNode node;
  Client client{node.port()};

  explicit RawFixture(ForwarderOptions options = {}) : node(owner.url(), kinds(), std::move(options)) {}
};

// Once there is a connection to the owner.
bool is_ready_soon(Client& client) {
  const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(15);
  while (client.get("/readyz").status != 200)
    if (std::chrono::steady_clock::now() > limit) return false;
  return true;
}

constexpr std::string_view small_answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";

}  // namespace

TEST_CASE("a node without the log answers what the owner answers, byte for byte") {
  ForwardingFixture fixture;
  Client& direct = fixture.direct;
  Client& other = fixture.other;
  REQUIRE(other.ask("PUT", "/v1/wallets/alice", R"({"currency":"EUR"})").status == 201);
  const HeaderList keyed{{"Idempotency-Key", "k1"}};
  const auto first = other.ask("POST", "/v1/wallets/alice/credits", R"({"amount":100})", keyed);
  CHECK(first.status == 200);
  CHECK_FALSE(first.has("Idempotent-Replayed"));
  CHECK(first.header("Tote-Lsn") == "2");
  struct Asked {
    std::string method, target, body;
    HeaderList headers{};
  };
  const std::vector<Asked> all = {
      {"POST", "/v1/wallets/alice/credits", R"({"amount":100})", keyed},  // a replay
      {"POST", "/v1/wallets/alice/credits", R"({"amount":101})", keyed},  // 422
      {"GET", "/v1/wallets/alice", ""},
      {"HEAD", "/v1/wallets/alice", ""},
      {"GET", "/v1/wallets/alice", "", {{"If-None-Match", "\"v2\""}}},
      {"GET", "/v1/wallets/nobody", ""},
      {"POST", "/v1/wallets/alice/debits", R"({"amount":1000})"},
      {"POST", "/v1/wallets/alice/debits", R"({"amount":1})", {{"If-Match", "\"v9\""}}},
      {"POST", "/v1/wallets/alice/debits", R"({"amount":1)"},
      {"POST", "/v1/wallets/alice/debits", R"({"amount":1})", {{"Idempotency-Key", "a"}, {"Idempotency-Key", "b"}}},
      {"GET", "/v1/wallets/alice/history?limit=10", ""},
      {"GET", "/v1/wallets?prefix=a", ""},
      {"GET", "/v1/log?after=0&limit=10", ""},
      {"GET", "/v1/outcomes/k1", ""},
      {"GET", "/v1/token", ""},
      {"OPTIONS", "/v1/wallets/alice", ""},
      {"GET", "/nothing/there", ""},
      {"POST", "/v1/batch", "{\"put\":\"/v1/wallets/alice\",\"body\":{\"currency\":\"USD\"}}\n"},
  };
  for (const Asked& one : all) {
    INFO(one.method << " " << one.target << " " << one.body);
    CHECK(direct.send(Client::text_of(one.method, one.target, one.body, one.headers)));
    const auto expected = direct.receive(one.method == "HEAD");
    CHECK(other.send(Client::text_of(one.method, one.target, one.body, one.headers)));
    const auto response = other.receive(one.method == "HEAD");
    CHECK(text_of(response) == text_of(expected));
  }
}

TEST_CASE("requests of one connection are done in their order, whatever connections they are handed on by") {
  ForwardingFixture fixture;
  REQUIRE(fixture.other.ask("PUT", "/v1/wallets/alice", R"({"currency":"EUR"})").status == 201);
  std::string all;
  for (int i = 0; i < 20; ++i) all += Client::text_of("POST", "/v1/wallets/alice/credits", R"({"amount":1})", {});
  REQUIRE(fixture.other.send(all));
  for (int i = 0; i < 20; ++i) {
    const auto response = fixture.other.receive();
    REQUIRE(response.status == 200);
    CHECK(json::parse(response.body).at("balance").as_int64() == i + 1);
  }
}

TEST_CASE("many clients at once each get their own answers") {
  ForwardingFixture fixture;
  REQUIRE(fixture.other.ask("PUT", "/v1/wallets/alice", R"({"currency":"EUR"})").status == 201);
  std::vector<std::thread> clients;
  std::vector<int> good(16);
  for (std::size_t i = 0; i < good.size(); ++i)
    clients.emplace_back([&, i] {
      Client client(fixture.node.port());
      for (int n = 0; n < 50; ++n) {
        const std::string key = "c" + std::to_string(i) + "-" + std::to_string(n);
        const auto response =
            client.ask("POST", "/v1/wallets/alice/credits", R"({"amount":1})", {{"Idempotency-Key", key}});
        good[i] += response.status == 200 && !response.has("Idempotent-Replayed") ? 1 : 0;
      }
    });
  for (auto& client : clients) client.join();
  for (const int count : good) CHECK(count == 50);
  const auto alice = json::parse(fixture.direct.get("/v1/wallets/alice").body);
  CHECK(alice.at("balance").as_int64() == 50 * 16);
}

TEST_CASE("what a node tells of itself is its own") {
  ForwardingFixture fixture;
  CHECK(fixture.other.get("/livez").status == 200);
  CHECK(is_ready_soon(fixture.other));
  const auto metrics = fixture.other.get("/metrics").body;
  CHECK(metrics.find("tote_cluster_forwarded_total") != std::string::npos);
  CHECK(metrics.find("tote_log_") == std::string::npos);
  CHECK(fixture.other.get("/version").status == 200);
  CHECK(text(fixture.other.get("/v1/cluster"), "code") == "not_found");
  fixture.node.aim("");
  CHECK(fixture.other.get("/readyz").status == 503);
}

TEST_CASE("the owner judges tokens") {
  tote::http::ServerOptions options;
  // Of the token `secret`.
  options.tenants = {{"shop", {"2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b"}}};
  ForwardingFixture fixture(options);
  CHECK(fixture.other.get("/v1/wallets/alice").status == 401);
  Client good(fixture.node.port());
  const HeaderList token{{"Authorization", "Bearer secret"}};
  CHECK(good.ask("PUT", "/v1/wallets/alice", R"({"currency":"EUR"})", token).status == 201);
}

TEST_CASE("a live feed goes through, and ends with its owner") {
  auto fixture = std::make_unique<ForwardingFixture>();
  Client feed(fixture->node.port());
  REQUIRE(feed.send(Client::text_of("GET", "/v1/log", {}, {{"Accept", "text/event-stream"}})));
  std::string text = feed.receive_some();
  CHECK(text.starts_with("HTTP/1.1 200 OK\r\n"));
  for (int i = 0; i < 3; ++i) {
    const std::string id = "w" + std::to_string(i);
    REQUIRE(fixture->direct.ask("PUT", "/v1/wallets/" + id, R"({"currency":"EUR"})").status == 201);
    while (text.find("\"id\":\"" + id) == std::string::npos && text.find("/" + id) == std::string::npos &&
           text.find('"' + id + '"') == std::string::npos) {
      const std::string some = feed.receive_some();
      REQUIRE_FALSE(some.empty());
      text += some;
    }
  }
  fixture->owner.drain();
  CHECK(feed.is_closed());
}

TEST_CASE("a change that was sent and not answered isn't sent again, and its outcome isn't known") {
  RawFixture fixture;
  auto first = fixture.owner.accept();  // to see whether there is a way
  REQUIRE(first != nullptr);
  REQUIRE(fixture.client.send(Client::text_of("POST", "/v1/transfers", "{}", {{"Idempotency-Key", "k"}})));
  CHECK(first->read_request().starts_with("POST /v1/transfers HTTP/1.1\r\n"));
  first.reset();
  const auto response = fixture.client.receive();
  CHECK(response.status == 503);
  CHECK(response.header("Retry-After") == "1");
  CHECK(text(response, "code") == "overloaded");
  CHECK(text(response, "outcome") == "unknown");
  auto second = fixture.owner.accept();
  REQUIRE(second != nullptr);
  REQUIRE(fixture.client.send(Client::text_of("GET", "/v1/wallets/a", "", {})));
  CHECK(second->read_request().starts_with("GET /v1/wallets/a"));  // and not the POST
}

TEST_CASE("a read that wasn't answered is sent once more") {
  RawFixture fixture;
  REQUIRE(fixture.client.send(Client::text_of("GET", "/v1/wallets/a", "", {})));
  auto first = fixture.owner.accept();
  REQUIRE(first != nullptr);
  CHECK(first->read_request().starts_with("GET /v1/wallets/a"));
  first->send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
  first.reset();
  auto second = fixture.owner.accept();
  REQUIRE(second != nullptr);
  CHECK(second->read_request().starts_with("GET /v1/wallets/a"));
  second->send(std::string(small_answer));
  CHECK(fixture.client.receive().body == "{}");
}

TEST_CASE("without an owner a request waits a while, and is then refused as not done") {
  ForwarderOptions options;
  options.wait_ms = 300;
  RawOwner owner;
  ForwardingNode node("", kinds(), options);
  Client client(node.port());
  const auto refused = client.ask("POST", "/v1/transfers", "{}");
  CHECK(refused.status == 503);
  CHECK(text(refused, "outcome") == "not_executed");
  // It may be a retry of one that was executed.
  CHECK(text(client.ask("POST", "/v1/transfers", "{}", {{"Idempotency-Key", "k"}}), "outcome") == "unknown");
  REQUIRE(client.send(Client::text_of("POST", "/v1/transfers", "{}", {})));
  node.aim(owner.url());
  const auto connection = owner.accept();
  REQUIRE(connection != nullptr);
  CHECK_FALSE(connection->read_request().empty());
  connection->send(std::string(small_answer));
  CHECK(client.receive().status == 200);
}

TEST_CASE("two nodes that take each other for the owner don't send a request round in circles") {
  ForwarderOptions options;
  options.node = "n1";
  options.wait_ms = 300;
  ForwardingNode one("", kinds(), options);
  ForwardingNode other(one.url(), kinds());
  one.aim(other.url());
  Client client(one.port());
  const auto response = client.ask("POST", "/v1/transfers", "{}");
  CHECK(response.status == 503);
  CHECK(text(response, "outcome") == "not_executed");
  const auto direct = client.ask("POST", "/v1/transfers", "{}", {{"Tote-Forwarded", "n9"}});
  CHECK(direct.status == 503);
  CHECK(direct.header("Tote-Not-Here") == "n1");
}

TEST_CASE("what came to a node that has handed the log over is sent to the next") {
  RawFixture fixture;
  REQUIRE(fixture.client.send(Client::text_of("POST", "/v1/transfers", "{}", {{"Idempotency-Key", "k"}})));
  const auto before = fixture.owner.accept();
  REQUIRE_FALSE(before->read_request().empty());
  before->send("HTTP/1.1 503 Service Unavailable\r\nTote-Not-Here: n1\r\nContent-Length: 0\r\n\r\n");
  RawOwner next;
  fixture.node.aim(next.url());
  const auto after = next.accept();
  REQUIRE(after != nullptr);
  CHECK(after->read_request().find("Idempotency-Key: k") != std::string::npos);
  after->send(std::string(small_answer));
  CHECK(fixture.client.receive().status == 200);
}

TEST_CASE("who isn't the owner any more has a moment for its answers") {
  ForwarderOptions options;
  options.grace_ms = 200;
  RawFixture fixture(options);
  Client slow(fixture.node.port());
  REQUIRE(fixture.client.send(Client::text_of("POST", "/v1/transfers", "{}", {})));
  const auto first = fixture.owner.accept();
  REQUIRE_FALSE(first->read_request().empty());
  REQUIRE(slow.send(Client::text_of("POST", "/v1/transfers", "{}", {})));
  const auto second = fixture.owner.accept();
  REQUIRE_FALSE(second->read_request().empty());
  RawOwner next;
  fixture.node.aim(next.url());
  first->send(std::string(small_answer));
  CHECK(fixture.client.receive().status == 200);
  const auto unanswered = slow.receive();
  CHECK(unanswered.status == 503);
  CHECK(text(unanswered, "outcome") == "unknown");
}

TEST_CASE("answers of any framing come through") {
  RawFixture fixture;
  auto connection = fixture.owner.accept();
  REQUIRE(connection != nullptr);
  const auto ask = [&] { REQUIRE(fixture.client.send(Client::text_of("GET", "/v1/wallets/a", "", {}))); };
  ask();
  REQUIRE_FALSE(connection->read_request().empty());
  connection->send(
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX-Mine: 1\r\nConnection: X-Hop\r\nX-Hop: 1\r\n\r\n"
      "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
  auto response = fixture.client.receive();
  CHECK(response.body == "abcde");
  CHECK(response.header("X-Mine") == "1");
  CHECK(response.header("Content-Length") == "5");
  CHECK_FALSE(response.has("X-Hop"));
  CHECK_FALSE(response.has("Transfer-Encoding"));
  ask();
  REQUIRE_FALSE(connection->read_request().empty());  // the same connection
  connection->send("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n");
  CHECK(fixture.client.receive().status == 204);
  ask();
  REQUIRE_FALSE(connection->read_request().empty());
  connection->send("this isn't HTTP\r\n\r\n");
  connection = fixture.owner.accept();  // the read is tried again
  REQUIRE(connection != nullptr);
  REQUIRE_FALSE(connection->read_request().empty());
  connection->send("HTTP/1.1 200 OK\r\n\r\nuntil the end");
  connection.reset();
  response = fixture.client.receive();
  CHECK(response.status == 200);
  CHECK(fixture.client.receive_some() == "until the end");
  CHECK(fixture.client.is_closed());
}

TEST_CASE("a long answer isn't kept, and no slower than it is taken") {
  ForwarderOptions options;
  options.answer_bytes_max = 64 << 10;
  RawFixture fixture(options);
  REQUIRE(fixture.client.send(Client::text_of("GET", "/v1/wallets/a", "", {})));
  const auto connection = fixture.owner.accept();
  REQUIRE_FALSE(connection->read_request().empty());
  const std::string body(8 << 20, 'x');
  std::thread sending([&] {
    connection->send("HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n");
    connection->send(body);
  });
  const auto response = fixture.client.receive();
  sending.join();
  CHECK(response.body.size() == body.size());
  CHECK(response.body == body);
}

TEST_CASE("a wait ends when its client has gone") {
  RawFixture fixture;
  {
    Client client(fixture.node.port());
    REQUIRE(client.send(Client::text_of("GET", "/v1/wallets/a", "", {{"Tote-Min-Lsn", "9"}})));
    const auto connection = fixture.owner.accept();
    REQUIRE_FALSE(connection->read_request().empty());
    client.end_sending();
    CHECK(connection->read_request().empty());  // closed
    CHECK(client.receive().status == 503);
  }
  CHECK(fixture.client.get("/livez").status == 200);
}

TEST_CASE("a request is handed on with what the contract names, and nothing of the connection") {
  tote::server::Message message;
  message.method = tote::server::Method::post;
  message.target = "/v1/transfers?x=1";
  for (const auto& [name, value] :
       HeaderList{{"host", "shop.example"},
                  {"authorization", "Bearer t"},
                  {"idempotency-key", "k"},
                  {"Content-Type", "application/json"},
                  {"Content-Length", "2"},
                  {"Expect", "100-continue"},
                  // Who names its key as one of the connection's means it all the same, as it
                  // does where the log is: without it a retry would be executed again.
                  {"Connection", "keep-alive, X-Hop, Idempotency-Key, Host, Tote-Deadline-Ms"},
                  {"X-Hop", "1"},
                  {"Transfer-Encoding", "chunked"},
                  {"Tote-Deadline-Ms", "3000"},
                  {"X-Mine", "2"}})
    message.headers.add(name, value);
  message.body = "{}";
  CHECK(tote::server::forwarded_text(message, "n2", 1'000) ==
        "POST /v1/transfers?x=1 HTTP/1.1\r\nHost: shop.example\r\nAuthorization: Bearer t\r\nIdempotency-Key: k\r\n"
        "Tote-Deadline-Ms: 2000\r\nContent-Type: application/json\r\nX-Mine: 2\r\nTote-Forwarded: n2\r\n"
        "Content-Length: 2\r\n\r\n{}");
}

TEST_CASE("a URL to forward to is a scheme, a host and a port") {
  using tote::server::problem_of_url;
  for (const char* good : {"http://127.0.0.1:8080", "https://n1.example", "http://[::1]:80", "http://n1:8080/"})
    CHECK_MESSAGE(problem_of_url(good).empty(), good);
  for (const char* bad : {"", "n1:8080", "ftp://n1", "http://", "http://n1:8080/v1", "http://u@n1", "http://n1:0",
                          "http://n1:x", "http://n1:99999"})
    CHECK_MESSAGE(!problem_of_url(bad).empty(), bad);
}
