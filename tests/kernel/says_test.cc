// What a kind says to the world: declared beside it, or the defaults, which say what is right for every kind.
#include <doctest/doctest.h>

#include <vector>

#include "engine/kernel/books.h"
#include "engine/kernel/kind_of.h"
#include "engine/kernel/kinds.h"

namespace tote {
namespace {

// A kind that says only what it must.
struct Tap {
  static constexpr KindId kind_id = 1'001;
  static constexpr std::string_view kind = "tap", event_names[] = {"turned"};
  struct State {
    std::int64_t turns = 0;
    static constexpr void members(auto&& is) { is("turns", &State::turns); }
  };
  struct Command {};
  struct Event {};
  static Decision<Event> decide(const State&, const Command&, Time) { return Event{}; }
  static void apply(State& tap, const Event&) { ++tap.turns; }
};

// One that says it all: litres, and where they came from.
struct Barrel {
  static constexpr KindId kind_id = 1'000;
  static constexpr std::string_view kind = "barrel", event_names[] = {"filled", "rolled"};
  static constexpr std::string_view told_names[] = {"wine.poured", ""};
  struct Filled {
    std::int64_t litres = 0;
    std::string from{};
    static constexpr void members(auto&& is) { is("litres", &Filled::litres), is("from", &Filled::from); }
  };
  struct Rolled {};
  struct State {
    std::int64_t litres = 0;
    std::vector<Filled> taps{};
    static constexpr void members(auto&& is) { is("litres", &State::litres), is("taps", &State::taps); }
  };
  using Command = std::variant<Filled, Rolled>;
  using Event = Command;

  static Decision<Event> decide(const State&, const Command& command, Time) { return command; }
  static void apply(State& barrel, const Filled& event) {
    barrel.litres += event.litres;
    barrel.taps.push_back(event);
  }
  static void apply(State&, const Rolled&) {}

  static std::span<const Table> tables() {
    static constexpr Column barrels[] = {{"id"}, {"litres", ColumnType::integer}};
    static constexpr Column fillings[] = {{"litres", ColumnType::integer}};
    static constexpr Table all[] = {{"barrels", barrels, 1}, {"fillings", fillings, 0, RowKind::entry}};
    return all;
  }
  static void rows(std::string_view id, const State& barrel, std::span<const Event> events, RowWriter& out) {
    Fields& row = out.row("barrels");
    row.text("id", id);
    row.integer("litres", barrel.litres);
    for (std::size_t i = 0; i < events.size(); ++i)
      if (const auto* filled = std::get_if<Filled>(&events[i]))
        out.entry("fillings", i, "filled").integer("litres", filled->litres);
  }
  static std::string audit(std::string_view, const State& barrel, const Neighbours& others) {
    for (const Filled& filled : barrel.taps)
      if (look<Tap>(others, filled.from) == nullptr) return "was filled from " + filled.from + ", which isn't there";
    return {};
  }
  static std::unique_ptr<Books> books();
};

class Cellar final : public BooksOf<Barrel> {
 public:
  std::string problem() const override { return poured_ == stored_ ? std::string() : "some of it was spilled"; }
  std::vector<std::pair<std::string, std::string>> lines() const override {
    return {{"wine", std::to_string(stored_) + " of " + std::to_string(poured_)}};
  }

 private:
  void happened(const Barrel::State&, const Barrel::Event& event) override {
    if (const auto* filled = std::get_if<Barrel::Filled>(&event)) poured_ += filled->litres;
  }
  void ended(const Barrel::State& barrel) override { stored_ += barrel.litres; }

  std::int64_t poured_ = 0, stored_ = 0;
};
std::unique_ptr<Books> Barrel::books() { return std::make_unique<Cellar>(); }

// Everything that is told, as one line.
class LineOf final : public Fields, public RowWriter {
 public:
  void integer(std::string_view name, std::int64_t value) override { text(name, std::to_string(value)); }
  void text(std::string_view name, std::string_view value) override {
    line.append(name).append("=").append(value).append(";");
  }
  void time(std::string_view, Time) override {}
  void begin(std::string_view name) override { line.append(name).append("("); }
  void end() override { line += ")"; }
  Fields& row(std::string_view table) override {
    line.append(table).append(": ");
    return *this;
  }
  Fields& entry(std::string_view table, std::size_t event, std::string_view name) override {
    line.append(table).append(1, ' ').append(std::to_string(event)).append(1, ' ').append(name).append(": ");
    return *this;
  }

  std::string line;
};

template <class E>
struct Living {
  EntityOf<E> entity;
  std::string events, answer;

