// Entities at rest (DESIGN D9): whoever leaves memory comes back as it was, whoever asks when; what isn't in memory is
// never taken for what doesn't exist.
#include <caf/send.hpp>
#include <functional>
#include <map>

#include "engine/row_entity.h"
#include "tests/engine/box.h"
#include "tests/engine/crashing.h"

namespace tote {
namespace {

struct Resting : Crashing {
  explicit Resting(std::uint64_t budget = ten_wallets, Kinds kinds = {kind_of<Wallet>()})
      : Crashing(budget, std::move(kinds)) {
    options.snapshot_interval_ms = 60'000;
    start();
  }
  // Time for a round; then whoever wasn't used since then leaves.
  void pass() {
    for (int i = 0; i < 4; ++i) {
      clock.advance(150 * ns_per_ms);
      engine->turns();
      engine->sync();
    }
  }
  void send_to_rest(const std::string& id) {
    for (int i = 0; i < 100 && !is_at_rest(id); ++i) {
      if (const std::string other = "w" + std::to_string(i % 40); other != id) engine->call(look(other));
      if (i % 20 == 19) pass();
    }
    REQUIRE(is_at_rest(id));
  }
  std::size_t in_memory() { return engine->context().slots().size(); }
  std::uint64_t at_rest() { return engine->context().tiers().resting(); }
  bool is_at_rest(const std::string& id) {
    return engine->context().slots().find(Tenant{}, Wallet::kind_id, id) == nullptr;
  }
  // Wallets 0 … count - 1, each with one more than its number; most of them at rest.
  void fill(int count) {
    for (int i = 0; i < count; ++i) {
      engine->call(ask("w" + std::to_string(i), open()));
      engine->call(ask("w" + std::to_string(i), credit(i + 1)));
      if (i % 20 == 19) pass();
    }
    pass();
  }
};

TEST_CASE("at rest: a wallet that has left memory comes back as it was, and a budget of ten holds") {
  Resting at;
  at.fill(200);
  CHECK(at.in_memory() <= 10);
  CHECK(at.at_rest() == 200 - at.in_memory());
  for (int i = 0; i < 200; ++i) {
    const Outcome read = at.engine->call(look(numbered(i)));
    CHECK(field(read, "balance") == i + 1);
    CHECK(read.version == Version{2});
    CHECK(at.engine->context().tiers().bytes() <= ten_wallets + 2'000);
  }
  for (int i = 0; i < 200; ++i) CHECK(at.engine->call(ask(numbered(i), debit(i + 2))).code == Code::insufficient_funds);
  for (int i = 0; i < 200; ++i) CHECK(at.engine->call(ask(numbered(i), open(7))).code == Code::already_exists);
  CHECK(at.engine->unanswered() == 0);
  CHECK(at.at_rest() + at.in_memory() == 200);
}

TEST_CASE("at rest: what never was is fresh, a read of it makes nothing") {
  Resting at;
  at.fill(50);
  CHECK(at.engine->call(look("nobody")).code == Code::not_found);
  CHECK(at.engine->call(ask("somebody", debit(1))).code == Code::not_found);
  CHECK(at.engine->call(ask("new", open())).code == Code::created);
  at.engine->turns();
  CHECK(at.at_rest() + at.in_memory() == 51);
}

TEST_CASE("at rest: what nobody has written yet doesn't leave, and is written early when it fills the budget") {
  Resting at;
  for (int i = 0; i < 50; ++i) at.engine->submit(ask(numbered(i), open()));
  for (int i = 0; i < 5; ++i) at.engine->turns();
  CHECK(at.in_memory() == 50);
  CHECK(at.rows.written() == 0);  // nothing of it is durable
  at.engine->sync();
  at.pass();  // far less than the interval
  CHECK(at.rows.written() == 50);
  CHECK(at.in_memory() <= 10);
  at.engine->call(ask(numbered(3), credit(5)));

  for (int i = 0; i < 50; ++i) CHECK(field(at.engine->call(look(numbered(i))), "balance") == (i == 3 ? 5 : 0));
}

// The hand looks at some slots a turn, and here it meets thousands who stay before anybody who may leave.
TEST_CASE("at rest: whoever may leave does, although nobody asks for anything any more") {
  constexpr int staying = 3'000, leaving = 3'000;
  Resting at;
  for (int i = 0; i < staying + leaving; ++i) at.engine->submit(ask(numbered(i), open()));
  for (int i = 0; i < staying; ++i) at.engine->submit(ask(numbered(i), credit(1)));
  for (int i = 0; i < staying; ++i) at.engine->submit(ask(numbered(i), hold("h", 1, 600)));
  at.engine->turns();
  CHECK(at.in_memory() == staying + leaving);
  at.engine->sync();
  at.clock.advance(150 * ns_per_ms);
  at.engine->turns();
  at.engine->turns();
  CHECK(at.rows.written() == staying + leaving);
  CHECK(at.in_memory() == staying);
  CHECK_FALSE(at.engine->wheel().wants_turn());  // nor does it look at those for ever
}

TEST_CASE("at rest: a crash loses nothing, and a start has no more in memory than the budget") {
  for (const std::size_t rows_left : {std::size_t{0}, std::size_t{7}}) {
    CAPTURE(rows_left);
    Resting at;
    at.fill(100);
    for (int i = 0; i < 100; i += 3) at.engine->call(ask(numbered(i), credit(1'000), "k" + std::to_string(i)));
    const auto before = at.engine->states();
    CHECK(before.size() == 100);
    at.crash(rows_left);
    CHECK(at.engine->states() == before);
    CHECK(at.engine->context().tiers().bytes() <= ten_wallets + 100 * 450);  // what the log's end has changed stays
    at.pass();
    CHECK(at.engine->context().tiers().bytes() <= ten_wallets);
    for (int i = 0; i < 100; i += 3) {
      CHECK(at.engine->call(ask(numbered(i), credit(1'000), "k" + std::to_string(i))).replayed);
      CHECK(field(at.engine->call(look(numbered(i))), "balance") == 1'000 + i + 1);
    }
  }
}

// MemoryLog has 16 records on a page.
TEST_CASE("at rest: a start reads the rows of those whom a page of records changes together, not one by one") {
  Resting at;
  at.fill(160);
  CHECK(at.in_memory() <= 10);
  const std::uint64_t tail = at.log.size();
  for (int i = 0; i < 160; ++i) at.engine->submit(ask(numbered(i), credit(1'000)));
  for (int i = 0; i < 10; ++i) at.engine->turns();
  CHECK(at.log.size() == tail + 160);
  at.log.sync();  // no turn, so no row has any of it
  at.engine.reset();
  at.rows.crash(0);
  const std::uint64_t before = at.rows.finds();
  at.start();
  CHECK(at.rows.finds() - before <= 160 / 16 + 2);
  for (int i = 0; i < 160; ++i) CHECK(field(at.engine->call(look(numbered(i))), "balance") == 1'000 + i + 1);
}

TEST_CASE("at rest: who waits for something stays in memory: a hold ends in time") {
  Resting at;
  for (int i = 0; i < 30; ++i) {
    at.engine->call(ask(numbered(i), open()));
    at.engine->call(ask(numbered(i), credit(10)));
    if (i % 3 == 0) at.engine->call(ask(numbered(i), hold("h", 4, 30)));
  }
  at.pass();
  for (int i = 0; i < 30; i += 3) CHECK_FALSE(at.is_at_rest(numbered(i)));
  CHECK(at.at_rest() >= 15);
  at.crash();
  CHECK(at.engine->context().timers().next() != Time::never());
  at.clock.advance(31 * ns_per_s);
  at.engine->turns();
  at.engine->sync();
  CHECK(at.engine->context().figures().timers_fired == 10);
  at.pass();
  for (int i = 0; i < 30; ++i) CHECK(field(at.engine->call(look(numbered(i))), "held") == 0);
}

// Debits one wallet for another that it doesn't name, and looks at a third when all is done.
std::int64_t seen_of_w7 = 0;
struct Surprise final : Script {
  std::string from, to;
  std::int64_t amount;
  Surprise(std::string payer, std::string payee, std::int64_t much)
      : from(std::move(payer)), to(std::move(payee)), amount(much) {}
  void entities(std::vector<EntityRef>& out) const override { out = {{Wallet::kind_id, from}}; }
  Verdict run(Transaction& on) const override {
    if (const Step step = tote::run<Wallet>(on, from, debit(amount)); step.refused()) return step.verdict();
    return tote::run<Wallet>(on, to, credit(amount)).verdict();
  }
  void answer(Transaction& on, std::string&) const override {
    if (const Wallet::State* other = tote::look<Wallet>(on, "w7")) seen_of_w7 = other->balance.minor;
  }
  void digest(std::string& out) const override { out.append("surprise").append(from).append("/").append(to); }
};
// Names both.
struct NamedTransfer final : Script {
  std::string from, to;
  NamedTransfer(std::string payer, std::string payee) : from(std::move(payer)), to(std::move(payee)) {}
  void entities(std::vector<EntityRef>& out) const override { out = {{Wallet::kind_id, from}, {Wallet::kind_id, to}}; }
  Verdict run(Transaction& on) const override {
    if (const Step step = tote::run<Wallet>(on, from, debit(1)); step.refused()) return step.verdict();
    return tote::run<Wallet>(on, to, credit(1)).verdict();
  }
  void answer(Transaction&, std::string&) const override {}
  void digest(std::string& out) const override { out.append("transfer").append(from).append("/").append(to); }
};
template <class Made>
Request by_script(Made script, std::string key = {}) {
  Request request{.kind = Wallet::kind_id, .entity = script.from, .key = std::move(key)};
  request.command = Command(ScriptPtr(std::make_unique<Made>(std::move(script))));
  return request;
}

TEST_CASE("at rest: a transaction waits for its entities, also for one that it didn't name, and holds up nobody") {
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    CAPTURE(seed);
    Resting at;
    at.fill(40);
    at.engine->shuffle(seed);
    REQUIRE(at.is_at_rest("w30"));
    REQUIRE(at.is_at_rest("w31"));
    const Lsn last = at.log.last();
    const auto moved = at.engine->submit(by_script(NamedTransfer("w30", "w31")));
    const auto behind = at.engine->submit(ask("w30", debit(31)));  // it had 31: refused, behind the transfer
    const auto fresh = at.engine->submit(ask("other", open()));
    at.engine->turn();
    CHECK(at.log.last() > last);  // the new one is recorded while the others are fetched
    CHECK(at.engine->context().tiers().has_fetched());
    at.engine->turns();
    CHECK_FALSE(at.engine->is_answered(moved));
    at.engine->sync();
    CHECK(at.engine->outcome(fresh).code == Code::created);
    CHECK(at.engine->outcome(moved).code == Code::ok);
    CHECK(at.engine->outcome(behind).code == Code::insufficient_funds);
    at.pass();
    REQUIRE(at.is_at_rest("w20"));
    REQUIRE(at.is_at_rest("w21"));
    seen_of_w7 = 0;
    const auto met = at.engine->submit(by_script(Surprise("w20", "w21", 3)));
    const auto back = at.engine->submit(by_script(Surprise("w21", "w20", 5)));
    at.engine->turns();
    at.engine->sync();
    CHECK(at.engine->outcome(met).code == Code::ok);
    CHECK(at.engine->outcome(back).code == Code::ok);
    CHECK(seen_of_w7 == 8);  // which was at rest, too
    CHECK(field(at.engine->call(look("w20")), "balance") == 21 - 3 + 5);
    CHECK(field(at.engine->call(look("w21")), "balance") == 22 + 3 - 5);
    at.pass();
    CHECK(at.in_memory() <= 10);  // nobody is kept for a transaction that is over
  }
}

TEST_CASE("at rest: a row that can't be read is refused as damage, never taken for absent; others go on") {
  Resting at;
  at.fill(40);
  std::string told_damage;
  at.options.on_damage = [&](const wal::Damage& damage) { told_damage = damage.detail; };
  const auto key = wal::state_key("default", Wallet::kind_id, "w12");
  const std::string sound = at.rows.rows().at(key);
  at.start();
  for (std::size_t byte = 0; byte < sound.size(); byte += 3) {
    CAPTURE(byte);
    at.send_to_rest("w12");
    std::string broken = sound;
    broken[byte] = static_cast<char>(broken[byte] ^ 0x10);
    at.rows.change(key, broken);
    told_damage.clear();
    const Lsn last = at.log.last();
    const auto read = at.engine->submit(look("w12"));
    const auto credited = at.engine->submit(ask("w12", credit(1), "again"));
    const auto moved = at.engine->submit(by_script(NamedTransfer("w13", "w12")));
    const auto met = at.engine->submit(by_script(Surprise("w14", "w12", 1)));
    const auto other = at.engine->submit(look("w13"));
    at.engine->turns();
    at.engine->sync();
    for (const auto ticket : {read, credited, moved, met}) CHECK(at.engine->outcome(ticket).code == Code::log_damaged);
    CHECK(field(at.engine->outcome(other), "balance") == 14);
    CHECK(at.log.last() == last);
    CHECK_FALSE(told_damage.empty());
    CHECK(at.is_at_rest("w12"));  // forgotten: the next one reads it again
    at.rows.change(key, sound);
  }
  const Outcome late = at.engine->call(ask("w12", credit(1), "again"));  // its key is free
  CHECK(late.code == Code::ok);
  CHECK_FALSE(late.replayed);
  CHECK(field(late, "balance") == 14);
}

TEST_CASE("at rest: too many entities on their way at once are refused as overloaded, and nothing has happened") {
  Resting at;
  at.fill(60);
  const Tiers& tiers = at.engine->context().tiers();
  CHECK(tiers.may_fetch(Tenant{}, 16'384));
  CHECK_FALSE(tiers.may_fetch(Tenant{}, 16'385));
}

// A user's kind, whose state says its members.
struct Chest {
  static constexpr KindId kind_id = 1'002;
  static constexpr std::string_view kind = "chest";
  static constexpr std::string_view event_names[] = {"put"};
  struct State {
    std::int64_t sum = 0;
    std::vector<std::int64_t> all;
    static constexpr void members(auto&& is) { is("sum", &State::sum), is("all", &State::all); }
  };
  struct Command {
    std::int64_t number = 0;
    static constexpr void members(auto&& is) { is("number", &Command::number); }
  };
  struct Event {
    std::int64_t number = 0;
    static constexpr void members(auto&& is) { is("number", &Event::number); }
  };
  static Decision<Event> decide(const State&, const Command& command, Time) { return Event{command.number}; }
  static void apply(State& chest, const Event& event) { chest.sum += event.number, chest.all.push_back(event.number); }
  static void answer(const State& chest, const Command*, std::string& out) { out = std::to_string(chest.sum); }
  static bool describe_answer(std::string_view, std::string_view answer, Fields& fields) {
    fields.text("sum", answer);
    return true;
  }
};

TEST_CASE("at rest: kinds of users are, too") {
  Resting at(ten_wallets, {kind_of<Chest>()});
  for (int i = 0; i < 40; ++i) at.engine->call(request<Chest>("c" + std::to_string(i), Chest::Command{i}));
  at.pass();
  CHECK(at.in_memory() <= 10);
  at.crash();
  for (int i = 0; i < 40; ++i) at.engine->call(request<Chest>("c" + std::to_string(i), Chest::Command{1}));
  for (int i = 0; i < 40; ++i) {
    const Outcome read = at.engine->call(request<Chest>("c" + std::to_string(i)));
    CHECK(read.answer == std::to_string(i + 1));
    CHECK(read.version == Version{2});
  }
}

TEST_CASE("at rest: with a kind that has no bytes there are no rows, so nobody leaves, and nothing is lost") {
  Resting at(ten_wallets, {kind_of<Wallet>(), kind_of<Box>()});
  for (int i = 0; i < 40; ++i) at.engine->call(request<Box>("b" + std::to_string(i), Box::Put{i}));
  at.pass();
  CHECK(at.in_memory() == 40);
}

// One random life with all that can come between: messages, transactions, rounds, leaving, activation, crashes.
class RestingLife {
 public:
  explicit RestingLife(std::uint64_t seed) : random_(seed) { at_.engine->shuffle(seed); }

  void live() {
    for (int turn = 0; turn < 120; ++turn) {
      for (std::uint64_t requests = random_() % 10; requests > 0; --requests) submit();
      if (random_() % 6 == 0) at_.clock.advance(static_cast<std::int64_t>(random_() % 200) * ns_per_ms + 1);
      at_.engine->turn();
      if (random_() % 2 == 0) at_.log.sync();
      if (random_() % 60 == 0) crash();
    }
    at_.clock.advance(10 * ns_per_s);  // holds end
    at_.engine->turns();
    at_.engine->sync();
    look_at_answers();
  }

  void check() {
    CHECK(at_.engine->unanswered() == 0);
    std::map<std::string, Version> versions;
    at_.log.for_each([&](Lsn, const wal::Record& record) {
      for (const wal::Change& change : record.changes) {
        CHECK(change.version == versions[std::string(change.entity)].next());
        versions[std::string(change.entity)] = change.version;
      }
    });
    const auto states = at_.engine->states();
    CoreOptions all = at_.options;
    all.from_snapshot = false;
    all.entities_bytes = 0;
    all.snapshot_interval_ms = 0;
    CHECK(Harness(at_.log, at_.clock, all).states() == states);
    for (int i = 0; i < wallets; ++i) {
      const Outcome read = at_.engine->call(look(numbered(i)));
      CHECK(read.version == versions[numbered(i)]);
      CHECK((read.code == Code::not_found) == (versions[numbered(i)] == Version{}));
    }
    for (const auto& [key, answer] : told_) {
      const Outcome again = at_.engine->call(ask(answer.id, credit(answer.amount), key));
      CHECK(again.replayed);
      CHECK(told(again) == answer.told);
    }
    seen = at_.engine->context().tiers().left();
  }
  std::uint64_t seen = 0;

 private:
  static constexpr int wallets = 40;

  void submit() {
    const std::string id = numbered(static_cast<int>(random_() % wallets));
    const std::string other = numbered(static_cast<int>(random_() % wallets));
    switch (random_() % 8) {
      case 0:
      case 1: at_.engine->submit(ask(id, open())); break;
      case 2: at_.engine->submit(look(id)); break;
      case 3: at_.engine->submit(ask(id, hold("h" + std::to_string(random_() % 4), 1, 1))); break;
      case 4: at_.engine->submit(by_script(NamedTransfer(id, other))); break;
      case 5: at_.engine->submit(by_script(Surprise(id, other, 2))); break;
      default: {
        const std::string key = "k" + std::to_string(++keys_);
        const auto amount = static_cast<std::int64_t>(random_() % 9) + 1;
        waiting_[at_.engine->submit(ask(id, credit(amount), key))] = {key, {id, amount, {}}};
      }
    }
  }
  void look_at_answers() {
    for (auto& [ticket, asked] : waiting_) {
      if (!at_.engine->is_answered(ticket)) continue;
      const Outcome& outcome = at_.engine->outcome(ticket);
      if (!is_stored(outcome.code)) continue;
      asked.second.told = told(outcome);
      told_.insert(asked);
    }
    waiting_.clear();
  }
  void crash() {
    look_at_answers();
    at_.crash(random_() % (at_.rows.pending() + 1));
    at_.engine->shuffle(random_());
  }

  struct Told {
    std::string id;
    std::int64_t amount;
    std::string told;
  };
  Resting at_;
  std::mt19937_64 random_;
  std::map<Harness::Ticket, std::pair<std::string, Told>> waiting_;
  std::map<std::string, Told> told_;
  std::uint64_t keys_ = 0;
};

TEST_CASE("at rest: whatever comes between, every request is answered once, and all is as the log says") {
  std::uint64_t left = 0;
  for (std::uint64_t seed = 1; seed <= 150; ++seed) {
    CAPTURE(seed);
    RestingLife life(seed);
    life.live();
    life.check();
    left += life.seen;
  }
  CHECK(left > 1'000);
}

}  // namespace
}  // namespace tote
