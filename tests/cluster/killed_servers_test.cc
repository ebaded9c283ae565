// Real servers with a real etcd: killed and stopped under load. Every acknowledged credit is there once, and whoever is
// asked never shows less than what was acknowledged before.
#include <doctest/doctest.h>
#include <signal.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "tests/cluster/elapsed.h"
#include "tests/cluster/server_processes.h"

namespace tote::cluster {
namespace {

using cli::test::Answer;
using cli::test::request;
using Clock = std::chrono::steady_clock;

// The number behind `"name":`, or -1.
std::int64_t number_in(const std::string& body, const std::string& name) {
  const auto at = body.find("\"" + name + "\":");
  return at == std::string::npos ? -1 : std::atoll(body.c_str() + at + name.size() + 3);
}
std::string text_in(const std::string& body, const std::string& name) {
  const std::string before = "\"" + name + "\":\"";
  const auto at = body.find(before);
  if (at == std::string::npos) return {};
  return body.substr(at + before.size(), body.find('"', at + before.size()) - at - before.size());
}

class Servers : public tests::ServerProcesses {
 public:
  Servers() : ServerProcesses(3, 1) {}

  std::string told() const {
    std::string all;
    for (std::size_t i = 0; i < size(); ++i) all += "\n" + request(port(i), "GET", "/v1/cluster").body;
    return all;
  }
  void kill(std::size_t number) {
    child(number).signal(SIGKILL);
    child(number).wait();
  }
  void signal(std::size_t number, int what) { child(number).signal(what); }

  // As one of them tells it: all in sync, or the test ends. The owner's number.
  std::size_t wait_for_all() {
    std::string last;
    for (const auto ends_at = Clock::now() + std::chrono::seconds(60); Clock::now() < ends_at; pause_ms(20)) {
      for (std::size_t i = 0; i < size(); ++i) {
        last = request(port(i), "GET", "/v1/cluster").body;
        if (text_in(last, "state") != "owner") continue;
        const auto isr = last.substr(0, last.find("\"nodes\""));
        bool has_all = true;
        for (std::size_t node = 0; node < size(); ++node)
          has_all = has_all && isr.find("\"" + name_of(node) + "\"", isr.find("\"isr\"")) != isr.npos;
        if (has_all) return i;
      }
    }
    FAIL("not all are in sync: ", last);
    return 0;
  }
  static void pause_ms(int ms) { std::this_thread::sleep_for(std::chrono::milliseconds(ms)); }
};

// Pays in to a wallet of its own, one after the other, by whichever server answers.
class Payer {
 public:
  Payer(const Servers& servers, int number) : servers_(servers), wallet_("w" + std::to_string(number)) {
    thread_ = std::thread([this] { run(); });
  }
  ~Payer() { stop(); }
  void stop() {
    stopped_ = true;
    if (thread_.joinable()) thread_.join();
  }
  std::int64_t acknowledged() const { return acknowledged_; }
  const std::string& wallet() const { return wallet_; }
  std::string fault() const {
    const std::lock_guard lock(mutex_);
    return fault_;
  }

 private:
  void run() {
    const std::string path = "/v1/wallets/" + wallet_;
    until_answered("PUT", path, R"({"currency":"EUR"})", "open");
    for (int i = 0; !stopped_ && fault().empty(); ++i) {
      const Answer paid = until_answered("POST", path + "/credits", R"({"amount":1})", std::to_string(i));
      if (paid.status == 0) return;  // given up
      if (paid.status != 200) return tell(paid.head + paid.body);
      ++acknowledged_;
      const Answer seen = request(servers_.port(static_cast<std::size_t>(i) % servers_.size()), "GET", path);
      if (seen.status == 200 && number_in(seen.body, "balance") != acknowledged_) tell("was read as " + seen.body);
    }
  }