  void handle(const typename E::Command& command) {
    CHECK(entity.handle(CommandRef::to(command), {1}, events, answer = {}).changed);
  }
};

class Others final : public Neighbours {
 public:
  const AnyEntity* find(EntityRef ref) const override {
    return ref.kind == Tap::kind_id && ref.id == "t1" ? tap : nullptr;
  }
  const AnyEntity* tap = nullptr;
};

TEST_CASE("says: by default events are told under kind and name, figures are the answer's, and it has no table") {
  Living<Tap> tap;
  tap.handle({});
  const auto kind = kind_of<Tap>();
  LineOf told, figures, rows;
  CHECK(kind->tell("t1", tap.events, told));
  CHECK(told.line == "tap.turned()");
  kind->describe_figures(tap.answer, figures);
  CHECK(figures.line == "turns=1;");
  CHECK(kind->tables().empty());
  CHECK(tap.entity.rows("t1", tap.events, rows));
  CHECK(rows.line.empty());
  CHECK(kind->books() == nullptr);
  CHECK(tap.entity.audit("t1", Others()).empty());
}

TEST_CASE("says: what a kind tells of its events, it tells by the names that it gives, and of some nothing") {
  Living<Barrel> barrel;
  barrel.handle(Barrel::Filled{3, "t1"});
  barrel.handle(Barrel::Rolled{});
  LineOf told;
  CHECK(kind_of<Barrel>()->tell("b1", barrel.events, told));
  CHECK(told.line == "wine.poured(litres=3;from=t1;)");
  CHECK_FALSE(kind_of<Barrel>()->tell("b1", "rubbish", told));
}

TEST_CASE("says: rows are those that the events of a change have touched") {
  Living<Barrel> barrel;
  barrel.handle(Barrel::Filled{3, "t1"});
  barrel.events.clear();
  barrel.handle(Barrel::Rolled{});
  barrel.handle(Barrel::Filled{4, "t1"});
  LineOf rows;
  CHECK(barrel.entity.rows("b1", barrel.events, rows));
  CHECK(rows.line == "barrels: id=b1;litres=7;fillings 1 filled: litres=4;");
  CHECK_FALSE(barrel.entity.rows("b1", "rubbish", rows));
}

TEST_CASE("says: an entity is audited among the others of its tenant, a kind by its books") {
  Living<Tap> tap;
  tap.handle({});
  Living<Barrel> barrel;
  barrel.handle(Barrel::Filled{3, "t1"});
  Others others;
  CHECK(barrel.entity.audit("b1", others) == "was filled from t1, which isn't there");
  others.tap = &tap.entity;
  CHECK(barrel.entity.audit("b1", others).empty());

  const auto books = kind_of<Barrel>()->books();
  REQUIRE(books != nullptr);
  books->add(barrel.entity, barrel.events);
  CHECK(books->problem() == "some of it was spilled");
  books->close(barrel.entity);
  CHECK(books->problem().empty());
  REQUIRE(books->lines().size() == 1);
  CHECK(books->lines()[0].second == "3 of 3");
}

// The same with other tables.
struct Vat : Barrel {
  static constexpr KindId kind_id = 1'002;
  static constexpr std::string_view kind = "vat";
  static inline std::vector<Table> all;
  static std::span<const Table> tables() { return all; }
};

TEST_CASE("says: tables that can't stand beside each other are refused") {
  static constexpr Column id[] = {{"id"}}, twice[] = {{"id"}, {"id"}}, lsn[] = {{"id"}, {"lsn"}}, loud[] = {{"Id"}};
  static constexpr Column vat[] = {{"vat"}};
  const auto problem_with = [](Table table) {
    Vat::all = {table};
    return problem_of({kind_of<Barrel>(), kind_of<Vat>()});
  };
  CHECK(problem_with({"vats", id, 1}).empty());
  CHECK(problem_with({"vats", vat, 1}).empty());
  CHECK(problem_with({"barrels", id, 1}).ends_with("has a table barrels, and so has another kind"));
  CHECK(problem_with({"Vats", id, 1}).ends_with("needs a name of small letters, digits and _"));
  CHECK(problem_with({"vats", id, 0}).ends_with("whose rows can't be told apart"));
  CHECK(problem_with({"vats", id, 2}).ends_with("whose rows can't be told apart"));
  CHECK(problem_with({"vats", id, 1, RowKind::entry}).ends_with("whose rows can't be told apart"));
  CHECK(problem_with({"vats", twice, 1}).ends_with("with a column id, which it can't have"));
  CHECK(problem_with({"vats", lsn, 1}).ends_with("with a column lsn, which it can't have"));
  CHECK(problem_with({"vats", loud, 1}).ends_with("with a column Id, which it can't have"));
  CHECK(problem_with({"vats", vat, 0, RowKind::entry}).ends_with("with a column vat, which it can't have"));
}

}  // namespace
}  // namespace tote
