// The caller's trace (W3C Trace Context): in the answer, the record and its events, under a span of the request's own.
#include <doctest/doctest.h>

#include <boost/json.hpp>
#include <set>

#include "actors/wallet/wallet.h"
#include "adapters/events/domain_events.h"
#include "tests/http/api_words.h"
#include "tests/http/own_server.h"

using namespace tests::http;
namespace json = boost::json;

namespace {

constexpr const char* trace_id = "0af7651916cd43dd8448eb211c80319c";
constexpr const char* parent_span = "b7ad6b7169203331";
const HeaderList traced = {{"traceparent", std::string("00-") + trace_id + '-' + parent_span + "-01"}};

// The span of an answer or a record, of this trace, sampled, and not the caller's.
std::string span_of(const std::string& traceparent) {
  const std::string begin = std::string("00-") + trace_id + '-';
  CHECK_MESSAGE(traceparent.starts_with(begin), traceparent);
  CHECK(traceparent.ends_with("-01"));
  const std::string span = traceparent.substr(begin.size(), 16);
  CHECK(span != parent_span);
  return span;
}

struct TraceFixture : OwnServer {
  std::vector<json::object> records() {
    std::vector<json::object> all;
    const std::string page = client->get("/v1/log").body;
    for (std::size_t at = 0; at < page.size(); at = page.find('\n', at) + 1)
      all.push_back(json::parse(page.substr(at, page.find('\n', at) - at)).as_object());
    return all;
  }
};

}  // namespace

TEST_CASE_FIXTURE(TraceFixture,
                  "what a request did has its trace, after a restart, too, and the answer names its span") {
  const Response opened = client->ask("PUT", "/v1/wallets/alice", R"({"currency":"EUR"})", traced);
  const Response credited = client->ask("POST", "/v1/wallets/alice/credits", R"({"amount":5})", traced);
  CHECK(client->ask("POST", "/v1/wallets/alice/debits", R"({"amount":1})").header("traceparent").empty());
  const std::set<std::string> spans = {span_of(opened.header("traceparent")), span_of(credited.header("traceparent")),
                                       span_of(client->get("/v1/wallets/alice", traced).header("traceparent")),
                                       span_of(client->get("/v1/wallets/nobody", traced).header("traceparent"))};
  CHECK(spans.size() == 4);
  for (int life = 0; life < 2; ++life) {
    const auto log = records();
    REQUIRE(log.size() == 3);
    CHECK(log[0].at("traceparent").as_string() == opened.header("traceparent"));
    CHECK(log[1].at("traceparent").as_string() == credited.header("traceparent"));
    CHECK_FALSE(log[2].contains("traceparent"));
    restart();
  }
}

TEST_CASE_FIXTURE(TraceFixture, "all lines of a batch and all of a transaction are of the one span") {
  const char* lines = R"({"put":"/v1/wallets/a","body":{"currency":"EUR"}}
{"put":"/v1/wallets/b","body":{"currency":"EUR"}}
{"wallet":"a","credit":9}
)";
  const Response batch = client->ask("POST", "/v1/batch", lines, traced);
  CHECK(batch.status == 200);
  const Response moved = client->ask("POST", "/v1/transfers", R"({"from":"a","to":"b","amount":4})", traced);
  CHECK(moved.status == 200);
  const auto log = records();
  REQUIRE(log.size() == 4);
  for (int i = 0; i < 3; ++i) CHECK(log[i].at("traceparent").as_string() == batch.header("traceparent"));
  CHECK(log[3].at("traceparent").as_string() == moved.header("traceparent"));
}

TEST_CASE_FIXTURE(TraceFixture, "a trace that isn't sound is as if none had been named") {
  for (const char* wrong : {"", "00-0-0-0", "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"}) {
    const Response answer = client->ask("PUT", "/v1/wallets/alice", R"({"currency":"EUR"})", {{"traceparent", wrong}});
    CHECK(answer.status < 300);
    CHECK(answer.header("traceparent").empty());
  }
  const HeaderList twice = {traced[0], traced[0]};
  CHECK(client->ask("PUT", "/v1/wallets/alice", R"({"currency":"EUR"})", twice).header("traceparent").empty());
  CHECK_FALSE(records().at(0).contains("traceparent"));
}

TEST_CASE_FIXTURE(TraceFixture, "events have the trace of their record, by the name that CloudEvents gives it") {
  const Response opened = client->ask("PUT", "/v1/wallets/alice", R"({"currency":"EUR"})", traced);
  client->ask("POST", "/v1/wallets/alice/credits", R"({"amount":5})");
  const auto& log = server->engine().log();
  std::vector<tote::events::DomainEvent> told;
  const auto damage = log.read(log.first(), log.durable(), [&](tote::Lsn lsn, const tote::wal::Record& record) {
    tote::events::append_events(log.id(), {tote::kind_of<tote::Wallet>()}, lsn, record, told);
    return true;
  });
  CHECK(damage.is_none());
  REQUIRE(told.size() == 2);
  CHECK(json::parse(told[0].cloud).at("traceparent").as_string() == opened.header("traceparent"));
  CHECK_FALSE(json::parse(told[1].cloud).as_object().contains("traceparent"));
}
