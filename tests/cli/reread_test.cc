// SIGHUP: tokens, keys and secrets are read again while the server runs.
#include <doctest/doctest.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <signal.h>

#include <chrono>
#include <fstream>

#include "tests/cli/program.h"
#include "tests/places.h"
#include "tests/support/token_hashes.h"

using namespace tote::cli::test;

namespace {

struct RereadFixture {
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

TEST_CASE_FIXTURE(RereadFixture, "SIGHUP: other tokens from then on; wrong settings change nothing, and are told") {
  write_token(tests::secret_a_sha256);
  Server server(directory.file("data"), {"--config", config});
  REQUIRE_MESSAGE(server.ready(), server.child().err());
  CHECK(status(server, "secret-a") == 200);
  CHECK(status(server, "secret-b") == 401);

  write_token(tests::secret_b_sha256);
  server.child().signal(SIGHUP);
  REQUIRE(server.child().wait_for_error("were read again; other settings"));
  CHECK(status(server, "secret-a") == 401);
  CHECK(status(server, "secret-b") == 200);

  write("[[tenant]]\nid = \"shop\"\ntoken_sha256 = [\"my-secret\"]\n");
  server.child().signal(SIGHUP);
  REQUIRE(server.child().wait_for_error("64 lower-case hex digits"));
  CHECK(status(server, "secret-b") == 200);
  CHECK(is_refused(server));
  CHECK_FALSE(contains(server.child().err(), "my-secret"));

  write_token(tests::secret_b_sha256, "another");
  server.child().signal(SIGHUP);
  REQUIRE(server.child().wait_for_error("the tenant shop is missing: that needs a restart"));
  CHECK(status(server, "secret-b") == 200);

  write_token(tests::secret_a_sha256);
  for (int i = 0; i < 20; ++i) server.child().signal(SIGHUP);  // the last of them is heard, too
  const auto ends_at = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while ((status(server, "secret-a") != 200 || is_refused(server)) && std::chrono::steady_clock::now() < ends_at) {
  }
  CHECK(status(server, "secret-a") == 200);
  CHECK_FALSE(is_refused(server));
  server.child().signal(SIGTERM);
  CHECK(server.child().wait(5) == 0);
}

TEST_CASE_FIXTURE(RereadFixture, "SIGHUP: operators of the whole server come and go, and no token is told") {
  const auto with_operator = [this](const std::string& console) {
    write("[[tenant]]\nid = \"shop\"\ntoken_sha256 = [\"" + std::string(tests::secret_a_sha256) + "\"]\n" + console);
  };
  with_operator("");
  Server server(directory.file("data"), {"--config", config});
  REQUIRE_MESSAGE(server.ready(), server.child().err());
  CHECK(status(server, "secret-b") == 401);
  with_operator("[console]\noperator_token_sha256 = \"" + std::string(tests::secret_b_sha256) + "\"\n");
  server.child().signal(SIGHUP);
  REQUIRE(server.child().wait_for_error("were read again; other settings"));
  CHECK(status(server, "secret-b") == 200);
  const auto told = run_tote({"alerts", "--url", "http://127.0.0.1:" + std::to_string(server.port())}, "/",
                             {{"TOTE_TOKEN", "secret-b"}});
  CHECK(told.out == "no alerts\n");
  with_operator("[console]\noperator_token_sha256 = \"my-secret\"\n");
  server.child().signal(SIGHUP);
  REQUIRE(server.child().wait_for_error("64 lower-case hex digits"));
  const auto refused = run_tote({"alerts", "--url", "http://127.0.0.1:" + std::to_string(server.port())}, "/",
                                {{"TOTE_TOKEN", "secret-b"}});
  CHECK(contains(refused.out, "settings, since "));
  CHECK(contains(refused.out, "`kill -HUP` again"));
  with_operator("");
  server.child().signal(SIGHUP);
  const auto ends_at = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (status(server, "secret-b") != 401 && std::chrono::steady_clock::now() < ends_at) {
  }
  CHECK(status(server, "secret-b") == 401);
  CHECK_FALSE(contains(server.child().err(), "my-secret"));
  CHECK_FALSE(contains(server.child().err(), "secret-b"));
}

namespace {

// A provider's pair, of which the server has the public key only.
void write_pair(const TempDirectory& directory, const std::string& name) {
  EVP_PKEY* key = EVP_EC_gen("P-256");
  for (const bool is_public : {true, false}) {
    BIO* file = BIO_new_file(directory.file(name + (is_public ? ".pem" : ".key")).c_str(), "w");
    is_public ? PEM_write_bio_PUBKEY(file, key)
              : PEM_write_bio_PrivateKey(file, key, nullptr, nullptr, 0, nullptr, nullptr);
    BIO_free(file);
  }
  EVP_PKEY_free(key);
}

struct Doors : RereadFixture {
  Doors() {
    directory.write("payload.json", R"({"player_id":"nobody","currency":"EUR"})");
    for (const std::string name : {"acme", "beta", "next"}) write_pair(directory, name);
    directory.write("whsec", "whsec_of_the_provider\n");
    write_doors("acme.pem");
  }
  void write_doors(const std::string& key_of_acme, const std::string& more = "") const {
    std::string text =
        "[[tenant]]\nid = \"default\"\ntoken_sha256 = [\"" + std::string(tests::secret_a_sha256) + "\"]\n" + more;
    text += door("acme", key_of_acme) + door("beta", "beta.pem");
    text += "[[card_webhook]]\nname = \"stripe\"\npath = \"/webhooks/stripe\"\nsecret_files = [\"whsec\"]\n";
    write(text);
  }
  static std::string door(const std::string& name, const std::string& key) {
    return "[[sportsbook]]\nname = \"" + name + "\"\npath = \"/callbacks/" + name + "\"\nkeys = [\"" + key + "\"]\n";
  }
  bool takes(const Server& server, const std::string& door, const std::string& key) const {
    const auto signed_body =
        run_tote({"sign", "jwt", "--key", directory.file(key + ".key"), "--body", directory.file("payload.json")});
    const auto answer = request(server.port(), "POST", "/callbacks/" + door + "/balance", signed_body.out);
    CHECK_MESSAGE((contains(answer.body, "1006") || contains(answer.body, "2005")), answer.body);
    return contains(answer.body, "1006");
  }
  bool takes_secret(const Server& server, const std::string& secret) const {
    directory.write("event.json", R"({"id":"evt_1","type":"balance.available","data":{"object":{}}})");
    directory.write("secret", secret + "\n");
    const auto header =
        run_tote({"sign", "stripe", "--secret-file", directory.file("secret"), directory.file("event.json")});
    const std::string line = "Stripe-Signature: " + header.out.substr(0, header.out.find('\n')) + "\r\n";
    return request(server.port(), "POST", "/webhooks/stripe",
                   R"({"id":"evt_1","type":"balance.available","data":{"object":{}}})", line)
               .status == 200;
  }
};

}  // namespace

TEST_CASE_FIXTURE(Doors, "SIGHUP: keys and secrets are read again, each door by itself, and the last good ones stay") {
  Server server(directory.file("data"), {"--config", config});
  REQUIRE_MESSAGE(server.ready(), server.child().err());
  CHECK(takes(server, "acme", "acme"));
  CHECK(takes_secret(server, "whsec_of_the_provider"));

  // Another key, by another name; the other door's file is no key any more; another secret; another token.
  directory.write("beta.pem", "no key");
  directory.write("whsec", "whsec_of_another_year\n");
  write_doors("next.pem",
              "tokens = [{ sha256 = \"" + std::string(tests::secret_b_sha256) + "\", role = \"reader\" }]\n");
  server.child().signal(SIGHUP);
  REQUIRE(server.child().wait_for_error("were read again; other settings"));
  CHECK(contains(server.child().err(), "alert: sportsbook beta: "));
  CHECK(contains(server.child().err(), "beta.pem"));
  CHECK(is_refused(server));
  CHECK(takes(server, "acme", "next"));
  CHECK_FALSE(takes(server, "acme", "acme"));
  CHECK(takes(server, "beta", "beta"));
  CHECK(takes_secret(server, "whsec_of_another_year"));
  CHECK_FALSE(takes_secret(server, "whsec_of_the_provider"));
  CHECK(status(server, "secret-b") == 200);

  // A secret that isn't one; the keys are good again.
  write_pair(directory, "beta");
  directory.write("whsec", "hush\n");
  server.child().signal(SIGHUP);
  REQUIRE(server.child().wait_for_error("alert: card_webhook stripe: "));
  REQUIRE(server.child().wait_for_error("sportsbook beta: 1 keys read"));
  CHECK(takes(server, "beta", "beta"));
  CHECK(takes_secret(server, "whsec_of_another_year"));
  CHECK_FALSE(contains(server.child().err(), "hush"));

  // However many come at once, the last of them is heard.
  for (int i = 0; i < 20; ++i) {
    directory.write("whsec", "whsec_of_the_number_" + std::to_string(i) + "\n");
    server.child().signal(SIGHUP);
  }
  const auto ends_at = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (!takes_secret(server, "whsec_of_the_number_19") && std::chrono::steady_clock::now() < ends_at) {
  }
  CHECK(takes_secret(server, "whsec_of_the_number_19"));
  CHECK_FALSE(is_refused(server));
}

TEST_CASE_FIXTURE(Doors, "a start is refused for a key or a secret that can't be read") {
  directory.write("whsec", "hush\n");
  const auto refused = run_tote({"serve", "--config", config, "--data", directory.file("data")});
  CHECK(refused.code == 2);
  CHECK(contains(refused.err, "card_webhook.secret_files"));
  directory.write("beta.pem", "no key");
  const auto checked = run_tote({"config", "check", "--config", config});
  CHECK(checked.code == 2);
  CHECK(contains(checked.err, "sportsbook.keys"));
}
