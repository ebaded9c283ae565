// Snapshots of the real engine on a real disk: what a start from one has is what all records lead to.
#include <atomic>
#include <map>
#include <thread>

#include "engine/row_pages.h"
#include "tests/engine/disk.h"
#include "tests/engine/memory_states.h"
#include "wal/state_row.h"

namespace tote {
namespace {

Options often(const Disk& disk) {
  Options options = disk.options();
  options.snapshot_interval_ms = 20;
  options.keys_in_memory_max = 1'000;
  return options;
}

// tenant/kind/id -> version, LSN, first LSN, state
std::map<std::string, std::string> states_of(Options options, bool from_snapshot, std::uint64_t& records) {
  options.read_only = true;
  options.from_snapshot = from_snapshot;
  const auto engine = open_engine(std::move(options));
  records = engine->figures().records_recovered;
  std::map<std::string, std::string> states;
  engine->visit([&](std::string_view tenant, const Kind& kind, std::string_view id, const AnyEntity& entity) {
    std::string state = std::to_string(entity.version.value) + " " + std::to_string(entity.lsn.value) + " " +
                        std::to_string(entity.first_lsn.value) + " ";
    entity.encode_state(state);
    states[std::string(tenant) + "/" + std::string(kind.name()) + "/" + std::string(id)] = state;
  });
  return states;
}

// Some hundred changes of 300 wallets of two tenants, with holds that end later.
void work(Engine& engine, int round) {
  std::vector<Request> requests;
  for (int i = 0; i < 600; ++i) {
    const std::string id = "w" + std::to_string((i * 7 + round * 13) % 300);
    const Tenant tenant = engine.tenant(i % 3 == 0 ? "shop" : "default").value();
    const std::string key = i % 2 == 0 ? "k" + std::to_string(round) + "-" + std::to_string(i) : "";
    if (round == 0)
      requests.push_back(ask(id, open(), key, tenant));
    else if (i % 5 == 0)
      requests.push_back(ask(id, hold("h" + std::to_string(round), 1, 900 + i), key, tenant));
    else
      requests.push_back(ask(id, credit(1 + i % 9), key, tenant));
  }
  batch(engine, std::move(requests));
}

TEST_CASE("snapshot start: states on disk are, byte for byte, what all records lead to") {
  const Disk disk;
  for (int life = 0; life < 3; ++life) {
    CAPTURE(life);
    {
      const auto engine = open_engine(often(disk));
      for (int round = 0; round < 10; ++round) work(*engine, life * 10 + round);
      const Lsn last = engine->figures().last;
      CHECK(wait_until([&] { return work(*engine, 1'000), engine->figures().snapshot >= last; }));
      work(*engine, life * 10 + 9);
      CHECK(engine->figures().snapshot_rows >= 300);
    }
    std::uint64_t records = 0, all_records = 0;
    const auto states = states_of(disk.options(), true, records);
    CHECK(states.size() == 300);
    CHECK(states_of(disk.options(), false, all_records) == states);
    CHECK(records < all_records);
  }
}

TEST_CASE("snapshot start: a close in the middle of a round, and a start behind it, lose nothing") {
  const Disk disk;
  std::map<std::string, std::string> before;
  for (int life = 0; life < 12; ++life) {
    Options options = often(disk);
    options.snapshot_interval_ms = 1;
    options.table_bytes = 64 << 10;
    {
      const auto engine = open_engine(options);
      for (int round = 0; round <= life % 4; ++round) work(*engine, life * 10 + round);
    }
    std::uint64_t records = 0;
    CHECK(states_of(disk.options(), true, records) == states_of(disk.options(), false, records));
  }
}

TEST_CASE("snapshot start: a read-only look beside a server that makes snapshots sees one or the other") {
  const Disk disk;
  Options options = often(disk);
  options.snapshot_interval_ms = 1;
  options.table_bytes = 64 << 10;
  const auto engine = open_engine(options);
  std::atomic<bool> is_over{false};
  std::thread busy([&] {
    for (int round = 0; !is_over; ++round) work(*engine, round);
  });
  CHECK(wait_until([&] { return engine->figures().snapshot != Lsn{}; }));
  for (int look = 0; look < 10; ++look) {
    std::uint64_t records = 0;
    CHECK(states_of(disk.options(), true, records).size() == 300);
  }
  is_over = true;
  busy.join();
}

// Rows that were read on another thread are those of each(), in its order, however they fall onto pages.
TEST_CASE("snapshot start: rows that are read ahead are all there, in order; a visitor that stops ends it") {
  MemoryLog log;
  MemoryStates store(log);
  constexpr int rows = 10'000;
  for (int i = 0; i < rows; ++i) {
    const std::string id = numbered(i), state(i % 7 == 0 ? 3'000 : 5, static_cast<char>('a' + i % 26));
    wal::StateRow row{"shop", 1, id, {2}, {1}, Version{1}, state};
    std::string value;
    wal::append_state_value(wal::state_key(row), row, value);
    store.change(wal::state_key(row), std::move(value));
  }
  std::vector<std::string> expected, seen;
  const auto told = [](const wal::StateRow& row) {
    return std::string(row.tenant) + "/" + std::to_string(row.kind) + "/" + std::string(row.entity) + " " +
           std::to_string(row.lsn.value) + " " + std::to_string(row.version.value) + " " + std::string(row.state);
  };
  CHECK(store.each([&](const wal::StateRow& row) { return expected.push_back(told(row)), true; }).is_none());
  CHECK(RowPages(store).each([&](const wal::StateRow& row) { return seen.push_back(told(row)), true; }).is_none());
  CHECK(seen.size() == rows);
  CHECK(seen == expected);
  for (const std::size_t stop_at : {1, 4'096, 4'097, rows}) {
    seen.clear();
    const auto take = [&](const wal::StateRow& row) { return seen.push_back(told(row)), seen.size() < stop_at; };
    CHECK(RowPages(store).each(take).is_none());
    CHECK(seen.size() == stop_at);
  }
  store.change(wal::state_key("shop", 1, "zzz"), "nonsense");
  seen.clear();
  const wal::Damage damage =
      RowPages(store).each([&](const wal::StateRow& row) { return seen.push_back(told(row)), true; });
  CHECK_FALSE(damage.is_none());
  CHECK(seen == expected);
}

}  // namespace
}  // namespace tote
