// Lists (API.md, Lists, corrections, roles): every entity once, in the order of the ids, by pages, prefix and status.
#include <doctest/doctest.h>

#include <atomic>
#include <boost/json.hpp>
#include <future>
#include <set>
#include <thread>

#include "actors/wallet/wallet.h"
#include "adapters/http/lists.h"
#include "tests/http/api_words.h"
#include "tests/http/own_server.h"
#include "tests/support/token_hashes.h"

using namespace tests::http;
namespace json = boost::json;

namespace {

struct ListFixture : OwnServer {
  Response put(const std::string& target, std::string_view body) { return client->ask("PUT", target, body); }
  Response post(const std::string& target, std::string_view body) { return client->ask("POST", target, body); }
  json::object read(const std::string& target) {
    const auto response = client->get(target);
    REQUIRE_MESSAGE(response.status == 200, response.body);
    return json::parse(response.body).as_object();
  }
  void open_wallets(int count) {
    std::string lines;
    for (int i = 0; i < count; ++i)
      lines += R"({"put":"/v1/wallets/w)" + std::to_string(i) + R"(","body":{"currency":"EUR"}})" + "\n";
    REQUIRE(post("/v1/batch", lines).status == 200);
  }
  // The ids of all pages, as they come.
  std::vector<std::string> all(const std::string& list, const std::string& query = {}) {
    std::vector<std::string> ids;
    for (std::string after;;) {
      const auto page = read("/v1/" + list + "?limit=37" + query + (after.empty() ? "" : "&after=" + after));
      CHECK(page.at("as_of_lsn").as_int64() >= 0);
      const auto& listed = page.at(list).as_array();
      CHECK(listed.size() <= 37);
      for (const auto& one : listed) {
        const auto* id = one.as_object().if_contains(list == "orders" ? "order" : "id");
        REQUIRE(id != nullptr);
        ids.emplace_back(id->as_string());
        CHECK(one.as_object().contains("version"));
      }
      if (page.at("next").is_null()) return ids;
      after = std::string(page.at("next").as_string());
    }
  }
};

std::vector<std::string> ids_of(int count) {
  std::set<std::string> ids;
  for (int i = 0; i < count; ++i) ids.insert("w" + std::to_string(i));
  return {ids.begin(), ids.end()};
}

}  // namespace

TEST_CASE_FIXTURE(ListFixture, "a list has every wallet once, in the order of their ids, over a restart, too") {
  CHECK(all("wallets").empty());
  open_wallets(500);
  CHECK(all("wallets") == ids_of(500));
  restart();
  CHECK(all("wallets") == ids_of(500));
  const auto page = read("/v1/wallets?limit=1000");
  CHECK(page.at("wallets").as_array().size() == 500);
  CHECK(page.at("next").is_null());
  CHECK(page.at("wallets").at(0) == json::parse(client->get("/v1/wallets/w0").body));
}

TEST_CASE_FIXTURE(ListFixture, "a prefix and a status choose, and pages go on behind what they left out") {
  open_wallets(200);
  CHECK(all("wallets", "&prefix=w19") == std::vector<std::string>{"w19", "w190", "w191", "w192", "w193", "w194", "w195",
                                                                  "w196", "w197", "w198", "w199"});
  CHECK(all("wallets", "&prefix=x").empty());
  CHECK(put("/v1/wallets/w150/status", R"({"status":"frozen"})").status == 200);
  CHECK(put("/v1/wallets/w9/status", R"({"status":"frozen"})").status == 200);
  CHECK(all("wallets", "&status=frozen") == std::vector<std::string>{"w150", "w9"});
  CHECK(all("wallets", "&status=open").size() == 198);
  CHECK(all("wallets", "&status=closed").empty());
}

