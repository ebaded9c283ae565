// GET /v1/log: what is durable, in order, without a gap, as pages and as a live feed.
#include <doctest/doctest.h>

#include <boost/json.hpp>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "tests/http/client.h"
#include "tests/http/running_server.h"

using namespace tests::http;
namespace json = boost::json;

namespace {

struct FeedFixture {
  TempDirectory directory;
  RunningServer server{directory.path()};
  Client client{server.port()};

  FeedFixture() { REQUIRE(client.ask("PUT", "/v1/wallets/alice", R"({"currency":"EUR"})").status == 201); }

  void credit(int times) {
    for (int i = 0; i < times; ++i)
      REQUIRE(client.ask("POST", "/v1/wallets/alice/credits", R"({"amount":1})").status == 200);
  }
};

std::vector<json::value> lines_of(const Response& response) {
  std::vector<json::value> lines;
  for (std::size_t at = 0; at < response.body.size();) {
    const auto end = response.body.find('\n', at);
    lines.push_back(json::parse(response.body.substr(at, end - at)));
    at = end + 1;
  }
  return lines;
}

// A live feed, read event by event.
class Follower {
 public:
  struct Event {
    std::string id, name, data;
  };

  Follower(std::uint16_t port, const std::string& target, const HeaderList& more = {}) : client_(port) {
    HeaderList headers{{"Accept", "text/event-stream"}};
    headers.insert(headers.end(), more.begin(), more.end());
    REQUIRE(client_.send(Client::text_of("GET", target, {}, headers)));
    std::string head;
    while (head.find("\r\n\r\n") == std::string::npos) {
      const std::string some = client_.receive_some();
      REQUIRE_FALSE(some.empty());
      head += some;
    }
    CHECK(head.starts_with("HTTP/1.1 200 OK\r\n"));
    CHECK(head.find("Content-Type: text/event-stream") != std::string::npos);
    text_ = head.substr(head.find("\r\n\r\n") + 4);
  }

  // The next event that isn't a comment; an empty one at the end.
  Event next() {
    for (;;) {
      const auto end = text_.find("\n\n");
      if (end == std::string::npos) {
        const std::string some = client_.receive_some();
        if (some.empty()) return {};
        text_ += some;
        continue;
      }
      const std::string block = text_.substr(0, end);
      text_.erase(0, end + 2);
      if (!block.starts_with(":")) return parse(block);
    }
  }

 private:
  static Event parse(const std::string& block) {
    Event event;
    for (std::size_t at = 0; at < block.size();) {
      const auto end = std::min(block.find('\n', at), block.size());
      const std::string line = block.substr(at, end - at);
      if (line.starts_with("id: ")) event.id = line.substr(4);
      if (line.starts_with("event: ")) event.name = line.substr(7);
      if (line.starts_with("data: ")) event.data = line.substr(6);
      at = end + 1;
    }
    return event;
  }

  Client client_;
  std::string text_;
};

}  // namespace

TEST_CASE_FIXTURE(FeedFixture, "log: pages, each going on where the last one said") {
  credit(10);
  std::vector<std::int64_t> seen;
  for (std::string after = "0"; seen.size() < 11;) {
    const Response page = client.get("/v1/log?limit=4&after=" + after);
    REQUIRE(page.status == 200);
    CHECK(page.header("Content-Type") == "application/x-ndjson");
    for (const json::value& line : lines_of(page)) seen.push_back(line.at("lsn").as_int64());
    after = page.header("Tote-Lsn");
    REQUIRE(after == std::to_string(seen.back()));
  }
  for (std::size_t i = 0; i < seen.size(); ++i) CHECK(seen[i] == static_cast<std::int64_t>(i + 1));
  const Response end = client.get("/v1/log?after=11");
  CHECK(end.status == 200);
  CHECK(end.body.empty());
  CHECK(end.header("Tote-Lsn") == "11");
  CHECK(client.get("/v1/log?after=12").status == 400);
  CHECK(client.get("/v1/log?after=-1").status == 400);
  CHECK(client.get("/v1/log?limit=0").status == 400);
  CHECK(client.get("/v1/log?limit=10001").status == 400);
  CHECK(client.get("/v1/log?x=1").status == 400);
}

