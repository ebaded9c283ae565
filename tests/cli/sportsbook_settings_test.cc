// [[sportsbook]] in tote.toml: profiles, and what is wrong with it, by file, line and key.
#include <doctest/doctest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include "adapters/cli/errors.h"
#include "adapters/cli/settings.h"
#include "tests/temp_directory.h"

namespace tote::cli {
namespace {

using sportsbook::Unit;

struct SportsbookSettingsFixture {
  tests::TempDirectory directory;

  SportsbookSettingsFixture() { write_key("acme.pem", 2'048); }
  void write_key(const std::string& name, unsigned bits) const {
    EVP_PKEY* key = EVP_RSA_gen(bits);
    BIO* file = BIO_new_file(directory.file(name).c_str(), "w");
    PEM_write_bio_PUBKEY(file, key);
    BIO_free(file);
    EVP_PKEY_free(key);
  }
  std::string file() const { return directory.file("tote.toml"); }
  Settings read(const std::string& text) const {
    directory.write("tote.toml", text);
    return resolve({.config = file(), .flags = {}, .environment = {}}).settings;
  }
  sportsbook::Options one(const std::string& more) const { return read(table(more)).sportsbooks.at(0).options; }
  static std::string table(const std::string& more, const std::string& name = "acme") {
    return "[[sportsbook]]\nname = \"" + name + "\"\npath = \"/callbacks/" + name + "\"\nkeys = [\"acme.pem\"]\n" +
           more + "\n";
  }
  std::string problem(const std::string& text) const {
    try {
      check_files(read(text));
    } catch (const UsageError& error) {
      std::string what = error.what();
      const auto at = what.find(file());
      return at == std::string::npos ? what : what.substr(at + file().size() + 1);
    }
    return {};
  }
};

bool is_about(const std::string& problem, const std::string& beginning, const std::string& word) {
  INFO(problem);
  return problem.starts_with(beginning) && problem.find(word) != std::string::npos;
}

TEST_CASE_FIXTURE(SportsbookSettingsFixture,
                  "the profile payload-jws is what a [[sportsbook]] is without a word of its own") {
  const auto options = one("");
  CHECK(options.profile == "payload-jws");
  CHECK(options.unit == Unit::subunits);
  CHECK(options.error_status == 400);
  CHECK(options.timeout_ms == 3'000);
  CHECK(options.may_overdraw);
  CHECK_FALSE(options.unknown_is_ok);
  CHECK_FALSE(options.sessions);
  CHECK(options.keys == std::vector<std::string>{directory.file("acme.pem")});
}

TEST_CASE_FIXTURE(SportsbookSettingsFixture, "each profile sets its own, and each setting of it can be overridden") {
  const auto decimal = one("profile = \"decimal-2s\"");
  CHECK(decimal.unit == Unit::decimal);
  CHECK(decimal.unknown_is_ok);
  CHECK(decimal.timeout_ms == 2'000);
  const auto times = one("profile = \"times-100000\"");
  CHECK(times.unit == Unit::x100000);
  CHECK_FALSE(times.may_overdraw);
  CHECK(times.error_status == 200);
  CHECK(times.wallet == "{player_id}:{currency}");
  const auto always = one("profile = \"always-200\"");
  CHECK(always.sessions);
  CHECK(always.error_status == 200);
  const auto early = one("profile = \"early-refund\"");
  CHECK(early.unknown_is_ok);
  CHECK(early.timeout_ms == 5'000);
  const auto own =
      one("profile = \"always-200\"\nsessions = false\namounts = \"subunits\"\nnegative_balance = \"clamp\"\n"
          "unknown_parent = \"ok\"\nerror_status = 400\ntimeout_ms = 250");
  CHECK_FALSE(own.sessions);
  CHECK(own.unit == Unit::subunits);
  CHECK_FALSE(own.may_overdraw);
  CHECK(own.unknown_is_ok);
  CHECK(own.error_status == 400);
  CHECK(own.timeout_ms == 250);
}

TEST_CASE_FIXTURE(SportsbookSettingsFixture, "what is wrong names file, line and key") {
  CHECK(is_about(problem(table("colour = 1")), "5: sportsbook.colour:", "unknown key"));
  CHECK(is_about(problem(table("profile = \"betby\"")), "5: sportsbook.profile:", "payload-jws"));
  CHECK(is_about(problem(table("negative_balance = \"maybe\"")), "5: sportsbook.negative_balance:", "clamp"));
  CHECK(is_about(problem(table("unknown_parent = 1")), "5: sportsbook.unknown_parent:", "string"));
  CHECK(is_about(problem(table("amounts = \"euros\"")), "5: sportsbook.amounts:", "decimal"));
  CHECK(is_about(problem(table("error_status = 500")), "5: sportsbook.error_status:", "400"));
  CHECK(is_about(problem(table("timeout_ms = 1")), "5: sportsbook.timeout_ms:", "100"));
  CHECK(is_about(problem(table("wallet = \"w\"")), "5: sportsbook.wallet:", "{player_id}"));
  CHECK(is_about(problem("[[sportsbook]]\nname = \"acme\"\npath = \"/a\""), "1: sportsbook.keys:", "public keys"));
  CHECK(is_about(problem("[[sportsbook]]\nname = \"acme\"\npath = \"/v1/bets\"\nkeys = [\"acme.pem\"]"),
                 "3: sportsbook.path:", "API"));
}

TEST_CASE_FIXTURE(SportsbookSettingsFixture,
                  "keys that are missing, unreadable or weak are refused, and so are two doors on one path") {
  const auto with_keys = [](const std::string& keys) {
    return "[[sportsbook]]\nname = \"acme\"\npath = \"/callbacks/acme\"\nkeys = " + keys;
  };
  CHECK(is_about(problem(with_keys("[]")), "4: sportsbook.keys:", "list of files"));
  CHECK(is_about(problem(with_keys("[\"none.pem\"]")), "4: sportsbook.keys:", "none.pem"));
  directory.write("bad.pem", "no key");
  CHECK(is_about(problem(with_keys("[\"bad.pem\"]")), "4: sportsbook.keys:", "bad.pem"));
  write_key("weak.pem", 1'024);
  CHECK(is_about(problem(with_keys("[\"acme.pem\",\"weak.pem\"]")), "4: sportsbook.keys:", "too weak"));
  CHECK(problem(table("") + table("", "beta")).empty());
  CHECK(is_about(problem(table("") + table("")), "6: sportsbook:", "twice"));
  CHECK(is_about(problem(table("tenant = \"shop\"")), "", "shop"));
}

}  // namespace
}  // namespace tote::cli
