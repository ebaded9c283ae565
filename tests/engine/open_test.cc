// Opening: what is refused and why, reading only, as of an LSN; timers that a reopen finds.
#include <set>
#include <thread>

#include "tests/engine/disk.h"

namespace tote {
namespace {

void write_some(const Disk& disk) {
  const auto engine = open_engine(disk.options());
  engine->call(ask("alice", open()));
  engine->call(ask("alice", credit(100), "k1"));
  engine->call(ask("bob", open()));
  engine->call(ask("alice", debit(30)));
}

// The engine, or nothing when it doesn't answer: then it can't be closed either and is left to its fate.
struct Asked {
  std::unique_ptr<Engine> engine;
  std::shared_ptr<Answers> answers = std::make_shared<Answers>();

  Outcome call(Request request) {
    REQUIRE(engine != nullptr);
    engine->submit(std::move(request), *answers, 0);
    if (!answers->wait_for(1)) {
      static_cast<void>(engine.release());
      static_cast<void>(new std::shared_ptr<Answers>(answers));
      FAIL("the engine doesn't answer");
    }
    return answers->take().front().second;
  }
};

TEST_CASE("open: a directory has one engine at a time") {
  const Disk disk;
  auto engine = open_engine(disk.options());
  const OpenError error = refusal_to_open(disk.options());
  CHECK(error.lsn == Lsn{});
  CHECK_FALSE(error.detail.empty());
  CHECK(engine->call(ask("alice", open())).code == Code::created);
  engine.reset();
  CHECK(open_engine(disk.options())->call(look("alice")).code == Code::ok);
}

TEST_CASE("open: a kind in the log that the program doesn't know is refused, naming it, and nothing is changed") {
  const Disk disk;
  write_some(disk);
  Options ignorant = disk.options();
  ignorant.kinds.clear();
  const OpenError error = refusal_to_open(ignorant);
  CHECK(error.lsn == Lsn{1});
  CHECK(error.detail.find("kind") != std::string::npos);
  CHECK(error.detail.find('1') != std::string::npos);
  CHECK(open_engine(disk.options())->call(look("alice")).version == Version{3});
}

TEST_CASE("open: progress is told, recovery is counted") {
  const Disk disk;
  write_some(disk);
  CHECK(open_engine(disk.options())->figures().records_recovered == 4);
}

TEST_CASE("read only: reads, old answers, no change") {
  const Disk disk;
  write_some(disk);
  Options options = disk.options();
  options.read_only = true;
  Asked asked{open_engine(options)};
  CHECK(field(asked.call(look("alice")), "balance") == 70);
  CHECK(asked.call(ask("alice", credit(100), "k1")).replayed);
  CHECK(asked.call(ask("alice", credit(1))).code == Code::forbidden);
  CHECK(asked.call(ask("alice", credit(1), "k2")).code == Code::forbidden);
  asked.engine->close();
  CHECK(open_engine(disk.options())->call(look("alice")).version == Version{3});
}

TEST_CASE("read only: as of an LSN") {
  const Disk disk;
  write_some(disk);
  Options options = disk.options();
  options.read_only = true;
  options.until = Lsn{2};
  Asked asked{open_engine(options)};
  CHECK(asked.engine->figures().records_recovered == 2);
  const Outcome alice = asked.call(look("alice"));
  CHECK(field(alice, "balance") == 100);
  CHECK(alice.version == Version{2});
  CHECK(asked.call(look("bob")).code == Code::not_found);
}

TEST_CASE("read only: visit shows everything that was recovered") {
  const Disk disk;
  write_some(disk);
  Options options = disk.options();
  options.read_only = true;
  Asked asked{open_engine(options)};
  std::set<std::string> seen;
  asked.engine->visit([&](std::string_view, const Kind&, std::string_view id, const AnyEntity&) { seen.emplace(id); });
  CHECK(seen == std::set<std::string>{"alice", "bob"});
}

TEST_CASE("timer: a hold expires a second after it was made, also when the engine was closed meanwhile") {
  const Disk disk;
  auto made = std::chrono::steady_clock::now();
  {
    const auto engine = open_engine(disk.options());
    engine->call(ask("alice", open()));
    engine->call(ask("alice", credit(100)));
    made = std::chrono::steady_clock::now();
    CHECK(engine->call(ask("alice", hold("h1", 60, 1))).code == Code::created);
  }
  const auto engine = open_engine(disk.options());
  const std::int64_t held = field(engine->call(look("alice")), "held");
  const bool was_quick = std::chrono::steady_clock::now() - made < std::chrono::seconds(1);
  CHECK((held == 60 || !was_quick));
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  Outcome read = engine->call(look("alice"));
  while (field(read, "held") != 0 && std::chrono::steady_clock::now() < end) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
    read = engine->call(look("alice"));
  }
  CHECK(field(read, "held") == 0);
  CHECK(read.lsn == Lsn{4});
  CHECK(engine->call(ask("alice", capture("h1"))).code == Code::hold_closed);
}

// Who watches an idle engine (a readiness probe, say) must not be shown what was true at the last request.
TEST_CASE("figures: follow what time alone did") {
  const Disk disk;
  const auto engine = open_engine(disk.options());
  engine->call(ask("alice", open()));
  engine->call(ask("alice", credit(100)));
  engine->call(ask("alice", hold("h1", 60, 1)));
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(4);
  while (engine->figures().durable < Lsn{4} && std::chrono::steady_clock::now() < end)
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  CHECK(engine->figures().timers_fired == 1);
  CHECK(engine->figures().durable == Lsn{4});
}

}  // namespace
}  // namespace tote
