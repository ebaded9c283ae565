// Real servers: a log of one machine that begins late becomes a cluster's, and two empty nodes are filled from it, also
// where the owner and the nodes are killed in the middle of it.
#include <doctest/doctest.h>
#include <signal.h>

#include <cstdlib>
#include <filesystem>
#include <future>
#include <iostream>
#include <optional>
#include <random>

#include "actors/wallet/wallet.h"
#include "engine/kernel/kinds.h"
#include "engine/kernel/money_books.h"
#include "engine/tote.h"
#include "tests/cluster/elapsed.h"
#include "tests/cluster/server_processes.h"
#include "tests/engine/harness.h"

namespace tote::cluster {
namespace {

using Request = tote::Request;
using cli::test::request;
using FilledClock = std::chrono::steady_clock;

constexpr int credits_at_once = 10'000;

// Credits until neither the log nor the archive has its beginning; returns how many were taken: a slow disk refuses
// some.
int make_late_log(const std::string& directory) {
  tote::Options options;
  options.directory = directory;
  options.kinds = {kind_of<Wallet>(), kind_of<MoneyBooks>()};
  options.keys_in_memory_max = 10'000;
  options.disk_free_bytes_min = 1 << 20;
  options.snapshot_interval_ms = 200;
  options.retention.log_s = 0;
  options.retention.log_bytes = 1 << 20;
  options.retention.archive_keep_s = 1;
  options.retention.interval_ms = 50;
  auto opened = Engine::open(std::move(options));
  REQUIRE(std::holds_alternative<std::unique_ptr<Engine>>(opened));
  const auto engine = std::move(std::get<std::unique_ptr<Engine>>(opened));
  REQUIRE(is_success(engine->call(ask("alice", open())).code));
  int sent = 0, taken = 0;
  for (const auto ends_at = FilledClock::now() + std::chrono::seconds(60); engine->figures().first <= Lsn{1};) {
    REQUIRE(FilledClock::now() < ends_at);
    std::vector<Request> requests;
    for (int i = 0; i < credits_at_once; ++i, ++sent)
      requests.push_back(ask("alice", credit(1), std::to_string(sent) + std::string(200, 'k')));
    std::promise<std::ptrdiff_t> done;
    engine->submit(std::move(requests), [&](std::span<Outcome> outcomes) {
      done.set_value(std::ranges::count_if(outcomes, [](const Outcome& each) { return is_success(each.code); }));
    });
    taken += static_cast<int>(done.get_future().get());
  }
  engine->close();
  return taken;
}

// The same log for all tests, made once. Returns its credits.
int copy_late_log(const std::string& directory) {
  static const tests::TempDirectory kept;
  static const int taken = make_late_log(kept.file("log"));
  std::filesystem::copy(kept.file("log"), directory, std::filesystem::copy_options::recursive);
  return taken;
}

std::uint64_t bytes_in(const std::string& directory) {
  std::uint64_t bytes = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(directory))
    bytes += entry.is_regular_file() ? entry.file_size() : 0;
  return bytes;
}

bool answers_soon(const std::function<bool()>& is_so) {
  for (const auto ends_at = FilledClock::now() + std::chrono::seconds(30); FilledClock::now() < ends_at;) {
    if (is_so()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return false;
}

// Any of the nodes owns the log, and it says what was taken.
void check_owner(const tests::ServerProcesses& servers, const std::string& node, int balance) {
  const auto view = [&] { return request(servers.port(0), "GET", "/v1/cluster").body; };
  const auto is_handed_over = [&] {
    return request(servers.port(0), "POST", "/v1/admin/cluster/transfer", R"({"node":")" + node + "\"}").status == 200;
  };
  CHECK(answers_soon(is_handed_over));
  CHECK(answers_soon([&] { return view().find(R"("owner":")" + node + "\"") != std::string::npos; }));
  std::string told;
  const bool is_told = answers_soon([&] {
    told = request(servers.port(2), "GET", "/v1/wallets/alice").body;
    return told.find("\"balance\":" + std::to_string(balance)) != std::string::npos;
  });
  CHECK_MESSAGE(is_told, told);
}

TEST_CASE("filled servers: nodes with empty directories are filled, and any of them owns the log after") {
  int sent = 0;
  const FilledClock::time_point begun = FilledClock::now();
  tests::ServerProcesses servers(3, 1, [&](const std::string& directory) {
    sent = copy_late_log(directory);
    std::cout << sent << " credits in " << tests::ms_since(begun) << " ms, " << bytes_in(directory) / 1'000'000 << " MB"
              << std::endl;
  });
  const auto started = FilledClock::now();
  const auto view = [&](std::size_t node) { return request(servers.port(node), "GET", "/v1/cluster").body; };
  const auto are_in_sync = [&] { return view(0).find(R"("isr":["n1","n2","n3"])") != std::string::npos; };
  std::optional<FilledClock::time_point> filled_from, filled_to;
  const bool is_whole = answers_soon([&] {
    if (view(1).find("\"fill_bytes\"") != std::string::npos) {
      filled_to = FilledClock::now();
      if (!filled_from) filled_from = filled_to;
    }
    return are_in_sync();
  });
  CHECK(filled_from);
  if (filled_from)
    std::cout << "n2 is filled for some "
              << std::chrono::duration_cast<std::chrono::milliseconds>(*filled_to - *filled_from).count() << " ms"
              << std::endl;
  std::cout << "three in sync after " << tests::ms_since(started) << " ms" << std::endl;
  REQUIRE_MESSAGE(is_whole, view(0), view(1), view(2));
  for (const char* node : {"n2", "n3"}) {
    check_owner(servers, node, sent);
    CHECK(answers_soon(are_in_sync));
  }
}

// Of how much has come, so much is there: "filled_bytes" and "fill_bytes" of a node as it says itself.
double share_filled(const tests::ServerProcesses& servers, std::size_t node) {
  const std::string body = request(servers.port(node), "GET", "/v1/cluster").body;
  const auto number = [&](const char* name) {
    const auto at = body.find(name);
    return at == std::string::npos ? 0.0 : std::atof(body.c_str() + at + std::string_view(name).size());
  };
  const double all = number("\"fill_bytes\":");
  return all > 0 ? number("\"filled_bytes\":") / all : 0;
}

// Which of the two empty ones is being filled, when so much of it has come; nothing: none is any more.
std::optional<std::size_t> filled_so_far(const tests::ServerProcesses& servers, double share) {
  std::optional<std::size_t> found;
  answers_soon([&] {
    for (const std::size_t node : {1U, 2U})
      if (share_filled(servers, node) > share) found = node;
    return found.has_value();
  });
  return found;
}

std::int64_t balance_in(const std::string& directory) {
  tote::Options options;
  options.directory = directory;
  options.kinds = {kind_of<Wallet>(), kind_of<MoneyBooks>()};
  options.read_only = true;
  auto opened = Engine::open(std::move(options));
  if (const auto* error = std::get_if<OpenError>(&opened)) FAIL(error->detail);
  return field(std::get<std::unique_ptr<Engine>>(opened)->call(look("alice")), "balance");
}

void kill_and_start(tests::ServerProcesses& servers, std::size_t node) {
  servers.child(node).signal(SIGKILL);
  servers.child(node).wait();
  servers.start(node);
}

TEST_CASE("filled servers: owner and node are killed in the middle of it, and the node is whole and equal") {
  int sent = 0;
  tests::ServerProcesses servers(3, 1, [&](const std::string& directory) { sent = copy_late_log(directory); });
  std::mt19937 random(15);
  std::uniform_real_distribution<double> share(0.05, 0.7);
  for (const bool is_owner : {true, false, false, true}) {
    const auto node = filled_so_far(servers, share(random));
    REQUIRE(node);
    kill_and_start(servers, is_owner ? 0 : *node);
    const std::string directory = servers.directory_of(*node);
    const bool is_in_the_middle =
        std::filesystem::exists(directory + "/fill") && !std::filesystem::exists(directory + "/fill.whole");
    std::cout << (is_owner ? "the owner" : servers.name_of(*node)) << " was killed"
              << (is_in_the_middle ? " in the middle" : "") << std::endl;
    CHECK(is_in_the_middle);
  }
  const auto are_in_sync = [&] {
    return request(servers.port(0), "GET", "/v1/cluster").body.find(R"("isr":["n1","n2","n3"])") != std::string::npos;
  };
  REQUIRE(answers_soon(are_in_sync));
  for (const char* node : {"n2", "n3"}) {
    check_owner(servers, node, sent);
    CHECK(answers_soon(are_in_sync));
  }
  for (std::size_t node = 0; node < servers.size(); ++node) {
    servers.child(node).signal(SIGKILL);
    servers.child(node).wait();
    CHECK(balance_in(servers.directory_of(node)) == sent);
    for (const char* name : {"/fill", "/fill.links", "/archive/fill"})
      CHECK_FALSE(std::filesystem::exists(servers.directory_of(node) + name));
  }
}

}  // namespace
}  // namespace tote::cluster
