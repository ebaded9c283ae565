// One effect per key, and the first answer byte for byte: also after a restart, while in flight, for refusals.
#include <doctest/doctest.h>

#include <boost/json.hpp>
#include <chrono>
#include <memory>
#include <thread>
#include <vector>

#include "tests/http/api_words.h"
#include "tests/http/client.h"
#include "tests/http/running_server.h"
#include "tests/support/token_hashes.h"

using namespace tests::http;
namespace json = boost::json;

namespace {

Response change(Client& client, std::string_view method, std::string_view target, std::string_view body,
                std::string key) {
  return client.ask(method, target, body, {{"Idempotency-Key", std::move(key)}});
}

struct Asked {
  const char *method, *target, *body, *key;
  unsigned status;
};

constexpr Asked story[] = {
    {"PUT", "/v1/wallets/alice", R"({"currency":"EUR"})", "k1", 201},
    {"POST", "/v1/wallets/alice/credits", R"({"amount":1000})", "k2", 200},
    {"POST", "/v1/wallets/alice/holds", R"({"hold":"h1","amount":500})", "k3", 201},
    {"POST", "/v1/wallets/alice/debits", R"({"amount":501})", "k4", 402},
    {"POST", "/v1/wallets/nobody/debits", R"({"amount":1})", "k5", 404},
    {"PUT", "/v1/wallets/alice", R"({"currency":"USD"})", "k6", 409},
    {"POST", "/v1/wallets/alice/holds/h1/capture", R"({"amount":300})", "k7", 200},
    {"PUT", "/v1/wallets/alice", R"({"currency":"EUR"})", "k8", 200},
};

}  // namespace

TEST_CASE("a repeat gets the same status and bytes, now and after a restart") {
  TempDirectory directory;
  std::vector<std::string> bodies, lsns;
  {
    RunningServer server(directory.path());
    Client client(server.port());
    for (const auto& asked : story) {
      const auto first = change(client, asked.method, asked.target, asked.body, asked.key);
      CHECK(first.status == asked.status);
      CHECK_FALSE(first.has("Idempotent-Replayed"));
      bodies.push_back(first.body);
      lsns.push_back(first.header("Tote-Lsn"));
    }
    const auto last = server.figures().last;
    for (std::size_t i = 0; i < std::size(story); ++i) {
      const auto again =
          change(client, story[i].method, story[i].target, story[i].body, '"' + std::string(story[i].key) + '"');
      CHECK(again.status == story[i].status);
      CHECK(again.body == bodies[i]);
      CHECK(again.header("Tote-Lsn") == lsns[i]);
      CHECK(is_replay(again));
    }
    CHECK(server.figures().last == last);
  }
  RunningServer server(directory.path());
  Client client(server.port());
  for (std::size_t i = 0; i < std::size(story); ++i) {
    const auto again = change(client, story[i].method, story[i].target, story[i].body, story[i].key);
    CHECK(again.status == story[i].status);
    CHECK(again.body == bodies[i]);
    CHECK(again.header("Tote-Lsn") == lsns[i]);
    CHECK(is_replay(again));
    const auto outcome = client.get("/v1/outcomes/" + std::string(story[i].key));
    CHECK(outcome.status == 200);
    CHECK(outcome.body == "{\"status\":" + std::to_string(story[i].status) + ",\"body\":" + bodies[i] + ",\"key\":\"" +
                              story[i].key + "\",\"lsn\":" + lsns[i] + "}");
  }
}

