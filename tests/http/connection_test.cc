// Connections: order, keep-alive, limits, timeouts, draining.
#include <doctest/doctest.h>

#include <chrono>
#include <memory>
#include <thread>
#include <vector>

#include "tests/http/client.h"
#include "tests/http/running_server.h"

using namespace tests::http;
using namespace std::chrono_literals;

namespace {

struct ConnectionFixture {
  TempDirectory directory;
  std::unique_ptr<RunningServer> server;
  std::unique_ptr<Client> client;

  void run(const tote::http::ServerOptions& options = {}) {
    server = std::make_unique<RunningServer>(directory.path(), options);
    client = std::make_unique<Client>(server->port());
    CHECK(client->ask("PUT", "/v1/wallets/alice", R"({"currency":"EUR"})").status == 201);
  }
  // Once so many reads wait for an LSN; false: not within 5 s.
  bool waits_for(int reads) {
    const auto waiting = [this] {
      const std::string page = client->get("/metrics").body, name = "\ntote_reads_waiting ";
      return std::stoi(page.substr(page.find(name) + name.size()));
    };
    for (int i = 0; i < 500 && waiting() != reads; ++i) std::this_thread::sleep_for(10ms);
    return waiting() == reads;
  }
};

std::string credit(int amount) {
  return Client::text_of("POST", "/v1/wallets/alice/credits", "{\"amount\":" + std::to_string(amount) + '}', {});
}

}  // namespace

TEST_CASE_FIXTURE(ConnectionFixture, "pipelined answers come in the order of their requests, however fast each is") {
  run();
  std::string text;
  for (int i = 0; i < 300; ++i) {
    text += credit(1) + Client::text_of("GET", "/livez", {}, {}) + Client::text_of("GET", "/v1/wallets/nobody", {}, {});
    if (i == 100)
      text += Client::text_of("GET", "/v1/wallets/alice", {}, {{"Tote-Min-Lsn", "999"}, {"Tote-Deadline-Ms", "100"}});
  }
  std::thread sender([&] { client->send(text); });
  for (int i = 0; i < 300; ++i) {
    const auto credited = client->receive();
    CHECK(credited.status == 200);
    CHECK(credited.header("ETag") == "\"v" + std::to_string(i + 2) + '"');
    CHECK(client->receive().body == R"({"status":"live"})");
    CHECK(client->receive().status == 404);
    if (i == 100) CHECK(client->receive().status == 504);
  }
  sender.join();
}

TEST_CASE_FIXTURE(ConnectionFixture, "bytes may come one by one, and the client may stop sending early") {
  run();
  const std::string text = credit(1) + credit(2);
  for (const char c : text) client->send({&c, 1});
  client->end_sending();
  CHECK(client->receive().header("ETag") == "\"v2\"");
  CHECK(client->receive().header("ETag") == "\"v3\"");
  CHECK(client->is_closed());
}

