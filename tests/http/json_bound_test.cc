// No body of 64 KiB holds the loop up, whatever it is made of: reading it takes well under a millisecond.
#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <cstdio>

#include "adapters/http/decode.h"
#include "adapters/http/json_reader.h"

namespace tote::http {

namespace {

constexpr std::size_t body_bytes_max = std::size_t{64} << 10;

// As many elements as the body and the reader take.
std::string list_of(const std::string& head, const std::string& element, const std::string& tail,
                    std::size_t count_max) {
  std::string body = head;
  for (std::size_t i = 0; i < count_max && body.size() + element.size() + tail.size() + 1 < body_bytes_max; ++i)
    body += (i == 0 ? "" : ",") + element;
  return body + tail;
}

// An object of members with long names that differ at their end only.
std::string object_of(std::size_t members, std::size_t name_bytes) {
  std::string object = "{";
  for (std::size_t i = 0; i < members; ++i) {
    const std::string number = std::to_string(i);
    object += (i == 0 ? "\"" : ",\"") + std::string(name_bytes - number.size(), 'n') + number + "\":1";
  }
  return object + '}';
}

// The fastest of several goes, in microseconds: what the work takes when nobody else has the processor.
template <class Work>
double fastest_us(const Work& work) {
  double fastest = 1e9;
  for (int i = 0; i < 20; ++i) {
    const auto begin = std::chrono::steady_clock::now();
    work();
    fastest =
        std::min(fastest, std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - begin).count());
  }
  return fastest;
}

struct Hostile {
  const char* what;
  const char* path;
  std::string body;
};

std::vector<Hostile> hostile_bodies() {
  const std::string pay = R"(],"pay":{"wallet":"alice","amount":1},"order":"o"})";
  const std::string lines = R"({"lines":[)";
  std::string line = R"({"item":"ball","quantity":1)";
  for (int i = 0; i < 60; ++i) line += ",\"m" + std::to_string(i) + "\":1";
  return {
      {"objects of 64 members", "/v1/orders", list_of(R"({"x":[)", object_of(64, 12), "]}", 4'096)},
      {"objects of 60 members", "/v1/orders", list_of(R"({"x":[)", object_of(60, 12), "]}", 4'096)},
      {"64 lines of 62 members", "/v1/orders", list_of(lines, line + '}', pay, 64)},
      {"64 lines, then many values", "/v1/orders",
       list_of(R"({"y":[)", "1", "],", 3'500) + list_of(lines, R"({"item":"b","quantity":1})", pay, 64).substr(1)},
      {"a list of numbers", "/v1/orders", list_of(R"({"x":[)", "1", "]}", 100'000)},
      {"a list of empty objects", "/v1/orders", list_of(lines, "{}", pay, 100'000)},
      {"long numbers", "/v1/orders", list_of(R"({"x":[)", std::string(1'000, '9') + "e-999", "]}", 4'000)},
      {"one number", "/v1/orders", R"({"x":)" + std::string(body_bytes_max - 8, '1') + '}'},
      {"escapes", "/v1/orders", list_of(R"({"x":[")", "\\ud83d\\ude00", "\"]}", 4'000)},
      {"names with escapes", "/v1/orders", list_of(R"({"x":[)", R"({"\u0061\u0062":1,"\u0061\u0063":2})", "]}", 4'000)},
      {"one long string", "/v1/orders", R"({"order":")" + std::string(body_bytes_max - 13, 'a') + "\"}"},
      {"one long name", "/v1/orders", "{\"" + std::string(body_bytes_max - 7, 'a') + "\":1}"},
      {"an error at the far end", "/v1/orders", list_of(R"({"x":[)", object_of(60, 12), ",{\"a\":1,\"a\":2}]}", 4'096)},
      {"64 commands", "/v1/transactions",
       list_of(R"({"commands":[)", R"({"wallet":"alice","debit":1,"reference":"r"})", "]}", 64)},
      {"commands that are none", "/v1/transactions", list_of(R"({"commands":[)", object_of(60, 12), "]}", 64)},
  };
}

}  // namespace

TEST_CASE("no body of 64 KiB takes longer than a millisecond to be read, and twice as much no more than its share") {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  constexpr double bound_us = 20'000;
#else
  constexpr double bound_us = 1'000;
#endif
  for (const Hostile& hostile : hostile_bodies()) {
    REQUIRE_MESSAGE(hostile.body.size() <= body_bytes_max, hostile.what);
    Message message;
    message.method = Method::post;
    message.target = hostile.path;
    message.body = hostile.body;
    const double us = fastest_us([&] { decode(message, {}); });
    std::printf("%-28s %6zu bytes %7.1f us\n", hostile.what, hostile.body.size(), us);
    CHECK_MESSAGE(us < bound_us, hostile.what);
  }
}

TEST_CASE("a name that comes twice is found in an object of any size, also beside names that are alike") {
  JsonDocument document;
  for (const std::size_t members : {2, 3, 32, 63, 64}) {
    for (const std::size_t twice : {std::size_t{0}, members / 2, members - 1}) {
      std::string object = object_of(members - 1, 20);
      CHECK(document.parse(object));
      const std::string name =
          std::string(20 - std::to_string(twice % (members - 1)).size(), 'n') + std::to_string(twice % (members - 1));
      object.back() = ',';
      CHECK_FALSE(document.parse(object + '"' + name + "\":1}"));
      CHECK(document.error().pointer == '/' + name);
      CHECK(document.error().detail == "is there twice");
    }
  }
  CHECK(document.parse(object_of(64, 20)));
  CHECK_FALSE(document.parse(object_of(65, 20)));
  CHECK(document.error().detail == "has too many members");
}

}  // namespace tote::http
