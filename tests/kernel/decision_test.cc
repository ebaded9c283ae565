// What decide() can say: a refusal with facts, or events.
#include "engine/kernel/decision.h"

#include <doctest/doctest.h>

#include <string>
#include <variant>
#include <vector>

namespace tote {
namespace {

struct Filled {
  int amount = 0;
};
struct Emptied {
  std::string reason;
};
using Event = std::variant<Filled, Emptied>;

TEST_CASE("decision: a refusal carries its code and facts, and no event") {
  const Decision<Event> decision = Refusal{Code::insufficient_funds, {{FactName::available, 5}}};
  CHECK(decision.refused());
  CHECK(decision.code() == Code::insufficient_funds);
  CHECK(decision.facts().find(FactName::available) == 5);
  CHECK(decision.begin() == decision.end());
}

TEST_CASE("decision: one event is a plain yes") {
  const Decision<Event> decision = Filled{3};
  CHECK_FALSE(decision.refused());
  CHECK(decision.code() == Code::ok);
  REQUIRE(decision.end() - decision.begin() == 1);
  CHECK(std::get<Filled>(*decision.begin()).amount == 3);
}

TEST_CASE("decision: up to four events, in their order") {
  const Decision<Event> decision =
      Decision<Event>(Filled{1}).then(Emptied{"a"}).then(Filled{2}).then(Emptied{"b"}).as(Code::created);
  CHECK(decision.code() == Code::created);
  const std::vector<Event> events(decision.begin(), decision.end());
  REQUIRE(events.size() == Decision<Event>::events_max);
  CHECK(std::get<Filled>(events[0]).amount == 1);
  CHECK(std::get<Emptied>(events[1]).reason == "a");
  CHECK(std::get<Filled>(events[2]).amount == 2);
  CHECK(std::get<Emptied>(events[3]).reason == "b");
}

TEST_CASE("decision: a yes that changes nothing has no events") {
  const Decision<Event> decision(Code::accepted);
  CHECK_FALSE(decision.refused());
  CHECK(decision.code() == Code::accepted);
  CHECK(decision.begin() == decision.end());
}

TEST_CASE("facts: four fit, the fifth is turned away") {
  Facts facts;
  for (std::int64_t value = 1; value <= 4; ++value) CHECK(facts.add({FactName::limit, value}));
  CHECK_FALSE(facts.add({FactName::limit, 5}));
  CHECK(facts.size() == Facts::count_max);
  facts.clear();
  CHECK(facts.size() == 0);
  CHECK(facts.add({FactName::index, 1}));
}

TEST_CASE("facts: found by name, or not there") {
  const Facts facts{{FactName::available, -3}, {FactName::requested, 4}};
  CHECK(facts.find(FactName::available) == -3);
  CHECK(facts.find(FactName::requested) == 4);
  CHECK_FALSE(facts.find(FactName::limit).has_value());
}

TEST_CASE("facts: equal when names, values and order are; what was cleared doesn't count") {
  Facts cleared{{FactName::limit, 9}, {FactName::index, 9}};
  cleared.clear();
  cleared.add({FactName::index, 1});
  CHECK(cleared == Facts{{FactName::index, 1}});
  CHECK_FALSE(Facts{{FactName::index, 1}} == Facts{{FactName::index, 2}});
  CHECK_FALSE(Facts{{FactName::index, 1}} == Facts{{FactName::limit, 1}});
  CHECK_FALSE(Facts{{FactName::index, 1}} == Facts{});
}

TEST_CASE("facts: every name that is on disk has a word") {
  for (int number = 1; number <= 6; ++number) {
    CAPTURE(number);
    CHECK_FALSE(name_of(static_cast<FactName>(number)).empty());
  }
  CHECK(name_of(static_cast<FactName>(0)).empty());
}

}  // namespace
}  // namespace tote
