// `tote log`, `tote replay` and `tote verify` on a log that lies on disk.
#include <doctest/doctest.h>
#include <signal.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "tests/cli/program.h"
#include "tests/cli/records.h"
#include "tests/places.h"

using namespace tote::cli::test;

namespace {

struct LogFixture {
  TempDirectory directory;
  std::string data = directory.file("data");

  LogFixture() { write_log(data); }
};

std::string bytes_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// Damage as a disk does it: one bit of the byte at `at`.
void flip_bit(const std::filesystem::path& path, std::size_t at) {
  auto bytes = bytes_of(path);
  bytes[at] = static_cast<char>(bytes[at] ^ 0x10);
  std::ofstream(path, std::ios::binary) << bytes;
}

// In the middle of a key that the log has, wherever RocksDB keeps it. False when it isn't there.
bool damage_record(const std::string& data, const std::string& key) {
  for (const auto& entry : std::filesystem::directory_iterator(data)) {
    const auto at = bytes_of(entry.path()).find(key);
    if (at == std::string::npos) continue;
    flip_bit(entry.path(), at + key.size() / 2);
    return true;
  }
  return false;
}

}  // namespace

TEST_CASE_FIXTURE(LogFixture, "log: from a time on, which is found by bisection") {
  const auto from = [&](const std::string& time) {
    return lines_of(run_tote({"log", "--data", data, "--from", time}).out);
  };
  CHECK(from("1970-01-01T00:00:00Z").size() == 5);
  CHECK(from("2023-11-14T22:13:21Z").size() == 5);
  CHECK(from("2023-11-14T22:13:21.000000001Z").size() == 4);
  REQUIRE(from("2023-11-14T22:13:24Z").size() == 2);
  CHECK(from("2023-11-14T22:13:24Z").front().starts_with("4 2023-11-14T22:13:24.000Z"));
  CHECK(from("2030-01-01T00:00:00Z").empty());
  CHECK(from("4").size() == 2);
  const auto wrong = run_tote({"log", "--data", data, "--from", "yesterday"});
  CHECK(wrong.code == 2);
  CHECK(contains(wrong.err, "--from"));
}

TEST_CASE_FIXTURE(LogFixture, "log: one line a record, with what happened, its code and its key") {
  const auto log = run_tote({"log", "--data", data});
  CHECK(log.code == 0);
  CHECK(log.err == "");
  const auto lines = lines_of(log.out);
  REQUIRE(lines.size() == 5);
  CHECK(lines[0] == "1 2023-11-14T22:13:21.000Z default wallet/alice v1 opened currency=EUR created");
  CHECK(lines[1] ==
        "2 2023-11-14T22:13:22.000Z default wallet/alice v2 credited amount=1000 reference=first ok key=topup-1");
  CHECK(lines[3] ==
        "4 2023-11-14T22:13:24.000Z default wallet/alice v3 - insufficient_funds available=700 requested=5000 "
        "key=order-18");
  CHECK(lines[4] == "5 2023-11-14T22:13:25.000Z default wallet/bob v1 opened currency=EUR created");
}

TEST_CASE_FIXTURE(LogFixture, "log: from a position, of one entity, as JSON") {
  CHECK(lines_of(run_tote({"log", "--data", data, "--from", "4"}).out).size() == 2);
  const auto bob = lines_of(run_tote({"log", "--data", data, "--entity", "wallet/bob"}).out);
  REQUIRE(bob.size() == 1);
  CHECK(bob[0].starts_with("5 "));
  const auto json = lines_of(run_tote({"log", "--data", data, "--json"}).out);
  REQUIRE(json.size() == 5);
  CHECK(json[1].starts_with(
      R"({"lsn":2,"time":"2023-11-14T22:13:22.000Z","tenant":"default","kind":"wallet","entity":"alice","version":2,)"
      R"("code":"ok","key":"topup-1","changes":[{"kind":"wallet","entity":"alice","version":2,)"
      R"("events":[{"event":"credited","amount":1000,"reference":"first"}]}],"answer":{"id":"alice",)"));
  CHECK(contains(json[1], R"("balance":1000,)"));
  CHECK(json[1].ends_with(R"(,"version":2,"lsn":2}})"));
  CHECK(contains(
      json[3],
      R"("code":"insufficient_funds","key":"order-18","facts":{"available":700,"requested":5000},"changes":[])"));
  const auto wrong = run_tote({"log", "--data", data, "--entity", "purse/alice"});
  CHECK(wrong.code == 2);
  CHECK(wrong.err == "tote: --entity: there is no kind purse\n");
}

TEST_CASE_FIXTURE(LogFixture, "log: TOTE_DATA names the directory too") {
  CHECK(lines_of(run_tote({"log"}, "/", {{"TOTE_DATA", data}}).out).size() == 5);
}

