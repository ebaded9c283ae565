// Lists, nested objects, bools and times in bodies: what is wrong is named by its JSON pointer, and leaves no record.
#include <doctest/doctest.h>

#include <boost/json.hpp>

#include "adapters/http/json_time.h"
#include "tests/http/client.h"
#include "tests/http/running_server.h"

using namespace tests::http;
namespace json = boost::json;

namespace {

struct JsonValuesFixture {
  TempDirectory directory;
  RunningServer server{directory.path()};
  Client client{server.port()};

  // "code|pointer|detail", or the status of what isn't refused.
  std::string refusal(std::string_view method, const std::string& target, std::string_view body) {
    const auto response = client.ask(method, target, body);
    if (response.header("Content-Type") != "application/problem+json") return std::to_string(response.status);
    const auto problem = json::parse(response.body).as_object();
    CHECK(problem.at("outcome").as_string() == "not_executed");
    CHECK(problem.at("status").as_int64() == response.status);
    const auto member = [&](const char* name) {
      const auto* value = problem.if_contains(name);
      return value == nullptr ? std::string() : std::string(value->as_string());
    };
    return member("code") + '|' + member("pointer") + '|' + member("detail");
  }
  std::string order(const std::string& lines, std::string_view pay = R"({"wallet":"alice","amount":1})") {
    return refusal("POST", "/v1/orders", R"({"order":"o1","lines":)" + lines + R"(,"pay":)" + std::string(pay) + '}');
  }
  std::string transaction(const std::string& commands) {
    return refusal("POST", "/v1/transactions", R"({"commands":)" + commands + '}');
  }
  std::string match(const std::string& price, const std::string& more = {}) {
    return refusal("PUT", "/v1/matches/thu", R"({"seats":2,"price":)" + price + more + '}');
  }
  std::string starting_at(const std::string& time) {
    return match(R"({"amount":500,"currency":"EUR"})", R"(,"starts_at":)" + time);
  }
  std::string booking(const std::string& more) {
    return refusal("POST", "/v1/matches/thu/bookings", R"({"player":"p1")" + more + '}');
  }
};

std::string repeated(std::string_view element, int count) {
  std::string list = "[";
  for (int i = 0; i < count; ++i) list.append(i == 0 ? "" : ",").append(element);
  return list + ']';
}

bool is_time(std::string_view text) { return tote::http::read_time(text).has_value(); }

std::int64_t ns_of(std::string_view text) {
  const auto time = tote::http::read_time(text);
  REQUIRE(time.has_value());
  return time->ns;
}

constexpr std::string_view bad_times[] = {"",
                                          "2026",
                                          "2026-01-02",
                                          "2026-01-02T03:04Z",
                                          "2026-01-02T03:04:05",
                                          "2026-01-02T03:04:05z",
                                          "2026-01-02t03:04:05Z",
                                          "2026-01-02 03:04:05Z",
                                          "2026-01-02T03:04:05+00:00",
                                          "2026-01-02T03:04:05-01:00",
                                          "2026-01-02T03:04:05ZZ",
                                          " 2026-01-02T03:04:05Z",
                                          "2026-01-02T03:04:05Z ",
                                          "2026-01-02T03:04:05.Z",
                                          "2026-01-02T03:04:05,5Z",
                                          "2026-01-02T03:04:05.1234567890Z",
                                          "2026-00-02T03:04:05Z",
                                          "2026-13-02T03:04:05Z",
                                          "2026-01-00T03:04:05Z",
                                          "2026-01-32T03:04:05Z",
                                          "2026-04-31T03:04:05Z",
                                          "2026-02-29T03:04:05Z",
                                          "2100-02-29T03:04:05Z",
                                          "2026-01-02T24:00:00Z",
                                          "2026-01-02T03:60:05Z",
                                          "2026-01-02T03:04:60Z",
                                          "1969-12-31T23:59:59Z",
                                          "2262-01-01T00:00:00Z",
                                          "9999-01-01T00:00:00Z",
                                          "02026-01-02T03:04:05Z",
                                          "+026-01-02T03:04:05Z",
                                          "2026-1-2T3:4:5Z",
                                          "1767323045"};

}  // namespace

