// Damage that is met while the engine runs: whoever reads is told where, and so is the operator.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <future>

#include "tests/engine/disk.h"

namespace tote {
namespace {

// The log in tables, so that its bytes can be found; then one of them is changed under the running engine.
void flip_in_tables(const std::string& directory, std::string_view inside) {
  int flipped = 0;
  for (const auto& file : std::filesystem::directory_iterator(directory)) {
    if (file.path().extension() != ".sst") continue;
    std::fstream stream(file.path(), std::ios::in | std::ios::out | std::ios::binary);
    std::string bytes((std::istreambuf_iterator<char>(stream)), {});
    const auto at = bytes.find(inside);
    if (at == std::string::npos) continue;
    stream.clear();
    stream.seekp(static_cast<std::streamoff>(at));
    stream.put('X');
    ++flipped;
  }
  REQUIRE(flipped == 1);
}

}  // namespace

TEST_CASE("damage: a history, and a reader of the log, are told of it by its LSN, and so is the operator") {
  const Disk disk;
  {
    const auto engine = open_engine(disk.options());
    engine->call(ask("alice", open()));
    engine->call(ask("alice", credit(5), "before"));
    engine->call(ask("alice", credit(5), "the-key-that-breaks"));
    engine->call(ask("alice", credit(5), "after"));
  }
  std::mutex mutex;
  std::vector<std::string> alerts;
  Options options = disk.options();
  options.on_alert = [&](const Alert& alert) {
    const std::lock_guard lock(mutex);
    alerts.emplace_back(alert.text);
  };
  const auto engine = open_engine(options);
  CHECK(engine->figures().log_damage == 0);
  flip_in_tables(options.directory, "the-key-that-breaks");

  const History page = history_of(*engine, "alice");
  CHECK(page.code == Code::log_damaged);
  // Records that share a block on disk go with it. A history is read from its newest change back: it names the first
  // that it meets.
  CHECK(page.damage.lsn >= Lsn{1});
  CHECK(page.damage.lsn <= Lsn{4});
  CHECK_FALSE(page.damage.detail.empty());
  CHECK(page.entries.empty());

  const wal::Damage damage = engine->log().read(Lsn{1}, Lsn{4}, [](Lsn, const wal::Record&) { return true; });
  CHECK(damage.lsn >= Lsn{1});
  CHECK(damage.lsn <= Lsn{3});

  engine->call(look("alice"));
  const Figures figures = engine->figures();
  CHECK(figures.log_damage == 2);
  CHECK(figures.log_damage_lsn == page.damage.lsn);
  CHECK(figures.alerts == 1);
  const std::lock_guard lock(mutex);
  REQUIRE(alerts.size() == 1);
  CHECK(alerts[0].find("LSN " + std::to_string(page.damage.lsn.value)) != std::string::npos);
}

}  // namespace tote
