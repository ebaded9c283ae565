// POST /v1/batch: many commands in one request, each as if it had come alone.
#include <doctest/doctest.h>

#include <boost/json.hpp>
#include <chrono>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "actors/transaction/batch_record.h"
#include "actors/transaction/results.h"
#include "actors/wallet/wallet.h"
#include "adapters/http/decode.h"
#include "adapters/http/packed_text.h"
#include "tests/http/client.h"
#include "tests/http/running_server.h"

using namespace tests::http;
namespace json = boost::json;

namespace {

struct BatchFixture {
  TempDirectory directory;
  std::unique_ptr<RunningServer> server = std::make_unique<RunningServer>(directory.path());
  Client client{server->port()};

  void start() { server = std::make_unique<RunningServer>(directory.path()); }
  void restart() {
    server.reset();
    start();
  }

  BatchFixture() {
    for (const char* wallet : {"alice", "bob"})
      REQUIRE(client.ask("PUT", std::string("/v1/wallets/") + wallet, R"({"currency":"EUR"})").status == 201);
  }

  std::vector<json::value> batch(const std::string& body, const HeaderList& headers = {}) {
    return lines_of(client.ask("POST", "/v1/batch", body, headers));
  }
  std::vector<json::value> lines_of(const Response& response) {
    REQUIRE_MESSAGE(response.status == 200, response.body);
    CHECK(response.header("Content-Type") == "application/x-ndjson");
    std::vector<json::value> lines;
    for (std::size_t at = 0; at < response.body.size();) {
      const auto end = response.body.find('\n', at);
      lines.push_back(json::parse(response.body.substr(at, end - at)));
      at = end + 1;
    }
    return lines;
  }
  std::int64_t balance(const std::string& wallet) {
    return json::parse(client.get("/v1/wallets/" + wallet).body).at("balance").as_int64();
  }
};

std::int64_t status(const json::value& line) { return line.at("status").as_int64(); }
std::string code(const json::value& line) { return std::string(line.at("body").at("code").as_string()); }

// Each names a wallet that isn't there, by an id that doesn't compress.
std::string lines_with_large_answers(int count) {
  constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._";
  std::mt19937_64 random(1);
  std::string body;
  for (int i = 0; i < count; ++i) {
    std::string id;
    while (id.size() < 110) id += letters[random() % letters.size()];
    body += R"({"wallet":")" + id + "\",\"credit\":1}\n";
  }
  return body;
}

// What a server leaves behind that dies after the beginning of batch b1, or after its first line: a credit of 7.
void begin_batch(const std::string& data, const std::string& body, std::uint32_t lines, const std::string& line = {}) {
  tote::Options options;
  options.directory = data;
  options.kinds = {tote::kind_of<tote::Wallet>(), tote::transaction::kind()};
  options.disk_free_bytes_min = 0;
  auto opened = tote::Engine::open(options);
  auto& engine = *std::get<std::unique_ptr<tote::Engine>>(opened);
  const auto fingerprint = [](const std::string& text) {
    return tote::http::fingerprint_of(tote::http::Method::post, {"/v1/batch", {}}, text);
  };
  tote::Request began{.kind = tote::transaction::kind_id};
  began.command = tote::transaction::batch_command({.lines = lines});
  began.key = "b1";
  began.fingerprint = fingerprint(body);
  REQUIRE(engine.call(std::move(began)).code == tote::Code::ok);
  if (line.empty()) return;
  auto first = tote::request<tote::Wallet>("alice", tote::Wallet::Credit{{7}}, "b1:1");
  first.fingerprint = fingerprint(line);
  REQUIRE(engine.call(std::move(first)).code == tote::Code::ok);
}

}  // namespace

