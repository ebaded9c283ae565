// Defects of a program's own kinds and scripts: nothing of them reaches the log, and the asker is told.
#include <stdexcept>

#include "tests/engine/box.h"
#include "tests/engine/harness.h"

namespace tote {
namespace {

struct Told {
  std::vector<std::string> alerts;

  CoreOptions options() {
    CoreOptions options;
    options.kinds = {kind_of<Wallet>(), kind_of<Box>()};
    options.on_alert = [this](const Alert& alert) { alerts.emplace_back(alert.text); };
    return options;
  }
};

// Whatever the test says.
struct Scripted final : Script {
  std::function<Verdict(Transaction&)> what;
  bool throws_in_entities = false, throws_in_digest = false;

  explicit Scripted(std::function<Verdict(Transaction&)> run) : what(std::move(run)) {}
  void entities(std::vector<EntityRef>& out) const override {
    if (throws_in_entities) throw std::runtime_error("entities");
    out.push_back({Wallet::kind_id, "a"});
  }
  Verdict run(Transaction& on) const override { return what(on); }
  void answer(Transaction&, std::string&) const override {}
  void digest(std::string& out) const override {
    if (throws_in_digest) throw std::runtime_error("digest");
    out.append("scripted");
  }
};

Request scripted(std::unique_ptr<Scripted> script, std::string key = {}) {
  Request request{.kind = Wallet::kind_id, .entity = "a", .key = std::move(key)};
  request.command = Command(ScriptPtr(std::move(script)));
  return request;
}
Request scripted(std::function<Verdict(Transaction&)> run, std::string key = {}) {
  return scripted(std::make_unique<Scripted>(std::move(run)), std::move(key));
}
Request ask_box(Box::Command command, std::string key = {}) { return request<Box>("b", command, std::move(key)); }

struct Shop {
  Told told;
  Fresh fresh{told.options()};
  Harness& engine = fresh.engine;

