#include "adapters/http/request_headers.h"

#include <doctest/doctest.h>

namespace tote::http {

namespace {

Headers with(std::string_view name, std::initializer_list<std::string_view> values) {
  Headers headers;
  for (const auto value : values) headers.add(name, value);
  return headers;
}

std::string key_of(std::string_view value) {
  auto read = read_idempotency_key(with("idempotency-KEY", {value}));
  return read.problem ? "!" + std::string(read.problem->kind->code) : read.value;
}

std::string if_match(std::string_view value, bool creates = false) {
  const auto read = read_if_match(with("If-Match", {value}), creates);
  if (read.problem) return std::string(read.problem->kind->code);
  return read.value ? std::to_string(read.value->value) : "none";
}

}  // namespace

TEST_CASE("an idempotency key is bare or quoted") {
  CHECK(key_of("abc") == "abc");
  CHECK(key_of("\"abc\"") == "abc");
  CHECK(key_of(R"("a\"b\\c")") == R"(a"b\c)");
  CHECK(key_of("a\"b") == "a\"b");
  CHECK(key_of(std::string(255, 'k')) == std::string(255, 'k'));
  CHECK(read_idempotency_key({}).value.empty());
}

TEST_CASE("what isn't an idempotency key") {
  for (const std::string& value :
       {std::string(), std::string("\"\""), std::string("a b"), std::string("\"a b\""), std::string("\"abc"),
        std::string("\""), std::string("\"a\"b\""), std::string("\"a\\n\""), std::string("\"a\";p=1"),
        std::string("\"a\\\""), std::string("\xc3\xa4"), std::string(256, 'k')})
    CHECK_MESSAGE(key_of(value) == "!idempotency_key_invalid", value);
  CHECK(read_idempotency_key(with("Idempotency-Key", {"a", "a"})).problem);
}

TEST_CASE("If-Match takes one strong tag of ours") {
  CHECK(if_match("\"v7\"") == "7");
  CHECK(if_match("*") == "none");
  CHECK(if_match("*", true) == "invalid_request");
  for (const char* value : {"", "v7", "\"7\"", "W/\"v7\"", "\"v0\"", "\"v07\"", "\"v7\", \"v8\"", "\"v\"", "\"v-1\"",
                            "\"v99999999999999999999\""})
    CHECK_MESSAGE(if_match(value) == "invalid_request", value);
  CHECK(read_if_match(with("If-Match", {"\"v7\"", "\"v7\""}), false).problem);
}

TEST_CASE("If-None-Match takes lists, weak tags and everything") {
  CHECK(names_version("\"v7\"", {7}));
  CHECK(names_version("W/\"v7\"", {7}));
  CHECK(names_version("\"v6\" ,\t\"v7\"", {7}));
  CHECK(names_version(" * ", {7}));
  CHECK_FALSE(names_version("\"v70\"", {7}));
  CHECK_FALSE(names_version("v7", {7}));
  CHECK_FALSE(names_version("", {7}));
}

TEST_CASE("deadline and LSN are whole numbers in their range") {
  CHECK(read_deadline(with("tote-deadline-ms", {"3000"})).value == 3000);
  CHECK(read_deadline({}).value == 0);
  for (const char* value : {"", "0", "-1", "+1", "1.5", " 1", "1e3", "86400001", "x"})
    CHECK_MESSAGE(read_deadline(with("Tote-Deadline-Ms", {value})).problem, value);
  CHECK(read_min_lsn(with("Tote-Min-Lsn", {"0"})).value.value == 0);
  CHECK(read_min_lsn(with("Tote-Min-Lsn", {"18446744073709551615"})).value.value == 18446744073709551615u);
  for (const char* value : {"", "-1", "18446744073709551616"})
    CHECK_MESSAGE(read_min_lsn(with("Tote-Min-Lsn", {value})).problem, value);
}

}  // namespace tote::http
