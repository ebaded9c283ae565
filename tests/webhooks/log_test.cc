// Logs and cursors that aren't as they should be: nothing is skipped without a word.
#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <set>
#include <thread>

#include "adapters/events/log_checks.h"
#include "adapters/webhooks/deliverer.h"
#include "tests/support/made_up_log.h"
#include "tests/webhooks/fixture.h"

using namespace tests::webhooks;
using namespace std::chrono_literals;

namespace {

std::unique_ptr<tote::webhooks::Deliverer> started(const Fixture& fixture, const Receiver& receiver) {
  auto deliverer = fixture.deliverer(fixture.options(receiver.url()));
  deliverer->start();
  REQUIRE(eventually([&] { return std::filesystem::exists(fixture.file("webhook-shop.json")); }));
  return deliverer;
}

bool eventually_soon(const std::function<bool()>& is_so) {
  for (int i = 0; i < 10 && !is_so(); ++i) std::this_thread::sleep_for(10ms);
  return is_so();
}

std::set<std::uint64_t> lsns(const Receiver& receiver) {
  std::set<std::uint64_t> all;
  for (const Delivery& each : receiver.taken()) all.insert(each.lsn);
  return all;
}

// An engine's log, except for what a test wants otherwise.
class OtherLog : public tote::wal::LogReader {
 public:
  explicit OtherLog(const tote::wal::LogReader& log) : log_(log) {}
  const std::string& id() const override { return log_.id(); }
  tote::Lsn first() const override { return oldest; }
  tote::Lsn durable() const override { return log_.durable(); }
  tote::wal::Damage read(tote::Lsn from, tote::Lsn to, const Visit& visit) const override {
    return from < oldest ? tote::wal::trimmed(from, oldest) : log_.read(from, to, visit);
  }

  std::atomic<tote::Lsn> oldest{tote::Lsn{1}};

 private:
  const tote::wal::LogReader& log_;
};

// Five records, then the disk has an error, or there is no file descriptor left.
struct FailingLog final : OtherLog {
  using OtherLog::OtherLog;
  tote::wal::Damage read(tote::Lsn from, tote::Lsn to, const Visit& visit) const override {
    int left = 5;
    OtherLog::read(from, to, [&](tote::Lsn lsn, const tote::wal::Record& it) { return left-- > 0 && visit(lsn, it); });
    return {from, "the disk has an error"};
  }
};

}  // namespace

TEST_CASE("webhooks: a log that can't be read in the middle of a batch skips nothing") {
  Fixture fixture;
  Receiver receiver;
  started(fixture, receiver)->stop();
  for (int i = 0; i < 10; ++i) fixture.open("w" + std::to_string(i));

  const FailingLog log(fixture.log());
  tote::webhooks::Deliverer failing(log, fixture.kinds(), fixture.options(receiver.url()), fixture.file(""));
  failing.start();
  REQUIRE(eventually([&] { return failing.status().reason == "stopped"; }));
  failing.stop();

  auto deliverer = started(fixture, receiver);
  CHECK(eventually([&] { return deliverer->status().cursor == tote::Lsn{10}; }));
  deliverer->stop();
  CHECK(lsns(receiver).size() == 10);
}

TEST_CASE("webhooks: a cursor below the log's first record stands still, says so and skips nothing") {
  Fixture fixture;
  Receiver receiver;
  started(fixture, receiver)->stop();
  for (int i = 0; i < 10; ++i) fixture.open("w" + std::to_string(i));
  OtherLog trimmed(fixture.log());
  trimmed.oldest = {4};
  {
    tote::webhooks::Deliverer late(trimmed, fixture.kinds(), fixture.options(receiver.url()), fixture.file(""));
    late.start();
    REQUIRE(eventually([&] { return late.status().reason == "stopped"; }));
    CHECK(late.status().problem.find("the log begins at 4: what it wasn't told is no longer there") !=
          std::string::npos);
    CHECK(late.status().cursor == tote::Lsn{});
  }
  CHECK(receiver.all().empty());
  trimmed.oldest = {1};  // restored from the archive
  tote::webhooks::Deliverer again(trimmed, fixture.kinds(), fixture.options(receiver.url()), fixture.file(""));
  again.start();
  CHECK(eventually([&] { return again.status().cursor == tote::Lsn{10}; }));
  CHECK(lsns(receiver).size() == 10);
}

TEST_CASE("events: a reader that the log's beginning has overtaken says so and stays where it is") {
  Fixture fixture;
  for (int i = 0; i < 10; ++i) fixture.open("w" + std::to_string(i));
  OtherLog log(fixture.log());
  log.oldest = {6};
  tote::events::EventReader reader(log, fixture.kinds());
  std::vector<tote::events::DomainEvent> told;
  reader.seek({{4}, 0});
  CHECK_THROWS_AS(reader.read(100, told), tote::events::Trimmed);
  CHECK(told.empty());
  CHECK(reader.position().lsn == tote::Lsn{4});
  reader.seek({{5}, 0});  // nothing is missing
  REQUIRE(reader.read(100, told));
  CHECK(told.front().lsn == tote::Lsn{6});
  CHECK(reader.position().lsn == tote::Lsn{10});
}

