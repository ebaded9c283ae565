// The rows of API.md's item table, and every 4xx that an item's client can meet.
#include <doctest/doctest.h>

#include <boost/json.hpp>
#include <vector>

#include "tests/http/api_words.h"
#include "tests/http/own_server.h"

using namespace tests::http;
namespace json = boost::json;

namespace {

struct ItemFixture : OwnServer {
  Response put(const std::string& item, std::string_view body) { return client->ask("PUT", "/v1/items/" + item, body); }
  Response post(const std::string& target, std::string_view body, const HeaderList& headers = {}) {
    return client->ask("POST", "/v1/items/" + target, body, headers);
  }
  Response item() { return client->get("/v1/items/sku1"); }
};

// "on hand/reserved/available"
std::string stock_of(const Response& item) {
  const auto shown = json::parse(item.body);
  const auto part = [&](const char* name) { return std::to_string(shown.at(name).as_int64()); };
  return part("on_hand") + '/' + part("reserved") + '/' + part("available");
}

}  // namespace

TEST_CASE_FIXTURE(ItemFixture, "PUT opens an item once, confirms the same settings, refuses others") {
  const auto first = put("sku1", R"({"quantity":100})");
  CHECK(first.status == 201);
  CHECK(first.body == R"({"id":"sku1","on_hand":100,"reserved":0,"available":100,"version":1,"lsn":1})");
  CHECK(first.header("ETag") == "\"v1\"");
  CHECK(first.header("Tote-Lsn") == "1");
  CHECK(post("sku1/picks", R"({"quantity":1})").status == 200);
  const auto again = put("sku1", R"({"quantity":100})");
  CHECK(again.status == 200);
  CHECK(stock_of(again) == "99/0/99");
  CHECK(number(again, "version") == 2);
  CHECK(code_of(put("sku1", R"({"quantity":99})")) == "already_exists");
}

TEST_CASE_FIXTURE(ItemFixture, "restocks and picks move stock, and never more than is available") {
  put("sku1", R"({"quantity":10})");
  CHECK(stock_of(post("sku1/restocks", R"({"quantity":5})")) == "15/0/15");
  CHECK(stock_of(post("sku1/picks", R"({"quantity":12})")) == "3/0/3");
  const auto refused = post("sku1/picks", R"({"quantity":4})");
  CHECK(refused.status == 409);
  CHECK(code_of(refused) == "out_of_stock");
  CHECK(number(refused, "available") == 3);
  CHECK(number(refused, "requested") == 4);
  CHECK(stock_of(post("sku1/picks", R"({"quantity":3})")) == "0/0/0");
  CHECK(code_of(post("sku1/picks", R"({"quantity":1})")) == "out_of_stock");
  CHECK(number(item(), "version") == 4);
}

TEST_CASE_FIXTURE(ItemFixture, "what is reserved isn't sold to others, a commit takes it, a release gives it back") {
  put("sku1", R"({"quantity":10})");
  const auto reserved = post("sku1/reservations", R"({"reservation":"r1","quantity":4,"expires_in_s":900})");
  CHECK(reserved.status == 201);
  CHECK(reserved.body.starts_with(R"({"id":"sku1","on_hand":10,"reserved":4,"available":6,"version":2,"lsn":2,)"
                                  R"("reservation":{"id":"r1","quantity":4,)"));
  CHECK(json::parse(reserved.body).at("reservation").at("status") == "open");
  CHECK(post("sku1/reservations", R"({"reservation":"r2","quantity":3})").status == 201);
  const auto refused = post("sku1/picks", R"({"quantity":4})");
  CHECK(code_of(refused) == "out_of_stock");
  CHECK(number(refused, "available") == 3);
  CHECK(code_of(post("sku1/reservations", R"({"reservation":"r3","quantity":4})")) == "out_of_stock");
  CHECK(code_of(post("sku1/reservations", R"({"reservation":"r1","quantity":1})")) == "reservation_exists");

  const auto committed = post("sku1/reservations/r1/commit", "{}");
  CHECK(committed.status == 200);
  CHECK(stock_of(committed) == "6/3/3");
  CHECK(json::parse(committed.body).at("reservation").at("status") == "committed");
  const auto released = post("sku1/reservations/r2/release", "");
  CHECK(released.status == 200);
  CHECK(stock_of(released) == "6/0/6");
  CHECK(json::parse(released.body).at("reservation").at("status") == "released");

  CHECK(code_of(post("sku1/reservations/r1/commit", "{}")) == "reservation_closed");
  CHECK(code_of(post("sku1/reservations/r1/release", "{}")) == "reservation_closed");
  CHECK(code_of(post("sku1/reservations/r2/commit", "{}")) == "reservation_closed");
  CHECK(code_of(post("sku1/reservations/r9/commit", "{}")) == "reservation_not_found");
  CHECK(code_of(post("sku1/reservations/r9/release", "{}")) == "reservation_not_found");
  CHECK(code_of(post("sku1/reservations", R"({"reservation":"r1","quantity":1})")) == "reservation_exists");
  CHECK(stock_of(item()) == "6/0/6");
}

