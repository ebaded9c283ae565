// A directory that an earlier build wrote, with every kind of entity in it: it reads for ever as it did then, and goes
// on.
#include <doctest/doctest.h>
#include <signal.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "tests/cli/program.h"
#include "tests/places.h"

using namespace tote::cli::test;

namespace {

const std::filesystem::path all_golden = std::filesystem::path(::tests::source_directory()) / "tests/golden";

struct Ask {
  const char *method, *path, *body;
};

// Every command of every kind, and the refusals that are on record.
constexpr Ask asks[] = {
    {"PUT", "/v1/wallets/alice", R"({"currency":"EUR","overdraft_limit":10})"},
    {"PUT", "/v1/wallets/bob", R"({"currency":"EUR"})"},
    {"POST", "/v1/wallets/alice/credits", R"({"amount":5000,"reference":"top-up"})"},
    {"POST", "/v1/wallets/alice/debits", R"({"amount":9999})"},
    {"POST", "/v1/wallets/alice/debits", R"({"amount":5})"},
    {"POST", "/v1/wallets/alice/holds", R"({"hold":"h1","amount":100,"expires_in_s":900})"},
    {"POST", "/v1/wallets/alice/holds", R"({"hold":"h2","amount":100,"expires_in_s":900})"},
    {"POST", "/v1/wallets/alice/holds", R"({"hold":"h3","amount":100,"expires_in_s":86400})"},
    {"POST", "/v1/wallets/alice/holds/h1/capture", R"({"amount":60})"},
    {"POST", "/v1/wallets/alice/holds/h2/release", "{}"},
    {"POST", "/v1/transfers", R"({"from":"alice","to":"bob","amount":700})"},
    {"POST", "/v1/transfers", R"({"from":"bob","to":"alice","amount":9000})"},
    {"PUT", "/v1/items/ball", R"({"quantity":10})"},
    {"POST", "/v1/items/ball/restocks", R"({"quantity":5})"},
    {"POST", "/v1/items/ball/picks", R"({"quantity":2})"},
    {"POST", "/v1/items/ball/picks", R"({"quantity":200})"},
    {"POST", "/v1/items/ball/reservations", R"({"reservation":"r1","quantity":2,"expires_in_s":900})"},
    {"POST", "/v1/items/ball/reservations", R"({"reservation":"r2","quantity":1,"expires_in_s":900})"},
    {"POST", "/v1/items/ball/reservations", R"({"reservation":"r3","quantity":1,"expires_in_s":86400})"},
    {"POST", "/v1/items/ball/reservations/r1/commit", "{}"},
    {"POST", "/v1/items/ball/reservations/r2/release", "{}"},
    {"PUT", "/v1/passes/season", R"({"player":"carol"})"},
    {"PUT", "/v1/passes/old", "{}"},
    {"POST", "/v1/passes/old/revoke", "{}"},
    {"PUT", "/v1/matches/thu",
     R"({"seats":3,"price":{"amount":500,"currency":"EUR"},"starts_at":"2199-01-01T18:00:00Z"})"},
    {"POST", "/v1/matches/thu/bookings", R"({"player":"alice","pay":{"wallet":"alice"}})"},
    {"POST", "/v1/matches/thu/bookings", R"({"player":"bob","pay":{"pass":"old"}})"},
    {"POST", "/v1/matches/thu/bookings", R"({"player":"carol","pay":{"pass":"season"}})"},
    {"POST", "/v1/matches/thu/bookings", R"({"player":"dora","pay":{"card":{"token":"tok_ok"}}})"},
    {"WAIT", "/v1/matches/thu", R"("player":"dora","status":"in")"},
    {"POST", "/v1/matches/thu/bookings", R"({"player":"emil","pay":{"card":{"token":"tok_ok"}},"or_waitlist":true})"},
    {"POST", "/v1/matches/thu/waitlist", R"({"player":"frida","pay":{"wallet":"bob"}})"},
    {"POST", "/v1/matches/thu/waitlist", R"({"player":"gerd","pay":{"wallet":"bob"}})"},
    {"DELETE", "/v1/matches/thu/waitlist/gerd", ""},
    {"DELETE", "/v1/matches/thu/bookings/dora", ""},
    {"WAIT", "/v1/matches/thu", R"("player":"emil","status":"in")"},
    {"WAIT", "/test-gateway/refunds", R"("status":"succeeded")"},
    {"DELETE", "/v1/matches/thu/bookings/alice", ""},
    {"POST", "/v1/transactions",
     R"({"commands":[{"wallet":"alice","debit":3},{"item":"ball","pick":1},{"wallet":"bob","credit":3}]})"},
    {"POST", "/v1/transactions", R"({"commands":[{"wallet":"alice","debit":3},{"item":"ball","pick":100}]})"},
    {"POST", "/v1/orders",
     R"({"order":"o1","lines":[{"item":"ball","quantity":1}],"pay":{"wallet":"alice","amount":40}})"},
    {"POST", "/v1/orders",
     R"({"order":"o2","lines":[{"item":"ball","quantity":1}],"pay":{"card":{"token":"tok_ok"},"amount":40,"currency":"EUR"}})"},
    {"WAIT", "/v1/orders/o2", R"("status":"confirmed")"},
    {"POST", "/v1/orders",
     R"({"order":"o3","lines":[{"item":"ball","quantity":1}],"pay":{"card":{"token":"tok_declined"},"amount":40,"currency":"EUR"}})"},
    {"WAIT", "/v1/orders/o3", R"("status":"failed")"},
    {"POST", "/v1/orders",
     R"({"order":"o4","lines":[{"item":"ball","quantity":900}],"pay":{"wallet":"alice","amount":40}})"},
    {"PUT", "/test-gateway/balance", R"({"amount":0})"},
    {"POST", "/v1/orders",
     R"({"order":"o5","lines":[{"item":"ball","quantity":1}],"pay":{"card":{"token":"tok_lost_answer"},"amount":40,"currency":"EUR"}})"},
    {"WAIT", "/v1/orders/o5", R"("status":"confirmed")"},
    {"POST", "/v1/payments/resume", R"({"reason":"all is well"})"},
};

void play(int port) {
  int number = 0;
  for (const Ask& ask : asks) {
    if (std::string(ask.method) != "WAIT") {
      const auto answer =
          request(port, ask.method, ask.path, ask.body, "Idempotency-Key: k" + std::to_string(++number) + "\r\n");
      CHECK_MESSAGE(answer.status < 500, ask.path);
      CHECK_MESSAGE(answer.status != 400, answer.body);
      continue;
    }
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!contains(request(port, "GET", ask.path).body, ask.body))
      REQUIRE_MESSAGE(std::chrono::steady_clock::now() < deadline, std::string(ask.path));
  }
}

