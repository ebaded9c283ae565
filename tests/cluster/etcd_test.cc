// The register in a real etcd.
#include "adapters/cluster/etcd.h"

#include <doctest/doctest.h>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "tests/cluster/etcd_servers.h"

namespace tote::cluster {
namespace {

using replication::Register;
using replication::Registered;
using tests::EtcdServers;

constexpr auto patience = std::chrono::seconds(30);

// Asks, and waits for what is told.
class Asking {
 public:
  explicit Asking(std::vector<std::string> members, std::int64_t timeout_ms = 600)
      : etcd_({.members = std::move(members), .key = "tote/shop", .timeout_ms = timeout_ms},
              {[this](const Registered& seen) { tell(seen, {}); }, [this](const std::string& why) { tell({}, why); }}) {
  }

  // Nothing: there was no answer, and `problem` says why.
  std::optional<Registered> read() {
    return ask([this] { etcd_.read(); });
  }
  std::optional<Registered> propose(std::int64_t expected, const Register& value) {
    return ask([&] { etcd_.propose(expected, value); });
  }
  // Until somebody answers: members need a moment to find each other.
  Registered read_at_last() {
    for (const auto ends_at = std::chrono::steady_clock::now() + patience;;) {
      if (const auto seen = read()) return *seen;
      REQUIRE_MESSAGE(std::chrono::steady_clock::now() < ends_at, problem);
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
  }
  std::string problem;

 private:
  template <class Ask>
  std::optional<Registered> ask(const Ask& ask) {
    std::unique_lock lock(mutex_);
    is_told_ = false;
    ask();
    REQUIRE(wake_.wait_for(lock, patience, [this] { return is_told_; }));
    return seen_;
  }
  void tell(std::optional<Registered> seen, std::string why) {
    const std::lock_guard lock(mutex_);
    seen_ = std::move(seen);
    problem = std::move(why);
    is_told_ = true;
    wake_.notify_one();
  }

  std::mutex mutex_;
  std::condition_variable wake_;
  bool is_told_ = false;
  std::optional<Registered> seen_;
  Etcd etcd_;  // ends first
};

const Register one{{1}, {"n1"}, {{"n1"}}}, two{{1}, {"n1"}, {{"n1"}, {"n2"}}}, three{{2}, {"n2"}, {{"n2"}}};

TEST_CASE("etcd: a register that nobody has made is made once") {
  EtcdServers servers(1);
  Asking asking(servers.urls());
  CHECK(asking.read_at_last().revision == 0);
  const auto made = asking.propose(0, one);
  REQUIRE(made);
  CHECK(made->value == one);
  CHECK(made->revision > 0);
  const auto again = asking.propose(0, two);
  REQUIRE(again);
  CHECK(again->value == one);
  CHECK(again->revision == made->revision);
}

TEST_CASE("etcd: a proposal is taken for the revision that is there, and refused for any other") {
  EtcdServers servers(1);
  Asking asking(servers.urls());
  asking.read_at_last();
  const std::int64_t first = asking.propose(0, one)->revision;
  const auto taken = asking.propose(first, two);
  REQUIRE(taken);
  CHECK(taken->value == two);
  CHECK(taken->revision > first);
  for (const std::int64_t wrong : {std::int64_t{0}, first, taken->revision + 1}) {
    const auto refused = asking.propose(wrong, three);
    REQUIRE(refused);
    CHECK(refused->value == two);
    CHECK(refused->revision == taken->revision);
  }
  CHECK(asking.read()->revision == taken->revision);
}

TEST_CASE("etcd: of those who propose at once one is taken, and everybody is told who") {
  EtcdServers servers(1);
  std::int64_t revision = 0;
  {
    Asking asking(servers.urls());
    asking.read_at_last();
    revision = asking.propose(0, one)->revision;
  }
  std::mutex mutex;
  std::vector<Registered> seen;
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&, i] {
      Asking asking(servers.urls(), 10'000);
      const replication::NodeId self{"n" + std::to_string(i)};
      const auto answer = asking.propose(revision, {{2}, self, {self}});
      const std::lock_guard lock(mutex);
      seen.push_back(answer.value_or(Registered{}));
    });
  }
  for (std::thread& thread : threads) thread.join();
  REQUIRE(seen.size() == 8);
  for (const Registered& each : seen) {
    CHECK(each.value == seen.front().value);
    CHECK(each.revision == seen.front().revision);
  }
  CHECK(seen.front().revision > revision);
}

TEST_CASE("etcd: members that aren't there are a problem that names them, and the one that is answers") {
  EtcdServers servers(1);
  Asking asking({"http://127.0.0.1:1", servers.urls().front()});
  CHECK(asking.read_at_last().revision == 0);
  Asking nobody({"http://127.0.0.1:1", "http://127.0.0.1:2"});
  CHECK(!nobody.read());
  for (const char* member : {"127.0.0.1:1:", "127.0.0.1:2:"})
    CHECK_MESSAGE(nobody.problem.find(member) != std::string::npos, nobody.problem);
}

TEST_CASE("etcd: killed, it says nothing; started again, it has what it had") {
  EtcdServers servers(1);
  Asking asking(servers.urls());
  asking.read_at_last();
  const auto made = asking.propose(0, one);
  REQUIRE(made);
  servers.kill(0);
  CHECK(!asking.read());
  CHECK(!asking.problem.empty());
  servers.start(0);
  const Registered seen = asking.read_at_last();
  CHECK(seen.value == one);
  CHECK(seen.revision == made->revision);
}

TEST_CASE("etcd: with one of three members killed, and one that stands still, the others answer, or nobody does") {
  EtcdServers servers(3);
  Asking asking(servers.urls());
  asking.read_at_last();
  std::int64_t revision = asking.propose(0, one)->revision;
  for (std::size_t member = 0; member < 3; ++member) {
    servers.suspend(member);
    asking.read_at_last();
    const auto changed = asking.propose(revision, member % 2 == 0 ? two : one);
    if (changed) {
      CHECK(changed->revision > revision);
      revision = changed->revision;
    }
    servers.resume(member);
    revision = asking.read_at_last().revision;
  }
  servers.kill(0);
  const Registered seen = asking.read_at_last();
  CHECK(seen.revision == revision);
  servers.kill(1);
  // One of three is no quorum: it may not even say what it has.
  CHECK(!asking.read());
  servers.start(1);
  CHECK(asking.read_at_last().revision == revision);
}

TEST_CASE("etcd: settings that can't work are named") {
  CHECK(problem_of({.members = {"http://127.0.0.1:2379", "https://etcd.example:2379"}, .key = "tote/a"}).empty());
  CHECK(problem_of({.members = {}, .key = "tote/a"}).starts_with("etcd:"));
  for (const char* url : {"", "127.0.0.1:2379", "http://", "ftp://a", "http://a/b", "http://user@a"})
    CHECK_MESSAGE(problem_of({.members = {url}, .key = "k"}).starts_with("etcd:"), url);
  CHECK(problem_of({.members = {"http://a"}, .key = ""}).starts_with("name:"));
  CHECK(problem_of({.members = {"http://a"}, .key = "k", .timeout_ms = 0}).starts_with("timeout_ms:"));
}

}  // namespace
}  // namespace tote::cluster
