// POST /v1/admin/backup: a backup beside the running server, for the whole server's operators, to where the settings
// say.
#include <doctest/doctest.h>

#include <boost/json.hpp>
#include <chrono>
#include <filesystem>
#include <thread>

#include "adapters/http/backups.h"
#include "tests/http/api_words.h"
#include "tests/http/client.h"
#include "tests/http/running_server.h"
#include "tests/http/tokens.h"

using namespace tests::http;
using tote::http::Role;
namespace json = boost::json;
namespace files = std::filesystem;

namespace {

tote::http::ServerOptions with_backups(bool has_tokens) {
  tote::http::ServerOptions options;
  options.makes_backups = true;
  if (!has_tokens) return options;
  options.tenants = {{"shop", {tests::secret_a_sha256}}};
  options.operators = {{tests::secret_c_sha256, Role::operator_, "cleo"},
                       {tests::secret_d_sha256, Role::reader, "dora"}};
  return options;
}

struct BackupFixture {
  TempDirectory directory, backups;
  RunningServer server;
  Client client{server.port()};

  explicit BackupFixture(bool has_tokens = false)
      : server(directory.path(), with_backups(has_tokens), 86'400,
               [this](tote::Options& options) { options.backups_directory = backups.file("all"); }) {}

  json::value status(const HeaderList& headers = {}) {
    const Response response = client.get("/v1/admin/backup", headers);
    REQUIRE_MESSAGE(response.status == 200, response.body);
    return json::parse(response.body);
  }
  json::value ended(const HeaderList& headers = {}) {
    for (;;) {
      json::value now = status(headers);
      if (now.at("status").as_string() != "running") return now;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
  }
  std::string figure(const std::string& name) {
    const std::string page = client.get("/metrics").body;
    const auto at = page.find('\n' + name + ' ');
    return at == std::string::npos ? "none"
                                   : page.substr(at + name.size() + 2, page.find('\n', at + 1) - at - name.size() - 2);
  }
};

}  // namespace

TEST_CASE_FIXTURE(BackupFixture, "backup: 202 with where to look, and then what became of it") {
  REQUIRE(client.ask("PUT", "/v1/wallets/alice", R"({"currency":"EUR"})").status == 201);
  CHECK(status() == json::parse(R"({"status":"none","age_s":null})"));
  CHECK(figure("tote_backup_age_seconds") == "none");
  const Response begun = client.ask("POST", "/v1/admin/backup");
  CHECK(begun.status == 202);
  CHECK(begun.header("Location") == "/v1/admin/backup");
  CHECK(json::parse(begun.body).at("status").as_string() == "running");
  const Response again = client.ask("POST", "/v1/admin/backup", "{}");
  CHECK((code_of(again) == "backup_running" || again.status == 202));
  const json::value done = ended();
  REQUIRE_MESSAGE(done.at("status").as_string() == "done", json::serialize(done));
  CHECK(done.at("lsn").as_int64() >= 1);
  CHECK(done.at("copied_bytes").as_int64() > 0);
  CHECK(done.at("age_s").as_int64() < 60);
  CHECK(files::exists(backups.file("all") + "/" + std::string(done.at("name").as_string()) + "/tote.backup"));
  CHECK(figure("tote_backup_running") == "0");
  CHECK(figure("tote_backups_total") != "0");
  CHECK(figure("tote_backups_failed_total") == "0");
  CHECK(figure("tote_backup_age_seconds") != "none");
}

TEST_CASE_FIXTURE(BackupFixture, "backup: one at a time, and the next is what is new") {
  REQUIRE(client.ask("POST", "/v1/admin/backup").status == 202);
  int refused = 0;
  while (status().at("status").as_string() == "running") {
    const Response again = client.ask("POST", "/v1/admin/backup");
    if (again.status == 202) break;  // it has ended meanwhile
    CHECK(code_of(again) == "backup_running");
    CHECK(again.status == 409);
    ++refused;
  }
  CHECK(refused > 0);
  ended();
  REQUIRE(client.ask("POST", "/v1/admin/backup").status == 202);
  CHECK(ended().at("status").as_string() == "done");
}

TEST_CASE_FIXTURE(BackupFixture, "backup: where to is never the request's") {
  for (const char* body : {R"({"to":"/tmp/x"})", R"({"directory":"x"})", R"(["/tmp/x"])"})
    CHECK_MESSAGE(client.ask("POST", "/v1/admin/backup", body).status == 400, body);
  CHECK(client.ask("POST", "/v1/admin/backup?to=/tmp/x").status == 400);
  CHECK_FALSE(files::exists(backups.file("all")));
}

TEST_CASE_FIXTURE(BackupFixture, "backup: one that fails says why, and the next may be made") {
  std::filesystem::create_directory(backups.file("all"));
  std::filesystem::remove(backups.file("all"));
  backups.write("all", "a file where the directory should be");
  REQUIRE(client.ask("POST", "/v1/admin/backup").status == 202);
  const json::value failed = ended();
  CHECK(failed.at("status").as_string() == "failed");
  CHECK_FALSE(failed.at("reason").as_string().empty());
  CHECK(failed.at("age_s").is_null());
  CHECK(figure("tote_backups_failed_total") == "1");
  std::filesystem::remove(backups.file("all"));
  REQUIRE(client.ask("POST", "/v1/admin/backup").status == 202);
  CHECK(ended().at("status").as_string() == "done");
}

TEST_CASE("backup: it is the whole server's operators', by role") {
  BackupFixture fixture(true);
  Client& client = fixture.client;
  CHECK(code_of(client.ask("POST", "/v1/admin/backup", "", {shop})) == "forbidden");
  CHECK(code_of(client.get("/v1/admin/backup", {shop})) == "forbidden");
  CHECK(code_of(client.ask("POST", "/v1/admin/backup", "", {dora})) == "forbidden");
  for (const auto& token : {shop, dora})  // whatever role it lacks besides
    CHECK(client.ask("POST", "/v1/admin/backup", "", {token}).body.find("an operator of the whole server") !=
          std::string::npos);
  CHECK(client.get("/v1/admin/backup", {dora}).status == 200);  // who looks after all may look at them
  CHECK(Client(fixture.server.port()).ask("POST", "/v1/admin/backup").status == 401);
  CHECK(client.ask("POST", "/v1/admin/backup", "", {cleo}).status == 202);
  CHECK(fixture.ended({cleo}).at("status").as_string() == "done");
}

TEST_CASE("backup: after a restart the age of the newest is known") {
  TempDirectory directory, backups;
  const auto tune = [&](tote::Options& options) { options.backups_directory = backups.file("all"); };
  {
    RunningServer server(directory.path(), with_backups(false), 86'400, tune);
    Client client(server.port());
    REQUIRE(client.ask("POST", "/v1/admin/backup").status == 202);
    while (client.get("/v1/admin/backup").body.find("running") != std::string::npos)
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  RunningServer server(directory.path(), with_backups(false), 86'400, tune);
  Client client(server.port());
  json::value now;
  do now = json::parse(client.get("/v1/admin/backup").body);
  while (now.at("age_s").is_null());
  CHECK(now.at("status").as_string() == "none");
  CHECK(now.at("age_s").as_int64() < 120);
}

TEST_CASE("backup: without a directory in the settings there is none") {
  TempDirectory directory;
  RunningServer server(directory.path());
  Client client(server.port());
  CHECK(code_of(client.ask("POST", "/v1/admin/backup")) == "not_found");
  CHECK(code_of(client.get("/v1/admin/backup")) == "not_found");
}
