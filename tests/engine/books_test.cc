// The books (engine/books.h): what was made and destroyed is what all entities have, wherever they are, whatever a
// start begins with.
#include "engine/books.h"

#include <map>
#include <random>
#include <string>

#include "tests/engine/crashing.h"

namespace tote {
namespace {

struct Counted : Crashing {
  // The truth, by what was answered.
  std::int64_t issued = 0, destroyed = 0, held = 0;

  explicit Counted(std::uint64_t budget, Kinds kinds = {kind_of<Wallet>(), kind_of<MoneyBooks>()})
      : Crashing(budget, std::move(kinds)) {
    start();
  }
  // Time for a round.
  void pass() {
    for (int i = 0; i < 3; ++i) {
      clock.advance(61 * ns_per_s);
      engine->turns();
      engine->sync();
    }
  }
  void done(std::string id, Wallet::Command command) {
    CHECK(is_success(engine->call(request<Wallet>(std::move(id), std::move(command))).code));
  }
  void check() {
    const auto lines = engine->context().books().lines(0);
    REQUIRE(lines.size() == 1);
    CHECK(lines[0].issued.sum() == issued);
    CHECK(lines[0].destroyed.sum() == destroyed);
    CHECK(lines[0].balances.sum() == issued - destroyed);
    CHECK(lines[0].held.sum() == held);
  }
  void act(std::mt19937& random, int wallets) {
    const std::string id = "w" + std::to_string(random() % static_cast<unsigned>(wallets));
    const std::int64_t amount = 1 + random() % 50;
    const Outcome now = engine->call(look(id));
    if (now.code == Code::not_found) return done(id, open());
    const std::string name = "h" + std::to_string(number_++);
    switch (random() % 4) {
      case 0: return issued += amount, done(id, credit(amount));
      case 1:
        if (field(now, "available") < amount) return;
        return destroyed += amount, done(id, debit(amount));
      case 2:
        if (field(now, "available") < amount) return;
        return held += amount, done(id, hold(name, amount, 1'000'000));
      default:
        if (field(now, "available") < amount) return;
        done(id, hold(name, amount, 1'000'000));
        return destroyed += amount, done(id, capture(name));
    }
  }

 private:
  int number_ = 0;
};

TEST_CASE("books: with most wallets at rest, over rounds, crashes and starts, they are what was answered") {
  for (const std::uint64_t budget : {std::uint64_t{0}, ten_wallets}) {
    CAPTURE(budget);
    Counted at(budget);
    std::mt19937 random(7);
    for (int life = 0; life < 12; ++life) {
      CAPTURE(life);
      for (int i = 0; i < 60; ++i) {
        at.act(random, 80);
        if (random() % 25 == 0) at.pass();
      }
      at.check();
      at.crash(random() % 4 == 0 ? 0 : random() % 30);
      at.check();
    }
    if (budget != 0) CHECK(at.engine->context().tiers().resting() > 40);
  }
}

TEST_CASE("books: a start that replays the whole log has them, too") {
  Counted at(0);
  std::mt19937 random(3);
  for (int i = 0; i < 200; ++i) at.act(random, 20);
  at.pass();
  for (int i = 0; i < 20; ++i) at.act(random, 20);
  at.options.from_snapshot = false;
  at.start();
  at.check();
}

TEST_CASE("books: a program that knows them finds what an older one has left, and counts from there") {
  Counted at(ten_wallets, {kind_of<Wallet>()});
  for (int i = 0; i < 40; ++i) {
    at.done("w" + std::to_string(i), open());
    at.done("w" + std::to_string(i), credit(10));
  }
  at.done("w3", debit(4));
  at.pass();
  at.options.kinds.push_back(kind_of<MoneyBooks>());
  at.start();
  at.issued = 396;  // nobody knows of the debit any more
  at.check();
  at.done("w5", debit(6));
  at.destroyed = 6;
  at.pass();
  at.crash(0);
  at.check();
}

TEST_CASE("books: a tenant whose wallets have another sum than its books is named") {
  const auto line = [](std::int64_t issued, std::int64_t destroyed) {
    using Wide = MoneyBooks::Wide;
    return MoneyBooks::Line{"EUR", Wide::of(issued), Wide::of(destroyed), Wide::of(issued - destroyed)};
  };
  LiveBooks books;
  books.set(0, {line(20, 5)});
  books.found(0, {"EUR", 15, 0});
  books.set(1, {line(20, 5)});
  books.found(1, {"EUR", 7, 0});
  books.found(1, {"EUR", 8, 3});
  books.found(2, {"EUR", -4, 0});  // nobody counted before
  CHECK(books.close() == -1);
  CHECK(books.lines(2)[0].destroyed.sum() == 4);
  CHECK(books.take_found(2));
  CHECK_FALSE(books.take_found(1));
  books.found(1, {"EUR", 1, 0});
  CHECK(books.close() == 1);
}

TEST_CASE("books: nobody but the engine writes them, and they stay in memory") {
  Counted at(ten_wallets);
  at.done("w", open());
  at.done("w", credit(10));
  at.pass();
  const std::string id(MoneyBooks::id);
  CHECK(at.engine->call(request<MoneyBooks>(id)).code == Code::ok);
  CHECK(at.engine->call(request<MoneyBooks>(id, MoneyBooks::Count{})).code == Code::forbidden);
  for (int i = 0; i < 60; ++i) at.done("x" + std::to_string(i), open());
  at.pass();
  CHECK(at.engine->context().slots().find(Tenant{}, MoneyBooks::kind_id, MoneyBooks::id) != nullptr);
}

}  // namespace
}  // namespace tote