TEST_CASE_FIXTURE(FeedFixture, "log: a page, a history or an outcome is never older than the LSN that was asked for") {
  credit(3);
  const HeaderList future{{"Tote-Min-Lsn", "999"}, {"Tote-Deadline-Ms", "50"}}, past{{"Tote-Min-Lsn", "4"}};
  for (const char* target :
       {"/v1/log?limit=4", "/v1/wallets/alice/history", "/v1/outcomes/none", "/v1/wallets", "/v1/bets", "/v1/books"}) {
    CAPTURE(target);
    CHECK(client.get(target, future).status == 504);
    CHECK(client.get(target, past).status != 504);
  }
}

TEST_CASE_FIXTURE(FeedFixture, "log: a page, a history, a list or an outcome waits for the LSN that was asked for") {
  credit(3);
  const std::int64_t next = static_cast<std::int64_t>(server.engine().log().durable().value) + 1;
  for (const char* target : {"/v1/log?after=3", "/v1/wallets/alice/history?limit=1000", "/v1/wallets", "/v1/books"}) {
    CAPTURE(target);
    const auto lsn = std::to_string(server.engine().log().durable().value + 1);
    client.send(Client::text_of("GET", target, {}, {{"Tote-Min-Lsn", lsn}, {"Tote-Deadline-Ms", "20000"}}));
    Client other(server.port());
    other.ask("POST", "/v1/wallets/alice/credits", R"({"amount":1})");
    const Response answer = client.receive();
    CHECK(answer.status == 200);
    CHECK(answer.body.find("lsn\":" + lsn) != std::string::npos);
  }
  CHECK(static_cast<std::int64_t>(server.engine().log().durable().value) == next + 3);
}

