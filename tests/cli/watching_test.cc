// `tote hot` and `tote top` against a server.
#include "adapters/cli/watching.h"

#include <doctest/doctest.h>

#include "adapters/cli/errors.h"
#include "tests/cli/program.h"

using namespace tote::cli::test;

namespace {

std::string url_of(const Server& server) { return "http://127.0.0.1:" + std::to_string(server.port()); }

}  // namespace

TEST_CASE("hot, top: what a running server is asked for, in a pipe") {
  const TempDirectory directory;
  Server server(directory.file("data"));
  REQUIRE(server.ready());
  REQUIRE(request(server.port(), "PUT", "/v1/wallets/alice", R"({"currency":"EUR"})").status == 201);
  for (int i = 0; i < 4; ++i)
    REQUIRE(request(server.port(), "POST", "/v1/wallets/alice/debits", R"({"amount":5})").status == 402);
  const auto hot = run_tote({"hot", "--url", url_of(server), "--limit", "5"});
  CHECK(hot.code == 0);
  REQUIRE(lines_of(hot.out).size() == 2);
  CHECK(lines_of(hot.out)[1].ends_with(" 4  wallet/alice  insufficient_funds 4"));
  const auto top = run_tote({"top", "--url", url_of(server), "--once"});
  CHECK(top.code == 0);
  CHECK(contains(top.out, "wallet/alice"));
  CHECK_FALSE(contains(top.out, "\x1b"));
}

TEST_CASE("hot: no server, no token, a wrong token, no URL are each a sentence") {
  const TempDirectory directory;
  const auto nobody = run_tote({"hot", "--url", "http://127.0.0.1:1"});
  CHECK(nobody.code == 1);
  CHECK(nobody.err.starts_with("tote: http://127.0.0.1:1: "));
  CHECK(lines_of(nobody.err).size() == 1);
  CHECK(run_tote({"hot", "--url", "127.0.0.1:8080"}).code == 2);
  CHECK(run_tote({"hot", "--limit", "101"}).code == 2);
  CHECK(run_tote({"hot", "--token-file", directory.file("none")}).code == 2);
  // printf %s secret-a | sha256sum
  directory.write("tote.toml",
                  "[[tenant]]\nid = \"shop\"\ntoken_sha256 = "
                  "[\"8766b9cb08e6040b704f1e3ee1e186efccf2635b1d2634d6525333007e6aeae1\"]\n");
  Server server(directory.file("data"), {"--config", directory.file("tote.toml")});
  REQUIRE(server.ready());
  const auto stranger = run_tote({"hot", "--url", url_of(server)});
  CHECK(stranger.code == 1);
  CHECK(contains(stranger.err, " answers 401: "));
  CHECK(run_tote({"hot", "--url", url_of(server)}, "/", {{"TOTE_TOKEN", "secret-a"}}).code == 0);
  const std::string file = directory.write("token", "secret-a\n");
  CHECK(run_tote({"top", "--url", url_of(server), "--token-file", file}).code == 0);
}

TEST_CASE("top: its lines are made of what the server says, or it isn't that server") {
  const std::string overview = tote::cli::overview_text(
      R"({"step_s":1,"columns":["time_s","seconds","executed","refused","replayed","reads","p50_us","p99_us","p999_us",
      "in_flight","records","syncs","sync_us","log_bytes","entities_live","entities_dormant","entities_resting",
      "entities_bytes","keys_in_memory","keys_on_disk","snapshot_age_s","alerts","disk_free_bytes","lag:nats"],
      "points":[[1,2,2000,10,0,4,150,1500,9000,3,2000,100,17000,1000000,5,6,7,4096,8,9,30,1,2000000000,12]]})");
  const auto lines = lines_of(overview);
  REQUIRE(lines.size() == 6);
  CHECK(contains(lines[0], " 1000 executed "));
  CHECK(contains(lines[1], "1.500 ms p99 "));
  CHECK(contains(lines[2], " 20.0 a group "));
  CHECK(contains(lines[2], " 0.170 ms sync "));
  CHECK(contains(lines[2], "500.0 KB a second"));
  CHECK(contains(lines[5], " 12 behind   nats"));
  CHECK(tote::cli::overview_text(R"({"columns":[],"points":[]})") == "no figures yet\n");
  CHECK_THROWS_AS(tote::cli::hot_text("<html>"), tote::cli::Failure);
  CHECK_THROWS_AS(tote::cli::hot_text(R"({"entities":[{"kind":1}]})"), tote::cli::Failure);
}

TEST_CASE("top: a small terminal shows as much as it has room for, without wrapping or scrolling") {
  using tote::cli::cropped;
  const std::string text = "RATE  ENTITY\nw\xc3\xa9\xc3\xa9 abc\nthird\n";
  CHECK(cropped(text, 0, 0) == text);
  CHECK(cropped(text, 80, 24) == text);
  CHECK(cropped(text, 3, 24) == "RAT\nw\xc3\xa9\xc3\xa9\nthi\n");
  CHECK(cropped(text, 80, 2) == "RATE  ENTITY\nw\xc3\xa9\xc3\xa9 abc");
  CHECK(cropped(text, 1, 1) == "R");
  CHECK(cropped("", 1, 1).empty());
}
