#include "adapters/http/json_reader.h"

#include <doctest/doctest.h>

namespace tote::http {

namespace {

// What a body of {"amount": 1…10, "name"?: id} is refused for: "pointer|detail", or "" when it is taken.
std::string refusal(std::string_view text) {
  static JsonDocument document;  // reused, as the door does
  if (document.parse(text)) {
    JsonObject body(document);
    body.integer("amount", 1, 10);
    body.id_or_none("name");
    body.finish();
  }
  return document.failed() ? document.error().pointer + '|' + document.error().detail : "";
}

bool names(std::string_view text, std::string_view pointer) {
  return refusal(text).starts_with(std::string(pointer) + '|');
}

}  // namespace

TEST_CASE("a body of the right members is taken") {
  CHECK(refusal(R"({"amount":5})") == "");
  CHECK(refusal(" {\t\"amount\" : 5 ,\r\n \"name\":\"a.b_c:d-1\"} ") == "");
  CHECK(refusal(R"({"\u0061mount":5})") == "");
}

TEST_CASE("every wrong member is named by its JSON pointer") {
  CHECK(refusal(R"({})") == "/amount|is missing; an integer is needed");
  CHECK(refusal(R"({"amount":11})") == "/amount|must be an integer from 1 to 10");
  CHECK(names(R"({"amount":0})", "/amount"));
  CHECK(names(R"({"amount":-1})", "/amount"));
  CHECK(names(R"({"amount":"5"})", "/amount"));
  CHECK(names(R"({"amount":null})", "/amount"));
  CHECK(names(R"({"amount":true})", "/amount"));
  CHECK(names(R"({"amount":[5]})", "/amount"));
  CHECK(names(R"({"amount":5,"amount":5})", "/amount"));
  CHECK(names(R"({"amount":5,"\u0061mount":5})", "/amount"));
  CHECK(names(R"({"amount":5,"other":1})", "/other"));
  CHECK(names(R"({"amount":5,"a/b~c":1})", "/a~1b~0c"));
  CHECK(names(R"({"amount":5,"name":"a b"})", "/name"));
  CHECK(names(R"({"amount":5,"name":""})", "/name"));
  CHECK(names(R"({"amount":5,"x":[{"y":1,"y":2}]})", "/x/0/y"));
}

TEST_CASE("numbers that aren't written as integers are refused") {
  for (const char* number :
       {"1.0", "1e0", "1E1", "5.5", "1e400", "99999999999999999999999", "18446744073709551615", "9223372036854775808"})
    CHECK_MESSAGE(names(std::string("{\"amount\":") + number + '}', "/amount"), number);
  for (const char* number : {"01", "+1", ".5", "1.", "0x1", "NaN", "Infinity", "--1"})
    CHECK_MESSAGE(names(std::string("{\"amount\":") + number + '}', ""), number);
}

TEST_CASE("what isn't one JSON object is refused as a whole") {
  for (const char* text :
       {"", " ", "{", "{\"amount\":5", "{\"amount\":5}}", "{\"amount\":5} x", "{\"amount\":5}{}", "[]", "5", "null",
        "\"x\"", "{\"amount\":5,}", "{'amount':5}", "{amount:5}", "// c\n{}", "{\"amount\":5,\"name\":\"\xff\"}",
        "{\"amount\":5,\"name\":\"\xc0\xaf\"}", "{\"amount\":5,\"name\":\"\\ud800\"}", "{\"name\":\"\x01\"}"})
    CHECK_MESSAGE(names(text, ""), text);
}

TEST_CASE("depth and number of members are bounded") {
  CHECK(names("{\"amount\":" + std::string(100, '[') + std::string(100, ']') + '}', ""));
  std::string many = "{\"amount\":5";
  for (int i = 0; i < 100; ++i) many += ",\"m" + std::to_string(i) + "\":1";
  CHECK(refusal(many + '}') != "");
  std::string wide = "{\"amount\":5,\"x\":[";
  for (int i = 0; i < 10'000; ++i) wide += "1,";
  CHECK(refusal(wide + "1]}") != "");
}

TEST_CASE("a refused body leaves nothing behind for the next one") {
  CHECK(refusal("{\"amount\":5,\"na") != "");
  CHECK(refusal(R"({"amount":5})") == "");
}

}  // namespace tote::http
