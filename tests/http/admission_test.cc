// Who may ask is settled at the end of the header, before any of the body is waited for or kept.
#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "tests/http/client.h"
#include "tests/http/resident_bytes.h"
#include "tests/http/running_server.h"
#include "tests/support/token_hashes.h"

using namespace tests::http;

namespace {

const std::string token = "Authorization: Bearer secret-a\r\n";

tote::http::ServerOptions with_token() {
  tote::http::ServerOptions options;
  options.tenants = {{"a", {tests::secret_a_sha256}}};
  return options;
}

struct AdmissionFixture {
  TempDirectory directory;
  RunningServer server{directory.path(), with_token()};
};

std::string header_of_batch(const std::string& more) {
  return "POST /v1/batch HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n" + more + "\r\n";
}

}  // namespace

TEST_CASE_FIXTURE(AdmissionFixture,
                  "admission: without a token 401 comes before the body, and the end of the connection") {
  for (const char* more : {"", "Expect: 100-continue\r\n", "Authorization: Bearer wrong\r\n"}) {
    Client client(server.port());
    client.send(header_of_batch(more));
    const auto answer = client.receive();
    CHECK(answer.status == 401);
    CHECK(answer.header("Connection") == "close");
    client.end_sending();
    CHECK(client.is_closed());
  }
  Client large(server.port());
  large.send("POST /v1/batch HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2000000\r\n\r\n");
  CHECK(large.receive().status == 401);
}

TEST_CASE_FIXTURE(AdmissionFixture,
                  "admission: 401 ends the connection, with a body that was sent or none, and what comes behind it") {
  for (const char* request : {"GET /v1/wallets/a HTTP/1.1\r\nHost: localhost\r\n\r\n",
                              "POST /v1/payments/resume HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n",
                              "POST /v1/transfers HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}"}) {
    CAPTURE(request);
    Client client(server.port());
    client.send(request + ("GET /v1/wallets/a HTTP/1.1\r\nHost: localhost\r\n" + token + "\r\n"));
    const auto answer = client.receive();
    CHECK(answer.status == 401);
    CHECK(answer.header("Connection") == "close");
    CHECK(client.receive().status == 0);
    CHECK(client.is_closed());
  }
}

TEST_CASE_FIXTURE(AdmissionFixture,
                  "admission: with a token a body that is announced too large is refused before it comes") {
  for (const char* more : {"", "Expect: 100-continue\r\n"}) {
    Client client(server.port());
    client.send("POST /v1/batch HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2000000\r\n" + token + more + "\r\n");
    CHECK(client.receive().status == 413);
  }
  Client welcome(server.port());
  welcome.send(header_of_batch(token + "Expect: 100-continue\r\n"));
  CHECK(welcome.receive_some() == "HTTP/1.1 100 Continue\r\n\r\n");
}

TEST_CASE_FIXTURE(AdmissionFixture, "admission: bodies of those without a token take no memory") {
  const std::string body(900'000, ' ');
  std::vector<std::unique_ptr<Client>> clients;
  const std::size_t before = resident_bytes();
  for (int i = 0; i < 300; ++i) {
    auto& client = clients.emplace_back(std::make_unique<Client>(server.port()));
    client->send(header_of_batch(""));
    client->send(body);
  }
  CHECK(resident_bytes() < before + (std::size_t{32} << 20));
  for (auto& client : clients) CHECK(client->receive().status == 401);
}

TEST_CASE("admission: a foreign Host is forbidden where no token is asked for") {
  TempDirectory directory;
  RunningServer server(directory.path());
  for (const char* target : {"/v1/wallets/alice", "/v1/log", "/metrics"}) {
    Client rebound(server.port());
    rebound.send("GET " + std::string(target) + " HTTP/1.1\r\nHost: evil.example:8080\r\n\r\n");
    const auto answer = rebound.receive();
    CHECK(answer.status == 403);
    CHECK(answer.body.find("forbidden") != std::string::npos);
  }
  Client own(server.port());
  own.send("GET /livez HTTP/1.1\r\nHost: [::1]:1234\r\n\r\n");
  CHECK(own.receive().status == 200);
}
