// The server as an operator meets it: start, stop, crash, and the reasons not to start.
#include <doctest/doctest.h>
#include <signal.h>

#include <filesystem>
#include <memory>
#include <vector>

#include "tests/cli/program.h"
#include "tests/places.h"

using namespace tote::cli::test;

namespace {

const std::string keyed = "Idempotency-Key: topup-1\r\n";

int credit(const Server& server, const std::string& headers = keyed) {
  return request(server.port(), "POST", "/v1/wallets/alice/credits", R"({"amount":1000})", headers).status;
}

int open_alice(const Server& server) {
  return request(server.port(), "PUT", "/v1/wallets/alice", R"({"currency":"EUR"})").status;
}

}  // namespace

TEST_CASE("serve: a banner, READY, requests, SIGTERM, exit 0 within five seconds") {
  const TempDirectory directory;
  for (const int number : {SIGTERM, SIGINT}) {
    Server server(directory.file("data"));
    REQUIRE_MESSAGE(server.ready(), server.child().err());
    CHECK(server.child().out().starts_with("tote "));
    CHECK(contains(server.child().out(), "\ndata       " + directory.file("data") + "\n"));
    CHECK(contains(server.child().out(), " records in "));
    CHECK(server.child().out().ends_with("\nREADY\n"));
    CHECK(request(server.port(), "GET", "/readyz").status == 200);
    CHECK(open_alice(server) == (number == SIGTERM ? 201 : 200));
    server.child().signal(number);
    CHECK(server.child().wait(5) == 0);
    CHECK_FALSE(contains(server.child().err(), "\r"));  // no progress where nobody looks
  }
}

TEST_CASE("serve: a second signal ends it at once with 130") {
  const TempDirectory directory;
  Server server(directory.file("data"));
  REQUIRE_MESSAGE(server.ready(), server.child().err());
  const HalfRequest half(server.port());
  CHECK(request(server.port(), "GET", "/livez").status == 200);  // by now the half one was accepted too
  server.child().signal(SIGTERM);
  REQUIRE(server.child().wait_for_error("draining"));
  server.child().signal(SIGTERM);
  CHECK(server.child().wait(5) == 130);
}

TEST_CASE("serve: after kill -9 the money is there, and the key still answers") {
  const TempDirectory directory;
  {
    Server server(directory.file("data"));
    REQUIRE_MESSAGE(server.ready(), server.child().err());
    CHECK(open_alice(server) == 201);
    CHECK(credit(server) == 200);
    server.child().signal(SIGKILL);
    CHECK(server.child().wait(5) == 128 + SIGKILL);
  }
  Server server(directory.file("data"));
  REQUIRE_MESSAGE(server.ready(), server.child().err());
  CHECK(contains(server.child().out(), "recovered  2 records in "));
  const auto replayed = request(server.port(), "POST", "/v1/wallets/alice/credits", R"({"amount":1000})", keyed);
  CHECK(replayed.status == 200);
  CHECK(contains(replayed.head, "Idempotent-Replayed: true\r\n"));
  CHECK(contains(request(server.port(), "GET", "/v1/wallets/alice").body, R"("balance":1000,)"));
}

TEST_CASE("log, verify and replay may look while a server runs") {
  const TempDirectory directory;
  Server server(directory.file("data"));
  REQUIRE_MESSAGE(server.ready(), server.child().err());
  CHECK(open_alice(server) == 201);
  CHECK(credit(server) == 200);
  CHECK(lines_of(run_tote({"log", "--data", directory.file("data")}).out).size() == 2);
  CHECK(run_tote({"verify", directory.file("data")}).code == 0);
  CHECK(contains(run_tote({"replay", directory.file("data")}).out, "balance=1000"));
  CHECK(credit(server, "") == 200);
}

TEST_CASE("what a server wrote is sound: holds, refusals, replays and a damaged copy of it is not") {
  const TempDirectory directory;
  const auto data = directory.file("data");
  {
    Server server(data);
    REQUIRE_MESSAGE(server.ready(), server.child().err());
    const auto post = [&](const std::string& path, const std::string& body, const std::string& key) {
      return request(server.port(), "POST", "/v1/wallets/alice/" + path, body, "Idempotency-Key: " + key + "\r\n")
          .status;
    };
    CHECK(open_alice(server) == 201);
    CHECK(credit(server) == 200);
    CHECK(post("debits", R"({"amount":5000})", "k1") == 402);
    CHECK(post("holds", R"({"hold":"h1","amount":500})", "k2") == 201);
    CHECK(post("holds/h1/capture", R"({"amount":300})", "k3") == 200);
    CHECK(post("holds/h1/capture", R"({"amount":300})", "k3") == 200);
    CHECK(post("holds/h1/capture", R"({})", "k4") == 409);
    CHECK(post("holds", R"({"hold":"h2","amount":100})", "k5") == 201);
    CHECK(post("holds/h2/release", R"({})", "k6") == 200);
    server.child().signal(SIGTERM);
    CHECK(server.child().wait(5) == 0);
  }
  const auto verified = run_tote({"verify", data});
  CHECK_MESSAGE(verified.code == 0, verified.err);
  CHECK(contains(verified.out, "EUR       balances 700, held 0, wallets 1; credited 1000, debited 0, captured 300\n"));
  CHECK(contains(verified.out, "records   8, last LSN 8\n"));
}