TEST_CASE_FIXTURE(ItemFixture, "a reservation that expires gives back what it held") {
  put("sku1", R"({"quantity":3})");
  CHECK(post("sku1/reservations", R"({"reservation":"r1","quantity":3,"expires_in_s":1})").status == 201);
  const auto expired = client->get("/v1/items/sku1", {{"Tote-Min-Lsn", "3"}, {"Tote-Deadline-Ms", "15000"}});
  CHECK(expired.status == 200);
  CHECK(stock_of(expired) == "3/0/3");
  CHECK(code_of(post("sku1/reservations/r1/commit", "{}")) == "reservation_closed");
  CHECK(stock_of(post("sku1/picks", R"({"quantity":3})")) == "0/0/0");
}

TEST_CASE_FIXTURE(ItemFixture, "an item that nobody opened isn't there") {
  CHECK(code_of(item()) == "not_found");
  CHECK(code_of(post("sku1/restocks", R"({"quantity":1})")) == "not_found");
  CHECK(code_of(post("sku1/picks", R"({"quantity":1})")) == "not_found");
  CHECK(code_of(post("sku1/reservations", R"({"reservation":"r1","quantity":1})")) == "not_found");
  CHECK(code_of(post("sku1/reservations/r1/commit", "{}")) == "not_found");
  CHECK(code_of(post("sku1/reservations/r1/release", "{}")) == "not_found");
  CHECK(code_of(client->get("/v1/items/sku1/history")) == "not_found");
}

