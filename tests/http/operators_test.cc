// Operators of the whole server: they see all tenants, change what their role allows, and are told by name.
#include <doctest/doctest.h>

#include <boost/json.hpp>
#include <set>

#include "tests/http/api_words.h"
#include "tests/http/client.h"
#include "tests/http/running_server.h"
#include "tests/http/tokens.h"

using namespace tests::http;
using tote::http::Role;
namespace json = boost::json;

namespace {

tote::http::ServerOptions with_operators() {
  tote::http::ServerOptions options;
  options.tenants = {{"shop", {tests::secret_a_sha256}}, {"club", {tests::secret_b_sha256}}};
  options.operators = {{tests::secret_c_sha256, Role::operator_, "cleo"},
                       {tests::secret_d_sha256, Role::reader, "dora"}};
  return options;
}

const std::pair<std::string, std::string> of_shop{"Tote-Tenant", "shop"}, of_club{"Tote-Tenant", "club"};

struct OperatorsFixture {
  TempDirectory directory;
  RunningServer server{directory.path(), with_operators()};
  Client client{server.port()};

  OperatorsFixture() {
    for (const auto& token : {shop, club}) {
      REQUIRE(client.ask("PUT", "/v1/wallets/alice", R"({"currency":"EUR"})", {token}).status == 201);
      REQUIRE(client.ask("PUT", "/v1/wallets/bob", R"({"currency":"EUR"})", {token}).status == 201);
    }
    REQUIRE(client.ask("POST", "/v1/wallets/alice/credits", R"({"amount":700})", {shop}).status == 200);
  }

  json::value body_of(const std::string& path, const HeaderList& headers) {
    const Response response = client.get(path, headers);
    REQUIRE_MESSAGE(response.status == 200, response.body);
    return json::parse(response.body);
  }
};

}  // namespace

TEST_CASE_FIXTURE(OperatorsFixture,
                  "operators: a tenant is named by a header, and each is seen as its own token sees it") {
  CHECK(client.get("/v1/wallets/alice", {cleo, of_shop}).body == client.get("/v1/wallets/alice", {shop}).body);
  CHECK(client.get("/v1/wallets/alice", {cleo, of_club}).body == client.get("/v1/wallets/alice", {club}).body);
  for (const char* path : {"/v1/wallets", "/v1/books", "/v1/wallets/alice/history", "/v1/log"}) {
    CAPTURE(path);
    CHECK(client.get(path, {cleo, of_shop}).body == client.get(path, {shop}).body);
    CHECK(client.get(path, {cleo, of_shop}).body != client.get(path, {cleo, of_club}).body);
  }
}

TEST_CASE_FIXTURE(OperatorsFixture,
                  "operators: without a tenant what is of the whole server is told, and nothing else") {
  std::set<std::string> tenants;
  std::string lines = client.get("/v1/log", {cleo}).body;
  for (std::size_t at = 0; at < lines.size();) {
    const auto end = lines.find('\n', at);
    tenants.insert(text(json::parse(lines.substr(at, end - at)).at("tenant")));
    at = end + 1;
  }
  CHECK(tenants == std::set<std::string>{"shop", "club"});
  const json::value listed = body_of("/v1/tenants", {cleo}), hot = body_of("/v1/hot", {cleo});
  REQUIRE(listed.at("tenants").as_array().size() == 2);
  CHECK(text(listed.at("tenants").at(0).at("id")) == "club");
  CHECK(listed.at("next").is_null());
  CHECK(text(body_of("/v1/tenants?limit=1", {cleo}).at("next")) == "club");
  CHECK(text(body_of("/v1/tenants?limit=1&after=club", {cleo}).at("tenants").at(0).at("id")) == "shop");
  tenants.clear();
  for (const json::value& entity : hot.at("entities").as_array()) tenants.insert(text(entity.at("tenant")));
  CHECK(tenants == std::set<std::string>{"shop", "club"});
  for (const char* path : {"/v1/overview", "/v1/followers", "/v1/alerts", "/v1/token"})
    CHECK_MESSAGE(client.get(path, {cleo}).status == 200, path);
  for (const char* path : {"/v1/wallets", "/v1/wallets/alice", "/v1/books", "/v1/refunds", "/v1/outcomes/k"}) {
    CAPTURE(path);
    const Response refused = client.get(path, {cleo});
    CHECK(refused.status == 400);
    CHECK(refused.body.find("Tote-Tenant") != std::string::npos);
  }
  CHECK(Client(server.port()).ask("POST", "/v1/batch", "{}", {cleo}).status == 400);
  CHECK(client.get("/v1/nothing", {cleo}).status == 404);
}

