// An entity behind the engine's one interface: what is recorded, applied again, gives the same entity.
#include <doctest/doctest.h>

#include <cstring>
#include <string>
#include <variant>

#include "engine/kernel/kind_of.h"

namespace tote {
namespace {

// As small as an entity can be: a counter with an alarm.
struct Counter {
  static constexpr KindId kind_id = 1'007;
  static constexpr std::string_view kind = "counter";
  struct State {
    std::int64_t count = 0;
    Time alarm = Time::never();
  };
  struct Add {
    std::int64_t amount = 0;
  };
  struct Wake {
    Time at{};
  };
  using Command = std::variant<Add, Wake>;
  struct Event {
    std::int64_t amount = 0;
    std::int64_t alarm = 0;
  };

  static Decision<Event> decide(const State& counter, const Command& command, Time) {
    if (const auto* wake = std::get_if<Wake>(&command)) return Event{0, wake->at.ns};
    const auto amount = std::get<Add>(command).amount;
    if (amount == 0) return Decision<Event>(Code::ok);
    if (counter.count + amount < 0) return Refusal{Code::insufficient_funds};
    // In two halves, so that a command has more than one event.
    return Decision<Event>(Event{amount / 2, 0}).then(Event{amount - amount / 2, 0}).as(Code::created);
  }
  static void apply(State& counter, const Event& event) {
    counter.count += event.amount;
    counter.alarm = event.alarm == 0 ? counter.alarm : Time{event.alarm};
    if (event.alarm < 0) counter.alarm = Time::never();
  }
  static bool fits(const State&, const Event& event) { return event.amount > -100; }
  static bool check(const State& counter) { return counter.count >= 0; }
  static Time next_due(const State& counter) { return counter.alarm; }
  static Event due(const State&) { return {1, -1}; }
  static void encode(const Event& event, std::string& out) {
    out.append(reinterpret_cast<const char*>(&event), sizeof event);
  }
  static bool decode(std::string_view bytes, Event& event) {
    if (bytes.size() != sizeof event) return false;
    std::memcpy(&event, bytes.data(), sizeof event);
    return true;
  }
  static void answer(const State& counter, const Command*, std::string& out) { out += std::to_string(counter.count); }
  static void digest(const Command& command, std::string& out) {
    out += std::holds_alternative<Add>(command) ? std::to_string(std::get<Add>(command).amount) : "w";
  }
  static std::string_view name_of(const Event&) { return "counted"; }
  static void describe_event(const Event& event, Fields& fields) { fields.integer("amount", event.amount); }
  static bool describe_answer(std::string_view, std::string_view, Fields&) { return true; }
};

struct Live {
  EntityOf<Counter> entity;
  std::string events, answer;

  Step add(std::int64_t amount) {
    return entity.handle(Command(Counter::Command(Counter::Add{amount})), {1}, events, answer);
  }
};

std::string answer_of(const AnyEntity& entity) {
  std::string answer;
  entity.answer({}, answer);
  return answer;
}

TEST_CASE("entity: a yes applies its events and gives the answer after them") {
  Live live;
  const Step step = live.add(5);
  CHECK(step.code == Code::created);
  CHECK(step.changed);
  CHECK(live.answer == "5");
  CHECK(live.entity.state().count == 5);
}

TEST_CASE("entity: a refusal leaves state, events and answer alone") {
  Live live;
  const Step step = live.add(-1);
  CHECK(step.code == Code::insufficient_funds);
  CHECK_FALSE(step.changed);
  CHECK(live.events.empty());
  CHECK(live.answer.empty());
  CHECK(live.entity.state().count == 0);
}

TEST_CASE("entity: a yes without events has changed nothing") {
  Live live;
  const Step step = live.add(0);
  CHECK(step.code == Code::ok);
  CHECK_FALSE(step.changed);
  CHECK(live.events.empty());
}

TEST_CASE("entity: a command of another kind is invalid") {
  Live live;
  const Step step = live.entity.handle(Command(std::string("add")), {1}, live.events, live.answer);
  CHECK(step.code == Code::invalid_request);
  CHECK(live.events.empty());
}

TEST_CASE("entity: events replayed give the same answer") {
  Live live;
  live.add(5);
  live.add(8);
  EntityOf<Counter> again;
  REQUIRE(again.replay(live.events));
  CHECK(answer_of(again) == answer_of(live.entity));
}

TEST_CASE("entity: time brings its event once, and not before it is due") {
  EntityOf<Counter> entity;
  std::string events, answer;
  entity.handle(Command(Counter::Command(Counter::Wake{{100}})), {1}, events, answer);
  events.clear();
  CHECK(entity.next_due() == Time{100});
  CHECK_FALSE(entity.pass_time({99}, events));
  CHECK(events.empty());
  CHECK(entity.pass_time({100}, events));
  CHECK_FALSE(entity.pass_time({1000}, events));
  CHECK(entity.state().count == 1);
  CHECK(entity.next_due() == Time::never());
}

TEST_CASE("entity: events cut anywhere but between two of them are damage") {
  Live live;
  live.add(5);
  const std::size_t one = sizeof(std::uint32_t) + sizeof(Counter::Event);
  REQUIRE(live.events.size() == 2 * one);
  for (std::size_t size = 0; size < live.events.size(); ++size) {
    CAPTURE(size);
    EntityOf<Counter> again;
    CHECK(again.replay(std::string_view(live.events).substr(0, size)) == (size % one == 0));
  }
}

TEST_CASE("entity: an event whose size says more than there is is damage") {
  EntityOf<Counter> entity;
  CHECK_FALSE(entity.replay(std::string_view("\xff\xff\xff\xff", 4)));
  CHECK_FALSE(entity.replay(std::string_view("\x01\x00\x00\x00x", 5)));
}

std::string framed(std::initializer_list<std::int64_t> amounts) {
  std::string events;
  for (const std::int64_t amount : amounts) {
    const auto size = static_cast<std::uint32_t>(sizeof(Counter::Event));
    events.append(reinterpret_cast<const char*>(&size), sizeof size);
    Counter::encode({amount, 0}, events);
  }
  return events;
}

TEST_CASE("entity: events that break an invariant are damage, also when the next one would mend it") {
  EntityOf<Counter> entity;
  CHECK_FALSE(entity.replay(framed({-1})));
  EntityOf<Counter> mended;
  CHECK_FALSE(mended.replay(framed({-1, 1})));
}

TEST_CASE("entity: events that can't have happened are damage, and aren't applied") {
  EntityOf<Counter> entity;
  REQUIRE(entity.replay(framed({5})));
  CHECK_FALSE(entity.replay(framed({-100})));
  CHECK(entity.state().count == 5);
}

TEST_CASE("kind: makes empty entities and digests only its own commands") {
  const auto kind = kind_of<Counter>();
  CHECK(kind->id() == 1'007);
  CHECK(kind->name() == "counter");
  CHECK(answer_of(*kind->make()) == "0");
  CHECK(kind->make()->version == Version{});
  std::string bytes;
  CHECK(kind->digest(Command(Counter::Command(Counter::Add{3})), bytes));
  CHECK(bytes == "3");
  CHECK_FALSE(kind->digest(Command(1), bytes));
}

}  // namespace
}  // namespace tote