TEST_CASE_FIXTURE(LogFixture, "log: what can't be written is a failure, a reader that has seen enough is none") {
  const auto shell = [&](const std::string& line) {
    Child child("/bin/bash", {"-c", line}, "/", {{"TOTE", ::tests::program()}, {"DATA", data}});
    return child.wait();
  };
  CHECK(shell("\"$TOTE\" log --data \"$DATA\" > /dev/full") == 1);
  CHECK(shell("\"$TOTE\" log --data \"$DATA\" | head -n 1 > /dev/null") == 0);
}

TEST_CASE_FIXTURE(LogFixture, "replay: the state now and as of a record") {
  const auto now = run_tote({"replay", data});
  CHECK(now.code == 0);
  const auto lines = lines_of(now.out);
  REQUIRE(lines.size() == 2);
  CHECK(lines[0].starts_with("default wallet/alice v3 lsn=3 currency=EUR balance=700 held=0 available=700"));
  CHECK(lines[1].starts_with("default wallet/bob v1 lsn=5 currency=EUR balance=0"));

  const auto before = run_tote({"replay", data, "--until", "2", "--json"});
  CHECK(before.code == 0);
  CHECK(before.out ==
        R"({"tenant":"default","kind":"wallet","id":"alice","currency":"EUR","balance":1000,"held":0,"available":1000,)"
        R"("version":2,"lsn":2})"
        "\n");
  CHECK(run_tote({"replay", data, "--until", "0"}).out == "");
  CHECK(run_tote({"replay", data, "--until", "99"}).err == "tote: the log ends at LSN 5\n");
}

TEST_CASE_FIXTURE(LogFixture, "verify: a sound log is 0 and says what is in it") {
  const auto verified = run_tote({"verify", data});
  CHECK(verified.code == 0);
  CHECK(verified.err == "");
  CHECK(contains(verified.out, "records   5, last LSN 5\nentities  2\nkeys      3\n"));
  CHECK(contains(verified.out, "EUR       balances 700, held 0, wallets 2; credited 1000, debited 300, captured 0\n"));
  CHECK(verified.out.ends_with("sound\n"));
}

TEST_CASE_FIXTURE(LogFixture, "verify: a damaged record is 1 and is named; nothing serves it") {
  REQUIRE(damage_record(data, "order-17"));
  const auto verified = run_tote({"verify", data});
  CHECK(verified.code == 1);
  CHECK(verified.err.starts_with("tote: damaged at LSN "));
  CHECK_FALSE(contains(verified.out, "sound"));
  for (const auto& arguments : std::vector<Child::Arguments>{
           {"serve", "--data", data, "--listen", "127.0.0.1:0"}, {"log", "--data", data}, {"replay", data}}) {
    const auto refused = run_tote(arguments);
    CHECK_MESSAGE(refused.code == 1, arguments[0]);
    CHECK_MESSAGE(refused.err == verified.err, arguments[0]);
  }
}

TEST_CASE("verify: damage in the middle of what a crash left behind is damage, not a torn tail") {
  const TempDirectory directory;
  const auto data = directory.file("data");
  {
    Server server(data);
    REQUIRE_MESSAGE(server.ready(), server.child().err());
    CHECK(request(server.port(), "PUT", "/v1/wallets/alice", R"({"currency":"EUR"})").status == 201);
    for (const std::string key : {"payment-1", "payment-2", "payment-3"})
      CHECK(request(server.port(), "POST", "/v1/wallets/alice/credits", R"({"amount":5})",
                    "Idempotency-Key: " + key + "\r\n")
                .status == 200);
    server.child().signal(SIGKILL);
    CHECK(server.child().wait(5) == 128 + SIGKILL);
  }
  CHECK(run_tote({"verify", data}).code == 0);
  REQUIRE(damage_record(data, "payment-2"));
  const auto verified = run_tote({"verify", data});
  CHECK(verified.code == 1);
  CHECK(contains(verified.err, "damaged at LSN 3"));
}

TEST_CASE("verify: no log there is 2") {
  const TempDirectory directory;
  CHECK(run_tote({"verify", directory.file("nothing")}).code == 2);
  CHECK(run_tote({"verify", directory.path()}).code == 2);
  CHECK(run_tote({"verify"}).code == 2);
  directory.write("notes.txt", "not a log");
  CHECK(run_tote({"verify", directory.path()}).err ==
        "tote: " + directory.path() + ": is not the directory of a log\n");
}

TEST_CASE_FIXTURE(LogFixture, "a log whose CURRENT is lost is damaged, not absent") {
  std::filesystem::remove(data + "/CURRENT");
  CHECK(run_tote({"verify", data}).code == 1);
}
