// Engine::history: how an entity came to be, read back from the log.
#include <atomic>
#include <future>
#include <map>

#include "engine/trail.h"
#include "tests/engine/disk.h"

namespace tote {
namespace {

History history(Engine& engine, const std::string& id, std::uint64_t after = 0, std::size_t limit = 100) {
  std::promise<History> answer;
  engine.history({}, Wallet::kind_id, id, {after}, limit, [&](History& page) { answer.set_value(std::move(page)); });
  return answer.get_future().get();
}

struct Balance final : Fields {
  std::int64_t value = -1;
  void integer(std::string_view name, std::int64_t number) override {
    if (name == "balance") value = number;
  }
  void text(std::string_view, std::string_view) override {}
  void time(std::string_view, Time) override {}
  void begin(std::string_view) override {}
  void end() override {}
};

std::string line(const HistoryEntry& entry) {
  Balance balance;
  CHECK(Wallet::describe_answer("", entry.answer, balance));
  std::string_view rest = entry.events, bytes;
  Wallet::Event event;
  REQUIRE(next_event(rest, bytes));
  REQUIRE(Wallet::decode(bytes, event));
  CHECK(rest.empty());
  return "v" + std::to_string(entry.version.value) + " " + std::string(Wallet::name_of(event)) + " " +
         std::to_string(balance.value) + " " + entry.key;
}

TEST_CASE("history: every version with its event, its balance and its key, page by page") {
  const Disk disk;
  std::vector<std::string> expected{"v1 opened 0 k0"};
  const auto engine = open_engine(disk.options());
  engine->call(ask("a", open(), "k0"));
  engine->call(ask("b", open()));
  for (int i = 1; i <= 30; ++i) {
    const std::string key = "k" + std::to_string(i);
    engine->call(ask("a", credit(10), key));
    engine->call(ask("b", credit(1)));
    expected.push_back("v" + std::to_string(i + 1) + " credited " + std::to_string(10 * i) + " " + key);
  }
  for (const std::size_t limit : {1, 4, 31, 100}) {
    std::vector<std::string> lines;
    Version after{};
    do {
      const History page = history(*engine, "a", after.value, limit);
      CHECK(page.code == Code::ok);
      CHECK(page.entries.size() <= limit);
      for (const auto& entry : page.entries) lines.push_back(line(entry));
      after = page.next;
    } while (after != Version{});
    CHECK(lines == expected);
  }
  CHECK(history(*engine, "a", 31).entries.empty());
  CHECK(history(*engine, "nobody").code == Code::not_found);
}

TEST_CASE("history: each change names the one before it, through transactions and restarts") {
  const Disk disk;
  for (int start = 0; start < 2; ++start) {
    const auto engine = open_engine(disk.options());
    for (const char* id : {"a", "b"}) engine->call(ask(id, open()));
    for (int i = 0; i < 20; ++i) {
      engine->call(ask(i % 3 == 0 ? "a" : "b", credit(1)));
      engine->call(ask("a", debit(1'000)));  // refused: nothing that a later change could name
    }
    std::map<std::string, Lsn> newest;
    const auto damage = engine->log().read({1}, engine->log().durable(), [&](Lsn lsn, const wal::Record& record) {
      for (const wal::Change& change : record.changes) {
        CHECK(change.prior == newest[std::string(change.entity)]);
        newest[std::string(change.entity)] = lsn;
      }
      return true;
    });
    CHECK(damage.is_none());
    CHECK(newest.size() == 2);
  }
}

TEST_CASE("history: of an entity that changed seldom only its own records are read, wherever they lie") {
  const Disk disk;
  const auto engine = open_engine(disk.options());
  engine->call(ask("a", open()));
  engine->call(ask("b", open()));
  for (int i = 0; i < 20; ++i) {
    engine->call(ask("a", credit(1)));
    for (int other = 0; other < 100; ++other) engine->call(ask("b", credit(1)));
  }
  struct Counted final : wal::LogReader {
    explicit Counted(const wal::LogReader& one) : log(one) {}
    const std::string& id() const override { return log.id(); }
    Lsn first() const override { return log.first(); }
    Lsn durable() const override { return log.durable(); }
    wal::Damage read(Lsn from, Lsn to, const Visit& visit) const override {
      return log.read(from, to, [&](Lsn lsn, const wal::Record& record) { return ++visited, visit(lsn, record); });
    }
    const wal::LogReader& log;
    mutable std::uint64_t visited = 0;
  } const counted(engine->log());
  const auto kind = kind_of<Wallet>();
  const Inhabitant it{"default", kind.get(), "a", nullptr};
  const std::atomic<bool> stopped{false};
  const Lsn newest{counted.durable().value - 100};
  Trail trail;
  CHECK(trail.extend(counted, it, {}, newest, stopped).is_none());
  CHECK(trail.scanned_to() == Lsn{});
  std::size_t steps = 0;
  for (; trail.has_steps(); ++steps) trail.pass(trail.next().to);
  CHECK(steps == 20);  // the first two lie close together
  CHECK(counted.visited <= 2 * 21);
  CHECK(history(*engine, "a").entries.size() == 21);
}

TEST_CASE("history: it is the same after a restart, and goes on") {
  const Disk disk;
  {
    const auto engine = open_engine(disk.options());
    engine->call(ask("a", open()));
    engine->call(ask("a", credit(5)));
  }
  const auto engine = open_engine(disk.options());
  CHECK(history(*engine, "a").entries.size() == 2);
  engine->call(ask("a", debit(2), "k"));
  const History page = history(*engine, "a", 1);
  REQUIRE(page.entries.size() == 2);
  CHECK(line(page.entries[1]) == "v3 debited 3 k");
  CHECK(page.next == Version{});
}

}  // namespace
}  // namespace tote
