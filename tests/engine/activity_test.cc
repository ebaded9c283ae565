// What entities want done by themselves: follow-ups, outside calls, alerts (engine/kernel/effect.h).
#include <chrono>

#include "tests/engine/harness.h"

namespace tote {
namespace {

// Sends letters: each is counted down by follow-ups, posted by an outside call, and forgotten when that is reported.
struct Postman {
  static constexpr KindId kind_id = 1'099;
  static constexpr std::string_view kind = "postman";
  static constexpr std::string_view event_names[] = {"event"};

  struct State {
    std::int64_t to_stamp = 0, to_post = 0, posted = 0, lost = 0;
    std::int64_t parcels = 0;  // each is called for at once
  };
  struct Write {
    std::int64_t letters;
    std::int64_t parcels = 0;
  };
  struct Stamp {};
  struct Posted {
    std::int64_t number;
    bool lost;
  };
  using Command = std::variant<Write, Stamp, Posted>;
  struct Event {
    std::int64_t stamp = 0, post = 0, posted = 0, lost = 0, parcels = 0;
    static constexpr void members(auto&& is) {
      is("stamp", &Event::stamp), is("post", &Event::post), is("posted", &Event::posted);
      is("lost", &Event::lost), is("parcels", &Event::parcels);
    }
  };

  static Decision<Event> decide(const State& state, const Command& command, Time) {
    if (const auto* write = std::get_if<Write>(&command))
      return Event{.stamp = write->letters, .parcels = write->parcels};
    if (std::holds_alternative<Stamp>(command)) {
      if (state.to_stamp == 0) return Decision<Event>(Code::ok);
      return Event{.stamp = -1, .post = 1};
    }
    const auto& posted = std::get<Posted>(command);
    if (posted.number != state.posted || state.to_post == 0) return Decision<Event>(Code::ok);
    return Event{.post = -1, .posted = 1, .lost = posted.lost ? 1 : 0};
  }
  static void apply(State& state, const Event& event) {
    state.to_stamp += event.stamp;
    state.to_post += event.post;
    state.posted += event.posted;
    state.lost += event.lost;
    state.parcels += event.parcels;
  }
  static bool check(const State& state) { return state.to_stamp >= 0 && state.to_post >= 0; }
  static void answer(const State& state, const Command*, std::string& out) { out = std::to_string(state.posted); }
  static void digest(const Command&, std::string&) {}
  static bool describe_answer(std::string_view, std::string_view, Fields&) { return true; }

  struct ByItself final : Script {
    std::string id;
    Command command;

    ByItself(std::string_view postman, Command what) : id(postman), command(what) {}
    void entities(std::vector<EntityRef>& out) const override { out.push_back({kind_id, id}); }
    Verdict run(Transaction& on) const override { return tote::run<Postman>(on, id, command).verdict(); }
    void answer(Transaction&, std::string&) const override {}
    void digest(std::string&) const override {}
  };

  static ScriptPtr follow_up(const State& state, std::string_view id) {
    return state.to_stamp == 0 ? nullptr : std::make_unique<ByItself>(id, Stamp{});
  }
  static void effects(const State& state, std::string_view, Effects& out) {
    if (state.to_post > 0) out.push_back({std::to_string(state.posted), tote::Command(std::string("a letter"))});
    for (std::int64_t i = 0; i < state.parcels; ++i)
      out.push_back({"parcel-" + std::to_string(i), tote::Command(std::string("a parcel"))});
  }
  static std::string_view alert(const State& state) { return state.lost > 0 ? "a letter was lost" : ""; }
  static ScriptPtr report(std::string_view id, std::string_view effect, CommandRef result) {
    const auto* lost = result.get<bool>();
    return std::make_unique<ByItself>(id, Posted{std::stoll(std::string(effect)), lost != nullptr && *lost});
  }
};

Request ask_postman(Postman::Command command) {
  Request request{.kind = Postman::kind_id, .entity = "p"};
  request.command = Command(command);
  return request;
}

struct Street {
  std::vector<EffectCall> calls;
  std::vector<std::string> alerts;
  bool has_room = true;

