// A kind that says only what nobody else can know: its state, its commands, its events, decide, apply and a name.
#include <doctest/doctest.h>

#include <map>

#include "engine/kernel/kind_of.h"
#include "engine/kernel/kinds.h"

namespace tote {
namespace {

struct Jar {
  static constexpr KindId kind_id = 1'000;
  static constexpr std::string_view kind = "jar";
  static constexpr std::string_view event_names[] = {"filled", "emptied"};
  struct State {
    std::int64_t sweets = 0;
    static constexpr void members(auto&& is) { is("sweets", &State::sweets); }
  };
  struct Fill {
    std::int64_t sweets = 0;
    static constexpr void members(auto&& is) { is("sweets", &Fill::sweets); }
  };
  struct Empty {};
  using Command = std::variant<Fill, Empty>;
  struct Filled {
    std::int64_t sweets = 0;
    static constexpr void members(auto&& is) { is("sweets", &Filled::sweets); }
  };
  struct Emptied {};
  using Event = std::variant<Filled, Emptied>;

  static Decision<Event> decide(const State&, const Fill& fill, Time) { return Filled{fill.sweets}; }
  static Decision<Event> decide(const State& jar, const Empty&, Time) {
    if (jar.sweets == 0) return Refusal{Code::out_of_stock};
    return Emptied{};
  }
  static void apply(State& jar, const Filled& event) { jar.sweets += event.sweets; }
  static void apply(State& jar, const Emptied&) { jar.sweets = 0; }
};

// The same with one function for all, and a rule of its own.
struct StrictJar : Jar {
  static bool check(const State& jar) { return jar.sweets >= 0; }
  static bool fits(const State& jar, const Emptied&) { return jar.sweets > 0; }
  static bool fits(const State&, const Filled&) { return true; }
  static Time next_due(const State& jar) { return jar.sweets > 5 ? Time{100} : Time::never(); }
  static Event due(const State&) { return Emptied{}; }
};

class ShownOf final : public Fields {
 public:
  void integer(std::string_view name, std::int64_t value) override { text(name, std::to_string(value)); }
  void text(std::string_view name, std::string_view value) override {
    line.append(line.empty() || line.ends_with('(') ? "" : " ").append(name).append("=").append(value);
  }
  void time(std::string_view, Time) override {}
  void begin(std::string_view name) override { line.append(name).append("("); }
  void end() override { line += ")"; }

  std::string line;
};

template <class E>
struct LiveOf {
  EntityOf<E> entity;
  std::string events, answer;

  Step handle(typename E::Command command) { return entity.handle(CommandRef::to(command), {1}, events, answer = {}); }
};

TEST_CASE("entity: with state, command, event, decide, apply and a name it is whole") {
  LiveOf<Jar> jar;
  CHECK(jar.handle(Jar::Empty{}).code == Code::out_of_stock);
  CHECK(jar.handle(Jar::Fill{3}).code == Code::ok);
  CHECK(jar.handle(Jar::Empty{}).changed);
  CHECK(jar.handle(Jar::Fill{4}).changed);
  CHECK(jar.entity.next_due() == Time::never());
  CHECK_FALSE(jar.entity.pass_time(Time::never(), jar.events));

  EntityOf<Jar> again;
  REQUIRE(again.replay(jar.events));
  CHECK(again.state().sweets == 4);

  const auto kind = kind_of<Jar>();
  CHECK(problem_of({kind}).empty());
  CHECK_FALSE(kind->is_active());
  ShownOf told;
  REQUIRE(kind->describe_events(jar.events, told));
  CHECK(told.line == "filled(sweets=3)emptied()filled(sweets=4)");
  ShownOf answer;
  REQUIRE(kind->describe_answer("j1", jar.answer, answer));
  CHECK(answer.line == "id=j1 sweets=4");
}

TEST_CASE("entity: by default commands have one digest when they ask the same") {
  const auto digest_of = [](const Jar::Command& command) {
    std::string bytes;
    CHECK(kind_of<Jar>()->digest(CommandRef::to(command), bytes));
    return bytes;
  };
  CHECK(digest_of(Jar::Fill{3}) == digest_of(Jar::Fill{3}));
  CHECK(digest_of(Jar::Fill{3}) != digest_of(Jar::Fill{4}));
  CHECK(digest_of(Jar::Fill{0}) != digest_of(Jar::Empty{}));
}

TEST_CASE("entity: what it does say counts, also said by alternatives") {
  LiveOf<StrictJar> jar;
  CHECK(jar.handle(Jar::Fill{6}).changed);
  CHECK(jar.entity.next_due() == Time{100});
  CHECK(jar.entity.pass_time({100}, jar.events));
  CHECK(jar.entity.state().sweets == 0);
  std::string emptied = jar.events.substr(jar.events.size() - 4 - 3);
  CHECK_FALSE(jar.entity.replay(emptied));
}

struct Overloaded {
  static bool fits(int);
  static bool fits(const char*);
  template <class T>
  static bool check(T);
  struct Event {};
};

TEST_CASE("entity: a function that doesn't fit is seen, whatever its parameters, not passed over") {
  CHECK(DeclaresFits<Overloaded>);
  CHECK(DeclaresCheck<Overloaded>);
  CHECK_FALSE(DeclaresDigest<Overloaded>);
  CHECK_FALSE(DeclaresFits<Jar>);
  CHECK(DeclaresFits<StrictJar>);
}

}  // namespace
}  // namespace tote