TEST_CASE_FIXTURE(BatchFixture, "batch: every kind of command, in order, each with its own answer") {
  const auto lines = batch(R"({"wallet":"alice","credit":100}
{"wallet":"alice","debit":30,"reference":"order-1"}
{"wallet":"alice","debit":3000}
{"wallet":"alice","hold":"h1","amount":10}
{"from":"alice","to":"bob","amount":5}
{"commands":[{"wallet":"alice","debit":1},{"wallet":"bob","credit":1}]}
{"order":"o1","lines":[{"item":"none","quantity":1}],"pay":{"wallet":"alice","amount":1}}
{"match":"none","book":"alice"}
)");
  REQUIRE(lines.size() == 8);
  CHECK(lines[0].at("body").at("balance").as_int64() == 100);
  CHECK(lines[1].at("body").at("balance").as_int64() == 70);
  CHECK(code(lines[2]) == "insufficient_funds");
  CHECK(status(lines[2]) == 402);
  CHECK(lines[3].at("body").at("held").as_int64() == 10);
  CHECK(lines[4].at("body").at("to").at("balance").as_int64() == 5);
  CHECK(lines[5].at("body").at("results").as_array().size() == 2);
  CHECK(status(lines[6]) == 404);
  CHECK(status(lines[7]) == 404);
  CHECK(balance("alice") == 64);
  CHECK(balance("bob") == 6);
}

TEST_CASE_FIXTURE(BatchFixture, "batch: lines that can't be understood are answered, the others executed") {
  const auto lines = batch(
      "{\"wallet\":\"alice\",\"credit\":1}\r\n"
      "no json\n\n"
      "{\"wallet\":\"alice\"}\n"
      "{\"wallet\":\"alice\",\"credit\":1,\"debits\":2}\n"
      "{\"wallet\":\"a b\",\"credit\":1}\n"
      "{\"wallet\":\"alice\",\"credit\":1,\"key\":\"two words\"}\n"
      "{\"wallet\":\"alice\",\"credit\":1}");
  REQUIRE(lines.size() == 7);
  CHECK(status(lines[0]) == 200);
  for (int i = 1; i < 6; ++i) CHECK(status(lines[static_cast<std::size_t>(i)]) == 400);
  CHECK(lines[3].at("body").at("pointer").as_string() == "/debits");
  CHECK(code(lines[4]) == "invalid_id");
  CHECK(code(lines[5]) == "idempotency_key_invalid");
  CHECK(status(lines[6]) == 200);
  CHECK(balance("alice") == 2);
}

TEST_CASE_FIXTURE(BatchFixture, "batch: keys of lines: what is sent again is answered again") {
  const std::string body = R"({"wallet":"alice","credit":7,"key":"k1"}
{"wallet":"alice","credit":7,"key":"k1"}
{"wallet":"alice","credit":8,"key":"k1"}
{"wallet":"alice","credit":100}
)";
  const auto first = batch(body);
  REQUIRE(first.size() == 4);
  CHECK(first[1].at("body") == first[0].at("body"));
  CHECK(first[1].at("replayed").as_bool());
  CHECK(code(first[2]) == "idempotency_key_reused");
  CHECK_FALSE(first[3].as_object().contains("replayed"));
  const auto again = batch(body);
  CHECK(again[0].at("body") == first[0].at("body"));
  CHECK(again[0].at("replayed").as_bool());
  CHECK(balance("alice") == 207);
}

TEST_CASE_FIXTURE(BatchFixture, "batch: under a key of its own all of it replays byte for byte, also after a restart") {
  const std::string body = R"({"wallet":"alice","credit":7,"key":"k1"}
{"wallet":"alice","credit":7,"key":"k1"}
{"wallet":"alice","credit":8,"key":"k1"}
no json
{"wallet":"alice","debit":3000}
{"wallet":"alice","credit":100}
)";
  const HeaderList key{{"Idempotency-Key", "b1"}};
  const auto first = client.ask("POST", "/v1/batch", body, key);
  REQUIRE(first.status == 200);
  CHECK_FALSE(first.has("Idempotent-Replayed"));
  const auto check_known = [&](Client& asker) {
    const auto again = asker.ask("POST", "/v1/batch", body, key);
    CHECK(again.status == 200);
    CHECK(again.body == first.body);
    CHECK(again.header("Idempotent-Replayed") == "true");
    CHECK(again.header("Tote-Lsn") == first.header("Tote-Lsn"));
    const auto other = asker.ask("POST", "/v1/batch", body + "\n", key);
    CHECK(other.status == 422);
    CHECK(asker.ask("POST", "/v1/wallets/alice/credits", R"({"amount":1})", key).status == 422);
    const auto outcome = json::parse(asker.get("/v1/outcomes/b1").body);
    CHECK(outcome.at("status").as_int64() == 200);
    CHECK(outcome.at("body").as_array().size() == 6);
    CHECK(outcome.at("body").at(5).at("body").at("balance").as_int64() == 107);
    CHECK(asker.get("/v1/outcomes/b1:6").status == 404);  // a line's own key is nobody else's
  };
  check_known(client);
  CHECK(balance("alice") == 107);
  restart();
  Client later(server->port());
  check_known(later);
  CHECK(json::parse(later.get("/v1/wallets/alice").body).at("balance").as_int64() == 107);
}

