// Keys on disk that can't be read: nobody knows then whether their commands were executed, so they aren't again.
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

#include "tests/engine/disk.h"

namespace tote {
namespace {

namespace fs = std::filesystem;

constexpr int rounds = 30;
constexpr int keys_a_round = 20;
constexpr int code_io = 74;  // the process stopped for its disk

Options spilling(const Disk& disk) {
  Options options = disk.options();
  options.keys_in_memory_max = 50;
  return options;
}

std::vector<Request> credits(int round) {
  std::vector<Request> all;
  for (int i = 0; i < keys_a_round; ++i)
    all.push_back(ask("alice", credit(1), "k" + std::to_string(round) + "-" + std::to_string(i)));
  return all;
}

void fill(const Options& options) {
  const auto is_overloaded = [](const Outcome& outcome) { return outcome.code == Code::overloaded; };
  const auto engine = open_engine(options);
  engine->call(ask("alice", open()));
  for (int round = 0; round < rounds;) {
    const auto outcomes = batch(*engine, credits(round));
    if (std::none_of(outcomes.begin(), outcomes.end(), is_overloaded)) ++round;
  }
  const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (engine->figures().keys_on_disk <= 300 && std::chrono::steady_clock::now() < limit)
    std::this_thread::sleep_for(std::chrono::milliseconds(1));  // they go there on a thread
  REQUIRE(engine->figures().keys_on_disk > 300);
}

// Sends what fill() sent once more; stops the process with 1 when any of it was executed again.
void send_again(const Options& options) {
  auto opened = Engine::open(options);
  if (std::holds_alternative<OpenError>(opened)) return;
  const auto engine = std::move(std::get<std::unique_ptr<Engine>>(opened));
  for (int round = 0; round < rounds; ++round)
    for (const Outcome& outcome : batch(*engine, credits(round)))
      if (is_stored(outcome.code) && !outcome.replayed) ::_exit(1);
}

constexpr const char* directory_variable = "TOTE_KEY_DAMAGE_DIRECTORY";

// Run by repeats_nothing() alone.
TEST_CASE("key damage sent again" * doctest::skip()) {
  const char* directory = std::getenv(directory_variable);
  REQUIRE(directory != nullptr);
  Options options = spilling(Disk());
  options.directory = directory;
  send_again(options);
  ::_exit(0);
}

// In a program of its own, which may stop for its disk (and because threads can't be taken along by a fork): true when
// no command of fill() that had been executed was executed again.
bool repeats_nothing(const Options& options) {
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    ::setenv(directory_variable, options.directory.c_str(), 1);
    ::execl("/proc/self/exe", "test_engine", "--test-case=key damage sent again", "--no-skip", nullptr);
    ::_exit(127);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  CHECK(WIFEXITED(status));
  return WIFEXITED(status) && (WEXITSTATUS(status) == 0 || WEXITSTATUS(status) == code_io);
}

void flip(const fs::path& path, std::uint64_t at) {
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekg(static_cast<std::streamoff>(at));
  const int byte = file.get();
  file.seekp(static_cast<std::streamoff>(at));
  file.put(static_cast<char>(byte ^ 0x10));
}

std::vector<fs::path> files_with_keys(const fs::path& directory) {
  std::vector<fs::path> found;
  for (const auto& entry : fs::recursive_directory_iterator(directory))
    if (entry.path().extension() == ".sst" || entry.path().extension() == ".run") found.push_back(entry.path());
  return found;
}

TEST_CASE("key damage: a changed byte of a key on disk never lets its command take effect again") {
  const Disk disk;
  const Options options = spilling(disk);
  fill(options);
  std::uint64_t random = 12'345;
  for (const fs::path& path : files_with_keys(options.directory)) {
    for (int i = 0; i < 3; ++i) {
      random = random * 6'364'136'223'846'793'005U + 1'442'695'040'888'963'407U;
      const std::uint64_t at = (random >> 20) % fs::file_size(path);
      CAPTURE(path.filename().string());
      CAPTURE(at);
      flip(path, at);
      CHECK(repeats_nothing(options));
      flip(path, at);
    }
  }
}

TEST_CASE("key damage: a changed byte among the entries of a run is met at the start, with its LSN") {
  const Disk disk;
  const Options options = spilling(disk);
  fill(options);
  for (const fs::path& path : files_with_keys(options.directory)) {
    if (path.extension() != ".run") continue;
    flip(path, 100);
    const OpenError error = refusal_to_open(options);
    CHECK_MESSAGE(error.detail.find("damaged at LSN ") != std::string::npos, error.detail);
    flip(path, 100);
    break;
  }
  open_engine(options);
}

}  // namespace
}  // namespace tote
