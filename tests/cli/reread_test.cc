// SIGHUP: tokens are read again while the server runs.
#include <doctest/doctest.h>
#include <signal.h>

#include <chrono>
#include <fstream>

#include "tests/cli/program.h"
#include "tests/places.h"

using namespace tote::cli::test;

namespace {

constexpr const char* hash_a = "8766b9cb08e6040b704f1e3ee1e186efccf2635b1d2634d6525333007e6aeae1";  // of secret-a
constexpr const char* hash_b = "ff492ef788c89b555e6f738b33d2422f57dbb6656af2402155672c5f123a90af";

struct Fixture {
  TempDirectory directory;
  std::string config = directory.file("tote.toml");

  void write(const std::string& text) const { std::ofstream(config) << text; }
  void write_token(const char* hash, const std::string& id = "shop") const {
    write("[[tenant]]\nid = \"" + id + "\"\ntoken_sha256 = [\"" + hash + "\"]\n");
  }
  static int status(const Server& server, const std::string& token) {
    return request(server.port(), "GET", "/v1/log", {}, "Authorization: Bearer " + token + "\r\n").status;
  }
  static bool is_refused(const Server& server) {
    return contains(request(server.port(), "GET", "/metrics").body, "\ntote_settings_refused 1\n");
  }
};

}  // namespace

TEST_CASE_FIXTURE(Fixture, "SIGHUP: other tokens from then on; wrong settings change nothing, and are told") {
  write_token(hash_a);
  Server server(directory.file("data"), {"--config", config});
  REQUIRE_MESSAGE(server.ready(), server.child().err());
  CHECK(status(server, "secret-a") == 200);
  CHECK(status(server, "secret-b") == 401);

  write_token(hash_b);
  server.child().signal(SIGHUP);
  REQUIRE(server.child().wait_for_error("tokens were read again"));
  CHECK(status(server, "secret-a") == 401);
  CHECK(status(server, "secret-b") == 200);

  write("[[tenant]]\nid = \"shop\"\ntoken_sha256 = [\"my-secret\"]\n");
  server.child().signal(SIGHUP);
  REQUIRE(server.child().wait_for_error("64 lower-case hex digits"));
  CHECK(status(server, "secret-b") == 200);
  CHECK(is_refused(server));
  CHECK_FALSE(contains(server.child().err(), "my-secret"));

  write_token(hash_b, "another");
  server.child().signal(SIGHUP);
  REQUIRE(server.child().wait_for_error("the tenant shop is missing: that needs a restart"));
  CHECK(status(server, "secret-b") == 200);

  write_token(hash_a);
  for (int i = 0; i < 20; ++i) server.child().signal(SIGHUP);  // the last of them is heard, too
  const auto ends_at = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while ((status(server, "secret-a") != 200 || is_refused(server)) && std::chrono::steady_clock::now() < ends_at) {
  }
  CHECK(status(server, "secret-a") == 200);
  CHECK_FALSE(is_refused(server));
  server.child().signal(SIGTERM);
  CHECK(server.child().wait(5) == 0);
}
