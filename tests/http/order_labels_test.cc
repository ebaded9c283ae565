// What clients write on their orders: shown with the order, told with its events, bounded.
#include <doctest/doctest.h>

#include "tests/http/api_words.h"
#include "tests/http/running_server.h"

using namespace tests::http;

namespace {

std::string order_with(std::string_view labels) {
  return R"({"order":"o1","lines":[{"item":"ball","quantity":1}],"pay":{"wallet":"alice","amount":10},)" +
         std::string(labels) + '}';
}

struct OrderLabelsFixture {
  TempDirectory directory;
  RunningServer server{directory.path()};
  Client client{server.port()};

  OrderLabelsFixture() {
    REQUIRE(client.ask("PUT", "/v1/wallets/alice", R"({"currency":"EUR","overdraft_limit":100})").status == 201);
    REQUIRE(client.ask("PUT", "/v1/items/ball", R"({"quantity":10})").status == 201);
  }
  Response place(std::string_view labels) { return client.ask("POST", "/v1/orders", order_with(labels)); }
};

}  // namespace

TEST_CASE_FIXTURE(OrderLabelsFixture, "an order's reference and metadata are shown with it, and are in the log") {
  const std::string labels = R"("reference":"invoice 17","metadata":{"zone":"a","city":"Z\u00fcrich"})";
  const auto placed = place(labels);
  REQUIRE(placed.status == 201);
  const std::string shown = R"("reference":"invoice 17","metadata":{"zone":"a","city":"Zürich"})";
  CHECK(placed.body.find(shown) != std::string::npos);
  CHECK(client.get("/v1/orders/o1").body == placed.body);
  CHECK(client.get("/v1/log?after=0").body.find(shown) != std::string::npos);
}

TEST_CASE_FIXTURE(OrderLabelsFixture, "an order's metadata is an object of texts, of a kibibyte with the reference") {
  const std::string long_text(1'025, 'x'), short_text(1'024, 'x');
  const std::pair<std::string, const char*> wrong[] = {
      {R"("metadata":"x")", "/metadata"},
      {R"("metadata":["x"])", "/metadata"},
      {R"("metadata":{"n":1})", "/metadata/n"},
      {R"("metadata":{"a":"b","n":{"m":"x"}})", "/metadata/n"},
      {R"("metadata":{"n":null})", "/metadata/n"},
      {R"("metadata":{"n":"a","n":"b"})", "/metadata/n"},
      {R"("metadata":{"":"x"})", "/metadata"},
      {R"("metadata":{"n":"\u0000"})", "/metadata"},
      {R"("metadata":{"n":")" + short_text + "\"}", "/metadata"},
      {R"("reference":"r","metadata":{"n":")" + short_text.substr(1) + "\"}", "/metadata"},
      {R"("reference":")" + long_text + '"', "/reference"},
      {R"("reference":5)", "/reference"},
  };
  for (const auto& [labels, pointer] : wrong) {
    const auto refused = place(labels);
    CHECK_MESSAGE(refused.status == 400, labels);
    CHECK(code_of(refused) == "invalid_request");
    CHECK(text(refused, "pointer") == pointer);
  }
  CHECK(client.get("/v1/orders/o1").status == 404);
  CHECK(place(R"("reference":"","metadata":{})").status == 201);
  CHECK(client.get("/v1/orders/o1").body.find("metadata") == std::string::npos);
}

TEST_CASE_FIXTURE(OrderLabelsFixture, "a kibibyte of metadata is taken") {
  CHECK(place(R"("metadata":{"n":")" + std::string(1'023, 'x') + "\"}").status == 201);
}
