// kill -9 at random moments, again and again on the same log: what was acknowledged is there, once, and is said again
// byte for byte.
#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <map>
#include <memory>
#include <thread>

#include "tests/cli/program.h"
#include "tests/places.h"
#include "tests/support/aftermath.h"
#include "tests/support/load.h"

using namespace tests;
using tote::cli::test::Child;
using tote::cli::test::run_tote;
using tote::cli::test::Server;
using tote::cli::test::TempDirectory;

namespace {

constexpr int killed = 128 + SIGKILL;

int rounds_wanted() {
  const char* given = std::getenv("TOTE_CRASH_ROUNDS");
  return given != nullptr ? static_cast<int>(std::strtol(given, nullptr, 10)) : 40;
}

// The stimulus itself, not a wait for something: a start is hit somewhere within its first milliseconds.
void let_pass_us(std::uint64_t us) { std::this_thread::sleep_for(std::chrono::microseconds(us)); }

class CrashTest {
 public:
  explicit CrashTest(std::uint64_t seed) : random_(seed) {}

  // On nothing at all: the first starts are hit while they make the directory.
  void first_start() {
    for (int crashes = 0; crashes < 3; ++crashes) kill_a_start();
    start();
  }

  void round() {
    const std::size_t first = history_.size();
    load_and_kill();
    const std::size_t end = history_.size();
    for (auto crashes = chance(random_, 25) ? 1 + pick(random_, 2) : 0; crashes > 0; --crashes) kill_a_start();
    start();
    check_answers(first, end);
    check_versions(first, end);
  }

  void finish() {
    server_->child().signal(SIGTERM);
    CHECK(server_->child().wait() == 0);
    const auto verdict = check(history_);
    CHECK_MESSAGE(verdict.violations.empty(), verdict.text());
    MESSAGE(kills_ << " kills, " << history_.size() << " requests: " << verdict.changes << " changes, "
                   << verdict.refusals << " refusals, " << verdict.reads << " reads, " << verdict.replays
                   << " replays, " << verdict.expiries << " holds run out, " << verdict.resolved
                   << " lost answers found out; with keys: " << lost_executed_ << " executed unheard, "
                   << lost_not_executed_ << " not");
    // A crash test that hits nothing on its way proves nothing.
    CHECK(verdict.changes > history_.size() / 20);
    if (kills_ >= 25) CHECK(lost_executed_ + lost_not_executed_ > 25);
    const auto verified = run_tote({"verify", data_});
    CHECK_MESSAGE(verified.code == 0, verified.out << verified.err);
  }

 private:
  std::uint16_t port() const { return static_cast<std::uint16_t>(server_->port()); }

  void start() {
    server_ = std::make_unique<Server>(data_, Child::Arguments{"--snapshot-interval-s", "1"});
    REQUIRE_MESSAGE(server_->ready(), server_->child().out() << server_->child().err());
  }

  void kill(Child& child) {
    child.signal(SIGKILL);
    CHECK(child.wait() == killed);
    ++kills_;
  }

  // At a random point of a load, some of which is always on its way.
  void load_and_kill() {
    Load load(world_, {.port = port(), .seed = random_()});
    load.wait_for(chance(random_, 10) ? pick(random_, 20) : pick(random_, 2'500));
    if (chance(random_, 10)) {
      end_and_kill(server_->child());
    } else {
      kill(server_->child());
    }
    History told = load.finish();
    end_unanswered(told);
    history_.insert(history_.end(), std::make_move_iterator(told.begin()), std::make_move_iterator(told.end()));
  }

  // While it is going down in good order.
  void end_and_kill(Child& child) {
    child.signal(SIGTERM);
    let_pass_us(pick(random_, 5'000));
    child.signal(SIGKILL);
    const int code = child.wait();
    CHECK((code == killed || code == 0));
    ++kills_;
  }

  void kill_a_start() {
    if (chance(random_, 30)) {
      start();
      return kill(server_->child());
    }
    Child child(::tests::program(), {"serve", "--data", data_, "--listen", "127.0.0.1:0"}, "/");
    let_pass_us(pick(random_, 40'000));
    kill(child);
  }

  // Guarantees 2 and 3: everything that was answered with a key is answered the same, and what got lost can be had.
  void check_answers(std::size_t first, std::size_t end) {
    auto keys = answered_keys(history_, first, end);
    auto older = answered_keys(history_, 0, first);
    std::ranges::shuffle(older, random_);
    older.resize(std::min(older.size(), std::size_t{300}));
    keys.insert(keys.end(), older.begin(), older.end());
    CHECK(replay(port(), keys, history_) == "");
    keys.resize(std::min(keys.size(), std::size_t{50}));
    REQUIRE(look_up(port(), keys, history_));
    const std::size_t asked = history_.size();
    REQUIRE(resolve(port(), history_, first));
    for (std::size_t i = asked; i < history_.size(); ++i)
      if (is_final(history_[i].status)) ++(history_[i].replayed_headers == 0 ? lost_not_executed_ : lost_executed_);
  }

  // Guarantee 1 by the plainest means: no version that was shown is gone. The checker looks at the rest in the end.
  void check_versions(std::size_t first, std::size_t end) {
    const std::size_t reads = history_.size();
    REQUIRE(read_all(port(), world_, history_));
    std::map<std::string, std::uint64_t> versions;
    for (std::size_t i = reads; i < history_.size(); ++i) versions[history_[i].operation.wallet] = history_[i].version;
    for (std::size_t i = first; i < end; ++i) {
      const Event& event = history_[i];
      if (event.kind == Event::Kind::request && event.version > versions[event.operation.wallet])
        FAIL_CHECK(text_of(event.operation) << " was told version " << event.version << ", which is gone");
    }
  }

  Random random_;
  TempDirectory directory_;
  const std::string data_ = directory_.file("data");
  World world_;
  History history_;
  std::unique_ptr<Server> server_;
  std::size_t kills_ = 0, lost_executed_ = 0, lost_not_executed_ = 0;
};

}  // namespace

TEST_CASE("kill -9 at random moments: what was acknowledged is there, once, and is said again byte for byte") {
  CrashTest test(choose_seed());
  test.first_start();
  for (int round = 0; round < rounds_wanted(); ++round) {
    CAPTURE(round);
    test.round();
  }
  test.finish();
}