  Answer until_answered(const std::string& method, const std::string& path, const std::string& body,
                        const std::string& key) {
    const auto ends_at = Clock::now() + std::chrono::seconds(40);
    for (std::size_t at = 0; Clock::now() < ends_at; at = (at + 1) % servers_.size()) {
      Answer answer =
          request(servers_.port(at), method, path, body, "Idempotency-Key: " + wallet_ + "-" + key + "\r\n");
      if (answer.status != 0 && answer.status < 500) return answer;
      Servers::pause_ms(5);
    }
    tell("nobody has answered for 40 s");
    return {};
  }

  void tell(const std::string& fault) {
    const std::lock_guard lock(mutex_);
    fault_ = wallet_ + ": " + fault;
  }

  const Servers& servers_;
  const std::string wallet_;
  std::atomic<std::int64_t> acknowledged_{0};
  std::atomic<bool> stopped_{false};
  mutable std::mutex mutex_;
  std::string fault_;
  std::thread thread_;
};

// It doesn't know that it has stood still: what it is asked then it must not answer from what it has.
void pause(Servers& servers, std::size_t owner, int round) {
  const std::string wallet = "/v1/wallets/probe" + std::to_string(round);
  const std::size_t other = (owner + 1) % servers.size();
  CHECK(request(servers.port(owner), "PUT", wallet, R"({"currency":"EUR"})").status == 201);
  servers.signal(owner, SIGSTOP);
  Answer seen;
  std::thread asking([&] { seen = request(servers.port(owner), "GET", wallet); });
  Answer paid;
  const std::string key = "Idempotency-Key: probe" + std::to_string(round) + "\r\n";
  for (const auto ends_at = Clock::now() + std::chrono::seconds(15); paid.status != 200 && Clock::now() < ends_at;)
    paid = request(servers.port(other), "POST", wallet + "/credits", R"({"amount":7})", key);
  CHECK(paid.status == 200);
  servers.signal(owner, SIGCONT);
  asking.join();
  INFO(seen.head, seen.body);
  CHECK((seen.status != 200 || number_in(seen.body, "balance") == 7));
}

TEST_CASE("killed servers: every acknowledged credit outlives owners that are killed and stopped, and is there once") {
  const char* const wanted = std::getenv("TOTE_CLUSTER_ROUNDS");
  const int rounds = wanted == nullptr ? 3 : std::atoi(wanted);
  Servers servers;
  servers.wait_for_all();
  std::vector<std::unique_ptr<Payer>> payers;
  for (int i = 0; i < 2; ++i) payers.push_back(std::make_unique<Payer>(servers, i));
  const auto paid = [&] {
    std::int64_t sum = 0;
    for (const auto& payer : payers) sum += payer->acknowledged();
    return sum;
  };
  const auto fault = [&] {
    std::string all;
    for (const auto& payer : payers) all += payer->fault();
    return all;
  };
  const auto goes_on = [&](std::int64_t more) {
    const std::int64_t before = paid();
    for (const auto ends_at = Clock::now() + std::chrono::seconds(60); paid() < before + more && fault().empty();) {
      REQUIRE_MESSAGE(Clock::now() < ends_at, "nothing goes on: ", servers.told());
      Servers::pause_ms(1);
    }
  };
  for (int round = 0; round < rounds && fault().empty(); ++round) {
    goes_on(20);
    const std::size_t owner = servers.wait_for_all();
    if (round % 3 == 1) {
      pause(servers, owner, round);
    } else {
      const auto begun = Clock::now();
      servers.kill(owner);
      goes_on(2);
      std::cout << "killed servers: served again after " << tests::ms_since(begun) << " ms" << std::endl;
      servers.start(owner);
    }
    goes_on(20);
  }
  for (const auto& payer : payers) payer->stop();
  CHECK(fault() == "");
  servers.wait_for_all();
  for (const auto& payer : payers)
    for (std::size_t i = 0; i < servers.size(); ++i) {
      Answer seen;  // one that has just begun again may not know yet whom to ask
      for (const auto ends_at = Clock::now() + std::chrono::seconds(20); seen.status != 200 && Clock::now() < ends_at;)
        seen = request(servers.port(i), "GET", "/v1/wallets/" + payer->wallet());
      CHECK(number_in(seen.body, "balance") == payer->acknowledged());
    }
}

}  // namespace
}  // namespace tote::cluster
