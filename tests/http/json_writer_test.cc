#include "adapters/http/json_writer.h"

#include <doctest/doctest.h>

#include <limits>

#include "adapters/http/response.h"

namespace tote::http {

namespace {

std::string time_text(std::int64_t seconds, std::int64_t ns = 0) {
  std::string out;
  append_time(out, {seconds * ns_per_s + ns});
  return out;
}

}  // namespace

TEST_CASE("strings are escaped") {
  std::string out;
  append_string(out, std::string_view("a\"b\\c\n\t\r\x01\x7f\0z\xc3\xa4", 14));
  CHECK(out == "\"a\\\"b\\\\c\\n\\t\\r\\u0001\\u007f\\u0000z\xc3\xa4\"");
}

TEST_CASE("integers of every size") {
  std::string out;
  append_integer(out, std::numeric_limits<std::int64_t>::min());
  append_unsigned(out, std::numeric_limits<std::uint64_t>::max());
  CHECK(out == "-922337203685477580818446744073709551615");
}

TEST_CASE("times are RFC 3339 in UTC with milliseconds") {
  CHECK(time_text(0) == "1970-01-01T00:00:00.000Z");
  CHECK(time_text(1'767'323'045, 123'999'999) == "2026-01-02T03:04:05.123Z");
  CHECK(time_text(951'782'400) == "2000-02-29T00:00:00.000Z");
  CHECK(time_text(4'107'542'399) == "2100-02-28T23:59:59.000Z");
  CHECK(time_text(4'107'542'400) == "2100-03-01T00:00:00.000Z");
  CHECK(time_text(0, -1) == "1969-12-31T23:59:59.999Z");
  CHECK(time_text(1'735'689'599) == "2024-12-31T23:59:59.000Z");
}

TEST_CASE("nested objects come after version and lsn") {
  std::string out = "{\"id\":\"a\"";
  JsonFields fields(out, ",\"version\":2,\"lsn\":3");
  fields.integer("balance", 5);
  fields.begin("hold");
  fields.text("id", "h");
  fields.time("expires_at", {});
  fields.end();
  fields.finish();
  CHECK(out + "}" ==
        R"({"id":"a","balance":5,"version":2,"lsn":3,"hold":{"id":"h","expires_at":"1970-01-01T00:00:00.000Z"}})");
}

TEST_CASE("the Date header is an IMF-fixdate") { CHECK(http_date(784'111'777) == "Sun, 06 Nov 1994 08:49:37 GMT"); }

TEST_CASE("a response to HEAD says the length and sends no body") {
  std::string out;
  Response response;
  response.body = "{}";
  response.etag = {7};
  response.lsn = Lsn{9};
  append_response(out, response, {true, true, false, {}});
  CHECK(out ==
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\nETag: \"v7\"\r\nTote-Lsn: "
        "9\r\nConnection: close\r\n\r\n");
}

}  // namespace tote::http
