// Three real processes of `tote serve` and a real etcd: what clients see of a cluster.
#include <doctest/doctest.h>
#include <signal.h>

#include <boost/json.hpp>
#include <chrono>
#include <functional>
#include <iostream>
#include <string>
#include <vector>

#include "tests/cluster/elapsed.h"
#include "tests/cluster/server_processes.h"

namespace {

namespace json = boost::json;
using tote::cli::test::Answer;
using tote::cli::test::request;
using Clock = std::chrono::steady_clock;

bool wait_until(const std::function<bool()>& is_so) {
  const auto limit = Clock::now() + std::chrono::seconds(40);
  while (!is_so())
    if (Clock::now() > limit) return false;
  return true;
}

class Cluster : public tests::ServerProcesses {
 public:
  static constexpr std::size_t size = 3;

  Cluster() : ServerProcesses(size, 3) {
    for (std::size_t i = 0; i < size; ++i) REQUIRE(child(i).wait_for_line("READY"));
    REQUIRE(wait_for_in_sync(size));
  }

  json::object view(std::size_t node) const {
    const Answer answer = request(port(node), "GET", "/v1/cluster");
    return answer.status == 200 ? json::parse(answer.body).as_object()
                                : json::object{{"state", ""}, {"isr", json::array()}};
  }
  // Whose engine is open; size: nobody's.
  std::size_t owner() const {
    for (std::size_t i = 0; i < size; ++i)
      if (view(i).at("state") == "owner") return i;
    return size;
  }
  std::size_t wait_for_owner(std::size_t other_than = size) const {
    std::size_t found = size;
    wait_until([&] { return (found = owner()) != size && found != other_than; });
    return found;
  }
  bool wait_for_in_sync(std::size_t count) const {
    return wait_until([&] {
      const std::size_t at = owner();
      return at != size && view(at).at("isr").as_array().size() >= count;
    });
  }
  Answer credit(std::size_t node, const std::string& key) const {
    return request(port(node), "POST", "/v1/wallets/alice/credits", R"({"amount":1})",
                   "Idempotency-Key: " + key + "\r\n");
  }
  // Asks again as a client does, until there is an answer.
  Answer credit_at_last(std::size_t node, const std::string& key) const {
    Answer answer;
    wait_until([&] { return (answer = credit(node, key)).status == 200; });
    return answer;
  }
  std::int64_t balance(std::size_t node) const {
    const Answer answer = request(port(node), "GET", "/v1/wallets/alice");
    return answer.status == 200 ? json::parse(answer.body).at("balance").as_int64() : -1;
  }
};

constexpr std::size_t next_of(std::size_t node) { return (node + 1) % Cluster::size; }

}  // namespace

