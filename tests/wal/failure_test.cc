// Disks that fail: nothing is retried, nothing acknowledged is lost (DESIGN D4).
#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <thread>

#include "tests/wal/faulty_disk.h"
#include "tests/wal/fixture.h"
#include "wal/log.h"

namespace tote::wal {
namespace {

struct FaultyLog {
  FaultyLog() {
    options = options_for(directory.path());
    options.env = env.get();
    options.on_failure = [this](const std::string& what) {
      sentence = what;
      ++failures;
    };
  }
  void wait_for_failure() const {
    while (failures == 0) std::this_thread::sleep_for(std::chrono::microseconds(100));
  }
  // Appends one record that can't become durable.
  void append_lost(Log& log) const {
    with_sample(log.last().value + 1, [&](const Record& record) { log.append(record); });
    log.commit();
  }

  TemporaryDirectory directory;
  std::shared_ptr<FaultyDisk> disk = std::make_shared<FaultyDisk>();
  std::unique_ptr<rocksdb::Env> env = rocksdb::NewCompositeEnv(disk);
  LogOptions options;
  std::string sentence;
  std::atomic<int> failures{0};
};

TEST_CASE("failure: a failed sync is told once and never retried") {
  FaultyLog faulty;
  const auto log = open_log(faulty.options);
  log->start();
  append_group(*log, 3);
  faulty.disk->fail_syncs(1);  // a second try would succeed
  faulty.append_lost(*log);
  faulty.wait_for_failure();
  for (int i = 0; i < 5; ++i) faulty.append_lost(*log);
  log->close();
  CHECK(faulty.failures == 1);
  CHECK(faulty.disk->failures() == 1);
  CHECK(faulty.sentence.find(".log can't be synced") != std::string::npos);
  CHECK(faulty.sentence.find("injected sync error") != std::string::npos);
  CHECK(log->durable() == Lsn{3});
}

TEST_CASE("failure: a failed write is told once and never retried") {
  FaultyLog faulty;
  const auto log = open_log(faulty.options);
  log->start();
  append_group(*log, 3);
  faulty.disk->fail_appends(1);
  faulty.append_lost(*log);
  faulty.wait_for_failure();
  faulty.append_lost(*log);
  log->close();
  CHECK(faulty.failures == 1);
  CHECK(faulty.disk->failures() == 1);
  CHECK(log->durable() == Lsn{3});
}

TEST_CASE("failure: after a failed sync and a disk that forgot, exactly what was durable is there") {
  FaultyLog faulty;
  {
    const auto log = open_log(faulty.options);
    log->start();
    append_group(*log, 2);
    append_group(*log, 1);
    faulty.disk->fail_syncs(1);
    faulty.append_lost(*log);
    faulty.wait_for_failure();
    faulty.disk->cut_power();
  }
  faulty.disk->forget_unsynced();
  const auto log = open_log(faulty.options);
  CHECK(log->last() == Lsn{3});
  log->start();
  append_group(*log, 2);
  log->close();
  CHECK(read_history(faulty.directory.path()).lines == sample_lines(5));
}

TEST_CASE("failure: a power cut at any time loses nothing that was durable") {
  for (int round = 0; round < 12; ++round) {
    FaultyLog faulty;
    Lsn durable{};
    {
      const auto log = open_log(faulty.options);
      log->start();
      std::thread cut([&] {
        std::this_thread::sleep_for(std::chrono::microseconds(300 * round));
        faulty.disk->cut_power();
      });
      while (faulty.failures == 0) faulty.append_lost(*log);
      cut.join();
      durable = log->durable();
    }
    faulty.disk->forget_unsynced();
    const History history = read_history(faulty.directory.path());
    REQUIRE_MESSAGE(history.damage.detail.empty(), history.damage.detail);
    REQUIRE(history.lines == sample_lines(durable.value));
    CHECK(faulty.failures == 1);
  }
}

TEST_CASE("failure: a disk without room at the start makes the log full") {
  FaultyLog faulty;
  faulty.options.disk_free_bytes_min = 100 << 20;
  faulty.disk->set_free_bytes((100 << 20) - 1);
  const auto log = open_log(faulty.options);
  log->start();
  CHECK(log->is_full());
  CHECK(log->figures().disk_free_bytes == (100 << 20) - 1);
  log->close();
}

// While nothing is written; false: not within ten seconds.
bool becomes_full(const Log& log, bool is_full) {
  using namespace std::chrono_literals;
  const auto limit = std::chrono::steady_clock::now() + 10s;
  while (log.is_full() != is_full && std::chrono::steady_clock::now() < limit) std::this_thread::sleep_for(20ms);
  return log.is_full() == is_full;
}

TEST_CASE("failure: a disk that others fill while nothing is written is met before the next write") {
  FaultyLog faulty;
  faulty.options.disk_free_bytes_min = 100 << 20;
  const auto log = open_log(faulty.options);
  log->start();
  CHECK_FALSE(log->is_full());
  faulty.disk->set_free_bytes(0);
  CHECK(becomes_full(*log, true));
  CHECK_FALSE(log->has_disk_for(1));
  log->close();
}

TEST_CASE("failure: a log is full soon after its disk, still writes what it has, and gets over it") {
  using namespace std::chrono_literals;
  FaultyLog faulty;
  faulty.options.disk_free_bytes_min = 100 << 20;
  const auto log = open_log(faulty.options);
  log->start();
  CHECK_FALSE(log->is_full());
  faulty.disk->set_free_bytes(0);
  const auto limit = std::chrono::steady_clock::now() + 5s;
  while (!log->is_full() && std::chrono::steady_clock::now() < limit) {
    append_group(*log, 1);
    std::this_thread::sleep_for(50ms);
  }
  REQUIRE(log->is_full());
  append_group(*log, 1);
  faulty.disk->set_free_bytes(100 << 20);
  CHECK(becomes_full(*log, false));
  log->close();
  CHECK(faulty.failures == 0);
}

}  // namespace
}  // namespace tote::wal