TEST_CASE_FIXTURE(FeedFixture, "log: who goes while a history waits for its LSN is forgotten") {
  credit(1);
  {
    Client gone(server.port());
    gone.send(Client::text_of("GET", "/v1/wallets/alice/history", {}, {{"Tote-Min-Lsn", "99999"}}));
    for (int i = 0; i < 200 && server.figures().waiting_reads == 0; ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    CHECK(server.figures().waiting_reads == 1);
  }
  for (int i = 0; i < 400 && server.figures().waiting_reads > 0; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  CHECK(server.figures().waiting_reads == 0);
}

TEST_CASE_FIXTURE(FeedFixture, "log: a record tells what changed, why, and what was answered") {
  REQUIRE(client.ask("POST", "/v1/wallets/alice/credits", R"({"amount":5})", {{"Idempotency-Key", "k1"}}).status ==
          200);
  const auto lines = lines_of(client.get("/v1/log?after=1"));
  REQUIRE(lines.size() == 1);
  CHECK(lines[0].at("key").as_string() == "k1");
  CHECK(lines[0].at("code").as_string() == "ok");
  CHECK(lines[0].at("changes").at(0).at("events").at(0).at("event").as_string() == "credited");
  CHECK(lines[0].at("answer").at("balance").as_int64() == 5);
}

TEST_CASE_FIXTURE(FeedFixture, "log: a live feed brings every record once, in order, and resumes") {
  credit(5);
  std::string last;
  {
    Follower follower(server.port(), "/v1/log");
    std::thread writer([this] {
      Client other(server.port());
      for (int i = 0; i < 500; ++i) other.ask("POST", "/v1/wallets/alice/credits", R"({"amount":1})");
    });
    for (int lsn = 1; lsn <= 300; ++lsn) {
      const auto event = follower.next();
      REQUIRE(event.id == std::to_string(lsn));
      CHECK(event.name == "record");
      CHECK(json::parse(event.data).at("lsn").as_int64() == lsn);
      last = event.id;
    }
    writer.join();
  }
  Follower again(server.port(), "/v1/log?after=17", {{"Last-Event-ID", last}});
  for (int lsn = 301; lsn <= 506; ++lsn) REQUIRE(again.next().id == std::to_string(lsn));
  credit(1);
  CHECK(again.next().id == "507");
  CHECK(client.get("/v1/log", {{"Accept", "text/event-stream"}, {"Last-Event-ID", "x"}}).status == 400);
}

TEST_CASE_FIXTURE(FeedFixture, "log: a client that says Connection: close follows, too") {
  Follower follower(server.port(), "/v1/log", {{"Connection", "close"}});
  CHECK(follower.next().id == "1");
  credit(1);
  CHECK(follower.next().id == "2");
}

TEST_CASE_FIXTURE(FeedFixture, "log: a draining server tells those who follow") {
  Follower follower(server.port(), "/v1/log");
  CHECK(follower.next().id == "1");
  server.begin_drain();
  const auto last = follower.next();
  CHECK(last.name == "draining");
  CHECK(last.data == R"({"after":1})");
  CHECK(follower.next().name.empty());
}

TEST_CASE("log: who reads nothing is cut off, others aren't held up, and the server doesn't grow") {
  TempDirectory directory;
  tote::http::ServerOptions options;
  options.body_timeout_ms = 300;
  RunningServer server(directory.path(), options);
  Client client(server.port());
  REQUIRE(client.ask("PUT", "/v1/wallets/alice", R"({"currency":"EUR"})").status == 201);
  Client stuck(server.port());
  REQUIRE(stuck.send(Client::text_of("GET", "/v1/log", {}, {{"Accept", "text/event-stream"}})));
  std::string batch;
  for (int i = 0; i < 5'000; ++i) batch += "{\"wallet\":\"alice\",\"credit\":1}\n";
  const auto streams = [&] { return client.get("/metrics").body.find("tote_http_log_streams 0") == std::string::npos; };
  for (int i = 0; i < 10; ++i) REQUIRE(client.ask("POST", "/v1/batch", batch).status == 200);
  for (int i = 0; i < 2'000 && streams(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  CHECK_FALSE(streams());
  Follower follower(server.port(), "/v1/log?after=50000");
  CHECK(follower.next().id == "50001");
}

TEST_CASE("log: a tenant sees its own records only") {
  TempDirectory directory;
  tote::http::ServerOptions options;
  // sha256 of "a" and "b"
  options.tenants = {{"shop", {"ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"}},
                     {"club", {"3e23e8160039594a33894f6564e1b1348bbd7a0088d42c4acb73eeaed59c009d"}}};
  RunningServer server(directory.path(), options);
  Client client(server.port());
  const HeaderList shop{{"Authorization", "Bearer a"}}, club{{"Authorization", "Bearer b"}};
  REQUIRE(client.ask("PUT", "/v1/wallets/alice", R"({"currency":"EUR"})", shop).status == 201);
  REQUIRE(client.ask("PUT", "/v1/wallets/bob", R"({"currency":"EUR"})", club).status == 201);
  const auto seen = lines_of(client.get("/v1/log", club));
  REQUIRE(seen.size() == 1);
  CHECK(seen[0].at("entity").as_string() == "bob");
  CHECK(client.get("/v1/log", shop).header("Tote-Lsn") == "2");
  CHECK(client.get("/v1/log").status == 401);
}

TEST_CASE_FIXTURE(FeedFixture, "log: requests that come right behind one for a page are answered, too") {
  const std::string one = Client::text_of("GET", "/v1/log", {}, {});
  REQUIRE(client.send(one + one + Client::text_of("GET", "/v1/wallets/alice", {}, {}) + one));
  for (int i = 0; i < 4; ++i) CHECK(client.receive().status == 200);
}

TEST_CASE("log: pages that nobody reads are bounded over all connections") {
  const TempDirectory directory;
  tote::http::ServerOptions options;
  options.unsent_bytes_max = 1 << 20;
  RunningServer server(directory.path(), std::move(options));
  Client client(server.port());
  REQUIRE(client.ask("PUT", "/v1/wallets/alice", R"({"currency":"EUR"})").status == 201);
  std::string lines;
  for (int i = 0; i < 1'000; ++i)
    lines += "{\"wallet\":\"alice\",\"credit\":1,\"reference\":\"" + std::string(100, 'r') + "\"}\n";
  for (int i = 0; i < 20; ++i)
    REQUIRE(client.ask("POST", "/v1/batch", lines).body.find("invalid") == std::string::npos);
  const std::string page = "/v1/log?limit=10000";
  {
    // Together larger than what the kernel holds for them.
    std::string pages;
    for (int i = 0; i < 30; ++i) pages += Client::text_of("GET", page, {}, {});
    std::vector<std::unique_ptr<Client>> deaf;
    for (int i = 0; i < 4; ++i) REQUIRE(deaf.emplace_back(std::make_unique<Client>(server.port()))->send(pages));
    unsigned status = 200;
    for (int i = 0; i < 1'000 && status == 200; ++i) status = client.get(page).status;
    CHECK(status == 503);
    CHECK(client.ask("POST", "/v1/wallets/alice/credits", R"({"amount":1})").status == 200);
  }
  unsigned status = 503;
  while (status == 503) status = client.get(page).status;  // their connections are closed in a moment
  CHECK(status == 200);
}
