// However many others an entity watches: they are looked at a slice a turn, after a restart, too, and what needs the
// entity waits until it has heard of all.
#include "tests/engine/harness.h"

namespace tote {
namespace {

// Watches the wallets w<from> … w<to - 1>, and counts how many with money it has heard of.
struct Watchman {
  static constexpr KindId kind_id = 1'098;
  static constexpr std::string_view kind = "watchman";
  static constexpr std::string_view event_names[] = {"event"};

  struct State {
    Watches watches;
    std::int64_t heard = 0;
  };
  struct Watch {
    std::int64_t from = 0, to = 0;
  };
  struct Leave {  // the wallets
    std::int64_t from = 0, to = 0;
  };
  struct Count {};
  using Command = std::variant<Watch, Leave, Count>;
  struct Event {
    std::int64_t from = 0, to = 0, heard = 0;
    std::int64_t leaves = 0;
    static constexpr void members(auto&& is) {
      is("from", &Event::from), is("to", &Event::to), is("heard", &Event::heard), is("leaves", &Event::leaves);
    }
  };

  static Decision<Event> decide(const State&, const Command& command, Time) {
    if (const auto* watch = std::get_if<Watch>(&command)) return Event{.from = watch->from, .to = watch->to};
    if (const auto* leave = std::get_if<Leave>(&command))
      return Event{.from = leave->from, .to = leave->to, .leaves = 1};
    return Decision<Event>(Code::ok);
  }
  static void apply(State& state, const Event& event) {
    state.heard += event.heard;
    for (std::int64_t i = event.from; i < event.to; ++i) {
      const std::string id = "w" + std::to_string(i);
      event.leaves == 1 ? state.watches.remove(Wallet::kind_id, id) : state.watches.add(Wallet::kind_id, id);
    }
  }
  static void answer(const State& state, const Command*, std::string& out) { out = std::to_string(state.heard); }
  static void digest(const Command&, std::string&) {}
  static bool describe_answer(std::string_view, std::string_view, Fields&) { return true; }

  static const Watches& watches(const State& state) { return state.watches; }
  static std::optional<Event> hear(const State&, EntityRef, const AnyEntity& is, Time) {
    if (is.version <= Version{1}) return std::nullopt;
    return Event{.heard = 1};
  }
};

struct Ask final : Script {
  Watchman::Command command;

  explicit Ask(Watchman::Command what) : command(what) {}
  void entities(std::vector<EntityRef>& out) const override { out.push_back({Watchman::kind_id, "night"}); }
  Verdict run(Transaction& on) const override { return tote::run<Watchman>(on, "night", command).verdict(); }
  void answer(Transaction& on, std::string& out) const override {
    on.look({Watchman::kind_id, "night"})->answer({}, out);
  }
  void digest(std::string&) const override {}
};

Request ask_watchman(Watchman::Command command) {
  Request request{.kind = Watchman::kind_id, .entity = "night"};
  request.command = Command(ScriptPtr(std::make_unique<Ask>(command)));
  return request;
}

struct Town {
  static constexpr std::int64_t wallets = 20'000;
  static constexpr std::size_t names_of_turn_max = 512;

  MemoryLog log;
  TestClock clock;
  std::unique_ptr<Harness> engine;

  // Every other wallet has money.
  Town() {
    start();
    for (std::int64_t i = 0; i < wallets; i += 2) {
      engine->submit(ask("w" + std::to_string(i), open()));
      engine->submit(ask("w" + std::to_string(i), credit(5)));
      if (i % 200 == 0) engine->turns();
    }
    engine->turns();
    log.sync();
  }
  void start() {
    engine = std::make_unique<Harness>(log, clock, CoreOptions{.kinds = {kind_of<Wallet>(), kind_of<Watchman>()}});
  }
  std::size_t watched() { return engine->context().watching().watched(); }
  // Until it is answered; each turn is short.
  Outcome serve(Harness::Ticket ticket) {
    for (int turns = 0; !engine->is_answered(ticket); ++turns) {
      REQUIRE(turns < 10'000);
      const std::size_t before = watched();
      engine->turn();
      CHECK(std::max(before, watched()) - std::min(before, watched()) <= names_of_turn_max);
      log.sync();
    }
    return engine->outcome(ticket);
  }
  std::string count() { return serve(engine->submit(ask_watchman(Watchman::Count{}))).answer; }
};

TEST_CASE("watching: however many it begins to watch, turns are short, and it is asked when it has heard of all") {
  Town town;
  CHECK(town.serve(town.engine->submit(ask_watchman(Watchman::Watch{0, Town::wallets}))).code == Code::ok);
  CHECK(town.count() == std::to_string(Town::wallets / 2));
  CHECK(town.watched() == Town::wallets);
  town.engine->call(ask("w8", credit(1)));
  town.engine->call(ask("w7", open()));
  town.engine->call(ask("w7", credit(1)));
  CHECK(town.count() == std::to_string(Town::wallets / 2 + 2));
}

TEST_CASE("watching: after a restart what needs it waits until it has heard of all") {
  Town town;
  town.serve(town.engine->submit(ask_watchman(Watchman::Watch{0, Town::wallets})));
  CHECK(town.count() == std::to_string(Town::wallets / 2));
  town.start();
  CHECK(town.count() == std::to_string(Town::wallets));
  CHECK(town.watched() == Town::wallets);
}

TEST_CASE("watching: those it watches no more are let go a slice a turn, also those it hadn't heard of yet") {
  Town town;
  town.serve(town.engine->submit(ask_watchman(Watchman::Watch{0, Town::wallets})));
  town.count();
  for (std::int64_t i = 0; i < Town::wallets; i += 4) town.engine->submit(ask("w" + std::to_string(i), credit(1)));
  const auto left = town.engine->submit(ask_watchman(Watchman::Leave{100, Town::wallets}));
  const auto back = town.engine->submit(ask_watchman(Watchman::Watch{200, 300}));
  town.serve(left);
  town.serve(back);
  town.count();
  CHECK(town.watched() == 200);
  CHECK(town.engine->context().slots().find({}, Wallet::kind_id, "w301") == nullptr);
  town.engine->call(ask("w201", open()));
  const auto before = std::stoll(town.count());
  town.engine->call(ask("w201", credit(1)));
  town.engine->call(ask("w404", credit(1)));
  CHECK(std::stoll(town.count()) == before + 1);
}

}  // namespace
}  // namespace tote
