// What clients write on their bookings: shown with the booking, in its events and history, bounded.
#include <doctest/doctest.h>

#include "tests/http/api_words.h"
#include "tests/http/running_server.h"

using namespace tests::http;

namespace {

constexpr std::string_view labels = R"("reference":"invoice 17","metadata":{"shirt":"red","city":"Z\u00fcrich"})";
constexpr std::string_view shown = R"("reference":"invoice 17","metadata":{"shirt":"red","city":"Zürich"})";
constexpr std::string_view metadata = R"("metadata":{"shirt":"red","city":"Zürich"})";  // of who waits: after the LSN
constexpr std::string_view recorded = R"("booking_reference":"invoice 17","metadata":{"shirt":"red","city":"Zürich"})";

std::string booking(std::string_view player, std::string_view more) {
  return R"({"player":")" + std::string(player) + R"(","pay":{"wallet":"alice"},)" + std::string(more) + '}';
}

struct BookingLabelsFixture {
  TempDirectory directory;
  RunningServer server{directory.path()};
  Client client{server.port()};

  BookingLabelsFixture() {
    REQUIRE(client.ask("PUT", "/v1/wallets/alice", R"({"currency":"EUR","overdraft_limit":100})").status == 201);
    REQUIRE(client.ask("PUT", "/v1/matches/thu", R"({"seats":1,"price":{"amount":5,"currency":"EUR"}})").status == 201);
  }
  Response book(std::string_view more, std::string_view player = "p1") {
    return client.ask("POST", "/v1/matches/thu/bookings", booking(player, more));
  }
  bool says(const std::string& target, std::string_view part) {
    return client.get(target).body.find(part) != std::string::npos;
  }
};

}  // namespace

TEST_CASE_FIXTURE(BookingLabelsFixture,
                  "a booking's reference and metadata are shown with it, in its history and in the log") {
  const auto booked = book(labels);
  REQUIRE(booked.status == 201);
  CHECK(booked.body.find(shown) != std::string::npos);
  const auto read = client.get("/v1/matches/thu/bookings/p1");
  CHECK(read.status == 200);
  CHECK(read.body == booked.body);
  CHECK(client.ask("GET", "/v1/matches/thu/bookings/p1", {}, {{"If-None-Match", read.header("ETag")}}).status == 304);
  CHECK(says("/v1/matches/thu/history", recorded));
  CHECK(says("/v1/log?after=0", recorded));
  const auto waits = book(std::string(R"("or_waitlist":true,)") + std::string(labels), "p2");
  CHECK(waits.status == 202);
  CHECK(text(waits, "reference") == "invoice 17");
  CHECK(waits.body.find(metadata) != std::string::npos);
  REQUIRE(client.ask("DELETE", "/v1/matches/thu/bookings/p1").status == 200);
  CHECK(client.get("/v1/matches/thu/bookings/p1").status == 404);
  CHECK(says("/v1/matches/thu/bookings/p2", R"("status":"in")"));
  CHECK(says("/v1/matches/thu/bookings/p2", shown));
}

TEST_CASE_FIXTURE(BookingLabelsFixture,
                  "bookings in transactions, in batches and for the waiting list have them, too") {
  const std::string part = R"({"match":"thu","book":"p1","pay":{"wallet":"alice"},)" + std::string(labels) + '}';
  const auto done = client.ask("POST", "/v1/transactions", R"({"commands":[)" + part + "]}");
  CHECK(done.status == 200);
  CHECK(done.body.find(shown) != std::string::npos);
  const auto joined = client.ask("POST", "/v1/matches/thu/waitlist", booking("p2", labels));
  CHECK(joined.status == 202);
  CHECK(text(joined, "reference") == "invoice 17");
  CHECK(joined.body.find(metadata) != std::string::npos);
  REQUIRE(client.ask("DELETE", "/v1/matches/thu/waitlist/p2").status == 200);
  REQUIRE(client.ask("DELETE", "/v1/matches/thu/bookings/p1").status == 200);
  CHECK(client.ask("POST", "/v1/batch", part).body.find(shown) != std::string::npos);
}

TEST_CASE_FIXTURE(BookingLabelsFixture,
                  "a booking's metadata is an object of texts, of a kibibyte with the reference") {
  const std::pair<std::string, const char*> wrong[] = {
      {R"("metadata":["x"])", "/metadata"},
      {R"("metadata":{"n":1})", "/metadata/n"},
      {R"("reference":"r","metadata":{"n":")" + std::string(1'023, 'x') + "\"}", "/metadata"},
      {R"("reference":")" + std::string(1'025, 'x') + '"', "/reference"},
      {R"("reference":5)", "/reference"},
  };
  for (const auto& [more, pointer] : wrong) {
    for (const char* path : {"bookings", "waitlist"}) {
      const auto refused = client.ask("POST", std::string("/v1/matches/thu/") + path, booking("p1", more));
      CHECK_MESSAGE(refused.status == 400, more);
      CHECK(text(refused, "pointer") == pointer);
    }
    const std::string part = R"({"match":"thu","book":"p1",)" + more + '}';
    const auto refused = client.ask("POST", "/v1/transactions", R"({"commands":[)" + part + "]}");
    CHECK(refused.status == 400);
    CHECK(text(refused, "pointer") == std::string("/commands/0") + pointer);
  }
  CHECK(client.get("/v1/matches/thu/bookings/p1").status == 404);
  CHECK(book(R"("metadata":{"n":")" + std::string(1'023, 'x') + "\"}").status == 201);
}
