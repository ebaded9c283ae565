// What leaves the log, when, and what everybody still reads afterwards.
#include "engine/trimming.h"

#include <filesystem>
#include <fstream>
#include <future>

#include "tests/engine/disk.h"
#include "wal/archive_command.h"

namespace tote {
namespace {

constexpr std::int64_t hour_ns = 3'600 * ns_per_s;

// So many changes of two wallets, in frames of their own.
void fill(const Options& options, int changes) {
  const auto engine = open_engine(options);
  for (const char* id : {"a", "b"}) engine->call(ask(id, open()));
  for (int i = 0; i < changes; ++i) engine->call(ask(i % 10 == 0 ? "a" : "b", credit(1)));
}

// A log without its engine, two hours later.
class Later {
 public:
  explicit Later(const Options& options, Retention retention = {}) {
    auto opened = wal::Log::open({.directory = options.directory});
    REQUIRE(std::holds_alternative<std::unique_ptr<wal::Log>>(opened));
    log = std::move(std::get<std::unique_ptr<wal::Log>>(opened));
    REQUIRE(log->replay({1}, [](Lsn, const wal::Record&) { return true; }).is_none());
    REQUIRE(log->start().is_none());
    snapshot = keys_up_to = log->last();
    retention.log_s = 0;
    Trimming::Needs needs;
    needs.snapshot = [this] { return snapshot; };
    needs.keys_up_to = [this] { return keys_up_to; };
    needs.keys_since = [] { return Time{}; };
    needs.now = [this] { return Time{log->last_time().ns + 2 * hour_ns}; };
    trimming = std::make_unique<Trimming>(*log, retention, std::move(needs), [this](const Trimming::Told& told) {
      alerts.push_back(told.is_over() ? "it is over" : told.text);
    });
  }
  ~Later() {
    trimming.reset();
    log->close();
  }

  std::unique_ptr<wal::Log> log;
  Lsn snapshot, keys_up_to;
  std::vector<std::string> alerts;
  std::unique_ptr<Trimming> trimming;
};

}  // namespace

TEST_CASE("trimming: what nobody needs leaves the log, and everything is still told") {
  const Disk disk;
  fill(disk.options(), 100);
  {
    Later later(disk.options());
    later.trimming->run_once();
    CHECK(later.alerts.empty());
    CHECK(later.log->untrimmed() > Lsn{90});
    CHECK(later.log->first() == Lsn{1});
  }
  const auto engine = open_engine(disk.options());
  CHECK(engine->log().untrimmed() > Lsn{90});
  CHECK(history_of(*engine, "a").entries.size() == 11);
  CHECK(history_of(*engine, "b").entries.size() == 91);
  engine->call(ask("a", credit(1)));
  CHECK(history_of(*engine, "a").entries.size() == 12);
}

TEST_CASE("trimming: without a snapshot nothing leaves the log") {
  const Disk disk;
  fill(disk.options(), 20);
  Later later(disk.options());
  later.snapshot = {};
  later.trimming->run_once();
  CHECK(later.log->untrimmed() == Lsn{1});
}

TEST_CASE("trimming: what a snapshot, finished keys or a follower need stays") {
  const Disk disk;
  fill(disk.options(), 60);
  Retention retention;
  Lsn held{50};
  retention.holds = [&held] { return std::vector<wal::Hold>{{"shop", held}}; };
  Later later(disk.options(), retention);
  later.snapshot = {10};
  later.trimming->run_once();
  CHECK(later.log->untrimmed() == Lsn{10});
  later.snapshot = {55};
  later.keys_up_to = {19};
  later.trimming->run_once();
  CHECK(later.log->untrimmed() == Lsn{20});
  later.keys_up_to = {60};
  later.trimming->run_once();
  CHECK(later.log->untrimmed() == Lsn{50});
  held = {60};
  later.trimming->run_once();
  CHECK(later.log->untrimmed() == Lsn{55});
  CHECK(later.alerts.empty());
}

TEST_CASE("trimming: a follower that holds up more than it may is told, once, and let go") {
  const Disk disk;
  fill(disk.options(), 60);
  Retention retention;
  retention.max_bytes = 1;
  retention.holds = [] { return std::vector<wal::Hold>{{"shop", {5}}}; };
  Later later(disk.options(), retention);
  for (int i = 0; i < 3; ++i) later.trimming->run_once();
  CHECK(later.log->untrimmed() > Lsn{50});
  REQUIRE(later.alerts.size() == 1);
  CHECK(later.alerts[0].starts_with("shop held up more"));
}

TEST_CASE("trimming: archive.command holds it up until every segment was taken, in order, and says why once") {
  const Disk disk;
  const Options options = disk.options();
  fill(options, 30);
  const std::string target = options.directory + "-elsewhere";
  Retention retention;
  retention.archive_command = "cp %p " + target + "/%f";
  Later later(options, retention);
  later.trimming->run_once();
  later.trimming->run_once();
  CHECK(later.log->untrimmed() == Lsn{1});
  REQUIRE(later.alerts.size() == 1);
  CHECK(later.alerts[0].find("archive.command didn't take") != std::string::npos);
  CHECK(later.alerts[0].find("it exited with 1") != std::string::npos);
  std::filesystem::create_directory(target);
  later.trimming->run_once();
  CHECK(later.log->untrimmed() > Lsn{20});
  CHECK(later.log->trimmer()->archive().count() == 1);
  for (const auto& name : later.log->trimmer()->archive().names())
    CHECK(std::filesystem::file_size(target + "/" + name.text) ==
          std::filesystem::file_size(later.log->trimmer()->archive().path_of(name)));
  std::filesystem::remove_all(target);
}

TEST_CASE("archive command: names are put in, and what it can't be is refused at the start") {
  CHECK(wal::with_names("cp %p /b/%f # 100%%", "/a/x", "x") == "cp /a/x /b/x # 100%");
  CHECK(wal::problem_of_archive_command("", "/any where") == "");
  CHECK(wal::problem_of_archive_command("cp %p /b/%f", "/var/lib/tote") == "");
  CHECK(wal::problem_of_archive_command("cp %f /b", "/var/lib/tote") != "");
  CHECK(wal::problem_of_archive_command("cp %p %q", "/var/lib/tote") != "");
  CHECK(wal::problem_of_archive_command("cp %p %", "/var/lib/tote") != "");
  for (const char* directory : {"/a b", "/a;rm", "/a'b", "/a\"b", "/a$b", "/a\nb"})
    CHECK(wal::problem_of_archive_command("cp %p /b", directory) != "");
}

TEST_CASE("archive command: one that takes too long is killed with all that it has started, and so is one at the end") {
  std::atomic<bool> stopped{false};
  CHECK(wal::run_command("exit 3", 10'000, stopped) == "it exited with 3");
  CHECK(wal::run_command("true", 10'000, stopped) == "");
  CHECK(wal::run_command("kill -9 $$", 10'000, stopped) == "it was ended by signal 9");
  const auto began = std::chrono::steady_clock::now();
  CHECK(wal::run_command("sleep 60 & sleep 60", 200, stopped).find("was killed") != std::string::npos);
  stopped = true;
  CHECK(wal::run_command("sleep 60", 60'000, stopped) == "it was killed because the program ends");
  CHECK(std::chrono::steady_clock::now() - began < std::chrono::seconds(20));
}

}  // namespace tote