TEST_CASE_FIXTURE(ListFixture, "items, matches, passes, orders and sagas are listed as they tell themselves") {
  REQUIRE(put("/v1/items/i1", R"({"quantity":5})").status == 201);
  REQUIRE(put("/v1/matches/m1", R"({"seats":5})").status == 201);
  REQUIRE(put("/v1/matches/m2", R"({"seats":5})").status == 201);
  REQUIRE(post("/v1/matches/m2/cancel", R"({"reason":"rain"})").status == 200);
  REQUIRE(put("/v1/passes/p1", "{}").status == 201);
  REQUIRE(put("/v1/wallets/a", R"({"currency":"EUR","overdraft_limit":100})").status == 201);
  const auto order = [&](const std::string& id, int amount) {
    return post("/v1/orders", R"({"order":")" + id + R"(","lines":[{"item":"i1","quantity":1}],"pay":{"wallet":"a",)" +
                                  R"("amount":)" + std::to_string(amount) + "}}");
  };
  REQUIRE(order("o1", 100).status == 201);
  REQUIRE(order("o2", 100).status == 402);
  CHECK(all("items") == std::vector<std::string>{"i1"});
  CHECK(all("matches") == std::vector<std::string>{"m1", "m2"});
  CHECK(all("matches", "&status=cancelled") == std::vector<std::string>{"m2"});
  CHECK(all("passes", "&status=valid") == std::vector<std::string>{"p1"});
  CHECK(all("orders") == std::vector<std::string>{"o1", "o2"});
  CHECK(all("orders", "&status=failed") == std::vector<std::string>{"o2"});
  CHECK(all("sagas") == std::vector<std::string>{"order:o1", "order:o2"});
  CHECK(all("sagas", "&status=completed") == std::vector<std::string>{"order:o1"});
  CHECK(all("sagas", "&status=stuck").empty());
  CHECK(all("sagas", "&prefix=order:o2") == std::vector<std::string>{"order:o2"});
  CHECK(all("sagas", "&prefix=booking:").empty());
  CHECK(read("/v1/sagas?limit=10").at("sagas").at(0) == json::parse(client->get("/v1/sagas/order:o1").body));
  const std::string matches = client->get("/v1/matches").body;  // that cost nothing
  restart();
  CHECK(client->get("/v1/matches").body == matches);
}

TEST_CASE_FIXTURE(ListFixture, "sagas of bookings and orders are one list") {
  REQUIRE(put("/v1/items/i1", R"({"quantity":5})").status == 201);
  REQUIRE(put("/v1/matches/m1", R"({"seats":5,"price":{"amount":5,"currency":"EUR"}})").status == 201);
  for (const char* player : {"p1", "p2", "p3"})
    REQUIRE(post("/v1/matches/m1/bookings",
                 R"({"player":")" + std::string(player) + R"(","pay":{"card":{"token":"tok_ok"}}})")
                .status == 202);
  for (const char* id : {"o1", "o2"})
    REQUIRE(post("/v1/orders", R"({"order":")" + std::string(id) +
                                   R"(","lines":[{"item":"i1","quantity":1}],)"
                                   R"("pay":{"card":{"token":"tok_ok"},"amount":5,"currency":"EUR"}})")
                .status == 202);
  std::vector<std::string> ids;
  for (std::string after;;) {
    const auto page = read("/v1/sagas?limit=2" + (after.empty() ? "" : "&after=" + after));
    for (const auto& saga : page.at("sagas").as_array()) ids.push_back(text(saga, "id"));
    if (page.at("next").is_null()) break;
    after = std::string(page.at("next").as_string());
  }
  REQUIRE(ids.size() == 5);
  CHECK(std::is_sorted(ids.begin(), ids.end()));
  CHECK(ids[0].starts_with("booking:"));
  CHECK(ids[4] == "order:o2");
}

TEST_CASE_FIXTURE(ListFixture, "what a list can't be asked is refused, with what it can") {
  CHECK(code_of(client->get("/v1/wallets?limit=1001")) == "invalid_request");
  CHECK(code_of(client->get("/v1/wallets?status=lost")) == "invalid_request");
  CHECK(code_of(client->get("/v1/items?status=open")) == "invalid_request");
  CHECK(code_of(client->get("/v1/wallets?page=2")) == "invalid_request");
  CHECK(code_of(client->get("/v1/wallets?limit=1&limit=2")) == "invalid_request");
  CHECK(code_of(client->get("/v1/wallets?limit=1&prefix=a&limit")) == "invalid_request");
  CHECK(code_of(client->get("/v1/log?after=0&after=0")) == "invalid_request");
  CHECK(code_of(client->get("/v1/wallets?after=a%20b")) == "invalid_id");
  CHECK(code_of(client->get("/v1/wallets?prefix=")) == "invalid_id");
}

TEST_CASE_FIXTURE(ListFixture, "while entities come a list still has all that were there") {
  open_wallets(300);
  std::atomic<bool> done{false};
  std::thread writer([&] {
    Client other(server->port());
    for (int i = 0; !done; ++i) other.ask("PUT", "/v1/wallets/x" + std::to_string(i), R"({"currency":"EUR"})");
  });
  for (int i = 0; i < 3; ++i) CHECK(all("wallets", "&prefix=w") == ids_of(300));
  done = true;
  writer.join();
}

