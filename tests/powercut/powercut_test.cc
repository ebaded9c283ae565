// Power cuts, failing disks, full disks and kill -9, at instants drawn from a seed, while an engine opens, works, moves
// keys to disk, makes tables and closes: what was acknowledged is there, once, and the next start succeeds.
#include <doctest/doctest.h>
#include <signal.h>
#include <unistd.h>

#include <filesystem>
#include <random>

#include "tests/powercut/child.h"
#include "tests/powercut/seeds.h"
#include "tests/powercut/workload.h"

namespace tests::powercut {
namespace {

std::string told(const std::string& what, const Ended& ended) {
  return what + " ended with " + std::to_string(ended.code) + ": " + ended.said;
}

// The trial of one seed: `mishap` befalls a worker, then everything is checked on a sound disk.
struct Case {
  std::uint64_t seed;
  std::string directory;
  std::mt19937_64 random{seed};
  SharedBook book{};

  std::string data() const { return directory + "/data"; }
  std::string image() const { return directory + "/image"; }

  Ended work_until(const Mishap& mishap) {
    const Use use{.directory = data(), .seed = seed};
    return run_child(directory + "/work", [&] {
      const auto disk = std::make_shared<FragileDisk>(data(), image(), mishap);
      const int code = work(use, *book, disk);
      if (mishap.kind == Mishap::Kind::cut) disk->cut();  // at the latest now
      return code;
    });
  }

  std::string check_left(const std::string& where) {
    if (!std::filesystem::exists(where)) return {};
    const Ended checked = run_child(directory + "/check", [&] { return check(where, *book); });
    return checked.code == exit_sound ? std::string() : told("the start after it", checked);
  }
};

std::string cut_once(std::uint64_t seed, const std::string& directory) {
  Case of{seed, directory};
  Mishap mishap{.kind = Mishap::Kind::cut, .seed = seed};
  mishap.at = 1 + of.random() % (of.random() % 3 == 0 ? 120 : 1'500);
  const Ended ended = of.work_until(mishap);
  if (ended.code != exit_cut) return told("the worker", ended);
  return of.check_left(of.image());
}

std::string fail_once(std::uint64_t seed, const std::string& directory) {
  Case of{seed, directory};
  constexpr Action actions[] = {Action::write, Action::sync, Action::sync, Action::rename, Action::unlink,
                                Action::open,  Action::link, Action::read, Action::any};
  Mishap mishap{.kind = Mishap::Kind::fail, .seed = seed};
  mishap.action = actions[of.random() % std::size(actions)];
  const bool is_rare = mishap.action == Action::rename || mishap.action == Action::unlink;
  mishap.at = 1 + of.random() % (is_rare ? 12 : of.random() % 2 == 0 ? 60 : 800);
  mishap.for_ever = of.random() % 2 == 0;
  // Only where the process stops at once: after another failure it goes on, and acknowledges what the cut didn't see.
  const bool stops = mishap.action == Action::write || mishap.action == Action::sync || mishap.action == Action::rename;
  mishap.loses_power = of.random() % 2 == 0 && stops;
  const Ended ended = of.work_until(mishap);
  const bool is_expected = ended.code == exit_sound || ended.code == exit_disk_failed || ended.code == exit_refused;
  if (!is_expected || (ended.code != exit_sound && ended.said.empty())) return told("the worker", ended);
  return of.check_left(std::filesystem::exists(of.image()) ? of.image() : of.data());
}

std::string fill_once(std::uint64_t seed, const std::string& directory) {
  Case of{seed, directory};
  const Ended ended = of.work_until({.kind = Mishap::Kind::full, .room = of.random() % (24ULL << 20), .seed = seed});
  const bool is_expected = ended.code == exit_sound || ended.code == exit_disk_failed || ended.code == exit_refused;
  if (!is_expected) return told("the worker", ended);
  return of.check_left(of.data());
}

std::string kill_once(std::uint64_t seed, const std::string& directory) {
  Case of{seed, directory};
  const Use use{.directory = of.data(), .seed = seed};
  const pid_t worker = start_child(directory + "/work", [&] { return work(use, *of.book, nullptr); });
  ::usleep(static_cast<useconds_t>(of.random() % 250'000));
  ::kill(worker, SIGKILL);
  const Ended ended = wait_for_child(worker, directory + "/work");
  if (ended.code != 128 + SIGKILL && ended.code != exit_sound) return told("the worker", ended);
  return of.check_left(of.data());
}

}  // namespace

TEST_CASE("powercut: after a cut at any operation everything acknowledged is there, once, and the log opens") {
  const auto tried = try_all(Seeds(100), cut_once);
  MESSAGE(tried << " cuts");
  CHECK(tried > 0);
}

TEST_CASE("powercut: after any failed operation the process stops in good order, and nothing acknowledged is lost") {
  const auto tried = try_all(Seeds(80), fail_once);
  MESSAGE(tried << " faults");
  CHECK(tried > 0);
}

TEST_CASE("powercut: a disk that fills up refuses or stops the process, and opens when there is room again") {
  const auto tried = try_all(Seeds(30), fill_once);
  MESSAGE(tried << " full disks");
  CHECK(tried > 0);
}

TEST_CASE("powercut: after kill -9 at any moment everything acknowledged is there, once, and the log opens") {
  const auto tried = try_all(Seeds(40), kill_once);
  MESSAGE(tried << " kills");
  CHECK(tried > 0);
}

}  // namespace tests::powercut