TEST_CASE_FIXTURE(OperatorsFixture, "operators: who they are, and which tenant they look at") {
  CHECK(body_of("/v1/token", {cleo}) ==
        json::parse(R"({"tenant":null,"role":"operator","name":"console:cleo","open":false,"server":true})"));
  CHECK(body_of("/v1/token", {dora, of_club}) ==
        json::parse(R"({"tenant":"club","role":"reader","name":"console:dora","open":false,"server":true})"));
  CHECK(body_of("/v1/token", {shop}) ==
        json::parse(R"({"tenant":"shop","role":"issuer","name":"","open":false,"server":false})"));
}

TEST_CASE_FIXTURE(OperatorsFixture, "operators: a tenant's token sees its tenant, whatever it names") {
  CHECK(client.get("/v1/wallets/alice", {shop, of_shop}).status == 200);
  for (const char* other : {"club", "nobody", ""}) {
    const Response refused = client.get("/v1/wallets/alice", {shop, {"Tote-Tenant", other}});
    CHECK(code_of(refused) == "forbidden");
  }
  CHECK(client.get("/v1/wallets/alice", {shop, of_shop, of_shop}).status == 403);
  CHECK(Client(server.port()).ask("POST", "/v1/wallets/alice/credits", R"({"amount":1})", {shop, of_club}).status ==
        403);
  CHECK(client.get("/v1/log", {shop}).body.find("club") == std::string::npos);
  CHECK(body_of("/v1/tenants", {shop}).at("tenants").as_array().size() == 1);
  CHECK(body_of("/v1/hot", {shop}).at("entities").at(0).as_object().if_contains("tenant") == nullptr);
  CHECK(code_of(client.get("/v1/wallets/alice", {cleo, {"Tote-Tenant", "nobody"}})) == "not_found");
  CHECK(code_of(client.get("/v1/wallets/alice", {cleo, of_shop, of_club})) == "not_found");
}

TEST_CASE_FIXTURE(OperatorsFixture, "operators: they change what their role allows, and every record says who it was") {
  const auto ask = [&](const auto& token, const char* method, const char* path, const char* body) {
    return client.ask(method, path, body, {token, of_shop});
  };
  CHECK(code_of(ask(cleo, "POST", "/v1/wallets/alice/credits", R"({"amount":5})")) == "forbidden");
  CHECK(code_of(ask(dora, "POST", "/v1/transfers", R"({"from":"alice","to":"bob","amount":5})")) == "forbidden");
  REQUIRE(ask(cleo, "PUT", "/v1/wallets/alice/status", R"({"status":"frozen","reason":"a call"})").status == 200);
  REQUIRE(ask(cleo, "PUT", "/v1/wallets/alice/status", R"({"status":"open","reason":"it was him"})").status == 200);
  // What a writer may do, too: of a tenant's writer nothing is told, of an operator of the whole server it is.
  REQUIRE(ask(cleo, "POST", "/v1/transfers", R"({"from":"alice","to":"bob","amount":5})").status == 200);
  REQUIRE(ask(cleo, "POST", "/v1/batch",
              R"({"put":"/v1/wallets/carol","body":{"currency":"EUR"}})"
              "\n"
              R"({"from":"alice","to":"bob","amount":7})")
              .status == 200);
  const std::string log = client.get("/v1/log", {shop}).body;
  std::size_t told = 0;
  for (auto at = log.find(R"("actor":"console:cleo")"); at != std::string::npos; at = log.find("console:cleo", at + 20))
    ++told;
  CHECK(told == 5);
  CHECK(client.get("/v1/wallets/alice", {club}).body.find(R"("version":1)") != std::string::npos);
}

TEST_CASE_FIXTURE(OperatorsFixture, "operators: keys belong to the tenant that is named") {
  const std::pair<std::string, std::string> key{"Idempotency-Key", "k1"};
  const std::string transfer = R"({"from":"alice","to":"bob","amount":5})";
  CHECK(client.ask("POST", "/v1/transfers", transfer, {cleo, of_shop, key}).status == 200);
  CHECK(client.ask("POST", "/v1/transfers", transfer, {cleo, of_shop, key}).header("Idempotent-Replayed") == "true");
  CHECK(client.ask("POST", "/v1/transfers", transfer, {cleo, of_club, key}).status == 402);
}