TEST_CASE_FIXTURE(ListFixture, "holds of a wallet are listed by pages and status") {
  REQUIRE(put("/v1/wallets/a", R"({"currency":"EUR","overdraft_limit":1000})").status == 201);
  for (const char* hold : {"h1", "h2", "h3"})
    REQUIRE(post("/v1/wallets/a/holds", R"({"hold":")" + std::string(hold) + R"(","amount":5})").status == 201);
  REQUIRE(post("/v1/wallets/a/holds/h2/capture", R"({"amount":3})").status == 200);
  const auto first = read("/v1/wallets/a/holds?limit=2");
  CHECK(text(first.at("holds").at(0), "id") == "h1");
  CHECK(text(first.at("holds").at(1), "status") == "captured");
  CHECK(first.at("holds").at(1).at("captured").as_int64() == 3);
  CHECK(first.at("next").as_string() == "h2");
  const auto second = read("/v1/wallets/a/holds?limit=2&after=h2");
  CHECK(second.at("holds").as_array().size() == 1);
  CHECK(second.at("next").is_null());
  CHECK(read("/v1/wallets/a/holds?status=open").at("holds").as_array().size() == 2);
  CHECK(code_of(client->get("/v1/wallets/nobody/holds")) == "not_found");
}

TEST_CASE("a tenant's list has nothing of another's") {
  tote::http::ServerOptions options;
  options.tenants = {{"a", {tests::secret_a_sha256}}, {"b", {tests::secret_b_sha256}}};
  TempDirectory directory;
  RunningServer server(directory.path(), options);
  Client client(server.port());
  const HeaderList a{{"Authorization", "Bearer secret-a"}}, b{{"Authorization", "Bearer secret-b"}};
  REQUIRE(client.ask("PUT", "/v1/wallets/one", R"({"currency":"EUR"})", a).status == 201);
  CHECK(json::parse(client.get("/v1/wallets", a).body).at("wallets").as_array().size() == 1);
  CHECK(json::parse(client.get("/v1/wallets", b).body).at("wallets").as_array().empty());
  CHECK(Client(server.port()).get("/v1/wallets").status == 401);
  // Nor do figures tell of tenants to whoever asks.
  const Response figures = client.get("/metrics");
  CHECK(figures.status == 200);
  CHECK(figures.body.find("tenant=") == std::string::npos);
  CHECK(client.get("/metrics", a).body.find(R"(tenant="a")") != std::string::npos);
  CHECK(client.get("/metrics", a).body.find(R"(tenant="b")") == std::string::npos);
}

namespace {

// A page as the lists make it, with kinds that may not be the engine's.
tote::Outcome page_of(tote::Engine& engine, const tote::Kinds& kinds, std::string status) {
  tote::http::Renderer renderer([](const std::function<void()>& work) { work(); });
  tote::http::ListRuns lists(engine, kinds, renderer);
  tote::http::ListAsk ask{.member = "wallets", .sources = {{tote::Wallet::kind_id}}, .status = std::move(status)};
  std::promise<tote::Outcome> promise;
  lists.start({}, std::move(ask), [&](tote::Outcome& outcome) { promise.set_value(outcome); });
  return promise.get_future().get();
}

}  // namespace

TEST_CASE("one whose answer can't be told isn't left out in silence: there is no page") {
  const TempDirectory directory;
  auto opened = tote::Engine::open({.directory = directory.path(), .kinds = {tote::kind_of<tote::Wallet>()}});
  auto& engine = *std::get<std::unique_ptr<tote::Engine>>(opened);
  tote::Request open{.kind = tote::Wallet::kind_id, .entity = "w"};
  open.command = tote::Command(tote::Wallet::Command(tote::Wallet::Open{*tote::currency_of("EUR"), {}}));
  REQUIRE(engine.call(std::move(open)).code == tote::Code::created);
  const tote::Kinds known = {tote::kind_of<tote::Wallet>()};
  for (const char* status : {"", "open"}) {
    CHECK(page_of(engine, known, status).code == tote::Code::ok);
    const tote::Outcome untold = page_of(engine, {}, status);
    CHECK(untold.code == tote::Code::internal_error);
    CHECK(untold.answer.empty());
  }
}

TEST_CASE("a page that isn't there by its deadline is refused") {
  const TempDirectory directory;
  const tote::Kinds kinds = {tote::kind_of<tote::Wallet>()};
  auto opened = tote::Engine::open({.directory = directory.path(), .kinds = kinds});
  tote::http::Renderer renderer([](const std::function<void()>& work) { work(); });
  tote::http::ListRuns lists(*std::get<std::unique_ptr<tote::Engine>>(opened), kinds, renderer);
  for (const int deadline_ms : {-1, 60'000}) {
    tote::http::ListAsk ask{.member = "wallets", .sources = {{tote::Wallet::kind_id}}};
    ask.ends_at = std::chrono::steady_clock::now() + std::chrono::milliseconds(deadline_ms);
    std::promise<tote::Code> promise;
    lists.start({}, std::move(ask), [&](tote::Outcome& outcome) { promise.set_value(outcome.code); });
    CHECK(promise.get_future().get() == (deadline_ms < 0 ? tote::Code::deadline_exceeded : tote::Code::ok));
  }
}
