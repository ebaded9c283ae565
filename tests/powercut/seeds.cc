#include "tests/powercut/seeds.h"

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <thread>

#include "tests/powercut/child.h"

namespace tests::powercut {
namespace {

std::int64_t now_s() {
  return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

std::uint64_t number_of(const char* variable) {
  const char* const text = std::getenv(variable);
  return text == nullptr ? 0 : std::strtoull(text, nullptr, 10);
}

struct Running {
  std::uint64_t seed = 0;
  std::unique_ptr<TrialDirectory> directory;
};

void end(const Running& run, int status) {
  std::ifstream in(run.directory->path() + "/verdict");
  const std::string verdict{std::istreambuf_iterator<char>(in), {}};
  const bool ended_well = WIFEXITED(status) && WEXITSTATUS(status) == 0;
  CHECK_MESSAGE(ended_well, "seed " << run.seed << ": the trial itself failed");
  CHECK_MESSAGE(verdict.empty(), "seed " << run.seed << ": " << verdict);
}

}  // namespace

Seeds::Seeds(std::uint64_t seeds) {
  const std::uint64_t one = number_of("TOTE_POWERCUT_SEED"), first = number_of("TOTE_POWERCUT_FIRST");
  const std::uint64_t hours = number_of("TOTE_POWERCUT_HOURS"), wanted = number_of("TOTE_POWERCUT_SEEDS");
  at_ = one != 0 ? one : std::max<std::uint64_t>(first, 1);
  left_ = one != 0 ? 1 : wanted != 0 ? wanted : hours != 0 ? UINT64_MAX : seeds;
  if (one == 0 && hours != 0) until_s_ = now_s() + static_cast<std::int64_t>(hours) * 3'600;
}

TrialDirectory::TrialDirectory() {
  const bool has_memory = ::access("/dev/shm", W_OK) == 0;
  path_ = has_memory ? "/dev/shm/tote-powercut-XXXXXX" : "/tmp/tote-powercut-XXXXXX";
  REQUIRE(::mkdtemp(path_.data()) != nullptr);
}

TrialDirectory::~TrialDirectory() {
  std::error_code ignored;
  if (std::getenv("TOTE_POWERCUT_KEEP") == nullptr) std::filesystem::remove_all(path_, ignored);
}

bool Seeds::next(std::uint64_t& seed) {
  if (left_ == 0 || (until_s_ != 0 && now_s() >= until_s_)) return false;
  --left_;
  seed = at_++;
  return true;
}

std::uint64_t try_all(Seeds seeds, const Trial& trial) {
  const std::size_t at_once = std::max(2U, std::thread::hardware_concurrency());
  std::map<pid_t, Running> running;
  std::uint64_t tried = 0;
  for (std::uint64_t seed = 0;;) {
    const bool more = running.size() < at_once && seeds.next(seed);
    if (more) {
      auto kept = std::make_unique<TrialDirectory>();
      const std::string& directory = kept->path();
      const pid_t child = start_child(directory + "/stderr", [&] {
        ::alarm(0);
        const std::string verdict = trial(seed, directory);
        std::ofstream(directory + "/verdict") << verdict;
        return 0;
      });
      running[child] = {seed, std::move(kept)};
      ++tried;
      continue;
    }
    if (running.empty()) return tried;
    int status = 0;
    const pid_t child = ::wait(&status);
    if (const auto found = running.find(child); found != running.end()) {
      end(found->second, status);
      running.erase(found);
    }
  }
}

}  // namespace tests::powercut
