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