TEST_CASE("webhooks: a cursor ahead of a restored log isn't believed once the log has grown past it") {
  Fixture fixture;
  Receiver receiver;
  started(fixture, receiver)->stop();
  const std::string path = fixture.file("webhook-shop.json");
  std::string text;
  {
    std::ifstream in(path);
    text.assign(std::istreambuf_iterator<char>(in), {});
  }
  const std::string from = R"("lsn":"0")";
  REQUIRE(text.find(from) != std::string::npos);
  text.replace(text.find(from), from.size(), R"("lsn":"6")");  // of before the restore
  std::ofstream(path) << text;
  for (int i = 0; i < 3; ++i) fixture.open("w" + std::to_string(i));  // what the backup has
  auto deliverer = started(fixture, receiver);
  REQUIRE(eventually([&] { return deliverer->status().reason == "stopped"; }));  // acknowledged records were lost
  for (int i = 3; i < 10; ++i) fixture.open("w" + std::to_string(i));            // another history: LSN 4 to 10
  deliverer->stop();
  deliverer = started(fixture, receiver);  // the next deployment
  CHECK(eventually([&] { return deliverer->status().reason == "stopped"; }));
  CHECK(deliverer->status().problem.find("acknowledged records were lost") != std::string::npos);
}

namespace {

struct Told final : tote::events::Follower {
  explicit Told(const tote::wal::LogReader& log) : Follower(log, "told", "told") {}
  void follow() override {}
  using Follower::caught_up;
  using Follower::moved;
};

}  // namespace

TEST_CASE("followers: a quiet time doesn't count as lag afterwards") {
  tests::MadeUpLog log(10);
  Told follower(log);
  follower.moved({10}, 1);
  std::this_thread::sleep_for(400ms);  // hours
  follower.caught_up();                // as the publisher says it every 10 ms
  log.newest = {20};
  follower.moved({15}, 1);
  CHECK(follower.status().lag_seconds < 0.2);
}

TEST_CASE("webhooks: a cursor that can't be read stops its endpoint, nothing else") {
  Fixture fixture;
  Receiver receiver;
  started(fixture, receiver)->stop();
  std::ofstream(fixture.file("webhook-shop.json")) << "{";
  const auto deliverer = fixture.deliverer(fixture.options(receiver.url()));
  deliverer->start();
  CHECK(eventually([&] { return deliverer->status().reason == "stopped"; }));
}

TEST_CASE("webhooks: a note of the cursor that is no position is found out, and named") {
  Fixture fixture;
  Receiver receiver;
  started(fixture, receiver)->stop();
  std::ifstream in(fixture.file("webhook-shop.json"));
  const std::string sound((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  const std::string none = R"("notes":{})";
  REQUIRE(sound.find(none) != std::string::npos);
  const auto problem_with = [&](const std::string& notes) {
    std::string text = sound;
    text.replace(text.find(none), none.size(), R"("notes":{)" + notes + '}');
    std::ofstream(fixture.file("webhook-shop.json")) << text;
    const auto deliverer = fixture.deliverer(fixture.options(receiver.url()));
    deliverer->start();
    CHECK(eventually([&] { return deliverer->status().connected || !deliverer->status().problem.empty(); }));
    return deliverer->status().problem;
  };
  CHECK(problem_with(R"("ahead":"0/0")").empty());
  for (const char* wrong : {"", "/", "0", "0/", "/0", "0/x", "0/0/0", "0/0 ", " 0/0", "00/0", "-1/0", "0/-1",
                            "0/4294967296", "18446744073709551616/0"}) {
    const std::string named = '"' + std::string(wrong) + "\" is no position";
    CHECK_MESSAGE(problem_with(R"("ahead":")" + std::string(wrong) + '"').find(named) != std::string::npos, wrong);
  }
  CHECK(problem_with(R"("owed default/wallet/a":"0/")").find("no position") != std::string::npos);
  CHECK(problem_with(R"("ahead":"0/0","ahead_time":"soon")").find("no time") != std::string::npos);
}

TEST_CASE("webhooks: a thousand entities whose events are refused don't hold up the others") {
  Fixture fixture;
  Receiver receiver([](const Delivery& each) { return Reply{each.subject.starts_with("bad") ? 400 : 200}; });
  auto options = fixture.options(receiver.url());
  options.give_up_after_s = 1;
  auto deliverer = fixture.deliverer(options);
  for (int i = 0; i < 1'000; ++i) fixture.open("bad" + std::to_string(i));
  for (int i = 0; i < 20; ++i) fixture.open("good" + std::to_string(i));
  deliverer->start();
  CHECK(eventually([&] { return receiver.taken().size() == 20; }));
  CHECK(deliverer->status().reason != "disconnected");
  // With deliveries in between those that fail are put aside, and nothing is left.
  for (int i = 20; !eventually_soon([&] { return deliverer->status().cursor.value > 1'000; }) && i < 400; ++i)
    fixture.open("good" + std::to_string(i));
  CHECK(deliverer->status().put_aside == 1'000);
}

TEST_CASE("webhooks: an endpoint that comes back refusing isn't asked without a pause") {
  Fixture fixture;
  std::atomic<int> status{500};
  Receiver receiver([&status](const Delivery&) { return Reply{status}; });
  auto options = fixture.options(receiver.url());
  options.retry_first_ms = 50;
  auto deliverer = fixture.deliverer(options);
  for (int i = 0; i < 30; ++i) fixture.open("w" + std::to_string(i));
  deliverer->start();
  REQUIRE(eventually([&] { return deliverer->status().reason == "disconnected"; }));
  status = 422;
  REQUIRE(eventually([&] { return deliverer->status().reason == "refusing"; }));
  // Each of the 30 has been tried at least once; the gaps of 50, 200, 800 ms … bound what comes in a second.
  const std::size_t before = receiver.all().size();
  std::this_thread::sleep_for(1s);
  CHECK(receiver.all().size() - before < 30 * 4);
  status = 200;
  CHECK(eventually([&] { return receiver.taken().size() == 30; }));
  CHECK(eventually([&] { return deliverer->status().connected && deliverer->status().reason.empty(); }));
}
