// kill -9 under a load of transfers, orders and bookings: money and stock are where the answers say, every saga ends,
// and the gateway has charged each thing once.
#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <boost/json.hpp>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <map>
#include <memory>
#include <mutex>
#include <random>
#include <thread>

#include "tests/cli/program.h"
#include "tests/http/client.h"
#include "tests/support/workload.h"

using namespace tests;
using tests::http::Client;
using tests::http::Response;
using tote::cli::test::run_tote;
using tote::cli::test::Server;
using tote::cli::test::TempDirectory;
namespace json = boost::json;

namespace {

constexpr std::size_t wallets = 6, clients = 8;
constexpr std::int64_t start_balance = 100'000, start_stock = 100'000, price = 30;

struct Asked {
  std::string key, method, target, body;
  unsigned status = 0;  // 0: no answer came
  std::string answer;
};

std::string wallet(std::uint64_t number) { return "w" + std::to_string(number % wallets); }

// What a client may ask; `number` makes ids unique.
Asked any_request(Random& random, std::uint64_t number) {
  Asked asked{"key-" + std::to_string(number), "POST", {}, {}, 0, {}};
  const std::string n = std::to_string(number);
  const std::string amount = std::to_string(1 + pick(random, 50));
  const char* tokens[] = {"tok_ok", "tok_declined", "tok_lost_answer"};
  const std::string token = tokens[pick(random, 3)];
  switch (pick(random, 5)) {
    case 0:
    case 1: {
      const std::uint64_t from = pick(random, wallets), to = from + 1 + pick(random, wallets - 1);
      asked.target = "/v1/transfers";
      asked.body = R"({"from":")" + wallet(from) + R"(","to":")" + wallet(to) + R"(","amount":)" + amount + "}";
      break;
    }
    case 2:
      asked.target = "/v1/orders";
      asked.body = R"({"order":"o)" + n +
                   R"(","lines":[{"item":"i0","quantity":2},{"item":"i1","quantity":1}],"pay":)" +
                   (chance(random, 50)
                        ? R"({"wallet":")" + wallet(number) + R"(","amount":)" + amount + "}}"
                        : R"({"card":{"token":")" + token + R"("},"amount":)" + amount + R"(,"currency":"EUR"}})");
      break;
    case 3:
      asked.target = "/v1/matches/m/bookings";
      asked.body = R"({"player":"p)" + n + R"(","pay":)" +
                   (chance(random, 50) ? R"({"wallet":")" + wallet(number) + R"("}})"
                                       : R"({"card":{"token":")" + token + R"("}}})");
      break;
    default:
      asked.method = "DELETE";
      asked.target = "/v1/matches/m/bookings/p" + std::to_string(number > 40 ? number - 1 - pick(random, 40) : 0);
  }
  return asked;
}

void ask(Client& client, Asked& asked) {
  const Response response = client.ask(asked.method, asked.target, asked.body, {{"Idempotency-Key", asked.key}});
  asked.status = response.status;
  asked.answer = response.body;
}

std::string order_of(const Asked& asked) {
  const json::value body = json::parse(asked.body);
  return std::string(body.at("order").as_string());
}

bool is_stored(unsigned status) { return status < 500 && status != 429 && status != 400 && status != 0; }

class DomainCrashTest {
 public:
  explicit DomainCrashTest(std::uint64_t seed) : random_(seed) {}

  void begin() {
    start();
    Client client(port());
    for (std::size_t i = 0; i < wallets; ++i) {
      must(client, "PUT", "/v1/wallets/" + wallet(i), R"({"currency":"EUR"})");
      must(client, "POST", "/v1/wallets/" + wallet(i) + "/credits",
           R"({"amount":)" + std::to_string(start_balance) + "}");
    }
    for (const char* item : {"i0", "i1"})
      must(client, "PUT", std::string("/v1/items/") + item, R"({"quantity":)" + std::to_string(start_stock) + "}");
    must(client, "PUT", "/v1/matches/m", R"({"seats":50,"price":{"amount":30,"currency":"EUR"}})");
  }

