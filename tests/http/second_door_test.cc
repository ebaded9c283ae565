// A server carries several doors, each with its own way to say who asks and what went wrong.
#include <doctest/doctest.h>

#include <string>

#include "adapters/server/doors.h"
#include "tests/http/api_words.h"
#include "tests/http/callbacks_door.h"
#include "tests/http/client.h"
#include "tests/http/running_server.h"

using namespace tests::http;

namespace {

const std::string secret = "shared with the provider";
const std::string deposits = "/callbacks/acme/deposits";

struct SecondDoorFixture {
  TempDirectory directory;
  RunningServer server{directory.path()};
  Client client{server.port()};

  SecondDoorFixture() {
    server.mount("/callbacks/acme", std::make_shared<CallbacksDoor>(server.engine(), secret));
    REQUIRE(client.ask("PUT", "/v1/wallets/alice", R"({"currency":"EUR"})").status == 201);
  }
  static HeaderList signed_with(const std::string& by, const std::string& body) {
    return {{"Signature", CallbacksDoor::sign(by, body)}};
  }
  Response deposit(const std::string& body) { return client.ask("POST", deposits, body, signed_with(secret, body)); }
};

}  // namespace

TEST_CASE_FIXTURE(SecondDoorFixture,
                  "a second door takes what is signed, and the API on the same connection shows it") {
  const auto first = deposit(R"({"wallet":"alice","amount":5,"id":"tx-1"})");
  CHECK(first.status == 200);
  CHECK(first.body == R"({"code":"ok","message":"done"})");
  CHECK(first.has("Date"));
  CHECK(deposit(R"({"wallet":"alice","amount":5,"id":"tx-1"})").body == R"({"code":"ok","message":"known"})");
  CHECK(number(client.get("/v1/wallets/alice"), "balance") == 5);
}

TEST_CASE_FIXTURE(SecondDoorFixture, "a second door says no in its own words, with its own status") {
  const auto unknown = deposit(R"({"wallet":"nobody","amount":5,"id":"tx-1"})");
  CHECK(unknown.status == 400);
  CHECK(unknown.body == R"({"code":"not_found","message":"It wasn't done."})");
  const std::string body = R"({"wallet":"alice","amount":5,"id":"tx-1"})";
  const auto forged = client.ask("POST", deposits, body, signed_with("another secret", body));
  CHECK(forged.status == 400);
  CHECK(text(forged, "code") == "bad_signature");
  CHECK(number(client.get("/v1/wallets/alice"), "balance") == 0);
}

TEST_CASE_FIXTURE(SecondDoorFixture, "a second door ends the connection of who doesn't sign, before the body is sent") {
  client.send("POST " + deposits + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n");
  const auto unsigned_one = client.receive();
  CHECK(unsigned_one.status == 400);
  CHECK(text(unsigned_one, "code") == "not_signed");
  CHECK(unsigned_one.header("Connection") == "close");
}

TEST_CASE_FIXTURE(SecondDoorFixture, "what the server turns away is said in the words of the door that it was for") {
  const std::string large(CallbacksDoor::body_max + 1, ' ');
  const auto of_second = client.ask("POST", deposits, large, signed_with(secret, large));
  CHECK(of_second.status == 400);
  CHECK(text(of_second, "code") == "http_413");
  Client other(server.port());
  const auto of_api = other.ask("POST", "/v1/wallets/alice/credits", std::string(70'000, ' '));
  CHECK(of_api.status == 413);
  CHECK(code_of(of_api) == "body_too_large");
  Client larger(server.port());  // than the second door takes, not than the API does
  CHECK(code_of(larger.ask("POST", "/v1/wallets/alice/credits", large)) == "invalid_request");
}

TEST_CASE_FIXTURE(SecondDoorFixture, "requests to two doors that come at once are answered in their order") {
  std::string all;
  for (int i = 0; i < 6; ++i) {
    const std::string body = R"({"wallet":"alice","amount":1,"id":"tx-)" + std::to_string(i) + "\"}";
    all += Client::text_of("POST", deposits, body, signed_with(secret, body));
    all += Client::text_of("GET", "/v1/wallets/alice", {}, {});
  }
  client.send(all);
  for (int i = 0; i < 6; ++i) {
    CHECK(client.receive().body == R"({"code":"ok","message":"done"})");
    CHECK(number(client.receive(), "balance") == i + 1);
  }
}

TEST_CASE_FIXTURE(SecondDoorFixture, "a path that only begins like a door's is the API's") {
  CHECK(code_of(client.get("/callbacks/acmes/deposits")) == "not_found");
  CHECK(code_of(client.get("/callbacks")) == "not_found");
}

TEST_CASE("of two doors the one with the longer prefix has the path, in whole segments") {
  using tote::server::Doors;
  struct Fake {
    TempDirectory directory;
    RunningServer server{directory.path()};
    std::shared_ptr<CallbacksDoor> door() { return std::make_shared<CallbacksDoor>(server.engine(), secret); }
  } fake;
  const auto root = fake.door(), outer = fake.door(), inner = fake.door();
  Doors doors(root);
  doors.mount("/a/b", inner);
  doors.mount("/a", outer);
  CHECK(&doors.own_of("/a") == outer.get());
  CHECK(&doors.own_of("/a?x=/b") == outer.get());
  CHECK(&doors.own_of("/a/bc") == outer.get());
  CHECK(&doors.own_of("/a/b/c") == inner.get());
  CHECK(&doors.own_of("http://host/a/b") == inner.get());
  CHECK(&doors.own_of("/ab") == root.get());
  CHECK(&doors.own_of("") == root.get());
}