TEST_CASE_FIXTURE(JsonValuesFixture, "lists: each element is named by its place") {
  const auto before = server.figures().last;
  const std::string line = R"({"item":"sku1","quantity":1})";
  CHECK(order("{}") == "invalid_request|/lines|/lines must be a list of objects.");
  CHECK(order("null") == "invalid_request|/lines|/lines must be a list of objects.");
  CHECK(order("\"sku1\"") == "invalid_request|/lines|/lines must be a list of objects.");
  CHECK(order(line) == "invalid_request|/lines|/lines must be a list of objects.");
  CHECK(order("[]") == "invalid_request|/lines|/lines must have 1 to 64 elements.");
  CHECK(order(repeated(line, 65)) == "invalid_request|/lines|/lines must have 1 to 64 elements.");
  CHECK(order('[' + line + ",5]") == "invalid_request|/lines/1|/lines/1 must be an object.");
  CHECK(order("[[" + line + "]]") == "invalid_request|/lines/0|/lines/0 must be an object.");
  CHECK(order('[' + line + ",null," + line + ']') == "invalid_request|/lines/1|/lines/1 must be an object.");
  CHECK(order('[' + line + R"(,{"item":"sku1"}])") ==
        "invalid_request|/lines/1/quantity|/lines/1/quantity is missing; an integer is needed.");
  CHECK(order('[' + line + R"(,{"item":"sku1","quantity":0}])") ==
        "invalid_request|/lines/1/quantity|/lines/1/quantity must be an integer from 1 to 1000000000000000.");
  CHECK(order('[' + line + R"(,{"item":"sku1","quantity":1,"price":5}])") ==
        "invalid_request|/lines/1/price|/lines/1/price isn't a member known here.");
  CHECK(order('[' + line + R"(,{"item":"sku1","item":"sku2","quantity":1}])") ==
        "invalid_request|/lines/1/item|/lines/1/item is there twice.");
  CHECK(order('[' + line + R"(,{"item":"sku 1","quantity":1}])").starts_with("invalid_id|/lines/1/item|"));
  CHECK(server.figures().last == before);
  // 64 are taken: nobody has opened what they name.
  CHECK(order(repeated(line, 64)).starts_with("not_found|"));
}

TEST_CASE_FIXTURE(JsonValuesFixture, "lists of commands: what each may be") {
  const auto before = server.figures().last;
  const std::string credit = R"({"wallet":"a","credit":1})";
  CHECK(transaction("[]") == "invalid_request|/commands|/commands must have 1 to 64 elements.");
  CHECK(transaction(repeated(credit, 65)) == "invalid_request|/commands|/commands must have 1 to 64 elements.");
  CHECK(transaction("[{}]") ==
        "invalid_request|/commands/0/wallet|/commands/0/wallet is missing; a wallet, an item or a match is needed.");
  CHECK(transaction('[' + credit + R"(,{"wallet":"a"}])") ==
        "invalid_request|/commands/1/wallet|/commands/1/wallet needs a credit, a debit or a hold beside it.");
  CHECK(transaction('[' + credit + R"(,{"item":"a"}])") ==
        "invalid_request|/commands/1/item|/commands/1/item needs a pick, a restock or a reserve beside it.");
  CHECK(transaction('[' + credit + R"(,{"match":"a"}])") ==
        "invalid_request|/commands/1/match|/commands/1/match needs a book beside it.");
  CHECK(transaction(R"([{"wallet":"a","credit":1,"debit":1}])") ==
        "invalid_request|/commands/0/debit|/commands/0/debit isn't a member known here.");
  CHECK(transaction(R"([{"match":"thu","book":"p1","pay":{"card":{"token":"tok_ok"}}}])")
            .starts_with("invalid_request|/commands/0/pay/card|"));
  CHECK(transaction(R"([{"match":"thu","book":"p1","pay":{"wallet":"a b"}}])")
            .starts_with("invalid_id|/commands/0/pay/wallet|"));
  CHECK(transaction(R"([{"wallet":"a","credit":1.0}])") ==
        "invalid_request|/commands/0/credit|/commands/0/credit must be an integer.");
  CHECK(server.figures().last == before);
}