TEST_CASE_FIXTURE(ItemFixture, "the stock has an upper bound") {
  put("sku1", R"({"quantity":1000000000000000})");
  for (int i = 0; i < 8; ++i) CHECK(post("sku1/restocks", R"({"quantity":1000000000000000})").status == 200);
  const auto refused = post("sku1/restocks", R"({"quantity":1})");
  CHECK(refused.status == 409);
  CHECK(code_of(refused) == "stock_limit");
  CHECK(number(refused, "limit") == 9'000'000'000'000'000);
  CHECK(number(refused, "requested") == 1);
}

TEST_CASE_FIXTURE(ItemFixture, "bad input is named and leaves no record") {
  put("sku1", R"({"quantity":10})");
  const auto before = server->figures().last;
  for (const char* command : {"sku1/picks", "sku1/restocks"})
    for (const char* body :
         {"", "{", "{}", R"({"quantity":0})", R"({"quantity":-1})", R"({"quantity":1000000000000001})",
          R"({"quantity":"1"})", R"({"quantity":1.0})", R"({"quantity":1,"quantity":1})", R"({"quantity":1,"x":1})"})
      CHECK_MESSAGE(code_of(post(command, body)) == "invalid_request", command << ' ' << body);
  for (const char* body :
       {R"({"reservation":"r1"})", R"({"quantity":1})", R"({"reservation":"r1","quantity":0})",
        R"({"reservation":"r1","quantity":1,"expires_in_s":0})",
        R"({"reservation":"r1","quantity":1,"expires_in_s":31622401})", R"({"reservation":1,"quantity":1})"})
    CHECK_MESSAGE(code_of(post("sku1/reservations", body)) == "invalid_request", std::string(body));
  CHECK(code_of(post("sku1/reservations", R"({"reservation":"r 1","quantity":1})")) == "invalid_id");
  CHECK(code_of(post("sku%201/picks", R"({"quantity":1})")) == "invalid_id");
  CHECK(code_of(post("sku1/reservations/r%201/commit", "{}")) == "invalid_id");
  CHECK(code_of(post("sku1/reservations/r1/commit", R"({"quantity":1})")) == "invalid_request");
  CHECK(code_of(put("sku2", R"({"quantity":-1})")) == "invalid_request");
  CHECK(server->figures().last == before);
}

TEST_CASE_FIXTURE(ItemFixture, "If-Match lets through the version it names only") {
  put("sku1", R"({"quantity":10})");
  CHECK(post("sku1/picks", R"({"quantity":1})", {{"If-Match", "\"v1\""}}).status == 200);
  const auto stale = post("sku1/picks", R"({"quantity":1})", {{"If-Match", "\"v1\""}});
  CHECK(stale.status == 412);
  CHECK(code_of(stale) == "version_mismatch");
  CHECK(number(stale, "current_version") == 2);
  CHECK(client->get("/v1/items/sku1", {{"If-None-Match", "\"v2\""}}).status == 304);
}

TEST_CASE_FIXTURE(ItemFixture, "repeats get the same bytes and move nothing, also after a restart") {
  const std::pair<const char*, const char*> story[] = {
      {"sku1/restocks", R"({"quantity":5})"},
      {"sku1/picks", R"({"quantity":2})"},
      {"sku1/picks", R"({"quantity":99})"},
      {"sku1/reservations", R"({"reservation":"r1","quantity":4})"},
      {"sku1/reservations", R"({"reservation":"r2","quantity":1})"},
      {"sku1/reservations/r1/commit", "{}"},
      {"sku1/reservations/r1/commit", ""},
      {"sku1/reservations/r2/release", "{}"},
      {"none/picks", R"({"quantity":1})"},
  };
  put("sku1", R"({"quantity":10})");
  std::vector<Response> first;
  for (const auto& [target, body] : story)
    first.push_back(post(target, body, {{"Idempotency-Key", "k" + std::to_string(first.size())}}));
  const auto stock = item().body;
  CHECK(stock_of(item()) == "9/0/9");
  for (int round = 0; round < 2; ++round) {
    for (std::size_t i = 0; i < first.size(); ++i) {
      const auto again = post(story[i].first, story[i].second, {{"Idempotency-Key", "k" + std::to_string(i)}});
      CHECK(again.status == first[i].status);
      CHECK(again.body == first[i].body);
      CHECK(again.header("Idempotent-Replayed") == "true");
    }
    CHECK(item().body == stock);
    restart();
  }
  CHECK(code_of(post("sku1/picks", R"({"quantity":3})", {{"Idempotency-Key", "k1"}})) == "idempotency_key_reused");
}

TEST_CASE_FIXTURE(ItemFixture, "the history tells every change") {
  put("sku1", R"({"quantity":10})");
  post("sku1/picks", R"({"quantity":2})");
  post("sku1/reservations", R"({"reservation":"r1","quantity":4})");
  post("sku1/reservations/r1/commit", "{}");
  const auto entries = json::parse(client->get("/v1/items/sku1/history").body).at("entries").as_array();
  REQUIRE(entries.size() == 4);
  const char* events[] = {"opened", "picked", "reserved", "committed"};
  for (std::size_t i = 0; i < 4; ++i) {
    CHECK(entries[i].at("version") == i + 1);
    CHECK(entries[i].at("event") == events[i]);
  }
  const auto rest = json::parse(client->get("/v1/items/sku1/history?after_version=2&limit=1").body);
  REQUIRE(rest.at("entries").as_array().size() == 1);
  CHECK(rest.at("entries").at(0).at("event") == "reserved");
  CHECK(json::parse(client->get("/v1/items/sku1/history").body).at("next").is_null());
  CHECK(code_of(client->get("/v1/items/sku1/history?limit=0")) == "invalid_request");
  CHECK(code_of(client->get("/v1/items/sku1/history?before=1")) == "invalid_request");
}