TEST_CASE("processes: any node answers, and what was acknowledged outlives its owner") {
  Cluster cluster;
  const std::size_t first = cluster.owner(), other = next_of(first);
  CHECK(request(cluster.port(other), "PUT", "/v1/wallets/alice", R"({"currency":"EUR"})").status == 201);
  std::vector<std::string> answers;
  for (int i = 0; i < 30; ++i) {
    const Answer answer = cluster.credit(static_cast<std::size_t>(i) % Cluster::size, "k" + std::to_string(i));
    REQUIRE(answer.status == 200);
    answers.push_back(answer.body);
  }
  for (std::size_t i = 0; i < Cluster::size; ++i) {
    CHECK(cluster.balance(i) == 30);
    CHECK(request(cluster.port(i), "GET", "/readyz").status == 200);
  }
  const auto begun = Clock::now();
  cluster.child(first).signal(SIGKILL);
  CHECK(cluster.child(first).wait() == 128 + SIGKILL);
  CHECK(cluster.credit_at_last(other, "after").status == 200);
  std::cout << "a client is served " << tests::ms_since(begun) << " ms after kill -9" << std::endl;
  CHECK(tests::ms_since(begun) < 3'000);
  for (int i = 0; i < 30; ++i) {
    const Answer again = cluster.credit(next_of(other) == first ? other : next_of(other), "k" + std::to_string(i));
    CHECK(again.body == answers[static_cast<std::size_t>(i)]);
    CHECK(again.head.find("Idempotent-Replayed: true") != std::string::npos);
  }
  CHECK(cluster.balance(other) == 31);
  cluster.start(first);
  REQUIRE(cluster.child(first).wait_for_line("READY"));
  CHECK(cluster.wait_for_in_sync(Cluster::size));
  CHECK(cluster.balance(first) == 31);
}

TEST_CASE("processes: the log is handed over on demand, at a stop, and when its owner was held up") {
  Cluster cluster;
  const std::size_t first = cluster.owner(), asked = next_of(first), second = next_of(asked);
  REQUIRE(request(cluster.port(asked), "PUT", "/v1/wallets/alice", R"({"currency":"EUR"})").status == 201);
  CHECK(cluster.credit(asked, "a").status == 200);
  const Answer handed = request(cluster.port(asked), "POST", "/v1/admin/cluster/transfer",
                                "{\"node\":\"" + Cluster::name_of(second) + "\"}");
  CHECK_MESSAGE(handed.status == 200, handed.body);
  CHECK(cluster.wait_for_owner(first) == second);
  CHECK(cluster.credit_at_last(asked, "b").status == 200);  // the one asked may not have heard of it yet
  // It has begun again, in the same process.
  CHECK(wait_until([&] { return cluster.view(first).at("state") == "standing_by"; }));
  CHECK(cluster.wait_for_in_sync(Cluster::size));

  // Who stops hands it over first.
  cluster.child(second).signal(SIGTERM);
  CHECK(cluster.credit_at_last(asked, "c").status == 200);
  CHECK(cluster.child(second).wait() == 0);
  cluster.start(second);
  REQUIRE(cluster.child(second).wait_for_line("READY"));
  CHECK(cluster.wait_for_in_sync(Cluster::size));

  // Who is held up is deposed, hears of it, and begins again.
  const std::size_t third = cluster.owner();
  cluster.child(third).signal(SIGSTOP);
  CHECK(cluster.credit_at_last(next_of(third), "d").status == 200);
  cluster.child(third).signal(SIGCONT);
  CHECK(wait_until([&] { return cluster.view(third).at("state") == "standing_by"; }));
  CHECK(cluster.wait_for_in_sync(Cluster::size));
  for (std::size_t i = 0; i < Cluster::size; ++i) CHECK(cluster.balance(i) == 4);
}

// `Tote-Read: stale`: from what the node has, without asking its owner.
TEST_CASE("processes: a node that stands by answers reads that may be old, and says how old they are") {
  Cluster cluster;
  const std::size_t owner = cluster.owner(), other = next_of(owner), third = next_of(other);
  REQUIRE(request(cluster.port(owner), "PUT", "/v1/wallets/alice", R"({"currency":"EUR"})").status == 201);
  const Answer paid = cluster.credit(owner, "a");
  REQUIRE(paid.status == 200);
  const auto lsn_of = [](const Answer& answer) {
    const auto at = answer.head.find("Tote-Lsn: ");
    return at == std::string::npos ? std::string()
                                   : answer.head.substr(at + 10, answer.head.find("\r\n", at) - at - 10);
  };
  const auto stale = [&](std::size_t node, const std::string& path, const std::string& more = "") {
    return request(cluster.port(node), "GET", path, "", "Tote-Read: stale\r\n" + more);
  };
  const std::string min_lsn = "Tote-Min-Lsn: " + lsn_of(paid) + "\r\n";
  for (const std::size_t node : {other, third}) {
    REQUIRE(wait_until([&] { return stale(node, "/v1/wallets/alice").head.find("\r\nAge: ") != std::string::npos; }));
    const Answer read = stale(node, "/v1/wallets/alice", min_lsn);
    CHECK(read.status == 200);
    CHECK(read.body == request(cluster.port(owner), "GET", "/v1/wallets/alice").body);
    CHECK(lsn_of(read) == lsn_of(paid));
    CHECK(stale(node, "/v1/wallets/nobody").status == 404);
    CHECK(stale(node, "/v1/wallets/alice/history").body ==
          request(cluster.port(owner), "GET", "/v1/wallets/alice/history").body);
    CHECK(stale(node, "/v1/wallets").body.find("\"alice\"") != std::string::npos);
  }
  // The owner's are never old, and say nothing of an age; nor does what is handed on to it.
  CHECK(stale(owner, "/v1/wallets/alice").head.find("\r\nAge: ") == std::string::npos);
  CHECK(request(cluster.port(other), "GET", "/v1/wallets/alice").head.find("\r\nAge: ") == std::string::npos);
  // With nobody who could own the log they are answered all the same, and grow old.
  cluster.child(owner).signal(SIGKILL);
  cluster.child(third).signal(SIGKILL);
  CHECK(wait_until([&] {
    const Answer read = stale(other, "/v1/wallets/alice");
    const auto at = read.head.find("\r\nAge: ");
    return read.status == 200 && at != std::string::npos && std::stoi(read.head.substr(at + 7)) >= 3;
  }));
  CHECK(request(cluster.port(other), "GET", "/v1/wallets/alice").status == 503);
  cluster.start(owner);
  cluster.start(third);
  CHECK(cluster.credit_at_last(other, "b").status == 200);
  CHECK(cluster.wait_for_in_sync(Cluster::size));
  for (std::size_t i = 0; i < Cluster::size; ++i) CHECK(cluster.balance(i) == 2);
}

// Of its own log, whoever owns it; over HTTP and by `tote backup`.
TEST_CASE("processes: a standby makes a backup of its own, without an owner, too") {
  Cluster cluster;
  const std::size_t owner = cluster.owner(), other = next_of(owner), third = next_of(other);
  REQUIRE(request(cluster.port(owner), "PUT", "/v1/wallets/alice", R"({"currency":"EUR"})").status == 201);
  for (const char* key : {"a", "b", "c"}) REQUIRE(cluster.credit(owner, key).status == 200);
  const auto status = [&] {
    return json::parse(request(cluster.port(other), "GET", "/v1/admin/backup").body).as_object();
  };
  const auto back_up = [&](const char* what) {
    CAPTURE(what);
    REQUIRE(wait_until([&] { return request(cluster.port(other), "POST", "/v1/admin/backup").status == 202; }));
    REQUIRE(wait_until([&] { return status().at("status") != "running"; }));
    REQUIRE(status().at("status") == "done");
    const std::string backup = cluster.backups_of(other) + "/" + std::string(status().at("name").as_string());
    const auto verified = tote::cli::test::run_tote({"verify", backup});
    CHECK_MESSAGE(verified.code == 0, verified.out, verified.err);
    CHECK(verified.out.find("wallet") != std::string::npos);
  };
  back_up("beside an owner");
  CHECK(json::parse(request(cluster.port(owner), "GET", "/v1/admin/backup").body).at("status") == "none");
  cluster.child(owner).signal(SIGKILL);
  cluster.child(third).signal(SIGKILL);
  cluster.child(owner).wait();
  cluster.child(third).wait();
  back_up("without one");
  const auto last = status().at("lsn").to_number<std::uint64_t>();
  const auto made =
      tote::cli::test::run_tote({"backup", cluster.directory_of(other), "--to", cluster.backups_of(third)});
  CHECK_MESSAGE(made.code == 0, made.out, made.err);
  const auto at = made.out.find("up to LSN ");
  REQUIRE_MESSAGE(at != std::string::npos, made.out);
  CHECK(std::stoull(made.out.substr(at + 10)) >= last);  // it may begin an epoch meanwhile
  // Once there is an owner again, whoever that is, it goes on with them.
  cluster.start(third);
  REQUIRE(wait_until([&] { return cluster.owner() != Cluster::size; }));
  cluster.start(owner);
  REQUIRE(cluster.wait_for_in_sync(Cluster::size));
  back_up("afterwards");
}