TEST_CASE_FIXTURE(JsonValuesFixture, "nested objects: their members are as strict as the body's") {
  CHECK(match("5") == "invalid_request|/price|/price must be an object.");
  CHECK(match("null") == "invalid_request|/price|/price must be an object.");
  CHECK(match("[]") == "invalid_request|/price|/price must be an object.");
  CHECK(match("{}") == "invalid_request|/price/amount|/price/amount is missing; an integer is needed.");
  CHECK(match(R"({"amount":500})") ==
        "invalid_request|/price/currency|/price/currency is missing; a string is needed.");
  CHECK(match(R"({"amount":500,"currency":"eur"})").starts_with("invalid_request|/price/currency|"));
  CHECK(match(R"({"amount":500,"currency":"EUR","vat":19})") ==
        "invalid_request|/price/vat|/price/vat isn't a member known here.");
  CHECK(match(R"({"amount":500,"amount":500,"currency":"EUR"})") ==
        "invalid_request|/price/amount|/price/amount is there twice.");
  CHECK(match(R"({"amount":500,"currency":"EUR","a/b~c":1})").starts_with("invalid_request|/price/a~1b~0c|"));
  CHECK(match(R"({"amount":500,"currency":"EUR"})", R"(,"amount":500)") ==
        "invalid_request|/amount|/amount isn't a member known here.");
  CHECK(booking(R"(,"pay":"alice")") == "invalid_request|/pay|/pay must be an object.");
  CHECK(booking(R"(,"pay":{"card":"tok_ok"})") == "invalid_request|/pay/card|/pay/card must be an object.");
  CHECK(booking(R"(,"pay":{"card":{}})").starts_with("invalid_request|/pay/card/token|"));
  CHECK(booking(R"(,"pay":{"card":{"token":"tok_ok","cvc":"123"}})") ==
        "invalid_request|/pay/card/cvc|/pay/card/cvc isn't a member known here.");
  CHECK(booking(R"(,"pay":{"card":{"token":")" + std::string(256, 't') + "\"}}") ==
        "invalid_request|/pay/card/token|/pay/card/token must be 1 to 255 bytes.");
  CHECK(booking(R"(,"pay":{"wallet":"p1","card":{"token":"tok_ok"}})") ==
        "invalid_request|/pay/card|/pay/card isn't a member known here.");
  CHECK(booking(R"(,"pay":{"wallet":""})").starts_with("invalid_id|/pay/wallet|"));
  CHECK(server.figures().last.value == 0);
}

TEST_CASE_FIXTURE(JsonValuesFixture, "bools are true or false, nothing else, and only where they belong") {
  const std::string pay = R"(,"pay":{"wallet":"p1"})";
  for (const char* value : {"1", "0", "\"true\"", "null", "[]", "{}", "[true]", "1.0"})
    CHECK_MESSAGE(booking(pay + R"(,"or_waitlist":)" + value) ==
                      "invalid_request|/or_waitlist|/or_waitlist must be true or false.",
                  std::string(value));
  for (const char* value : {"TRUE", "True", "tru", "yes"})
    CHECK_MESSAGE(booking(pay + R"(,"or_waitlist":)" + value).starts_with("invalid_request||The body isn't valid JSON"),
                  std::string(value));
  CHECK(refusal("POST", "/v1/matches/thu/waitlist", R"({"player":"p1","pay":{"wallet":"p1"},"or_waitlist":true})") ==
        "invalid_request|/or_waitlist|/or_waitlist isn't a member known here.");
  CHECK(refusal("PUT", "/v1/items/sku1", R"({"quantity":true})") ==
        "invalid_request|/quantity|/quantity must be an integer.");
  for (const char* value : {"true", "false"})
    CHECK_MESSAGE(booking(pay + R"(,"or_waitlist":)" + value).starts_with("not_found|"), std::string(value));
}