TEST_CASE("serve: reasons not to start are one sentence and 1") {
  const TempDirectory directory;
  Server server(directory.file("data"));
  REQUIRE_MESSAGE(server.ready(), server.child().err());
  const auto address = "127.0.0.1:" + std::to_string(server.port());
  const auto taken = run_tote({"serve", "--data", directory.file("other"), "--listen", address});
  CHECK(taken.code == 1);
  CHECK(contains(taken.err, address));
  CHECK(lines_of(taken.err).size() == 1);
  CHECK_FALSE(std::filesystem::exists(directory.file("other")));
  const auto locked = run_tote({"serve", "--data", directory.file("data"), "--listen", "127.0.0.1:0"});
  CHECK(locked.code == 1);
  CHECK(contains(locked.err, directory.file("data")));
  CHECK(lines_of(locked.err).size() == 1);
}

TEST_CASE("serve: clients that only connect don't take the files that the log needs") {
  const TempDirectory directory;
  Child child("/bin/sh",
              {"-c", R"(ulimit -n 128 && exec "$0" "$@")", ::tests::program(), "serve", "--data",
               directory.file("data"), "--listen", "127.0.0.1:0"},
              "/");
  REQUIRE(child.wait_for_line("READY"));
  const int port = port_in(child.out());
  CHECK(request(port, "PUT", "/v1/wallets/alice", R"({"currency":"EUR"})").status == 201);
  CHECK(child.wait_for_error("connections_max: 64 instead of 10000, because only 128 files may be open"));
  std::vector<std::unique_ptr<HalfRequest>> silent;
  for (int i = 0; i < 140; ++i) silent.push_back(std::make_unique<HalfRequest>(port));
  child.signal(SIGTERM);
  CHECK(child.wait() == 0);  // tables were written
}

TEST_CASE("serve: without a token only this machine may ask") {
  const TempDirectory directory;
  const auto refused = run_tote({"serve", "--data", directory.file("data"), "--listen", "0.0.0.0:0"});
  CHECK(refused.code == 2);
  CHECK(contains(refused.err, "0.0.0.0:0 can be reached from other machines, which needs a token"));
  CHECK_FALSE(std::filesystem::exists(directory.file("data")));
}

TEST_CASE("serve: tenants of the file have tokens") {
  const TempDirectory directory;
  const auto config = directory.write("tote.toml",  // printf %s secret | sha256sum
                                      "[[tenant]]\nid = \"shop\"\ntoken_sha256 = [\""
                                      "2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b\"]\n");
  Server server(directory.file("data"), {"--config", config, "--require-idempotency-key"});
  REQUIRE_MESSAGE(server.ready(), server.child().err());
  const std::string token = "Authorization: Bearer secret\r\n";
  const auto put = [&](const std::string& headers) {
    return request(server.port(), "PUT", "/v1/wallets/alice", R"({"currency":"EUR"})", headers).status;
  };
  CHECK(put("") == 401);
  CHECK(put(token) == 400);  // idempotency_key_missing
  CHECK(put(token + "Idempotency-Key: k\r\n") == 201);
  server.child().signal(SIGTERM);
  CHECK(server.child().wait(5) == 0);
  CHECK(contains(run_tote({"replay", directory.file("data")}).out, "shop wallet/alice v1"));
}

TEST_CASE("serve: --log-level debug tells of each request, in one format, without keys, queries, tokens and bodies") {
  const TempDirectory directory;
  Server server(directory.file("data"), {"--log-level", "debug"});
  REQUIRE_MESSAGE(server.ready(), server.child().err());
  CHECK(open_alice(server) == 201);
  CHECK(credit(server, "Idempotency-Key: my-key\r\nAuthorization: Bearer my-token\r\n") == 200);
  CHECK(request(server.port(), "GET", "/v1/outcomes/my-key").status == 200);
  CHECK(request(server.port(), "GET", "/v1/wallets/alice/history?limit=5").status == 200);
  server.child().signal(SIGTERM);
  CHECK(server.child().wait(5) == 0);
  const std::string told = server.child().err();
  CHECK(contains(told, " debug http: PUT /v1/wallets/alice 201 in "));
  CHECK(contains(told, " debug http: POST /v1/wallets/alice/credits 200 in "));
  CHECK(contains(told, " debug http: GET /v1/outcomes/{key} 200 in "));
  CHECK(contains(told, " debug http: GET /v1/wallets/alice/history 200 in "));
  CHECK(contains(told, " us, tenant default\n"));
  for (const char* secret : {"my-key", "my-token", "amount", "limit"})
    CHECK_FALSE_MESSAGE(contains(told, secret), told);
  for (const auto& line : lines_of(told)) CHECK_MESSAGE(line.starts_with("20"), line);
}

TEST_CASE("serve: the banner says where the console is, with a listener for operators, too") {
  const TempDirectory directory;
  const std::string config = directory.write("tote.toml", "[http]\nadmin_listen = \"127.0.0.1:0\"\n");
  Server server(directory.file("data"), {"--config", config});
  REQUIRE_MESSAGE(server.ready(), server.child().err());
  const std::string beginning = "console    http://127.0.0.1:";
  const std::size_t at = server.child().out().find(beginning);
  REQUIRE(at != std::string::npos);
  const int port = std::stoi(server.child().out().substr(at + beginning.size()));
  CHECK(port != server.port());
  CHECK(request(port, "GET", "/console").status == 200);
  CHECK(request(server.port(), "GET", "/console").status == 404);
}