  CoreOptions options() {
    CoreOptions options;
    options.kinds = {kind_of<Postman>()};
    options.on_effect = [this](EffectCall& call) {
      if (has_room) calls.push_back(std::move(call));
      return has_room;
    };
    options.on_alert = [this](const Alert& alert) {
      alerts.push_back(std::string(alert.kind) + "/" + std::string(alert.entity) + " " + std::string(alert.text));
    };
    return options;
  }
};

Request report(const EffectCall& call, bool lost = false) {
  Request request{.tenant = call.tenant, .kind = call.kind, .entity = call.entity};
  request.command = Command(kind_of<Postman>()->report(call.entity, call.effect, CommandRef::to(lost)));
  return request;
}

TEST_CASE("activity: follow-ups run by themselves, and a call is made once its record is durable") {
  Street street;
  MemoryLog log;
  TestClock clock;
  Harness engine(log, clock, street.options());
  engine.submit(ask_postman(Postman::Write{3}));
  engine.turns();
  CHECK(log.size() == 4);  // the command, three follow-ups
  CHECK(street.calls.empty());
  CHECK(engine.context().activity().calls_outstanding() == 1);
  engine.sync();
  REQUIRE(street.calls.size() == 1);
  CHECK(street.calls[0].effect == "0");
  REQUIRE(street.calls[0].call.get<std::string>() != nullptr);
  CHECK(*street.calls[0].call.get<std::string>() == "a letter");

  CHECK(engine.call(report(street.calls[0])).code == Code::ok);
  CHECK(engine.call(report(street.calls[0])).code == Code::ok);  // twice changes nothing
  engine.sync();
  CHECK(street.calls.size() == 2);
  CHECK(street.calls[1].effect == "1");
  CHECK(engine.call(report(street.calls[1])).code == Code::ok);
  engine.sync();
  CHECK(engine.call(report(street.calls[2])).code == Code::ok);
  engine.sync();
  CHECK(street.calls.size() == 3);
  CHECK(engine.context().activity().calls_outstanding() == 0);
}

TEST_CASE("activity: a restart makes the call again, and goes on with follow-ups") {
  MemoryLog log;
  TestClock clock;
  {
    Street street;
    Harness engine(log, clock, street.options());
    engine.submit(ask_postman(Postman::Write{2}));
    engine.turns();
    log.sync_to({1});
    log.crash();
  }
  Street street;
  Harness engine(log, clock, street.options());
  engine.turns();
  CHECK(log.size() == 3);
  engine.sync();
  REQUIRE(street.calls.size() == 1);
  Street again;
  Harness restarted(log, clock, again.options());
  restarted.turns();
  REQUIRE(again.calls.size() == 1);
  CHECK(again.calls[0].effect == street.calls[0].effect);
}

TEST_CASE("activity: a call that the host has no room for is offered again") {
  Street street;
  street.has_room = false;
  MemoryLog log;
  TestClock clock;
  Harness engine(log, clock, street.options());
  engine.submit(ask_postman(Postman::Write{1}));
  engine.turns();
  engine.sync();
  CHECK(street.calls.empty());
  CHECK(engine.wheel().next_due_ms() <= 100);
  street.has_room = true;
  clock.advance(200 * ns_per_ms);
  engine.turns();
  REQUIRE(street.calls.size() == 1);
  CHECK(street.calls[0].call.get<std::string>() != nullptr);
}

TEST_CASE("activity: very many calls of one entity are known by their ids, and none is made twice") {
  constexpr std::int64_t count = 50'000;
  Street street;
  Fresh fresh(street.options());
  const auto begin = std::chrono::steady_clock::now();
  for (const std::int64_t parcels : {count, std::int64_t{1}, std::int64_t{-10}}) {
    fresh.engine.call(ask_postman(Postman::Write{0, parcels}));
    fresh.engine.turns();
  }
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(5));  // each with each: minutes
  CHECK(street.calls.size() == count + 1);
  CHECK(fresh.engine.context().activity().calls_outstanding() == count - 9);
  street.calls.clear();
  fresh.engine.call(ask_postman(Postman::Write{0, 1}));
  REQUIRE(street.calls.size() == 1);
  CHECK(street.calls[0].effect == "parcel-" + std::to_string(count - 9));
}

TEST_CASE("activity: when the host has room again for very many calls it gets a slice of them a turn") {
  constexpr std::int64_t count = 5'000;
  constexpr std::size_t of_turn_max = 256;
  Street street;
  street.has_room = false;
  Fresh fresh(street.options());
  fresh.engine.call(ask_postman(Postman::Write{0, count}));
  fresh.engine.turns();
  street.has_room = true;
  fresh.clock.advance(200 * ns_per_ms);
  for (std::size_t turns = 0, before = 0; street.calls.size() < count; ++turns, before = street.calls.size()) {
    REQUIRE(turns < 100);
    fresh.engine.turn();
    CHECK(street.calls.size() - before <= of_turn_max);
    CHECK(street.calls.size() > before);
  }
  CHECK(fresh.engine.wheel().next_due_ms() >= 100);
}

TEST_CASE("activity: a call that nobody is there to make raises an alert, until somebody is") {
  Street street;
  MemoryLog log;
  TestClock clock;
  {
    CoreOptions options = street.options();
    options.on_effect = nullptr;
    Harness engine(log, clock, std::move(options));
    engine.call(ask_postman(Postman::Write{1}));
    engine.sync();
    CHECK(engine.context().activity().alerts() == 1);
    REQUIRE(street.alerts.size() == 1);
    CHECK(street.alerts[0].starts_with("postman/p waits for a call to the outside that nobody makes"));
  }
  Street again;
  Harness restarted(log, clock, again.options());
  restarted.turns();
  CHECK(again.calls.size() == 1);
  CHECK(again.alerts.empty());
}

TEST_CASE("activity: that an alert is over is told, and nothing while it stays as it is") {
  Street street;
  MemoryLog log;
  TestClock clock;
  CoreOptions options = street.options();
  options.on_effect = nullptr;  // its calls are made by nobody
  std::vector<std::string> changes;
  options.on_alert_change = [&](const Alert& alert) {
    changes.push_back(std::string(alert.kind) + "/" + std::string(alert.entity) + " '" + std::string(alert.text) + "'");
  };
  Harness engine(log, clock, std::move(options));
  engine.call(ask_postman(Postman::Write{0, 1}));
  engine.call(ask_postman(Postman::Write{0, 1}));
  engine.sync();
  CHECK(street.alerts.size() == 1);
  CHECK(changes.empty());
  engine.call(ask_postman(Postman::Write{0, -2}));
  engine.sync();
  CHECK(changes == std::vector<std::string>{"postman/p ''"});
  CHECK(engine.context().activity().alerts() == 0);
}

TEST_CASE("activity: an alert is told once, and again after a restart") {
  Street street;
  MemoryLog log;
  TestClock clock;
  Harness engine(log, clock, street.options());
  engine.call(ask_postman(Postman::Write{2}));
  engine.sync();
  CHECK(engine.call(report(street.calls.at(0), true)).code == Code::ok);
  engine.sync();
  CHECK(engine.call(report(street.calls.at(1), true)).code == Code::ok);
  CHECK(street.alerts == std::vector<std::string>{"postman/p a letter was lost"});
  CHECK(engine.context().activity().alerts() == 1);
  Street again;
  Harness restarted(log, clock, again.options());
  restarted.turns();
  CHECK(again.alerts.size() == 1);
}

}  // namespace
}  // namespace tote
