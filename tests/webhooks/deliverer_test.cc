// Events of a real engine, delivered to a real receiver, which takes them, fails, hangs, breaks off or is away.
#include "adapters/webhooks/deliverer.h"

#include <doctest/doctest.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>

#include "tests/webhooks/fixture.h"

using namespace tests::webhooks;
using namespace std::chrono_literals;

namespace {

std::string wallet(int i) { return "w" + std::to_string(i); }

// Saves its cursor at the log's end before it returns: from now on everything is told.
std::unique_ptr<tote::webhooks::Deliverer> started(const Fixture& fixture, tote::webhooks::EndpointOptions options) {
  auto deliverer = fixture.deliverer(options);
  deliverer->start();
  REQUIRE(eventually([&] { return std::filesystem::exists(fixture.file("webhook-" + options.name + ".json")); }));
  return deliverer;
}

// Ids, not deliveries: some come twice.
std::size_t taken_ids(const Receiver& receiver) {
  std::set<std::string> ids;
  for (const Delivery& each : receiver.taken()) ids.insert(each.id);
  return ids.size();
}

void wait_for(const Receiver& receiver, std::size_t count) {
  CHECK(eventually([&] { return taken_ids(receiver) >= count; }));
}

std::string text_of(const std::string& path) {
  std::ifstream in(path);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

TEST_CASE("every event is delivered once, signed, in the order of its entity") {
  Fixture fixture;
  Receiver receiver;
  auto deliverer = started(fixture, fixture.options(receiver.url()));
  for (int i = 0; i < 20; ++i) fixture.open(wallet(i));
  for (int i = 0; i < 400; ++i) fixture.credit(wallet(i * 7 % 20));
  wait_for(receiver, 420);
  CHECK(eventually([&] { return deliverer->status().lag_seconds == 0; }));
  const auto status = deliverer->status();
  CHECK(status.told == 420);
  CHECK(status.connected);
  CHECK(status.problem.empty());
  CHECK(deliverer->status().failures == 0);
  CHECK(deliverer->status().put_aside == 0);
  deliverer->stop();
  check_all_taken(fixture.expected(), receiver.taken(), true);
  CHECK(receiver.connections() <= 8);
  const Delivery first = receiver.all().front();
  CHECK(first.target == "/hook?token=t0ken");
  CHECK(first.type == "tote.wallet.opened.v1");
  CHECK(first.headers.at("content-type") == "application/cloudevents+json");
  CHECK(first.headers.at("user-agent").starts_with("tote/"));
  CHECK(text_of(fixture.file("webhook-shop.json")).find("\"lsn\":\"420\"") != std::string::npos);
}

TEST_CASE("it begins with what happens after its first start") {
  Fixture fixture;
  Receiver receiver;
  fixture.open("before");
  auto deliverer = started(fixture, fixture.options(receiver.url()));
  fixture.open("after");
  wait_for(receiver, 1);
  deliverer->stop();
  REQUIRE(receiver.all().size() == 1);
  CHECK(receiver.all()[0].subject == "after");
}

TEST_CASE("a retry has the same id and body, a fresh time and a fresh signature") {
  Fixture fixture;
  Receiver receiver([](const Delivery& each) { return Reply{each.tries == 1 ? 500 : 204}; });
  auto options = fixture.options(receiver.url());
  options.retry_first_ms = 1'300;
  auto deliverer = started(fixture, options);
  fixture.open("a");
  wait_for(receiver, 1);
  const auto all = receiver.all();
  REQUIRE(all.size() == 2);
  CHECK(all[0].id == all[1].id);
  CHECK(all[0].body == all[1].body);
  CHECK(all[1].timestamp_s > all[0].timestamp_s);
  CHECK(all[0].is_signed);
  CHECK(all[1].is_signed);
  CHECK(deliverer->status().failures == 1);
}

TEST_CASE("errors, broken connections and redirects are tried again, in order") {
  Fixture fixture;
  Receiver receiver([](const Delivery& each) {
    if ((each.subject != "w0" && each.subject != "w1") || each.lsn % 3 != 0 || each.tries > 4) return Reply{};
    if (each.tries == 1) return Reply{500};
    if (each.tries == 2) return Reply{.closes = true};
    if (each.tries == 3) return Reply{302, "Location: /elsewhere\r\n"};
    return Reply{404, "", std::string(100'000, 'x')};  // more than anybody wants to read
  });
  auto options = fixture.options(receiver.url());
  options.retry_first_ms = 1;
  auto deliverer = started(fixture, options);
  for (int i = 0; i < 10; ++i) fixture.open(wallet(i));
  for (int i = 0; i < 130; ++i) fixture.credit(wallet(i * 3 % 10));
  wait_for(receiver, 140);
  deliverer->stop();
  check_all_taken(fixture.expected(), receiver.taken(), true);
  // libcurl itself sends again what a kept connection breaks off under.
  CHECK(deliverer->status().failures >= 9 * 3);
  CHECK(deliverer->status().failures <= 9 * 4);
  CHECK(receiver.all().size() == 140 + 9 * 4);
  for (const Delivery& each : receiver.all()) CHECK(each.target == "/hook?token=t0ken");
}

TEST_CASE("an event that isn't answered holds up its entity alone") {
  Fixture fixture;
  Receiver receiver([](const Delivery& each) { return Reply{.hangs = each.subject == "stuck"}; });
  auto options = fixture.options(receiver.url());
  options.timeout_ms = 100;
  auto deliverer = started(fixture, options);
  fixture.open("stuck");
  fixture.credit("stuck", 3);
  for (int i = 0; i < 10; ++i) fixture.open(wallet(i)), fixture.credit(wallet(i), 5);
  wait_for(receiver, 60);
  CHECK(eventually([&] { return deliverer->status().failures >= 2; }));
  std::set<std::uint64_t> tried;
  for (const Delivery& each : receiver.all())
    if (each.subject == "stuck") tried.insert(each.lsn);
  CHECK(tried == std::set<std::uint64_t>{1});
  CHECK(deliverer->status().cursor == tote::Lsn{});
  receiver.set({});
  wait_for(receiver, 64);
  deliverer->stop();
  check_all_taken(fixture.expected(), receiver.taken(), true);
}

TEST_CASE("an entity that fails for long with many events behind it doesn't fill the window") {
  Fixture fixture;
  Receiver receiver([](const Delivery& each) { return Reply{each.subject == "poison" ? 500 : 200}; });
  auto deliverer = started(fixture, fixture.options(receiver.url()));
  fixture.open("poison");
  fixture.open("good");
  for (int i = 0; i < 10; ++i) fixture.credit("poison", 150), fixture.credit("good", 10);
  wait_for(receiver, 101);
  receiver.set({});
  wait_for(receiver, 1'602);
  deliverer->stop();
  check_all_taken(fixture.expected(), receiver.taken(), true);
}

TEST_CASE("410 disables an endpoint until its url is changed") {
  Fixture fixture;
  Receiver receiver([](const Delivery& each) { return Reply{each.lsn < 3 ? 200 : 410}; });
  auto deliverer = started(fixture, fixture.options(receiver.url()));
  fixture.open("a");
  fixture.credit("a", 4);
  CHECK(eventually([&] { return deliverer->status().reason == "disabled"; }));
  CHECK(!deliverer->status().connected);
  deliverer->stop();
  CHECK(receiver.all().size() == 3);

  deliverer = started(fixture, fixture.options(receiver.url()));
  CHECK(eventually([&] { return deliverer->status().reason == "disabled"; }));
  fixture.credit("a");
  deliverer->stop();
  CHECK(receiver.all().size() == 3);

  receiver.set({});
  deliverer = started(fixture, fixture.options(receiver.url() + "&again"));
  wait_for(receiver, 6);
  deliverer->stop();
  check_all_taken(fixture.expected(), receiver.taken(), true);
  deliverer = started(fixture, fixture.options(receiver.url()));
  fixture.credit("a");
  wait_for(receiver, 7);
}

TEST_CASE("private addresses are refused before anything is sent there") {
  Fixture fixture;
  Receiver receiver;
  std::vector<std::unique_ptr<tote::webhooks::Deliverer>> deliverers;
  for (const std::string host : {"127.0.0.1", "localhost", "[::1]", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]"}) {
    auto options = fixture.options("https://" + host + ":" + std::to_string(receiver.port()) + "/");
    options.name = "e" + std::to_string(deliverers.size());
    options.allow_private = false;
    options.retry_first_ms = 1;
    deliverers.push_back(started(fixture, options));
  }
  for (int i = 0; i < 6; ++i) fixture.open(wallet(i));
  for (const auto& deliverer : deliverers) {
    INFO(deliverer->name());
    CHECK(eventually([&] { return deliverer->status().reason == "disconnected"; }));
    CHECK(deliverer->status().problem == "its address isn't public");
    CHECK(!deliverer->status().connected);
  }
  CHECK(receiver.connections() == 0);
  auto options = fixture.options(receiver.url());
  options.allow_private = false;
  CHECK_THROWS_AS(fixture.deliverer(options), std::invalid_argument);
}

TEST_CASE("proxies of the environment are not asked") {
  Fixture fixture;
  Receiver receiver, proxy;
  const std::string url = "http://127.0.0.1:" + std::to_string(proxy.port());
  setenv("http_proxy", url.c_str(), 1);
  setenv("all_proxy", url.c_str(), 1);
  auto deliverer = started(fixture, fixture.options(receiver.url()));
  fixture.open("a");
  wait_for(receiver, 1);
  CHECK(proxy.connections() == 0);
  unsetenv("http_proxy");
  unsetenv("all_proxy");
}

TEST_CASE("an endpoint gets the tenant and the types it wants") {
  Fixture fixture;
  Receiver receiver;
  auto options = fixture.options(receiver.url());
  options.tenant = "acme";
  options.types = {"wallet.opened", "wallet.deb*"};
  CHECK_THROWS(fixture.deliverer(options));
  options.types = {"wallet.opened", "wallet.debited"};
  auto deliverer = started(fixture, options);
  for (const std::string tenant : {"default", "acme", "other"}) {
    fixture.open("a", tenant);
    fixture.credit("a", 2, tenant);
    fixture.debit("a", tenant);
  }
  CHECK(eventually([&] { return deliverer->status().cursor == tote::Lsn{12}; }));
  deliverer->stop();
  const auto taken = receiver.taken();
  REQUIRE(taken.size() == 2);
  CHECK(taken[0].type == "tote.wallet.opened.v1");
  CHECK(taken[1].type == "tote.wallet.debited.v1");
  CHECK(taken[0].tenant == "acme");
  CHECK(taken[1].tenant == "acme");
  CHECK(text_of(fixture.file("webhook-shop.json")).find("\"lsn\":\"12\"") != std::string::npos);
}

TEST_CASE("stopped on the way and started again, it misses nothing") {
  Fixture fixture;
  Receiver receiver([](const Delivery& each) { return Reply{.hangs = each.lsn % 5 == 0 && each.tries == 1}; });
  auto deliverer = started(fixture, fixture.options(receiver.url()));
  for (int i = 0; i < 10; ++i) fixture.open(wallet(i));
  for (std::size_t round = 0; round < 4; ++round) {
    const std::size_t before = receiver.all().size();
    for (int i = 0; i < 40; ++i) fixture.credit(wallet(i % 10));
    CHECK(eventually([&] { return receiver.all().size() > before + 5; }));
    const auto began_at = std::chrono::steady_clock::now();
    deliverer->stop();
    CHECK(std::chrono::steady_clock::now() - began_at < 1s);
    deliverer = started(fixture, fixture.options(receiver.url()));
  }
  receiver.set({});
  wait_for(receiver, 170);
  deliverer->stop();
  check_all_taken(fixture.expected(), receiver.taken(), false);
}

TEST_CASE("what overtook a stuck entity isn't told again after a restart") {
  Fixture fixture;
  Receiver receiver([](const Delivery& each) { return Reply{each.subject == "poison" ? 500 : 200}; });
  auto deliverer = started(fixture, fixture.options(receiver.url()));
  fixture.open("poison");
  fixture.credit("poison", 150);
  fixture.open("good");
  fixture.credit("good", 20);
  wait_for(receiver, 21);
  for (int restart = 0; restart < 3; ++restart) {
    const std::uint64_t told = restart == 0 ? 21 : 5;
    CHECK(eventually([&] { return deliverer->status().failures > 0 && deliverer->status().told == told; }));
    deliverer->stop();
    CHECK(deliverer->status().cursor == tote::Lsn{});
    deliverer = started(fixture, fixture.options(receiver.url()));
    fixture.credit("good", 5);
    fixture.credit("poison", 5);
    wait_for(receiver, 21 + 5 * static_cast<std::size_t>(restart + 1));
  }
  receiver.set({});
  wait_for(receiver, 202);
  deliverer->stop();
  check_all_taken(fixture.expected(), receiver.taken(), true);
}

TEST_CASE("an endpoint that is away misses nothing and loses nothing") {
  Fixture fixture;
  auto receiver = std::make_unique<Receiver>();
  const auto port = receiver->port();
  auto options = fixture.options(receiver->url());
  options.give_up_after_s = 1;
  auto deliverer = started(fixture, options);
  for (int i = 0; i < 10; ++i) fixture.open(wallet(i));
  wait_for(*receiver, 10);
  auto taken = receiver->taken();
  receiver.reset();
  for (int i = 0; i < 10; ++i) fixture.credit(wallet(i), 5);
  CHECK(eventually([&] { return deliverer->status().reason == "disconnected"; }));
  CHECK(eventually([&] { return deliverer->status().failures >= 9; }));
  receiver = std::make_unique<Receiver>(Receiver::Handler{}, port);
  wait_for(*receiver, 50);
  CHECK(eventually([&] { return deliverer->status().connected; }));
  CHECK(deliverer->status().put_aside == 0);
  deliverer->stop();
  for (const Delivery& each : receiver->taken()) taken.push_back(each);
  check_all_taken(fixture.expected(), taken, true);
}

TEST_CASE("a limit's Retry-After is for all events") {
  Fixture fixture;
  Receiver receiver([](const Delivery& each) {
    return each.lsn == 1 && each.tries == 1 ? Reply{429, "Retry-After: 1\r\n"} : Reply{};
  });
  auto deliverer = started(fixture, fixture.options(receiver.url()));
  const auto began_at = std::chrono::steady_clock::now();
  fixture.open("a");
  CHECK(eventually([&] { return deliverer->status().failures == 1; }));
  fixture.open("b");
  wait_for(receiver, 2);
  CHECK(std::chrono::steady_clock::now() - began_at >= 1s);
  CHECK(receiver.all().size() == 3);
}

TEST_CASE("an event that fails for long while others don't is put aside") {
  Fixture fixture;
  Receiver receiver([](const Delivery& each) { return Reply{each.lsn == 2 ? 500 : 200}; });
  auto options = fixture.options(receiver.url());
  options.retry_first_ms = 20;
  options.give_up_after_s = 1;
  auto deliverer = started(fixture, options);
  fixture.open("good");
  fixture.open("poison");
  fixture.credit("poison", 3);
  CHECK(eventually([&] {
    fixture.credit("good");
    return deliverer->status().put_aside == 1;
  }));
  const auto expected = fixture.expected();
  wait_for(receiver, expected.size() - 1);
  CHECK(eventually([&] { return deliverer->status().lag_seconds == 0; }));
  deliverer->stop();
  CHECK(text_of(fixture.file("webhook-shop.put_aside.ndjson")) == expected[1].cloud + "\n");
  auto others = expected;
  others.erase(others.begin() + 1);
  check_all_taken(others, receiver.taken(), true);

  deliverer = started(fixture, options);
  fixture.credit("poison");
  wait_for(receiver, expected.size());
  CHECK(deliverer->status().put_aside == 1);
}

TEST_CASE("an endpoint for which too much is put aside stands still") {
  Fixture fixture;
  Receiver receiver([](const Delivery& each) { return Reply{each.subject == "poison" ? 500 : 200}; });
  auto options = fixture.options(receiver.url());
  options.retry_first_ms = 20;
  options.give_up_after_s = 1;
  std::filesystem::create_directories(fixture.file(""));
  std::ofstream(fixture.file("webhook-shop.put_aside.ndjson")) << std::string(10'000, '\n');
  auto deliverer = started(fixture, options);
  fixture.open("good");
  fixture.open("poison");
  CHECK(eventually([&] {
    fixture.credit("good");
    return deliverer->status().reason == "stopped";
  }));
  CHECK(deliverer->status().put_aside == 10'000);
  deliverer->stop();
  CHECK(deliverer->status().cursor == tote::Lsn{1});
}