TEST_CASE("a key used for something else is refused, and what failed before it was executed is not stored") {
  TempDirectory directory;
  RunningServer server(directory.path());
  Client client(server.port());
  CHECK(change(client, "PUT", "/v1/wallets/alice", R"({"currency":"EUR"})", "k1").status == 201);
  CHECK(change(client, "PUT", "/v1/wallets/bob", R"({"currency":"EUR"})", "k1").status == 422);
  CHECK(change(client, "PUT", "/v1/wallets/alice", R"({"currency": "EUR"})", "k1").status == 422);
  CHECK(change(client, "POST", "/v1/wallets/alice/credits", R"({"amount":5})", "k1").status == 422);
  CHECK(change(client, "POST", "/v1/wallets/alice/credits", R"({"amount":0})", "k2").status == 400);
  const auto unknown = json::parse(client.get("/v1/outcomes/k2").body);
  CHECK(unknown.at("code").as_string() == "outcome_unknown");
  CHECK(unknown.at("outcome").as_string() == "unknown");
  CHECK(unknown.at("retention_s").as_int64() == 86'400);
  const auto corrected = change(client, "POST", "/v1/wallets/alice/credits", R"({"amount":5})", "k2");
  CHECK(corrected.status == 200);
  CHECK_FALSE(corrected.has("Idempotent-Replayed"));
  CHECK(change(client, "POST", "/v1/wallets/alice/credits", R"({"amount":5})", "two words").status == 400);
  CHECK(client
            .ask("POST", "/v1/wallets/alice/credits", R"({"amount":5})",
                 {{"Idempotency-Key", "a"}, {"Idempotency-Key", "b"}})
            .status == 400);
}

TEST_CASE("who is refused before the key is looked up isn't told that nothing was executed") {
  TempDirectory directory;
  RunningServer server(directory.path());
  Client client(server.port());
  CHECK(change(client, "PUT", "/v1/wallets/alice", R"({"currency":"EUR"})", "k1").status == 201);
  const std::string body = R"({"amount":5})";
  CHECK(change(client, "POST", "/v1/wallets/alice/credits", body, "k2").status == 200);
  const std::string text = Client::text_of("POST", "/v1/wallets/alice/credits", body,
                                           {{"Idempotency-Key", "k2"}, {"Tote-Deadline-Ms", "1"}});
  client.send(text.substr(0, text.size() - 1));
  std::this_thread::sleep_for(std::chrono::milliseconds(5));  // the deadline passes
  client.send(text.substr(text.size() - 1));
  const auto late = client.receive();
  CHECK(late.status == 504);
  CHECK(json::parse(late.body).at("outcome").as_string() == "unknown");
  CHECK(change(client, "POST", "/v1/wallets/alice/credits", body, "k2").header("Idempotent-Replayed") == "true");
}

TEST_CASE("duplicates in flight get one answer, exactly one of them without the replay headers") {
  TempDirectory directory;
  RunningServer server(directory.path());
  Client(server.port()).ask("PUT", "/v1/wallets/alice", R"({"currency":"EUR"})");
  std::vector<std::unique_ptr<Client>> clients;
  for (int i = 0; i < 32; ++i) clients.push_back(std::make_unique<Client>(server.port()));
  const auto text =
      Client::text_of("POST", "/v1/wallets/alice/credits", R"({"amount":5})", {{"Idempotency-Key", "same"}});
  for (auto& client : clients) client->send(text + text);
  int firsts = 0;
  std::string body;
  for (auto& client : clients) {
    for (int i = 0; i < 2; ++i) {
      const auto response = client->receive();
      CHECK(response.status == 200);
      if (body.empty()) body = response.body;
      CHECK(response.body == body);
      firsts += is_replay(response) ? 0 : 1;
    }
  }
  CHECK(firsts == 1);
  CHECK(Client(server.port()).get("/v1/wallets/alice").body.find("\"balance\":5,") != std::string::npos);
}

TEST_CASE("keys with characters that a path must escape") {
  TempDirectory directory;
  RunningServer server(directory.path());
  Client client(server.port());
  CHECK(change(client, "PUT", "/v1/wallets/alice", R"({"currency":"EUR"})", R"("a/b?\"c\\%")").status == 201);
  const auto outcome = client.get("/v1/outcomes/a%2Fb%3F%22c%5C%25");
  CHECK(outcome.status == 200);
  CHECK(json::parse(outcome.body).at("key").as_string() == "a/b?\"c\\%");
  CHECK(client.get("/v1/outcomes/").status == 400);
  CHECK(client.get("/v1/outcomes/" + std::string(256, 'a')).status == 400);
}

TEST_CASE("only a server that keeps keys for ever knows that one was never executed") {
  TempDirectory directory;
  RunningServer server(directory.path(), {}, 0);
  const auto never = json::parse(Client(server.port()).get("/v1/outcomes/k").body);
  CHECK(never.at("outcome").as_string() == "not_executed");
  CHECK_FALSE(never.as_object().contains("retention_s"));
}

TEST_CASE("a server can insist on keys") {
  TempDirectory directory;
  tote::http::ServerOptions options;
  options.require_idempotency_key = true;
  RunningServer server(directory.path(), options);
  Client client(server.port());
  const auto refused = client.ask("PUT", "/v1/wallets/alice", R"({"currency":"EUR"})");
  CHECK(refused.status == 400);
  CHECK(json::parse(refused.body).at("code").as_string() == "idempotency_key_missing");
  CHECK(client.get("/v1/wallets/alice").status == 404);
  CHECK(change(client, "PUT", "/v1/wallets/alice", R"({"currency":"EUR"})", "k").status == 201);
}

// What is so already is a yes of its own under a new key: it has a place in the log, and the entity's state is older.
TEST_CASE("a yes under a new key that changes nothing has its own LSN, and the version that the entity has") {
  TempDirectory directory;
  RunningServer server(directory.path());
  Client client(server.port());
  constexpr Asked made[] = {
      {"PUT", "/v1/wallets/alice", R"({"currency":"EUR"})", "m1", 201},
      {"POST", "/v1/wallets/alice/credits", R"({"amount":1000})", "m2", 200},
      {"PUT", "/v1/wallets/bob", R"({"currency":"EUR"})", "m3", 201},
      {"PUT", "/v1/items/sku1", R"({"quantity":10})", "m4", 201},
      {"PUT", "/v1/matches/thu", R"({"seats":2,"price":{"amount":5,"currency":"EUR"}})", "m5", 201},
      {"PUT", "/v1/matches/fri", R"({"seats":2})", "m6", 201},
      {"POST", "/v1/matches/fri/cancel", R"({"reason":"rain"})", "m7", 200},
      {"PUT", "/v1/passes/season", "{}", "m8", 201},
      {"PUT", "/v1/passes/lost", "{}", "m9", 201},
      {"POST", "/v1/passes/lost/revoke", "{}", "m10", 200},
      {"POST", "/v1/orders",
       R"({"order":"o1","lines":[{"item":"sku1","quantity":1}],"pay":{"wallet":"alice","amount":9}})", "m11", 201},
      {"POST", "/v1/orders/o1/cancel", R"({"reason":"x"})", "m12", 200},
      {"PUT", "/v1/wallets/alice/status", R"({"status":"open","reason":"x"})", "m13", 200},
  };
  for (const Asked& asked : made)
    REQUIRE(change(client, asked.method, asked.target, asked.body, asked.key).status == asked.status);
  struct Repeat {
    const char *method, *target, *body, *entity;
  };
  constexpr Repeat repeats[] = {
      {"PUT", "/v1/wallets/bob", R"({"currency":"EUR"})", "/v1/wallets/bob"},
      {"PATCH", "/v1/wallets/alice", R"({"overdraft_limit":0})", "/v1/wallets/alice"},
      {"PUT", "/v1/wallets/alice/status", R"({"status":"open","reason":"x"})", "/v1/wallets/alice"},
      {"PUT", "/v1/items/sku1", R"({"quantity":10})", "/v1/items/sku1"},
      {"PUT", "/v1/matches/thu", R"({"seats":2,"price":{"amount":5,"currency":"EUR"}})", "/v1/matches/thu"},
      {"PATCH", "/v1/matches/thu", R"({"seats":2})", "/v1/matches/thu"},
      {"POST", "/v1/matches/fri/cancel", R"({"reason":"rain"})", "/v1/matches/fri"},
      {"PUT", "/v1/passes/season", "{}", "/v1/passes/season"},
      {"POST", "/v1/passes/lost/revoke", "{}", "/v1/passes/lost"},
      {"POST", "/v1/orders/o1/cancel", R"({"reason":"x"})", "/v1/orders/o1"},
  };
  for (const Repeat& repeat : repeats) {
    const std::string what = std::string(repeat.method) + ' ' + repeat.target;
    INFO(what);
    const auto before = client.get(repeat.entity);
    const auto own = server.figures().last.value + 1;
    const std::string key = "again" + std::to_string(own);
    const auto yes = change(client, repeat.method, repeat.target, repeat.body, key);
    REQUIRE(yes.status == 200);
    CHECK(yes.header("Tote-Lsn") == std::to_string(own));
    CHECK(number(yes, "lsn") == static_cast<std::int64_t>(own));
    CHECK(yes.header("ETag") == before.header("ETag"));
    CHECK(number(yes, "version") == number(before, "version"));
    // Who waits for it reads the state that the answer told.
    const auto read = client.get(repeat.entity, {{"Tote-Min-Lsn", yes.header("Tote-Lsn")}});
    CHECK(read.status == 200);
    CHECK(read.body == before.body);
    CHECK(number(read, "lsn") < static_cast<std::int64_t>(own));
    CHECK(client.get(repeat.entity, {{"If-None-Match", yes.header("ETag")}}).status == 304);
    const auto record = json::parse(client.get("/v1/log?limit=1&after=" + std::to_string(own - 1)).body);
    CHECK(text(record, "key") == key);
    CHECK(number(client.get("/v1/outcomes/" + key), "lsn") == static_cast<std::int64_t>(own));
    const auto replayed = change(client, repeat.method, repeat.target, repeat.body, key);
    CHECK(is_replay(replayed));
    CHECK(replayed.body == yes.body);
    // Without a key there is nothing to remember, and no record.
    const auto keyless = client.ask(repeat.method, repeat.target, repeat.body, {{"If-Match", yes.header("ETag")}});
    CHECK(keyless.status == 200);
    CHECK(keyless.header("Tote-Lsn") == before.header("Tote-Lsn"));
    CHECK(server.figures().last.value == own);
  }
}

TEST_CASE("tenants see nothing of each other") {
  TempDirectory directory;
  tote::http::ServerOptions options;
  options.tenants = {{"a", {tests::secret_a_sha256}}, {"b", {tests::secret_b_sha256}}};
  RunningServer server(directory.path(), options);
  Client client(server.port());
  const std::pair<std::string, std::string> a{"Authorization", "Bearer secret-a"},
      b{"Authorization", "Bearer secret-b"}, key{"Idempotency-Key", "k"};
  CHECK(client.ask("PUT", "/v1/wallets/w", R"({"currency":"EUR"})", {a, key}).status == 201);
  CHECK(client.get("/v1/wallets/w", {b}).status == 404);
  CHECK(client.get("/v1/outcomes/k", {b}).status == 404);
  CHECK(client.get("/v1/outcomes/k", {a}).status == 200);
  CHECK(client.ask("PUT", "/v1/wallets/w", R"({"currency":"USD"})", {b, key}).status == 201);
  const auto denied = Client(server.port()).get("/v1/wallets/w");
  CHECK(denied.status == 401);
  CHECK(denied.header("WWW-Authenticate") == "Bearer");
  CHECK(Client(server.port()).ask("POST", "/v1/wallets/w/credits", "{", {{"Idempotency-Key", "a b"}}).status == 401);
  CHECK(Client(server.port()).get("/v1/no-such-path").status == 401);
  for (const char* page : {"/livez", "/readyz", "/metrics", "/version", "/openapi.json", "/problems/unauthorized", "/"})
    CHECK_MESSAGE(client.get(page).status == 200, std::string(page));
}
