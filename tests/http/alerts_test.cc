// What needs a person: GET /v1/alerts, and the list behind it.
#include "adapters/http/alerts.h"

#include <doctest/doctest.h>

#include <boost/json.hpp>
#include <fstream>
#include <sstream>

#include "tests/http/api_words.h"
#include "tests/http/client.h"
#include "tests/http/running_server.h"
#include "tests/http/tokens.h"
#include "tests/places.h"

using namespace tests::http;
using namespace tote;
using http::Alerts;
namespace json = boost::json;

namespace {

constexpr Time at(std::int64_t second) { return {second * ns_per_s}; }

Alert of(std::string_view entity, std::string_view text, std::string_view tenant = "shop") {
  return {tenant, "saga", entity, text};
}

Alert happened(std::string_view text) { return {{}, "log", {}, text, "trimming", false}; }

std::vector<std::string> told(Alerts& alerts, const std::optional<std::string>& tenant = std::nullopt,
                              std::int64_t second = 10) {
  std::vector<std::string> out;
  for (const auto& alert : alerts.page(tenant, UINT64_MAX, 1'000, at(second)).alerts)
    out.push_back(alert.tenant + ' ' + alert.kind + '/' + alert.entity + ' ' + alert.text);
  return out;
}

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("alerts: one that lasts is there until it is over, newest first") {
  Alerts alerts;
  alerts.tell(of("o1", "stuck"), at(1));
  alerts.tell(of("o2", "stuck"), at(2));
  CHECK(told(alerts) == Texts{"shop saga/o2 stuck", "shop saga/o1 stuck"});
  alerts.change(of("o1", "stuck at another step"), at(3));
  CHECK(told(alerts) == Texts{"shop saga/o2 stuck", "shop saga/o1 stuck at another step"});
  alerts.change(of("o1", ""), at(4));
  CHECK(told(alerts) == Texts{"shop saga/o2 stuck"});
  alerts.change(of("o1", ""), at(5));  // nobody knows it any more
  alerts.change(of("o3", "never told"), at(5));
  CHECK(told(alerts) == Texts{"shop saga/o2 stuck"});
}

TEST_CASE("alerts: since when, and how often within a day") {
  Alerts alerts;
  alerts.tell(of("o1", "stuck"), at(1));
  alerts.change(of("o1", ""), at(2));
  alerts.tell(of("o1", "stuck"), at(100));
  auto one = alerts.page({}, UINT64_MAX, 10, at(100)).alerts.at(0);
  CHECK(one.times == 2);
  CHECK(one.since == at(100));
  alerts.change(of("o1", ""), at(101));
  alerts.tell(of("o1", "stuck"), at(101 + Alerts::past_kept_s + 1));
  one = alerts.page({}, UINT64_MAX, 10, at(101 + Alerts::past_kept_s + 1)).alerts.at(0);
  CHECK(one.times == 1);
  for (int i = 0; i < 3; ++i) alerts.tell(happened("let go"), at(200'000 + i));
  one = alerts.page({}, UINT64_MAX, 10, at(200'003)).alerts.at(0);
  CHECK(one.times == 3);
  CHECK(one.since == at(200'000));
  CHECK(one.last == at(200'002));
  CHECK_FALSE(one.lasts);
}

TEST_CASE("alerts: what has happened is told for a day, and only the newest thousand") {
  Alerts alerts;
  alerts.tell(happened("first"), at(1));
  CHECK(told(alerts, {}, Alerts::past_kept_s) == Texts{" log/ first"});
  CHECK(told(alerts, {}, Alerts::past_kept_s + 2).empty());
  for (int i = 0; i < 3'000; ++i) alerts.tell(happened("number " + std::to_string(i)), at(100'000 + i));
  const auto page = alerts.page({}, UINT64_MAX, 10'000, at(103'000));
  CHECK(page.alerts.size() == Alerts::past_max);
  CHECK(page.alerts.front().text == "number 2999");
  CHECK(page.alerts.back().text == "number 2000");
}

TEST_CASE("alerts: a tenant sees its own, has its own room, and none is lost from the count") {
  Alerts alerts;
  alerts.tell(happened("of the server"), at(1));
  alerts.tell(of("b", "stuck", "club"), at(1));
  for (std::size_t i = 0; i < Alerts::lasting_of_a_tenant_max + 50; ++i)
    alerts.tell(of("o" + std::to_string(i), "stuck"), at(2));
  alerts.tell(of("c", "stuck", "club"), at(3));
  CHECK(told(alerts, "club") == Texts{"club saga/c stuck", "club saga/b stuck"});
  CHECK(told(alerts, "nobody").empty());
  CHECK(alerts.page("shop", UINT64_MAX, 1'000, at(3)).total == Alerts::lasting_of_a_tenant_max + 50);
  CHECK(alerts.page({}, UINT64_MAX, 1, at(3)).total == Alerts::lasting_of_a_tenant_max + 53);
  for (std::size_t i = 0; i < Alerts::lasting_of_a_tenant_max + 50; ++i)
    alerts.change(of("o" + std::to_string(i), ""), at(4));
  CHECK(alerts.page("shop", UINT64_MAX, 1'000, at(4)).total == 0);
  alerts.tell(of("o1", "stuck"), at(5));
  CHECK(told(alerts, "shop") == Texts{"shop saga/o1 stuck"});
}

TEST_CASE("alerts: pages, one after the other") {
  Alerts alerts;
  for (int i = 0; i < 25; ++i) alerts.tell(of("o" + std::to_string(i), "stuck"), at(1));
  std::vector<std::string> all;
  std::uint64_t before = UINT64_MAX;
  int pages = 0;
  for (;; ++pages) {
    const auto page = alerts.page({}, before, 10, at(1));
    for (const auto& alert : page.alerts) all.push_back(alert.entity);
    if (!page.next) break;
    before = *page.next;
  }
  CHECK(pages == 2);
  REQUIRE(all.size() == 25);
  CHECK(all.front() == "o24");
  CHECK(all.back() == "o0");
}

TEST_CASE("alerts: texts are bounded, and valid wherever they are cut off") {
  Alerts alerts;
  std::string text(Alerts::text_bytes_max - 1, 'x');
  alerts.tell(of("o1", text + "\xc3\xa4\xc3\xa4"), at(1));
  std::string out;
  http::append_alerts(out, alerts.page({}, UINT64_MAX, 10, at(1)));
  CHECK(json::parse(out).at("alerts").at(0).at("text").as_string().size() < Alerts::text_bytes_max + 3);
}

TEST_CASE("alerts: what to do is what the runbook says") {
  std::ifstream in(tests::source_directory() + "/docs/operations.md");
  std::string line;
  while (std::getline(in, line) && line != "## Alerts") {
  }
  int rows = 0;
  for (; std::getline(in, line) && !line.starts_with("## ");) {
    if (!line.starts_with("| ") || line.starts_with("| it says") || line.starts_with("| ---")) continue;
    const auto middle = line.find(" | ");
    Alerts::Entry alert;
    alert.text = line.substr(2, middle - 2);
    CAPTURE(alert.text);
    CHECK(http::remedy_of(alert) == line.substr(middle + 3, line.size() - middle - 5));
    ++rows;
  }
  CHECK(rows == 15);
}

namespace {

http::ServerOptions with_alerts(Alerts& alerts) {
  http::ServerOptions options;
  options.tenants = {{"shop", {"8766b9cb08e6040b704f1e3ee1e186efccf2635b1d2634d6525333007e6aeae1"}},
                     {"club", {"ff492ef788c89b555e6f738b33d2422f57dbb6656af2402155672c5f123a90af"}}};
  options.operators = {
      {"26d46203179f0c4ddf89791220bc5493aeceadbc1c34590ef45cd89d302e302e", http::Role::reader, "cleo"}};
  options.alerts = &alerts;
  return options;
}

}  // namespace

TEST_CASE("alerts: over HTTP each is told of its own, the whole server's operator of all") {
  Alerts alerts;
  TempDirectory directory;
  RunningServer server(directory.path(), with_alerts(alerts));
  const Time now{
      std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now().time_since_epoch())
          .count()};
  alerts.tell(of("o1", "stuck: step 'charge' can't be undone"), now);
  alerts.tell(happened("the log can't be trimmed and grows: /mnt/archive has no room"), now);
  Client client(server.port());
  const json::value all = json::parse(client.get("/v1/alerts", {cleo}).body);
  REQUIRE(all.at("alerts").as_array().size() == 2);
  CHECK(all.at("alerts").at(0).at("kind").as_string() == "log");
  CHECK(all.at("alerts").at(0).as_object().if_contains("tenant") == nullptr);
  const json::value own = json::parse(client.get("/v1/alerts", {shop}).body);
  REQUIRE(own.at("alerts").as_array().size() == 1);
  const json::value& stuck = own.at("alerts").at(0);
  CHECK(stuck.at("entity").as_string() == "o1");
  CHECK(stuck.at("lasts").as_bool());
  CHECK(stuck.at("what_to_do").as_string().find("retry") != json::string::npos);
  CHECK(own.at("total").as_int64() == 1);
  CHECK(client.get("/v1/alerts", {club}).body == R"({"alerts":[],"total":0,"next":null})");
  CHECK(client.get("/v1/alerts", {cleo, {"Tote-Tenant", "club"}}).body == R"({"alerts":[],"total":0,"next":null})");
  CHECK(client.get("/v1/alerts?limit=0", {shop}).status == 400);
  CHECK(Client(server.port()).get("/v1/alerts").status == 401);
}