  void round() {
    std::atomic<bool> killed{false};
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < clients; ++i)
      threads.emplace_back([this, &killed, seed = random_()] { play(seed, killed); });
    const auto enough = answered_ + 100 + pick(random_, 500);
    while (answered_ < enough) std::this_thread::yield();
    server_->child().signal(SIGKILL);
    killed = true;
    CHECK(server_->child().wait() == 128 + SIGKILL);
    for (auto& thread : threads) thread.join();
    start();
    ask_again();
  }

  void finish() {
    settle();
    check_books();
    server_->child().signal(SIGTERM);
    CHECK(server_->child().wait() == 0);
    const auto verified = run_tote({"verify", data_});
    CHECK_MESSAGE(verified.code == 0, verified.out << verified.err);
  }

 private:
  std::uint16_t port() const { return static_cast<std::uint16_t>(server_->port()); }

  void start() {
    server_ = std::make_unique<Server>(
        data_, tote::cli::test::Child::Arguments{"--gateway", "test", "--snapshot-interval-s", "1"});
    REQUIRE_MESSAGE(server_->ready(), server_->child().out() << server_->child().err());
  }

  static void must(Client& client, std::string_view method, const std::string& target, const std::string& body) {
    const unsigned status = client.ask(method, target, body).status;
    REQUIRE_MESSAGE(status < 300, target);
  }

  void play(std::uint64_t seed, const std::atomic<bool>& killed) {
    Random random(seed);
    Client client(port());
    while (!killed) {
      Asked asked = any_request(random, next_++);
      ask(client, asked);
      if (asked.status != 0) ++answered_;
      const bool is_lost = asked.status == 0;
      const std::lock_guard lock(mutex_);
      asked_.push_back(std::move(asked));
      if (is_lost) return;
    }
  }

  // What was answered is answered the same; what got lost happens now, or has happened.
  void ask_again() {
    Client client(port());
    for (; again_ < asked_.size(); ++again_) {
      Asked& before = asked_[again_];
      const Response now = client.ask(before.method, before.target, before.body, {{"Idempotency-Key", before.key}});
      REQUIRE(now.status != 0);
      if (is_stored(before.status)) {
        CHECK(now.status == before.status);
        CHECK(now.body == before.answer);
        CHECK(now.header("Idempotent-Replayed") == "true");
      } else if (before.status == 0) {
        lost_ += 1;
        found_ += now.header("Idempotent-Replayed") == "true" ? 1 : 0;
      }
      before.status = now.status;
      before.answer = now.body;
    }
  }

  json::value get(Client& client, const std::string& target) {
    const Response response = client.get(target);
    REQUIRE_MESSAGE(response.status == 200, target);
    return json::parse(response.body);
  }

  json::array list(Client& client, const std::string& target, std::string_view member = {}) {
    const json::value answer = get(client, target);
    return member.empty() ? answer.as_array() : answer.at(member).as_array();
  }

  bool is_at_rest(Client& client) {
    for (const Asked& asked : asked_) {
      if (asked.target != "/v1/orders" || asked.status >= 400) continue;
      const auto order = get(client, "/v1/orders/" + order_of(asked));
      if (order.at("status").as_string() == "pending") return false;
    }
    for (const auto& player : list(client, "/v1/matches/m", "players"))
      if (player.at("status").as_string() == "pending") return false;
    for (const auto& refund : list(client, "/v1/refunds", "refunds"))
      if (refund.at("status").as_string() != "succeeded") return false;
    return true;
  }

  void settle() {
    Client client(port());
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (!is_at_rest(client)) REQUIRE(std::chrono::steady_clock::now() < deadline);
  }

  struct Orders {
    std::int64_t by_wallet = 0, by_card = 0, count = 0;
  };
  Orders confirmed(Client& client) {
    Orders orders;
    for (const Asked& asked : asked_) {
      if (asked.target != "/v1/orders" || asked.status >= 400) continue;
      const auto order = get(client, "/v1/orders/" + order_of(asked));
      if (order.at("status").as_string() != "confirmed") continue;
      const auto& pay = order.at("pay").as_object();
      (pay.contains("wallet") ? orders.by_wallet : orders.by_card) += pay.at("amount").as_int64();
      ++orders.count;
    }
    return orders;
  }

  void check_books() {
    Client client(port());
    const Orders orders = confirmed(client);
    std::int64_t in_wallets = 0, seats_by_wallet = 0, seats_by_card = 0;
    for (std::size_t i = 0; i < wallets; ++i)
      in_wallets += get(client, "/v1/wallets/" + wallet(i)).at("balance").as_int64();
    const auto match = get(client, "/v1/matches/m");
    CHECK(match.at("taken").as_int64() <= 50);
    for (const auto& player : match.at("players").as_array())
      ++(player.at("paid_by").as_string() == "wallet" ? seats_by_wallet : seats_by_card);
    CHECK(in_wallets + orders.by_wallet + seats_by_wallet * price ==
          static_cast<std::int64_t>(wallets) * start_balance);
    for (const auto& [id, sold] : {std::pair{"i0", 2}, std::pair{"i1", 1}}) {
      const auto item = get(client, std::string("/v1/items/") + id);
      CHECK(item.at("on_hand").as_int64() == start_stock - sold * orders.count);
      CHECK(item.at("reserved").as_int64() == 0);
    }
    std::map<std::string, int> by_key;
    std::int64_t kept = 0, charges = 0;
    for (const auto& charge : list(client, "/test-gateway/charges")) {
      ++by_key[std::string(charge.at("key").as_string())];
      kept += charge.at("amount").as_int64();
      ++charges;
    }
    for (const auto& refund : list(client, "/test-gateway/refunds")) kept -= refund.at("amount").as_int64();
    CHECK(std::ranges::all_of(by_key, [](const auto& entry) { return entry.second == 1; }));
    CHECK(kept == orders.by_card + seats_by_card * price);
    MESSAGE(asked_.size() << " requests, " << lost_ << " answers lost (" << found_ << " of them had happened), "
                          << orders.count << " orders confirmed, " << charges << " cards charged");
    CHECK(orders.count > 0);
    CHECK(charges > 0);
    CHECK(lost_ > 0);
  }

  Random random_;
  TempDirectory directory_;
  const std::string data_ = directory_.file("data");
  std::unique_ptr<Server> server_;
  std::mutex mutex_;
  std::vector<Asked> asked_;
  std::atomic<std::uint64_t> next_{1}, answered_{0};
  std::size_t again_ = 0, lost_ = 0, found_ = 0;
};

}  // namespace

TEST_CASE("kill -9 under transfers, orders and bookings: the books are right, each card is charged once") {
  const char* given = std::getenv("TOTE_CRASH_ROUNDS");
  const auto rounds = given != nullptr ? std::strtol(given, nullptr, 10) : 15;
  DomainCrashTest test(choose_seed());
  test.begin();
  for (long round = 0; round < rounds; ++round) {
    CAPTURE(round);
    test.round();
  }
  test.finish();
}