TEST_CASE_FIXTURE(OperatorsFixture, "operators: a wrong token is counted, and none is in figures that anybody reads") {
  const std::pair<std::string, std::string> wrong{"Authorization", "Bearer secret-e"};
  CHECK(Client(server.port()).get("/v1/tenants", {wrong}).status == 401);
  CHECK(Client(server.port()).get("/v1/tenants", {wrong, of_shop}).status == 401);
  const std::string figures = client.get("/metrics").body;
  CHECK(figures.find("tote_http_unauthorized_total 2\n") != std::string::npos);
  CHECK(figures.find("tenant=\"shop\"") == std::string::npos);
  const std::string all = client.get("/metrics", {cleo}).body;
  CHECK(all.find("tenant=\"shop\"") != std::string::npos);
  CHECK(all.find("tenant=\"club\"") != std::string::npos);
}

TEST_CASE_FIXTURE(OperatorsFixture, "operators: a live feed of all tenants, and of one") {
  Client all(server.port()), one(server.port());
  const HeaderList stream{{"Accept", "text/event-stream"}, cleo};
  REQUIRE(all.send(Client::text_of("GET", "/v1/log", {}, stream)));
  HeaderList of_one = stream;
  of_one.push_back(of_club);
  REQUIRE(one.send(Client::text_of("GET", "/v1/log", {}, of_one)));
  const auto until = [](Client& from, const std::string& part) {
    std::string got;
    while (got.find(part) == std::string::npos) {
      const std::string more = from.receive_some();
      REQUIRE_MESSAGE(!more.empty(), got);
      got += more;
    }
    return got;
  };
  CHECK(until(all, "id: 5\n").find(R"("tenant":"shop")") != std::string::npos);
  CHECK(until(one, "id: 4\n").find(R"("tenant":"shop")") == std::string::npos);
}

TEST_CASE("operators: a tenant that takes all it can doesn't keep them out") {
  auto options = with_operators();
  options.streams_max = 2;
  TempDirectory directory;
  RunningServer server(directory.path(), options);
  const HeaderList stream{{"Accept", "text/event-stream"}, shop};
  Client first(server.port()), second(server.port()), third(server.port());
  REQUIRE(first.send(Client::text_of("GET", "/v1/log", {}, stream)));
  REQUIRE(!first.receive_some().empty());
  CHECK(second.get("/v1/log", stream).status == 429);
  REQUIRE(third.send(Client::text_of("GET", "/v1/log", {}, {{"Accept", "text/event-stream"}, cleo, of_shop})));
  CHECK(third.receive_some().starts_with("HTTP/1.1 200"));
}

TEST_CASE("operators: settings that can't be meant are refused, without saying a token") {
  using tote::http::Access;
  CHECK(Access().configure({}, {}, {{tests::secret_c_sha256, Role::operator_, "cleo"}}));
  CHECK(Access().configure({{"shop", {tests::secret_a_sha256}}}, {},
                           {{tests::secret_a_sha256, Role::operator_, "cleo"}}));
  CHECK(
      Access().configure({{"shop", {tests::secret_a_sha256}}}, {},
                         {{tests::secret_c_sha256, Role::operator_, ""}, {tests::secret_c_sha256, Role::reader, ""}}));
  CHECK(Access().configure({{"shop", {}, {}, {{tests::secret_a_sha256, Role::reader, "console:cleo"}}}}));
  const auto wrong =
      Access().configure({{"shop", {tests::secret_a_sha256}}}, {}, {{"my-secret", Role::operator_, "cleo"}});
  REQUIRE(wrong);
  CHECK(wrong->find("my-secret") == std::string::npos);
}

TEST_CASE("operators: without tokens only the one tenant that there is may be named") {
  TempDirectory directory;
  RunningServer server(directory.path());
  Client client(server.port());
  CHECK(client.get("/v1/wallets", {{"Tote-Tenant", "default"}}).status == 200);
  CHECK(client.get("/v1/wallets", {of_shop}).status == 403);
}