  Shop() {
    engine.call(ask("a", open()));
    engine.call(ask("a", credit(10)));
    engine.call(ask_box(Box::Put{1}));
  }
  // Nothing was written, nothing has changed, and the key may be used again.
  void nothing_happened(const Outcome& outcome, std::string_view why) {
    CHECK(outcome.code == Code::internal_error);
    CHECK(outcome.facts.size() == 0);
    CHECK(fresh.log.size() == 3);
    CHECK(field(engine.call(look("a")), "balance") == 10);
    REQUIRE(told.alerts.size() == 1);
    CHECK(told.alerts[0].find(why) != std::string::npos);
    CHECK(engine.context().figures().internal_errors == 1);
    CHECK(engine.call(ask("a", credit(1), "k")).code == Code::ok);
  }
};

Verdict debit_all(Transaction& on) { return run<Wallet>(on, "a", Wallet::Debit{{10}}).verdict(); }

}  // namespace

TEST_CASE("defect: a script that throws after it acted has done nothing") {
  Shop world;
  const auto outcome = world.engine.call(scripted(
      [](Transaction& on) -> Verdict {
        debit_all(on);
        throw std::runtime_error("the script fell over");
      },
      "k"));
  world.nothing_happened(outcome, "the script fell over");
}

TEST_CASE("defect: what isn't a std::exception is caught, too") {
  Shop world;
  world.nothing_happened(world.engine.call(scripted([](Transaction&) -> Verdict { throw 7; }, "k")), "unknown type");
}

TEST_CASE("defect: entities() and digest() may throw") {
  for (const bool in_digest : {false, true}) {
    Shop world;
    auto script = std::make_unique<Scripted>(debit_all);
    script->throws_in_digest = in_digest;
    script->throws_in_entities = !in_digest;
    world.nothing_happened(world.engine.call(scripted(std::move(script), "k")), in_digest ? "digest" : "entities");
  }
}

TEST_CASE("defect: a decision that throws has decided nothing, in a command and in a script") {
  {
    Shop world;
    world.nothing_happened(world.engine.call(ask_box(Box::Throw{}, "k")), "the box fell over");
  }
  Shop world;
  const auto outcome = world.engine.call(scripted(
      [](Transaction& on) {
        debit_all(on);
        return run<Box>(on, "b", Box::Throw{}).verdict();
      },
      "k"));
  world.nothing_happened(outcome, "the box fell over");
}

TEST_CASE("defect: a code that no kind registers, or a fact without a name, is never recorded") {
  for (const Code code : {user_code(40'099), static_cast<Code>(300), static_cast<Code>(7)}) {
    Shop world;
    world.nothing_happened(world.engine.call(scripted([code](Transaction&) { return Verdict{code}; }, "k")),
                           "a code that no kind registers");
  }
  {
    Shop world;
    world.nothing_happened(world.engine.call(ask_box(Box::Refuse{user_code(40'099)}, "k")), "40099");
  }
  Shop world;
  const Verdict verdict{Code::not_found, {{static_cast<FactName>(99), 1}}};
  world.nothing_happened(world.engine.call(scripted([verdict](Transaction&) { return verdict; }, "k")), "a fact");
}

TEST_CASE("defect: alerts of a client that makes it happen again and again come once a second") {
  Shop world;
  for (int i = 0; i < 50; ++i) world.engine.call(ask_box(Box::Throw{}));
  CHECK(world.told.alerts.size() == 1);
  world.fresh.clock.advance(ns_per_s);
  world.engine.call(ask_box(Box::Throw{}));
  CHECK(world.told.alerts.size() == 2);
  CHECK(world.engine.context().figures().internal_errors == 51);
}

TEST_CASE("a script's address must be of a kind that the log's readers know") {
  Shop world;
  Request request = scripted(debit_all, "k");
  request.kind = 0;
  CHECK(world.engine.call(std::move(request)).code == Code::invalid_request);
  request = scripted(debit_all, "k");
  request.entity = std::string(200, 'x');
  CHECK(world.engine.call(std::move(request)).code == Code::invalid_id);
  CHECK(world.fresh.log.size() == 3);
}

TEST_CASE("a refusal takes back what was staged, and leaves what was named for it") {
  Shop world;
  const auto attempt = [](Transaction& on) {
    debit_all(on);
    if_refused<Box>(on, "b", Box::Put{5});
    run<Box>(on, "b", Box::Put{100});
    return Verdict{Code::payment_required};
  };
  CHECK(world.engine.call(scripted(attempt, "k")).code == Code::payment_required);
  CHECK(world.fresh.log.size() == 4);
  CHECK(world.engine.call(request<Box>("b")).answer == "6");
  CHECK(field(world.engine.call(look("a")), "balance") == 10);
  CHECK(world.engine.call(scripted(attempt, "k")).replayed);
}

TEST_CASE("what was named for a refusal is dropped by a success and by undo(), not by a refusal that isn't stored") {
  Shop world;
  CHECK(world.engine
            .call(scripted([](Transaction& on) {
              if_refused<Box>(on, "b", Box::Put{5});
              return debit_all(on);
            }))
            .code == Code::ok);
  CHECK(world.engine
            .call(scripted([](Transaction& on) {
              if_refused<Box>(on, "b", Box::Put{20});
              const auto mark = on.mark();
              if_refused<Box>(on, "b", Box::Put{5});
              run<Box>(on, "b", Box::Put{1});
              if_refused<Box>(on, "b", Box::Put{5});
              on.undo(mark);
              return Verdict{Code::payment_required};
            }))
            .code == Code::payment_required);
  CHECK(world.engine.call(request<Box>("b")).answer == "21");
  CHECK(world.engine
            .call(scripted([](Transaction& on) {
              if_refused<Box>(on, "b", Box::Put{5});
              return Verdict{Code::too_many_attempts};
            }))
            .code == Code::too_many_attempts);
  CHECK(world.engine.call(request<Box>("b")).answer == "26");
}

TEST_CASE("a refusal may not change a kind that doesn't remember refusals") {
  Shop world;
  const auto outcome = world.engine.call(scripted(
      [](Transaction& on) {
        on.if_refused({Wallet::kind_id, "a"}, Command(Wallet::Command(Wallet::Debit{{3}})));
        return Verdict{Code::payment_required};
      },
      "k"));
  world.nothing_happened(outcome, "remember refusals");
}

TEST_CASE("a kind's own refusal is frozen under its key, also after a restart") {
  Shop world;
  const Outcome refused = world.engine.call(ask_box(Box::Refuse{Box::too_small}, "k"));
  CHECK(refused.code == Box::too_small);
  Told told;
  Harness again(world.fresh.log, world.fresh.clock, told.options());
  const Outcome replayed = again.call(ask_box(Box::Refuse{Box::too_small}, "k"));
  CHECK(replayed.replayed);
  CHECK(replayed.code == Box::too_small);
}

}  // namespace tote
