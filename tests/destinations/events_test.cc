// adapters/events/EVENTS.md names every type of event and every field.
#include <doctest/doctest.h>

#include <boost/json.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include "tests/cli/program.h"
#include "tests/destinations/destinations.h"
#include "tests/places.h"

namespace json = boost::json;
using tote::cli::test::contains;

namespace {

// The row of a type; empty when there is none.
std::string row_of(const std::string& page, const std::string& type) {
  for (const std::string& line : tote::cli::test::lines_of(page))
    if (line.starts_with("| `") && contains(line.substr(0, line.find(" | ", 2)), "`" + type + "`")) return line;
  return {};
}

}  // namespace

TEST_CASE("events: the page has every type and field that the golden log tells") {
  std::ifstream in(::tests::source_directory() + "/adapters/events/EVENTS.md");
  const std::string page((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  const tote::cli::test::TempDirectory directory;
  std::filesystem::copy(::tests::source_directory() + "/tests/golden/domain-v1/log", directory.file("log"),
                        std::filesystem::copy_options::recursive);
  const auto told = tests::events_in(directory.file("log"));
  CHECK(told.size() > 50);
  for (const auto& event : told) {
    const std::string row = row_of(page, event.type);
    CHECK_MESSAGE(!row.empty(), event.type);
    const auto cloud = json::parse(event.cloud);
    for (const auto& field : cloud.at("data").as_object()) {
      const std::string name(field.key());
      if (name != "version" && name != "key") CHECK_MESSAGE(contains(row, "`" + name + "`"), event.type, ": ", name);
    }
  }
}

TEST_CASE("events: who cancels is told of as paid back; what was written on the booking is with every event of it") {
  tests::ToteServer tote;
  tote.start({"--gateway", "test"});
  tote.must("PUT", "/v1/wallets/ann", R"({"currency":"EUR","overdraft_limit":5000})");
  tote.must("PUT", "/v1/matches/thu", R"({"seats":3,"price":{"amount":700,"currency":"EUR"}})");
  const auto book = [&](const std::string& player, const std::string& pay) {
    tote.must("POST", "/v1/matches/thu/bookings",
              R"({"player":")" + player + R"(","reference":"r1","metadata":{"a":"c"},"pay":)" + pay + '}');
  };
  book("ann", R"({"wallet":"ann"})");
  book("bob", R"({"card":{"token":"tok_ok"}})");
  book("cid", R"({"card":{"token":"tok_declined"}})");
  CHECK(tote.wait_for_calls());
  tote.must("DELETE", "/v1/matches/thu/bookings/ann", "");
  tote.must("DELETE", "/v1/matches/thu/bookings/bob", "");
  CHECK(tote.wait_for_calls());
  tote.stop();
  std::multiset<std::string> refunded, failed;
  const json::value metadata = json::parse(R"({"a":"c"})");
  for (const auto& event : tests::events_in(tote.data())) {
    const auto data = json::parse(event.cloud).at("data").as_object();
    const bool is_seat = event.type == "match.seat_taken" || event.type == "match.seat_held" ||
                         event.type == "match.seat_confirmed" || event.type == "match.cancelled";
    if (is_seat) CHECK(data.at("booking_reference") == "r1");
    const bool is_end = event.type == "booking.refunded" || event.type == "booking.failed";
    if (is_end) {
      CHECK(data.at("match") == "thu");
      CHECK(data.at("amount") == 700);
      CHECK(data.at("currency") == "EUR");
      CHECK(data.at("reference") == "r1");
      (event.type == "booking.failed" ? failed : refunded).emplace(data.at("player").as_string());
    }
    if (is_seat || is_end) CHECK(data.at("metadata") == metadata);
  }
  CHECK(refunded == std::multiset<std::string>{"ann", "bob"});
  CHECK(failed == std::multiset<std::string>{"cid"});
}

TEST_CASE("events: an order is told confirmed with its lines, amount, currency, payer, reference and metadata") {
  tests::ToteServer tote;
  tote.start({"--gateway", "test"});
  tote.must("PUT", "/v1/wallets/ann", R"({"currency":"EUR","overdraft_limit":5000})");
  tote.must("PUT", "/v1/items/ball", R"({"quantity":10})");
  const std::string head =
      R"(","lines":[{"item":"ball","quantity":2}],"reference":"r1","metadata":{"a\"b":"c"},"pay":)";
  tote.must("POST", "/v1/orders", R"({"order":"o1)" + head + R"({"wallet":"ann","amount":700}})");
  tote.must("POST", "/v1/orders",
            R"({"order":"o2)" + head + R"({"card":{"token":"tok_ok"},"amount":700,"currency":"EUR"}})");
  CHECK(tote.wait_for_calls());
  tote.stop();
  int confirmed = 0;
  for (const auto& event : tests::events_in(tote.data())) {
    if (event.type != "order.confirmed") continue;
    const auto data = json::parse(event.cloud).at("data");
    CHECK(json::serialize(data.at("lines")) == R"([{"item":"ball","quantity":2}])");
    CHECK(data.at("amount") == 700);
    CHECK(data.at("currency") == "EUR");
    CHECK(data.at("payer") == (event.entity == "o1" ? "ann" : "card"));
    CHECK(data.at("reference") == "r1");
    CHECK(data.at("metadata").at("a\"b") == "c");
    ++confirmed;
  }
  CHECK(confirmed == 2);
}