TEST_CASE_FIXTURE(ConnectionFixture, "Connection: close and HTTP/1.0") {
  run();
  const auto last = client->get("/livez", {{"Connection", "close"}});
  CHECK(last.header("Connection") == "close");
  CHECK(client->is_closed());
  Client old(server->port());
  old.send("GET /livez HTTP/1.0\r\n\r\n");
  CHECK(old.receive().status == 200);
  CHECK(old.is_closed());
  Client kept(server->port());
  kept.send("GET /livez HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  CHECK(kept.receive().header("Connection") == "keep-alive");
  CHECK(kept.get("/livez").status == 200);
}

TEST_CASE_FIXTURE(ConnectionFixture, "a target in absolute form says which host is meant, and Host doesn't") {
  run();
  const auto status_of = [&](const std::string& target, const std::string& host) {
    Client another(server->port());
    another.send("GET " + target + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
    return another.receive().status;
  };
  CHECK(status_of("http://localhost/v1/books", "localhost") == 200);
  CHECK(status_of("HTTP://127.0.0.1:80/v1/books", "evil.example") == 200);
  CHECK(status_of("http://evil.example/v1/books", "localhost") == 403);
  CHECK(status_of("https://evil.example?x", "localhost") == 403);
  CHECK(status_of("http://user@localhost/v1/books", "localhost") == 403);
  CHECK(status_of("http:///v1/books", "localhost") == 403);
  CHECK(status_of("ftp://evil.example/v1/books", "localhost") == 403);
}

TEST_CASE_FIXTURE(ConnectionFixture, "100 Continue, and chunked bodies") {
  run();
  client->send(
      "POST /v1/wallets/alice/credits HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: "
      "12\r\n\r\n");
  CHECK(client->receive_some() == "HTTP/1.1 100 Continue\r\n\r\n");
  client->send("{\"amount\":5}");
  CHECK(client->receive().status == 200);
  client->send(
      "POST /v1/wallets/alice/credits HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: "
      "chunked\r\n\r\n6\r\n{\"amou\r\n6\r\nnt\":5}\r\n0\r\n\r\n");
  CHECK(client->receive().status == 200);
}

TEST_CASE_FIXTURE(ConnectionFixture, "100 Continue is said once the answers before it are out") {
  run();
  client->send(Client::text_of("GET", "/v1/wallets/alice", {}, {}) +
               "POST /v1/wallets/alice/credits HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\n"
               "Content-Length: 12\r\n\r\n");
  CHECK(client->receive().status == 200);
  CHECK(client->receive_some() == "HTTP/1.1 100 Continue\r\n\r\n");
  client->send("{\"amount\":5}");
  CHECK(client->receive().status == 200);
}

TEST_CASE_FIXTURE(ConnectionFixture, "a request's deadline counts while it waits behind others of its connection") {
  tote::http::ServerOptions options;
  options.pipeline_depth_max = 4;
  run(options);
  std::string text;
  for (int i = 0; i < 4; ++i)
    text += Client::text_of("GET", "/v1/wallets/alice", {}, {{"Tote-Min-Lsn", "999"}, {"Tote-Deadline-Ms", "300"}});
  client->send(text +
               Client::text_of("POST", "/v1/wallets/alice/credits", "{\"amount\":1}", {{"Tote-Deadline-Ms", "50"}}));
  for (int i = 0; i < 5; ++i) CHECK(client->receive().status == 504);
  CHECK(client->get("/v1/wallets/alice").header("ETag") == "\"v1\"");
}

TEST_CASE_FIXTURE(ConnectionFixture, "a chunked body may come byte by byte, and its trailer may be anything") {
  run();
  const std::string header =
      "POST /v1/wallets/alice/credits HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (const char c : header + "c\r\n{\"amount\":5}\r\n0\r\nX: y\r\n\r\n") CHECK(client->send({&c, 1}));
  CHECK(client->receive().status == 200);
  for (const char c : header + "0\r\n\r\n") CHECK(client->send({&c, 1}));
  CHECK(client->receive().status == 400);  // no body
  Client odd(server->port());
  odd.send(header + "0\r\n{");
  odd.send("\"a\":\r\n2;x: chunked\r\nExpect: 100-co");
  odd.end_sending();
  CHECK(odd.is_closed());
  CHECK(Client(server->port()).get("/livez").status == 200);
}

TEST_CASE_FIXTURE(ConnectionFixture, "too large a header or body gets its answer and the end of the connection") {
  run();
  const auto header = client->get("/livez", {{"X-Large", std::string(17'000, 'x')}});
  CHECK(header.status == 431);
  CHECK(header.header("Connection") == "close");
  CHECK(client->is_closed());
  Client many(server->port());
  CHECK(many.get("/livez", HeaderList(1'000, {"X-Small", "0123456789"})).status == 431);
  Client whole(server->port());
  CHECK(whole.ask("POST", "/v1/wallets/alice/credits", std::string(65'537, ' ')).status == 413);
  CHECK(whole.is_closed());
  Client fits(server->port());
  CHECK(fits.ask("POST", "/v1/wallets/alice/credits", "{\"amount\":5}" + std::string(65'536 - 12, ' ')).status == 200);
  Client chunked(server->port());
  chunked.send("POST /v1/wallets/alice/credits HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n");
  for (int i = 0; i < 20; ++i) chunked.send("1000\r\n" + std::string(4'096, ' ') + "\r\n");
  CHECK(chunked.receive().status == 413);
}

TEST_CASE_FIXTURE(ConnectionFixture, "what isn't HTTP is answered once and closed; requests before it are answered") {
  run();
  client->send(credit(1) + "nonsense\r\n\r\n");
  CHECK(client->receive().status == 200);
  CHECK(client->receive().status == 400);
  CHECK(client->is_closed());
}

TEST_CASE_FIXTURE(ConnectionFixture, "slow headers, slow bodies and idle connections are ended") {
  tote::http::ServerOptions options;
  options.header_timeout_ms = 200;
  options.body_timeout_ms = 300;
  options.idle_timeout_ms = 1'500;
  run(options);
  Client slow_header(server->port()), slow_body(server->port()), idle(server->port());
  slow_header.send("GET /livez HTTP/1.1\r\nHost:");
  slow_body.send("POST /v1/wallets/alice/credits HTTP/1.1\r\nHost: localhost\r\nContent-Length: 12\r\n\r\n{\"am");
  const auto header = slow_header.receive();
  CHECK(header.status == 408);
  CHECK(header.header("Connection") == "close");
  CHECK(slow_body.receive().status == 408);
  CHECK(idle.receive_some().empty());
  CHECK(client->is_closed());
  CHECK(Client(server->port()).get("/v1/wallets/alice").header("ETag") == "\"v1\"");
}

TEST_CASE_FIXTURE(ConnectionFixture, "connections beyond the limit are told so") {
  tote::http::ServerOptions options;
  options.connections_max = 3;
  run(options);
  Client second(server->port()), third(server->port());
  CHECK(second.get("/livez").status == 200);
  CHECK(third.get("/livez").status == 200);
  {
    Client fourth(server->port());
    const auto refused = fourth.get("/livez");
    CHECK(refused.status == 503);
    CHECK(refused.header("Retry-After") == "1");
    CHECK(fourth.is_closed());
  }
  CHECK(client->get("/livez").status == 200);
}

TEST_CASE_FIXTURE(ConnectionFixture, "a client that goes away in the middle harms nobody") {
  run();
  for (int i = 0; i < 20; ++i) {
    Client gone(server->port());
    gone.send(credit(1) + credit(1) + "POST /v1/wal");
  }
  CHECK(client->get("/v1/wallets/alice").status == 200);
}

TEST_CASE_FIXTURE(ConnectionFixture, "a read that waits for an LSN ends when its client goes") {
  run();
  {
    std::vector<std::unique_ptr<Client>> gone;
    for (int i = 0; i < 10; ++i) {
      auto& one = gone.emplace_back(std::make_unique<Client>(server->port()));
      one->send(Client::text_of("GET", "/v1/wallets/alice", {}, {{"Tote-Min-Lsn", "99999"}}) +
                Client::text_of("GET", "/v1/wallets/alice", {}, {{"Tote-Min-Lsn", "99999"}}));
    }
    CHECK(waits_for(20));
  }
  CHECK(waits_for(0));
  // Who only sends no more is told that it wasn't waited for.
  Client half(server->port());
  half.send(Client::text_of("GET", "/v1/wallets/alice", {}, {{"Tote-Min-Lsn", "99999"}}));
  CHECK(waits_for(1));
  half.end_sending();
  CHECK(half.receive().status == 504);
}

TEST_CASE_FIXTURE(ConnectionFixture, "a client that goes with as many waits as it may have ends them all") {
  tote::http::ServerOptions options;
  options.pipeline_depth_max = 8;
  run(options);
  const std::string wait = Client::text_of("GET", "/v1/wallets/alice", {}, {{"Tote-Min-Lsn", "99999"}});
  {
    Client gone(server->port());
    for (int i = 0; i < 8; ++i) gone.send(wait);
    CHECK(waits_for(8));
  }
  CHECK(waits_for(0));
}

TEST_CASE_FIXTURE(ConnectionFixture, "draining answers what was accepted and closes everything") {
  run();
  Client busy(server->port()), idle(server->port());
  CHECK(idle.get("/livez").status == 200);
  busy.send(Client::text_of("GET", "/v1/wallets/alice", {}, {{"Tote-Min-Lsn", "9"}, {"Tote-Deadline-Ms", "700"}}));
  CHECK(waits_for(1));
  const auto began = std::chrono::steady_clock::now();
  std::thread reader([&] {
    const auto answer = busy.receive();
    CHECK(answer.status == 504);
    CHECK(answer.header("Connection") == "close");
    busy.end_sending();
  });
  server->drain();
  reader.join();
  CHECK(std::chrono::steady_clock::now() - began < 4s);
  CHECK(idle.is_closed());
  CHECK_THROWS(Client(server->port()));
}

TEST_CASE_FIXTURE(ConnectionFixture, "while draining, the last answer says so and readiness fails") {
  tote::http::ServerOptions options;
  options.drain_grace_ms = 1'000;
  run(options);
  server->begin_drain();
  Response ready;
  do ready = Client(server->port()).get("/readyz");
  while (ready.status == 200);
  CHECK(ready.status == 503);
  CHECK(ready.body == R"({"ready":false,"reason":"draining","detail":"The server is going down: what was accepted is )"
                      R"(answered, nothing new is."})");
  CHECK(ready.header("Connection") == "close");
  CHECK(client->is_closed());
}

TEST_CASE("without tokens only loopback is listened on; a bad address is an error") {
  tote::http::Host host;
  const auto wrong = [&](std::string listen) {
    tote::http::ServerOptions options;
    options.listen = std::move(listen);
    options.kinds = {nullptr};
    const auto listening = tote::http::Server::listen(host, options);
    return std::holds_alternative<tote::http::ServerError>(listening);
  };
  for (const char* listen : {"0.0.0.0:0", "[::]:0", "10.0.0.1:0", "127.0.0.1", "127.0.0.1:x", "127.0.0.1:65536", ":0",
                             "::1:0", "no-such-host.invalid:0"})
    CHECK_MESSAGE(wrong(listen), std::string(listen));
  CHECK_FALSE(wrong("127.0.0.1:0"));
}
