// GET /v1/log?from=TIME, and the search behind it; deadlines of what is read beside the loop.
#include "wal/log_time.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <boost/json.hpp>
#include <chrono>
#include <future>
#include <thread>

#include "adapters/http/log_feed.h"
#include "tests/http/api_words.h"
#include "tests/http/client.h"
#include "tests/http/running_server.h"
#include "tests/support/made_up_log.h"

using namespace tests::http;
using namespace tote;
namespace json = boost::json;

namespace {

std::vector<json::value> lines_of(const std::string& body) {
  std::vector<json::value> lines;
  for (std::size_t at = 0; at < body.size(); at = body.find('\n', at) + 1)
    lines.push_back(json::parse(body.substr(at, body.find('\n', at) - at)));
  return lines;
}

}  // namespace

TEST_CASE("log time: the search finds the first record that isn't older, wherever it is") {
  tests::MadeUpLog log(100);  // the n-th at n * 10 ns
  for (const std::uint64_t oldest : {1, 40, 100}) {
    log.oldest = {oldest};
    for (std::int64_t ns = 0; ns <= 1'010; ++ns) {
      const auto wanted = std::max<std::int64_t>((ns + 9) / 10, static_cast<std::int64_t>(oldest));
      const auto [lsn, damage] = wal::first_record_since(log, Time{ns}, log.durable());
      REQUIRE(damage.is_none());
      REQUIRE(lsn.value == static_cast<std::uint64_t>(wanted));
    }
  }
  tests::MadeUpLog none(0);
  CHECK(wal::first_record_since(none, Time{5}, none.durable()).lsn == Lsn{1});
  log.damage = {Lsn{50}, "a bit has flipped"};
  CHECK_FALSE(wal::first_record_since(log, Time{5}, log.durable()).damage.is_none());
}

TEST_CASE("log time: a page begins with the first record that isn't older") {
  TempDirectory directory;
  RunningServer server(directory.path());
  Client client(server.port());
  for (int i = 0; i < 20; ++i)
    REQUIRE(client.ask("PUT", "/v1/wallets/w" + std::to_string(i), R"({"currency":"EUR"})").status == 201);
  const auto all = lines_of(client.get("/v1/log").body);
  REQUIRE(all.size() == 20);
  std::vector<std::string> times;
  for (const json::value& line : all) times.emplace_back(line.at("time").as_string());
  for (const std::size_t at : {std::size_t{0}, std::size_t{7}, std::size_t{19}}) {
    // Told to the millisecond: of those of one millisecond all come.
    const auto first = std::ranges::find(times, times[at]) - times.begin();
    const auto found = lines_of(client.get("/v1/log?from=" + times[at]).body);
    REQUIRE(found.size() <= 20);
    CHECK(found.front().at("lsn").as_int64() <= first + 1);
    CHECK(times[static_cast<std::size_t>(found.front().at("lsn").as_int64() - 1)] >= times[at]);
  }
  CHECK(lines_of(client.get("/v1/log?from=1970-01-01T00:00:00Z").body).size() == 20);
  const Response later = client.get("/v1/log?from=2200-01-01T00:00:00Z");
  CHECK(later.status == 200);
  CHECK(later.body.empty());
  CHECK(later.header("Tote-Lsn") == "20");
  CHECK(lines_of(client.get("/v1/log?limit=3&from=1970-01-01T00:00:00Z").body).size() == 3);
  for (const char* wrong :
       {"from=yesterday", "from=", "from=2026-13-01T00:00:00Z", "from=2026-01-01T00:00:00Z&after=1"})
    CHECK_MESSAGE(client.get(std::string("/v1/log?") + wrong).status == 400, wrong);
  CHECK(client.get("/v1/log?from=2026-01-01T00:00:00Z", {{"Accept", "text/event-stream"}}).status == 400);
}

namespace {

// Of which the beginning is in the archive.
struct PartlyArchived final : tests::MadeUpLog {
  Lsn untrimmed() const override { return {60}; }
};

http::LogFeed::Page page_of(const wal::LogReader& log, http::LogFeed::Question question) {
  http::LogFeed feed(log, {});
  std::promise<http::LogFeed::Page> promise;
  question.done = [&](http::LogFeed::Page&& page) { promise.set_value(std::move(page)); };
  REQUIRE(feed.ask(std::move(question)));
  return promise.get_future().get();
}

}  // namespace

TEST_CASE("log time: what is in the archive alone is told as trimmed, with where it is") {
  const PartlyArchived log;
  const auto archived = page_of(log, {.tenant = "default", .from = Time{305}, .limit = 3});
  CHECK(archived.code == Code::trimmed);
  CHECK(archived.damaged == Lsn{60});
  CHECK(archived.found == Lsn{31});
  const auto kept = page_of(log, {.tenant = "default", .from = Time{600}, .limit = 3});
  CHECK(kept.code == Code::ok);
  CHECK(kept.to == Lsn{62});
  CHECK(page_of(log, {.tenant = "default", .from = Time{5'000}, .limit = 3}).to == Lsn{100});
}

TEST_CASE("deadlines: a page that nobody waits for any more isn't read") {
  const tests::MadeUpLog log;
  const auto late = page_of(log, {.tenant = "default", .limit = 3, .ends_at = http::LogFeed::Clock::now()});
  CHECK(late.code == Code::deadline_exceeded);
  CHECK(late.text.empty());
}

TEST_CASE("deadlines: a page of the log and a history are told in time, or not at all") {
  TempDirectory directory;
  RunningServer server(directory.path());
  Client client(server.port());
  REQUIRE(client.ask("PUT", "/v1/wallets/alice", R"({"currency":"EUR"})").status == 201);
  for (const char* path : {"/v1/log", "/v1/wallets/alice/history"}) {
    CAPTURE(path);
    CHECK(client.get(path, {{"Tote-Deadline-Ms", "20000"}}).status == 200);
    CHECK(client.get(path, {{"Tote-Deadline-Ms", "0"}}).status == 400);
    // The deadline counts from the first byte: it is over when the request is whole.
    Client slow(server.port());
    const std::string text = Client::text_of("GET", path, {}, {{"Tote-Deadline-Ms", "20"}});
    REQUIRE(slow.send(text.substr(0, 10)));
    std::this_thread::sleep_for(std::chrono::milliseconds(60));
    REQUIRE(slow.send(text.substr(10)));
    CHECK(code_of(slow.receive()) == "deadline_exceeded");
    // A wait for an LSN ends with it, too, and only once.
    CHECK(code_of(client.get(path, {{"Tote-Deadline-Ms", "50"}, {"Tote-Min-Lsn", "99"}})) == "deadline_exceeded");
    CHECK(client.get(path).status == 200);
  }
}