TEST_CASE_FIXTURE(JsonValuesFixture, "times are RFC 3339 in UTC, anything else is refused by name") {
  for (const auto time : bad_times)
    CHECK_MESSAGE(starting_at('"' + std::string(time) + '"') ==
                      "invalid_request|/starts_at|/starts_at must be a time in UTC such as 2026-01-02T03:04:05Z.",
                  std::string(time));
  for (const char* value : {"1767323045", "null", "true", "{}", "[]"})
    CHECK_MESSAGE(starting_at(value) == "invalid_request|/starts_at|/starts_at must be a string.", std::string(value));
  CHECK(refusal("PUT", "/v1/passes/season", R"({"valid_until":"2026-02-30T00:00:00Z"})") ==
        "invalid_request|/valid_until|/valid_until must be a time in UTC such as 2026-01-02T03:04:05Z.");
  CHECK(server.figures().last.value == 0);
  CHECK(starting_at("\"2096-02-29T23:59:59.25Z\"") == "201");
  CHECK(starting_at("\"2096-02-29T23:59:59.250Z\"") == "200");
  CHECK(starting_at("\"2096-02-29T23:59:59.25\\u005a\"") == "200");
  CHECK(starting_at("\"2096-02-29T23:59:59.251Z\"").starts_with("already_exists|"));
  const auto shown = json::parse(client.get("/v1/matches/thu").body);
  CHECK(shown.at("starts_at").as_string() == "2096-02-29T23:59:59.250Z");
}

TEST_CASE("times are read to the nanosecond, over leap years and to both ends") {
  for (const auto time : bad_times) CHECK_MESSAGE(!is_time(time), std::string(time));
  constexpr std::int64_t s = 1'000'000'000;
  CHECK(ns_of("1970-01-01T00:00:00Z") == 0);
  CHECK(ns_of("1970-01-01T00:00:00.000000001Z") == 1);
  CHECK(ns_of("1972-03-01T00:00:00Z") - ns_of("1972-02-28T00:00:00Z") == 2 * 86'400 * s);
  CHECK(ns_of("2000-02-29T12:00:00Z") == 951'825'600 * s);
  CHECK(ns_of("2026-01-02T03:04:05.5Z") == 1'767'323'045 * s + s / 2);
  CHECK(ns_of("2026-01-02T03:04:05.123456789Z") == 1'767'323'045 * s + 123'456'789);
  CHECK(ns_of("2100-03-01T00:00:00Z") - ns_of("2100-02-28T00:00:00Z") == 86'400 * s);
  CHECK(ns_of("2261-12-31T23:59:59.999999999Z") == 9'214'646'400 * s - 1);
}

TEST_CASE_FIXTURE(JsonValuesFixture, "depth, size and number of values are bounded, and the connection goes on") {
  const auto refused = [&](const std::string& body) {
    return refusal("POST", "/v1/orders", body).starts_with("invalid_request||");
  };
  CHECK(refused("{\"lines\":" + std::string(9, '[') + std::string(9, ']') + '}'));
  CHECK(refused("{\"lines\":" + repeated("1", 5'000) + '}'));
  std::string many = "{\"order\":\"o1\"";
  for (int i = 0; i < 64; ++i) many += ",\"m" + std::to_string(i) + "\":1";
  CHECK(refused(many + '}'));
  CHECK(refused(R"({"order":"\ud800"})"));
  CHECK(refused("{\"order\":\"\xff\"}"));
  CHECK(refused(R"([{"order":"o1"}])"));
  CHECK(client.get("/livez").status == 200);
}
