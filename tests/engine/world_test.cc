// From records to states: what a world takes, and what it says about a log that contradicts itself.
#include "engine/world.h"

#include <doctest/doctest.h>

#include <cstring>

#include "actors/wallet/wallet.h"
#include "engine/history.h"
#include "tests/support/made_up_log.h"

namespace tote {
namespace {

// A record that changes one wallet, with its bytes.
struct WrittenAll {
  std::string events;
  wal::Change change;
  wal::Record record;

  WrittenAll(std::uint64_t version, std::initializer_list<Wallet::Event> all, std::string_view id = "alice") {
    for (const Wallet::Event& event : all) {
      const std::size_t begin = events.size();
      events.append(sizeof(std::uint32_t), '\0');
      Wallet::encode(event, events);
      const auto size = static_cast<std::uint32_t>(events.size() - begin - sizeof(std::uint32_t));
      std::memcpy(events.data() + begin, &size, sizeof size);
    }
    change = {Wallet::kind_id, id, {version}, {}};
    record = {.time = {1'000}, .kind = Wallet::kind_id, .entity = id, .version = {version}};
  }
  const wal::Record& get() {
    change.events = events;
    record.changes = {&change, 1};
    return record;
  }
};

WrittenAll opening_of(std::uint64_t version = 1) { return {version, {Wallet::Opened{*currency_of("EUR"), {0}}}}; }
WrittenAll credit_of(std::uint64_t version) { return {version, {Wallet::Credited{{5}, ""}}}; }

struct WorldFixture {
  const Kinds kinds{kind_of<Wallet>()};
  World world{kinds};
};

// A log of two records of one wallet: opened, and then whatever the test says.
class TwoRecords final : public tests::MadeUpLog {
 public:
  explicit TwoRecords(WrittenAll second) : MadeUpLog(2), second_(std::move(second)) {}
  wal::Damage read(Lsn from, Lsn to, const Visit& visit) const override {
    for (Lsn at = from; at <= to; at = at.next())
      if (!visit(at, at == Lsn{1} ? first_.get() : second_.get())) break;
    return {};
  }

 private:
  mutable WrittenAll first_ = opening_of(), second_;
};

History history_in(const wal::LogReader& log) {
  const auto kind = kind_of<Wallet>();
  std::atomic<bool> is_answered{false};
  HistoryReader reader(log, nullptr, [&] { is_answered = true; });
  HistoryReader::Question question;
  question.tenant = "default";
  question.kind = kind.get();
  question.id = "alice";
  question.limit = 10;
  question.from = log.first();
  question.to = log.durable();
  REQUIRE(reader.ask(std::move(question)));
  while (!is_answered) std::this_thread::yield();
  return reader.take().at(0).answer;
}

}  // namespace

TEST_CASE_FIXTURE(WorldFixture,
                  "world: it is as of the last record, and knows of each entity when it came and changed") {
  CHECK(world.lsn() == Lsn{});
  CHECK(world.apply({1}, opening_of().get()).empty());
  CHECK(world.apply({2}, WrittenAll(1, {Wallet::Opened{*currency_of("EUR"), {0}}}, "bob").get()).empty());
  CHECK(world.apply({3}, credit_of(2).get()).empty());
  CHECK(world.lsn() == Lsn{3});
  const AnyEntity* alice = world.find("default", Wallet::kind_id, "alice");
  REQUIRE(alice != nullptr);
  CHECK(alice->version == Version{2});
  CHECK(alice->first_lsn == Lsn{1});
  CHECK(alice->lsn == Lsn{3});
}

TEST_CASE_FIXTURE(WorldFixture, "world: a log that begins later than LSN 1 can't be told as if it were whole") {
  CHECK(world.apply({7}, opening_of().get()) == "the records from LSN 1 on are missing");
}

TEST_CASE_FIXTURE(WorldFixture, "world: a record that was left out is missed, also when it was of other entities") {
  CHECK(world.apply({1}, opening_of().get()).empty());
  CHECK(world.apply({3}, credit_of(2).get()) == "the records from LSN 2 on are missing");
}

TEST_CASE_FIXTURE(WorldFixture, "replay: event by event comes to the same state as all at once") {
  const Wallet::Event paid = Wallet::Debited{{2}, ""}, topped_up = Wallet::Credited{{5}, ""};
  WrittenAll both(2, {topped_up, paid});
  CHECK(world.apply({1}, opening_of().get()).empty());
  CHECK(world.apply({2}, both.get()).empty());
  const auto apart = kinds[0]->make();
  WrittenAll first = opening_of();
  std::vector<std::size_t> sizes;
  const auto note = [&](std::string_view event) { sizes.push_back(event.size()); };
  CHECK(replay(*apart, {1}, first.get().changes[0], note).is_none());
  CHECK(replay(*apart, {2}, both.get().changes[0], note).is_none());
  REQUIRE(sizes.size() == 3);
  CHECK(sizes[1] + sizes[2] == both.events.size());
  std::string told, expected;
  apart->answer({}, told);
  world.find("default", Wallet::kind_id, "alice")->answer({}, expected);
  CHECK(told == expected);
  CHECK(apart->version == Version{2});
}

TEST_CASE("replay: bytes behind the last event are no event, whichever way they are read") {
  WrittenAll first = opening_of();
  first.events += "x";
  for (const bool is_by_event : {false, true}) {
    const auto alice = kind_of<Wallet>()->make();
    const auto ignore = [](std::string_view) {};
    const wal::Change& change = first.get().changes[0];
    const auto found = is_by_event ? replay(*alice, {1}, change, ignore) : replay(*alice, {1}, change);
    CHECK(found.cause == Contradiction::Cause::events);
    CHECK(alice->version == Version{});
  }
}

TEST_CASE("history: a log that contradicts itself is damage, with the LSN, and not a story") {
  CHECK(history_in(TwoRecords(credit_of(2))).entries.size() == 2);
  const History page = history_in(TwoRecords(credit_of(3)));
  CHECK(page.code == Code::log_damaged);
  CHECK(page.damage.lsn == Lsn{2});
  CHECK(page.damage.detail == "alice goes from version 1 to 3");
  CHECK(page.entries.empty());
}

}  // namespace tote