std::string printed(const std::vector<std::string>& arguments) {
  const auto finished = run_tote(arguments);
  CHECK_MESSAGE(finished.code == 0, finished.err);
  return finished.out;
}

std::string log_of(const std::string& data) { return printed({"log", "--data", data, "--json"}); }
std::string state_of(const std::string& data) { return printed({"replay", data, "--json"}); }

std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

// Version 1 without a snapshot, 3 with one of every entity.
void write_golden(const std::filesystem::path& golden, bool has_snapshot) {
  REQUIRE_FALSE(std::filesystem::exists(golden));
  const TempDirectory directory;
  const std::string data = directory.file("data");
  {
    Server server(data, {"--gateway", "test", "--snapshot-interval-s", has_snapshot ? "1" : "0"});
    REQUIRE(server.ready());
    play(server.port());
    if (has_snapshot) {
      request(server.port(), "POST", "/v1/wallets/alice/credits", R"({"amount":1})");
      const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
      while (!contains(request(server.port(), "GET", "/metrics").body, "tote_entities_unsaved 0"))
        REQUIRE(std::chrono::steady_clock::now() < deadline);
    }
    server.child().signal(SIGTERM);
    CHECK(server.child().wait() == 0);
  }
  std::filesystem::create_directories(golden);
  std::filesystem::copy(data, golden / "log");
  for (const auto& entry : std::filesystem::directory_iterator(golden / "log")) {
    const std::string name = entry.path().filename().string();  // not needed to open, and full of this machine
    if (name.starts_with("LO") || name.starts_with("OPTIONS")) std::filesystem::remove(entry.path());
  }
  std::ofstream(golden / "log.ndjson") << log_of(data);
  std::ofstream(golden / "state.ndjson") << state_of(data);
}

// Kept as the recipe; a written golden directory is never written again (a new format version gets a new one).
TEST_CASE("golden domain: write" * doctest::skip()) { write_golden(all_golden / "domain-v1", false); }
TEST_CASE("golden domain: write version 3" * doctest::skip()) { write_golden(all_golden / "domain-v3", true); }

TEST_CASE("golden domain: every version reads as it did when it was written, and goes on") {
  for (const char* version : {"domain-v1", "domain-v3"}) {
    CAPTURE(version);
    const std::filesystem::path golden = all_golden / version;
    const TempDirectory directory;
    const std::string data = directory.file("data");
    std::filesystem::copy(golden / "log", data);
    CHECK(printed({"verify", data}).ends_with("sound\n"));
    CHECK(log_of(data) == read_file(golden / "log.ndjson"));
    CHECK(state_of(data) == read_file(golden / "state.ndjson"));
    // Its keys are remembered for ever, else the first of them would be forgotten by now.
    const std::string settings = directory.write("tote.toml", "[http]\nidempotency_retention_s = 0\n");
    Server server(data, {"--gateway", "test", "--config", settings});
    REQUIRE(server.ready());
    const auto replayed = request(server.port(), "POST", "/v1/transfers", R"({"from":"alice","to":"bob","amount":700})",
                                  "Idempotency-Key: k11\r\n");
    CHECK(replayed.status == 200);
    CHECK(contains(replayed.head, "Idempotent-Replayed: true"));
    CHECK(request(server.port(), "POST", "/v1/items/ball/picks", R"({"quantity":1})").status == 200);
  }
}

TEST_CASE("golden domain: the rows of a snapshot are what the records lead to, and a start reads them") {
  const TempDirectory directory;
  const std::string data = directory.file("data");
  std::filesystem::copy(all_golden / "domain-v3" / "log", data);
  CHECK(contains(printed({"verify", data}), "snapshot  LSN "));
  const std::string settings = directory.write("tote.toml", "[http]\nidempotency_retention_s = 1\n");
  Server server(data, {"--gateway", "test", "--config", settings});
  REQUIRE(server.ready());
  CHECK(contains(request(server.port(), "GET", "/v1/matches/thu").body, R"("player":"carol","status":"in")"));
  CHECK(contains(request(server.port(), "GET", "/v1/orders/o2").body, R"("status":"confirmed")"));
  CHECK(contains(request(server.port(), "GET", "/metrics").body, "tote_snapshot_lsn "));
}
