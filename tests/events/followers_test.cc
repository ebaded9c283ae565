// The list of followers: how they begin, what it tells of them, and the order in which they end.
#include "adapters/events/followers.h"

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <string>

#include "tests/support/made_up_log.h"

using namespace tote::events;
using namespace std::chrono_literals;

namespace {

// What became of those that follow, told by themselves.
struct Seen {
  std::atomic<int> began{0}, told_to_end{0}, waited_in_vain{0}, read_well{0}, ended{0};
};

// Ends only when all that began were told to end: whoever waits for it before that waits in vain.
class Entangled : public Follower {
 public:
  Entangled(const tote::wal::LogReader& log, Seen* seen, std::string name, std::string problem = {})
      : Follower(log, std::move(name), "entangled"), seen_(*seen), problem_(std::move(problem)) {}
  ~Entangled() override { stop(); }

  std::string destination() const override { return "the place of " + name(); }
  std::string check() override { return problem_; }

 private:
  void follow() override {
    ++seen_.began;
    arrived(log().durable());
    while (!stopped()) wait_for_more();
    ++seen_.told_to_end;
    const auto ends_at = Clock::now() + 5s;
    while (seen_.told_to_end < seen_.began && Clock::now() < ends_at) std::this_thread::sleep_for(1ms);
    if (seen_.told_to_end < seen_.began) ++seen_.waited_in_vain;
    const auto damage = log().read(log().first(), log().durable(), [](auto...) { return true; });
    if (damage.is_none()) ++seen_.read_well;
    ++seen_.ended;
  }

  Seen& seen_;
  const std::string problem_;
};

class Projecting final : public Entangled {
 public:
  using Entangled::Entangled;
  static constexpr Role role = Role::projection;
};

bool comes_true(const std::function<bool()>& is) {
  for (int i = 0; i < 5'000 && !is(); ++i) std::this_thread::sleep_for(1ms);
  return is();
}

struct FollowersFixture {
  ::tests::MadeUpLog log{100};
  Seen seen;
  Followers followers;

  void add_three() {
    followers.add<Projecting>(&seen, std::string("projection"));
    followers.add<Entangled>(&seen, std::string("nats"));
    followers.add<Entangled>(&seen, std::string("webhook-shop"));
  }
};

}  // namespace

TEST_CASE_FIXTURE(FollowersFixture, "followers: all are told to end before any is waited for") {
  add_three();
  REQUIRE(followers.start(log).empty());
  REQUIRE(comes_true([&] { return seen.began == 3; }));
  followers.stop();
  CHECK(seen.waited_in_vain == 0);
}

TEST_CASE_FIXTURE(FollowersFixture, "followers: when they have ended nobody reads the log, which is there until then") {
  add_three();
  REQUIRE(followers.start(log).empty());
  REQUIRE(comes_true([&] { return seen.began == 3; }));
  followers.stop();
  CHECK(seen.ended == 3);
  CHECK(seen.read_well == 3);
  followers.stop();  // again: nothing
  CHECK(seen.ended == 3);
}

TEST_CASE_FIXTURE(FollowersFixture, "followers: one that must not begin keeps all of them from it") {
  add_three();
  followers.add<Entangled>(&seen, std::string("late"), std::string("it is another log's"));
  CHECK(followers.start(log) == "it is another log's");
  followers.stop();
  CHECK(seen.began == 0);
  CHECK(followers.statuses().empty());
}

TEST_CASE_FIXTURE(FollowersFixture, "followers: the list tells of each, in the order in which they were added") {
  add_three();
  CHECK(followers.has(Role::projection));
  CHECK(followers.statuses().empty());  // before they began
  REQUIRE(followers.projection());
  CHECK_FALSE(followers.projection()->connected);
  REQUIRE(followers.start(log).empty());
  REQUIRE(comes_true([&] { return seen.began == 3 && followers.statuses().back().connected; }));
  const auto statuses = followers.statuses();
  REQUIRE(statuses.size() == 3);
  CHECK(statuses[0].name == "projection");
  CHECK(statuses[0].role == Role::projection);
  CHECK(statuses[1].name == "nats");
  CHECK(statuses[2].name == "webhook-shop");
  CHECK(statuses[2].role == Role::destination);
  CHECK(statuses[2].destination == "the place of webhook-shop");
  CHECK(statuses[2].cursor == log.durable());
}

TEST_CASE_FIXTURE(FollowersFixture, "followers: without a projection there is none to be asked") {
  followers.add<Entangled>(&seen, std::string("nats"));
  CHECK_FALSE(followers.has(Role::projection));
  CHECK_FALSE(followers.projection());
}
