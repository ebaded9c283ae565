// Concurrent clients against the real server, and the question whether a strictly serializable one could have told them
// what they were told.
#include <doctest/doctest.h>

#include <algorithm>
#include <csignal>

#include "tests/cli/program.h"
#include "tests/support/aftermath.h"
#include "tests/support/load.h"

using namespace tests;
using tote::cli::test::run_tote;
using tote::cli::test::Server;
using tote::cli::test::TempDirectory;

namespace {

constexpr std::uint64_t requests = 30'000;
constexpr std::size_t keys_replayed = 4'000;

std::uint16_t port_of(const Server& server) { return static_cast<std::uint16_t>(server.port()); }

void check_sound(const std::string& data) {
  const auto verified = run_tote({"verify", data});
  CHECK_MESSAGE(verified.code == 0, verified.out << verified.err);
}

void check_history(const History& history) {
  const auto verdict = check(history);
  CHECK_MESSAGE(verdict.violations.empty(), verdict.text());
  MESSAGE(history.size() << " requests: " << verdict.changes << " changes, " << verdict.refusals << " refusals, "
                         << verdict.reads << " reads, " << verdict.replays << " replays, " << verdict.expiries
                         << " holds run out, " << verdict.resolved << " lost answers found out");
  // A load that doesn't get to the corners proves nothing.
  CHECK(verdict.changes > history.size() / 4);
  CHECK(verdict.refusals > history.size() / 50);
  CHECK(verdict.replays > history.size() / 50);
}

// A history of the real server, small enough to be checked many times.
History small_history(Random& random) {
  const TempDirectory directory;
  Server server(directory.file("data"));
  REQUIRE_MESSAGE(server.ready(), server.child().err());
  World world;
  Load load(world, {.port = port_of(server), .seed = random(), .clients = 8});
  load.wait_for(2'000);
  History history = load.finish();
  REQUIRE(resolve(port_of(server), history));
  REQUIRE(read_all(port_of(server), world, history));
  return history;
}

bool is_keyed_change(const Event& event) {
  using Kind = Operation::Kind;
  const bool success = event.kind == Event::Kind::request && (event.status == 200 || event.status == 201);
  return success && !event.operation.key.empty() && event.operation.kind != Kind::open;
}

// One lie in an otherwise right history.
void falsify(History& history, Random& random) {
  std::size_t at = pick(random, history.size() / 2);
  while (!is_keyed_change(history[at])) ++at;
  Event& event = history[at];
  const std::string key = event.operation.key;
  switch (pick(random, 3)) {
    case 0: event.body.insert(event.body.find("\"balance\":") + 10, "9"); break;
    case 1: std::erase_if(history, [&](const Event& other) { return other.operation.key == key; }); break;
    default:  // all of it after everything else
      for (auto& other : history)
        if (other.operation.key == key) {
          other.invoked_ns += 3'600'000'000'000;
          if (other.returned_ns != never_ns) other.returned_ns += 3'600'000'000'000;
        }
  }
}

std::vector<Event> sample(std::vector<Event> events, Random& random) {
  std::ranges::shuffle(events, random);
  events.resize(std::min(events.size(), keys_replayed));
  return events;
}

}  // namespace

TEST_CASE("concurrent clients: the history is strictly serializable, and still true after a restart") {
  Random random(choose_seed());
  const TempDirectory directory;
  const std::string data = directory.file("data");
  World world;
  History history;
  {
    Server server(data);
    REQUIRE_MESSAGE(server.ready(), server.child().err());
    Load load(world, {.port = port_of(server), .seed = random()});
    load.wait_for(requests);
    history = load.finish();
    CHECK(load.lost_connections() == 0);
    REQUIRE(resolve(port_of(server), history));
    REQUIRE(read_all(port_of(server), world, history));
    server.child().signal(SIGTERM);
    CHECK(server.child().wait() == 0);
    end_unanswered(history);
  }
  check_history(history);
  check_sound(data);
  Server again(data);
  REQUIRE_MESSAGE(again.ready(), again.child().err());
  const auto keys = sample(answered_keys(history, 0, history.size()), random);
  CHECK(replay(port_of(again), keys, history) == "");
  REQUIRE(read_all(port_of(again), world, history));
  check_history(history);
}

TEST_CASE("the checker finds a single lie in a history of the real server") {
  Random random(choose_seed());
  const History history = small_history(random);
  const auto verdict = check(history);
  CHECK_MESSAGE(verdict.violations.empty(), verdict.text());
  for (int lie = 0; lie < 60; ++lie) {
    History wrong = history;
    falsify(wrong, random);
    CHECK_FALSE(check(wrong).violations.empty());
  }
}
