#include "adapters/webhooks/window.h"

#include <doctest/doctest.h>

#include "adapters/webhooks/pace.h"

using namespace tote;
using namespace tote::webhooks;
using events::DomainEvent;
using events::Position;
using std::chrono::milliseconds;

namespace {

const Window::TimePoint start{std::chrono::hours(1'000)};

DomainEvent event(const std::string& entity, std::uint64_t lsn, std::uint32_t ordinal = 0) {
  DomainEvent made;
  made.tenant = "default", made.aggregate = "wallet", made.entity = entity;
  made.lsn = {lsn}, made.ordinal = ordinal;
  return made;
}

std::uint64_t take(Window& window, Window::TimePoint now = start) {
  const auto* item = window.take_due(now);
  return item == nullptr ? 0 : item->event.lsn.value;
}

Position after(std::uint64_t lsn, std::uint32_t ordinal = 0) { return Position::after(event("", lsn, ordinal)); }

}  // namespace

TEST_CASE("an entity's events go one by one, other entities overtake") {
  Window window;
  window.push(event("a", 1), start);
  window.push(event("a", 2), start);
  window.push(event("b", 3), start);
  CHECK(take(window) == 1);
  CHECK(take(window) == 3);
  CHECK(take(window) == 0);
  CHECK(window.settled_to() == Position{{0}, 0});
  window.settle(after(3), start);
  CHECK(window.settled_to() == Position{{0}, 0});
  window.retry(after(1), start, start + milliseconds(100), {});
  CHECK(take(window) == 0);
  CHECK(take(window, start + milliseconds(100)) == 1);
  window.settle(after(1), start);
  CHECK(window.settled_to() == Position{{1}, 0});
  CHECK(take(window) == 2);
  window.settle(after(2), start);
  CHECK(window.settled_to() == std::nullopt);
}

TEST_CASE("of a record with several events, those before the first owed are told") {
  Window window;
  window.push(event("a", 5, 0), start);
  window.push(event("b", 5, 1), start);
  CHECK(take(window) == 5);
  window.settle(after(5, 0), start);
  CHECK(window.settled_to() == Position{{4}, 1});
}

TEST_CASE("a probe is what failed least, and hurried events are due") {
  Window window;
  window.push(event("a", 1), start);
  CHECK(take(window) == 1);
  window.retry(after(1), start, start + std::chrono::hours(1), {});
  window.push(event("b", 2), start + milliseconds(1));
  CHECK(window.take_any()->event.lsn.value == 2);
  CHECK(window.take_any()->event.lsn.value == 1);
  CHECK(window.take_any() == nullptr);
  window.retry(after(1), start, start + std::chrono::hours(1), {});
  window.hurry(start);
  CHECK(take(window) == 1);
}

TEST_CASE("failures beside deliveries of others are counted") {
  Window window;
  window.push(event("a", 1), start);
  const auto fail_at = [&](int ms, int delivered_ms) {
    window.take_any();
    window.retry(after(1), start + milliseconds(ms), start, start + milliseconds(delivered_ms));
  };
  fail_at(10, 5);
  fail_at(20, 5);
  CHECK(window.at(after(1)).failures_beside == 0);
  fail_at(30, 25);
  fail_at(40, 25);
  CHECK(window.at(after(1)).failures_beside == 1);
  CHECK(window.at(after(1)).failures == 4);
  CHECK(window.at(after(1)).first_failed_at == start + milliseconds(10));
}

TEST_CASE("a stuck entity leaves its events in the log, and they are read again") {
  Window window;
  std::uint64_t lsn = 0;
  for (std::size_t i = 0; i < Window::entity_events_max + 50; ++i) window.push(event("a", ++lsn), start);
  window.push(event("b", ++lsn), start);
  CHECK(window.size() == Window::entity_events_max + 1);
  CHECK(!window.starved());
  std::uint64_t expected = 0;
  const auto settle_all = [&] {
    while (const auto* item = window.take_due(start)) {
      const DomainEvent taken = item->event;
      if (taken.entity == "a") CHECK(taken.lsn.value == ++expected);
      window.settle(Position::after(taken), start);
    }
  };
  settle_all();
  CHECK(expected == Window::entity_events_max);
  const auto starved = window.starved();
  REQUIRE(starved);
  CHECK(starved->from == Position{{expected}, 0});
  CHECK(window.settled_to() == starved->from);
  std::vector<DomainEvent> found;
  for (std::uint64_t i = expected + 1; i <= expected + 50; ++i) found.push_back(event("a", i));
  SUBCASE("all at once") {
    window.refill(starved->entity, found, {{lsn}, 0}, true, start);
    settle_all();
    CHECK(expected == Window::entity_events_max + 50);
    CHECK(!window.starved());
    CHECK(window.settled_to() == std::nullopt);
    window.push(event("a", ++lsn), start);
    CHECK(take(window) == lsn);
  }
  SUBCASE("in parts") {
    window.refill(starved->entity, {found.begin(), found.begin() + 20}, {{expected + 20}, 0}, false, start);
    settle_all();
    CHECK(expected == Window::entity_events_max + 20);
    REQUIRE(window.starved());
    CHECK(window.starved()->from == Position{{expected}, 0});
  }
  SUBCASE("more than fits") {
    for (std::uint64_t i = 0; i < 80; ++i) found.push_back(event("a", found.back().lsn.value + 1));
    window.refill(starved->entity, found, {{1'000}, 0}, true, start);
    settle_all();
    CHECK(expected == 2 * Window::entity_events_max);
    REQUIRE(window.starved());
    CHECK(window.starved()->from == Position{{expected}, 0});
  }
}

TEST_CASE("gaps grow by four to an hour, give or take a fifth") {
  Pace pace(milliseconds(1'000));
  std::int64_t expected_ms = 1'000;
  for (int failures = 1; failures < 20; ++failures) {
    const auto gap = pace.gap(failures);
    CHECK(gap >= milliseconds(expected_ms * 8 / 10));
    CHECK(gap <= milliseconds(expected_ms * 12 / 10));
    expected_ms = std::min<std::int64_t>(expected_ms * 4, 3'600'000);
  }
}

TEST_CASE("an endpoint that is away gets one probe at a time") {
  Pace pace(milliseconds(1'000));
  for (int i = 0; i < 4; ++i) pace.failed(start, milliseconds(0));
  CHECK(!pace.is_away());
  CHECK(pace.may_send(start, 7));
  for (int i = 0; i < 4; ++i) pace.failed(start, milliseconds(0));  // the other three were on their way
  CHECK(pace.is_away());
  CHECK(!pace.may_send(start, 0));
  const auto first = start + milliseconds(1'200);
  CHECK(pace.may_send(first, 0));
  CHECK(!pace.may_send(first, 1));
  pace.failed(first, milliseconds(0));
  CHECK(!pace.may_send(first + milliseconds(3'100), 0));
  CHECK(pace.may_send(first + milliseconds(4'800), 0));
  pace.succeeded();
  CHECK(pace.may_send(first, 7));
  pace.hold(first + milliseconds(10));
  CHECK(!pace.may_send(first, 0));
  CHECK(pace.may_send(first + milliseconds(10), 0));
}
