// A listener for operators (`admin_listen`): health and figures are there, and nowhere else.
#include <doctest/doctest.h>

#include "actors/wallet/wallet.h"
#include "tests/http/api_words.h"
#include "tests/http/running_server.h"
#include "tests/support/token_hashes.h"

using namespace tests::http;

namespace {

tote::http::ServerOptions with_admin(bool has_tokens = false) {
  tote::http::ServerOptions options;
  options.admin_listen = "127.0.0.1:0";
  if (has_tokens) options.tenants = {{"a", {tests::secret_a_sha256}}, {"b", {tests::secret_b_sha256}}};
  return options;
}

}  // namespace

TEST_CASE("admin_listen: health and figures move there, the API is at both, for the console") {
  const TempDirectory directory;
  RunningServer server(directory.path(), with_admin());
  REQUIRE(server.admin_port() != server.port());
  Client main(server.port()), admin(server.admin_port());
  for (const char* path : {"/metrics", "/livez", "/readyz"}) {
    CAPTURE(path);
    CHECK(admin.get(path).status == 200);
    CHECK(code_of(main.get(path)) == "not_found");
    CHECK(code_of(Client(server.port()).ask("POST", path, "{}")) == "not_found");
  }
  CHECK(code_of(main.get("/console")) == "not_found");
  CHECK(code_of(main.get("/console/app.js")) == "not_found");
  for (const char* path : {"/v1/wallets", "/version", "/openapi.json", "/"}) {
    CAPTURE(path);
    CHECK(main.get(path).status == 200);
    CHECK(admin.get(path).status == 200);
  }
  CHECK(admin.ask("PUT", "/v1/wallets/w", R"({"currency":"EUR"})").status == 201);
  CHECK(main.get("/v1/wallets/w").status == 200);
}

TEST_CASE("admin_listen: figures need no token, and are of all tenants; the API asks for one as everywhere") {
  const TempDirectory directory;
  RunningServer server(directory.path(), with_admin(true));
  Client main(server.port()), admin(server.admin_port());
  CHECK(code_of(main.get("/metrics")) == "not_found");
  const Response figures = admin.get("/metrics");
  CHECK(figures.status == 200);
  CHECK(figures.body.find(R"(tenant="a")") != std::string::npos);
  CHECK(figures.body.find(R"(tenant="b")") != std::string::npos);
  CHECK(admin.get("/readyz").status == 200);
  CHECK(Client(server.admin_port()).get("/v1/wallets").status == 401);
}

TEST_CASE("admin_listen: who asks whether a draining server is ready is told no") {
  const TempDirectory directory;
  auto options = with_admin();
  options.drain_grace_ms = 3'000;
  RunningServer server(directory.path(), options);
  Client admin(server.admin_port());
  CHECK(admin.get("/readyz").status == 200);
  server.begin_drain();
  Response ready = admin.get("/readyz");
  for (int i = 0; i < 100 && ready.status == 200; ++i) ready = admin.get("/readyz");
  CHECK(ready.status == 503);
  CHECK(ready.body.find("draining") != std::string::npos);
  CHECK(admin.get("/livez").status == 200);
}

TEST_CASE("admin_listen: an address that can't be listened on is said, and nothing runs") {
  const TempDirectory directory;
  tote::http::Host host;
  for (const auto& [listen, why] : {std::pair{"nowhere", "isn't HOST:PORT"}, {"0.0.0.0:0", "without API tokens"}}) {
    tote::http::ServerOptions options;
    options.listen = "127.0.0.1:0";
    options.kinds = {tote::kind_of<tote::Wallet>()};
    options.admin_listen = listen;
    auto listening = tote::http::Server::listen(host, std::move(options));
    const auto* error = std::get_if<tote::http::ServerError>(&listening);
    REQUIRE(error != nullptr);
    CHECK(error->detail.find(why) != std::string::npos);
  }
}