TEST_CASE_FIXTURE(BatchFixture,
                  "batch: answers too large for one record replay byte for byte, too, also after a restart") {
  const std::string body = lines_with_large_answers(7'000);
  const HeaderList key{{"Idempotency-Key", "b1"}};
  const auto first = client.ask("POST", "/v1/batch", body, key);
  REQUIRE(first.status == 200);
  REQUIRE(tote::http::pack(first.body).size() > tote::transaction::batch_packed_bytes_max);
  CHECK_FALSE(first.has("Idempotent-Replayed"));
  for (int starts = 0; starts < 2; ++starts) {
    Client asker(server->port());
    const auto again = asker.ask("POST", "/v1/batch", body, key);
    CHECK(again.body == first.body);
    CHECK(again.header("Idempotent-Replayed") == "true");
    CHECK(again.header("Tote-Lsn") == first.header("Tote-Lsn"));
    const auto outcome = json::parse(asker.get("/v1/outcomes/b1").body);
    CHECK(outcome.at("body").as_array().size() == 7'000);
    restart();
  }
}

TEST_CASE_FIXTURE(BatchFixture,
                  "batch: when its beginning is forgotten its answers are, so they are never those of another") {
  constexpr std::int64_t retention_s = 2;
  const std::string line = R"({"wallet":"alice","credit":7})", body = line + "\n";
  const HeaderList key{{"Idempotency-Key", "b1"}};
  server.reset();
  begin_batch(directory.path() + "/data", body, 1);  // and the server died
  const auto began = std::chrono::steady_clock::now();
  std::this_thread::sleep_until(began + std::chrono::milliseconds(1'200));
  server = std::make_unique<RunningServer>(directory.path(), tote::http::ServerOptions{}, retention_s);
  Client later(server->port());
  REQUIRE(later.ask("POST", "/v1/batch", body, key).status == 200);
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  auto anew = later.ask("POST", "/v1/batch", body, key);
  while (anew.has("Idempotent-Replayed") && std::chrono::steady_clock::now() < end) {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    anew = later.ask("POST", "/v1/batch", body, key);
  }
  CHECK_FALSE(anew.has("Idempotent-Replayed"));
  const auto again = later.ask("POST", "/v1/batch", body, key);
  CHECK(again.header("Idempotent-Replayed") == "true");
  CHECK(again.body == anew.body);
}

TEST_CASE_FIXTURE(BatchFixture, "batch: a key of a line is never a client's key") {
  const std::string line = "{\"wallet\":\"alice\",\"credit\":5}\n";
  const auto credit = [&](const std::string& key) {
    return client.ask("POST", "/v1/wallets/alice/credits", R"({"amount":5})", {{"Idempotency-Key", key}});
  };
  const auto send = [&](const std::string& key) {
    return client.ask("POST", "/v1/batch", line, {{"Idempotency-Key", key}});
  };
  CHECK(credit("topup:1").status == 200);
  CHECK(send("topup").body.find("replayed") == std::string::npos);
  CHECK(balance("alice") == 10);
  CHECK(send("imp").status == 200);
  CHECK_FALSE(credit("imp:1").has("Idempotent-Replayed"));
  CHECK(send("imp:1").status == 422);  // the credit's
  CHECK(send("imp:answer").status == 200);
  CHECK(balance("alice") == 25);
  CHECK(client.get("/v1/outcomes/imp%091").status == 400);
}

TEST_CASE_FIXTURE(BatchFixture, "batch: the same under the same key at the same time is executed once") {
  std::string body;
  for (int i = 0; i < 3'000; ++i) body += "{\"wallet\":\"alice\",\"credit\":1}\n";
  const std::string text = Client::text_of("POST", "/v1/batch", body, {{"Idempotency-Key", "b1"}});
  std::vector<std::unique_ptr<Client>> clients;
  for (int i = 0; i < 8; ++i) clients.push_back(std::make_unique<Client>(server->port()));
  Client asking(server->port());
  for (auto& one : clients) REQUIRE(one->send(text));
  asking.send(Client::text_of("GET", "/v1/outcomes/b1", {}, {}));
  int firsts = 0;
  std::string answer;
  for (auto& one : clients) {
    const auto response = one->receive();
    REQUIRE(response.status == 200);
    if (answer.empty()) answer = response.body;
    CHECK(response.body == answer);
    firsts += response.has("Idempotent-Replayed") ? 0 : 1;
  }
  CHECK(firsts == 1);
  CHECK(balance("alice") == 3'000);
  const auto outcome = asking.receive();
  CHECK((outcome.status == 404 || json::parse(outcome.body).at("body").as_array().size() == 3'000));
}

TEST_CASE_FIXTURE(BatchFixture, "batch: one that was broken off between its lines goes on when it is sent again") {
  const std::string line_1 = R"({"wallet":"alice","credit":7})", line_2 = R"({"wallet":"alice","credit":100})";
  const std::string body = line_1 + "\n" + line_2 + "\n";
  const HeaderList key{{"Idempotency-Key", "b1"}};
  server.reset();
  begin_batch(directory.path() + "/data", body, 2, line_1);
  start();
  Client later(server->port());
  const auto unfinished = json::parse(later.get("/v1/outcomes/b1").body);
  CHECK(unfinished.at("code").as_string() == "outcome_unknown");
  CHECK(unfinished.at("outcome").as_string() == "unknown");
  CHECK(std::string(unfinished.at("detail").as_string()).find("wasn't finished") != std::string::npos);
  CHECK(later.ask("POST", "/v1/batch", line_2, key).status == 422);
  const auto finished = later.ask("POST", "/v1/batch", body, key);
  const auto lines = lines_of(finished);
  REQUIRE(lines.size() == 2);
  CHECK(lines[0].at("body").at("balance").as_int64() == 7);
  CHECK(lines[0].at("replayed").as_bool());
  CHECK(lines[1].at("body").at("balance").as_int64() == 107);
  CHECK(later.ask("POST", "/v1/batch", body, key).body == finished.body);
  CHECK(json::parse(later.get("/v1/outcomes/b1").body).at("body").as_array().size() == 2);
}

TEST_CASE_FIXTURE(BatchFixture, "batch: a line refused for the moment only is tried again when the batch is") {
  REQUIRE(client.ask("PUT", "/v1/matches/m", R"({"seats":1,"price":{"amount":1,"currency":"EUR"}})").status == 201);
  std::string body = "{\"wallet\":\"alice\",\"credit\":1}\n";
  for (int i = 0; i < 6; ++i) body += "{\"match\":\"m\",\"book\":\"bob\"}\n";
  const HeaderList key{{"Idempotency-Key", "b1"}};
  const auto first = client.ask("POST", "/v1/batch", body, key);
  REQUIRE(status(lines_of(first)[6]) == 429);
  CHECK(json::parse(client.get("/v1/outcomes/b1").body).at("outcome").as_string() == "unknown");
  const auto again = client.ask("POST", "/v1/batch", body, key);
  CHECK_FALSE(again.has("Idempotent-Replayed"));
  CHECK(lines_of(again)[0].at("replayed").as_bool());
  CHECK(balance("alice") == 1);
}

TEST_CASE_FIXTURE(BatchFixture, "batch: any change of the API by its method and path, as if it had come alone") {
  const auto lines = batch(R"({"put":"/v1/wallets/carol","body":{"currency":"EUR"}}
{"key":"k\"body\":1","post":"/v1/wallets/carol/credits","body": {"amount":5,"reference":"a"} }
{"put":"/v1/items/sku","body":{"quantity":3}}
{"post":"/v1/items/sku/picks","body":{"quantity":1}}
{"put":"/v1/matches/m","body":{"seats":2,"price":{"amount":5,"currency":"EUR"}}}
{"post":"/v1/matches/m/bookings","body":{"player":"carol","pay":{"wallet":"carol"}}}
{"delete":"/v1/matches/m/bookings/carol"}
{"post":"/v1/transfers","body":{"from":"carol","to":"bob","amount":2}}
{"put":"/v1/wallets/carol","body":{"currency":"EUR","x":1}}
{"put":"/v1/wallets/carol"}
{"get":"/v1/wallets/carol"}
{"post":"/v1/batch","body":{}}
{"put":"/v1/nowhere","body":{}}
{"patch":"/v1/transfers","body":{}}
{"put":"/v1/wallets/a%20b","body":{"currency":"EUR"}}
{"put":"/v1/wallets/dave","body":{"currency":"EUR"},"more":1}
)");
  const std::vector<std::int64_t> expected = {201, 200, 201, 200, 201, 201, 200, 200,
                                              400, 400, 400, 400, 404, 405, 400, 400};
  REQUIRE(lines.size() == expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) CHECK_MESSAGE(status(lines[i]) == expected[i], i << lines[i]);
}

TEST_CASE_FIXTURE(BatchFixture, "batch: a line by its path and the same request alone are one under one key") {
  REQUIRE(status(batch(R"({"post":"/v1/wallets/alice/credits","key":"k1","body":{"amount":5}})")[0]) == 200);
  const auto alone = client.ask("POST", "/v1/wallets/alice/credits", R"({"amount":5})", {{"Idempotency-Key", "k1"}});
  CHECK(alone.status == 200);
  CHECK(alone.header("Idempotent-Replayed") == "true");
  CHECK(balance("alice") == 5);
}

TEST_CASE_FIXTURE(BatchFixture, "batch: a key that is nearly too long holds for the lines, too") {
  const HeaderList key{{"Idempotency-Key", std::string(255, 'k')}};
  const std::string body = "{\"wallet\":\"alice\",\"credit\":1}\n{\"wallet\":\"alice\",\"credit\":2}\n";
  const auto first = client.ask("POST", "/v1/batch", body, key);
  CHECK(status(lines_of(first)[1]) == 200);
  const auto again = client.ask("POST", "/v1/batch", body, key);
  CHECK(again.body == first.body);
  CHECK(again.header("Idempotent-Replayed") == "true");
  CHECK(balance("alice") == 3);
}

TEST_CASE_FIXTURE(BatchFixture, "batch: large ones are done in many short turns of the loop") {
  std::string body;
  for (int i = 0; i < 10'000; ++i) body += "{\"wallet\":\"alice\",\"credit\":1}\n";
  const auto turns = [&](const std::string& what) {
    const std::string page = client.get("/metrics").body, name = "tote_loop_turn_seconds_" + what + ' ';
    return std::stod(page.substr(page.find(name) + name.size()));
  };
  const double count = turns("count"), seconds = turns("sum");
  constexpr int batches = 6;
  for (int i = 0; i < batches; ++i) CHECK(batch(body, {{"Idempotency-Key", "b" + std::to_string(i)}}).size() == 10'000);
  const double more = turns("count") - count;
  CHECK(more > batches * 40);
  CHECK((turns("sum") - seconds) / more < 0.005);  // mostly of others that use the processor
}

TEST_CASE_FIXTURE(BatchFixture, "batch: bounds") {
  std::string body;
  for (int i = 0; i < 10'000; ++i) body += "{\"wallet\":\"alice\",\"credit\":1}\n";
  CHECK(batch(body).size() == 10'000);
  CHECK(balance("alice") == 10'000);
  CHECK(client.ask("POST", "/v1/batch", body + "{\"wallet\":\"alice\",\"credit\":1}").status == 400);
  CHECK(client.ask("POST", "/v1/batch", "\n \n").status == 400);
  CHECK(client.ask("POST", "/v1/batch?x=1", body).status == 400);
  CHECK(client.ask("POST", "/v1/batch", body, {{"If-Match", "\"v1\""}}).status == 400);
  CHECK(balance("alice") == 10'000);
  CHECK(client.ask("POST", "/v1/batch", std::string((1 << 20) + 1, ' ')).status == 413);
  // The larger bound is this path's alone.
  Client other(server->port());
  CHECK(other.ask("POST", "/v1/transactions", std::string(100'000, ' ')).status == 413);
}
