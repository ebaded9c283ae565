// Transfers of 64 clients at once, both ways between two wallets and around rings: every answer fits one history.
#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <boost/json.hpp>
#include <latch>
#include <map>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "tests/http/api_words.h"
#include "tests/http/client.h"
#include "tests/http/running_server.h"

using namespace tests::http;
namespace json = boost::json;

namespace {

constexpr int clients = 64, transfers_per_connection = 40;

struct AskedTransfer {
  std::string from, to;
  std::int64_t amount;
  std::string key;

  std::string body() const {
    return R"({"from":")" + from + R"(","to":")" + to + R"(","amount":)" + std::to_string(amount) + '}';
  }
  std::string text() const { return Client::text_of("POST", "/v1/transfers", body(), {{"Idempotency-Key", key}}); }
};

struct Answered {
  AskedTransfer asked;
  Response response;
};

// Of one wallet: what each version changed, and what it left.
struct Change {
  std::int64_t delta, balance, lsn;
};
using Ledger = std::map<std::int64_t, Change>;

struct Seen {
  std::string wallet;
  std::int64_t version, balance;
  std::int64_t min_lsn;  // what was asked for
};

std::int64_t number(const json::value& from, std::string_view name) { return from.at(name).as_int64(); }

struct TransferFixture {
  TempDirectory directory;
  RunningServer server{directory.path()};
  Client client{server.port()};
  std::vector<std::string> wallets;
  std::map<std::string, Ledger> ledgers;
  std::int64_t total = 0;

  void open(const std::string& wallet, std::int64_t money) {
    REQUIRE(client.ask("PUT", "/v1/wallets/" + wallet, R"({"currency":"EUR"})").status == 201);
    const auto credited =
        client.ask("POST", "/v1/wallets/" + wallet + "/credits", "{\"amount\":" + std::to_string(money) + '}');
    REQUIRE(credited.status == 200);
    wallets.push_back(wallet);
    ledgers[wallet][2] = {money, money, number(json::parse(credited.body), "lsn")};
    total += money;
  }

  // All clients at once; each sends every request twice, so that its repeat meets it in flight. `next` gives the
  // i-th transfer of connection c.
  template <class Next>
  std::vector<Answered> run(const Next& next) {
    std::vector<std::vector<Answered>> by_connection(clients);
    std::atomic<int> wrong_repeats = 0;
    std::latch start(clients);
    std::vector<std::thread> threads;
    for (int c = 0; c < clients; ++c)
      threads.emplace_back([&, c] {
        Client own(server.port());
        start.arrive_and_wait();
        for (int i = 0; i < transfers_per_connection; ++i) {
          const AskedTransfer asked = next(c, i);
          own.send(asked.text() + asked.text());
          const Response one = own.receive(), other = own.receive();
          if (one.status != other.status || one.body != other.body || is_replay(one) == is_replay(other))
            ++wrong_repeats;
          by_connection[static_cast<std::size_t>(c)].push_back({asked, one});
        }
      });
    for (auto& thread : threads) thread.join();
    CHECK(wrong_repeats == 0);
    std::vector<Answered> all;
    for (auto& some : by_connection) all.insert(all.end(), some.begin(), some.end());
    CHECK(all.size() == clients * transfers_per_connection);
    return all;
  }

  void enter(const json::value& wallet, std::int64_t delta, std::int64_t lsn) {
    const std::string id(wallet.at("id").as_string());
    CHECK(number(wallet, "lsn") == lsn);
    CHECK(number(wallet, "available") == number(wallet, "balance"));
    const bool is_new =
        ledgers[id].emplace(number(wallet, "version"), Change{delta, number(wallet, "balance"), lsn}).second;
    CHECK_MESSAGE(is_new, id << " has version " << number(wallet, "version") << " twice");
  }

  // Enters the acknowledged ones. The others must be refusals for want of money: their number.
  int enter(const std::vector<Answered>& all) {
    std::set<std::int64_t> lsns;
    int refused = 0;
    for (const auto& [asked, response] : all) {
      if (response.status == 402) {
        ++refused;
        const auto problem = json::parse(response.body);
        CHECK(problem.at("code").as_string() == "insufficient_funds");
        CHECK(number(problem, "available") < asked.amount);
        continue;
      }
      REQUIRE_MESSAGE(response.status == 200, response.status << ' ' << response.body);
      const auto body = json::parse(response.body);
      CHECK(body.at("from").at("id").as_string() == asked.from);
      CHECK(body.at("to").at("id").as_string() == asked.to);
      CHECK(lsns.insert(number(body, "lsn")).second);
      enter(body.at("from"), -asked.amount, number(body, "lsn"));
      enter(body.at("to"), asked.amount, number(body, "lsn"));
    }
    return refused;
  }

  // No version is missing, each balance follows from the one before, and the last is what the server shows.
  void check_ledgers() {
    std::int64_t money = 0;
    for (const auto& wallet : wallets) {
      std::int64_t version = 1, balance = 0, lsn = 0;
      for (const auto& [at, change] : ledgers[wallet]) {
        CHECK(at == ++version);
        balance += change.delta;
        CHECK(change.balance == balance);
        CHECK(balance >= 0);
        CHECK(change.lsn > lsn);
        lsn = change.lsn;
      }
      const auto shown = json::parse(client.get("/v1/wallets/" + wallet).body);
      CHECK(number(shown, "version") == version);
      CHECK(number(shown, "balance") == balance);
      money += balance;
    }
    CHECK(money == total);
  }

  // The same from the durable history: after every single record the wallets' money is the total.
  void check_histories() {
    std::map<std::int64_t, std::map<std::string, std::int64_t>> balances_by_lsn;
    for (const auto& wallet : wallets)
      for (std::int64_t after = 0, more = 1; more != 0;) {
        const auto page = json::parse(
            client.get("/v1/wallets/" + wallet + "/history?limit=500&after_version=" + std::to_string(after)).body);
        more = 0;
        for (const auto& entry : page.at("entries").as_array()) {
          after = number(entry, "version");
          more = 1;
          balances_by_lsn[number(entry, "lsn")][wallet] = number(entry, "balance");
          if (after > 1) CHECK(ledgers[wallet].at(after).balance == number(entry, "balance"));
        }
      }
    std::map<std::string, std::int64_t> balances;
    const std::int64_t opened = 2 * static_cast<std::int64_t>(wallets.size());  // records
    for (const auto& [lsn, changed] : balances_by_lsn) {
      for (const auto& [wallet, balance] : changed) balances[wallet] = balance;
      std::int64_t money = 0;
      for (const auto& [wallet, balance] : balances) money += balance;
      if (lsn >= opened) CHECK(money == total);
    }
    CHECK(balances.size() == wallets.size());
  }

  void check_replays(const std::vector<Answered>& all) {
    const auto last = server.figures().last;
    for (const auto& [asked, response] : all) {
      client.send(asked.text());
      const auto again = client.receive();
      CHECK(is_replay(again));
      CHECK(again.status == response.status);
      CHECK(again.body == response.body);
    }
    CHECK(server.figures().last == last);
  }

  // Every read shows a state that was, and one as new as it was asked for.
  void check(const std::vector<Seen>& seen) {
    CHECK_FALSE(seen.empty());
    for (const auto& [wallet, version, balance, min_lsn] : seen) {
      const auto& ledger = ledgers[wallet];
      REQUIRE_MESSAGE(ledger.contains(version), wallet << " was seen at version " << version);
      CHECK(ledger.at(version).balance == balance);
      const auto next = ledger.upper_bound(version);
      if (next != ledger.end()) CHECK(next->second.lsn > min_lsn);
    }
  }
};

// Reads all wallets over and over, each at least as new as the newest that it has seen.
class Reader {
 public:
  Reader(std::uint16_t port, const std::vector<std::string>& wallets)
      : thread_([this, port, wallets] { run(port, wallets); }) {}
  ~Reader() {
    if (thread_.joinable()) end();
  }

  std::vector<Seen> end() {
    ended_ = true;
    thread_.join();
    CHECK(failures_ == 0);
    return std::move(seen_);
  }

 private:
  void run(std::uint16_t port, const std::vector<std::string>& wallets) {
    Client client(port);
    std::map<std::string, std::int64_t> versions;
    std::int64_t newest = 0;
    while (!ended_) {
      std::string text;
      for (const auto& wallet : wallets)
        text += Client::text_of("GET", "/v1/wallets/" + wallet, {}, {{"Tote-Min-Lsn", std::to_string(newest)}});
      client.send(text);
      const std::int64_t min_lsn = newest;
      for (const auto& wallet : wallets) {
        const auto response = client.receive();
        if (response.status != 200) {
          ++failures_;
          continue;
        }
        newest = std::max<std::int64_t>(newest, std::stoll(response.header("Tote-Lsn")));
        const auto body = json::parse(response.body);
        if (number(body, "version") < versions[wallet]) ++failures_;
        versions[wallet] = number(body, "version");
        seen_.push_back({wallet, number(body, "version"), number(body, "balance"), min_lsn});
      }
    }
  }

  std::atomic<bool> ended_ = false;
  int failures_ = 0;
  std::vector<Seen> seen_;
  std::thread thread_;
};

std::int64_t amount_of(int c, int i) { return 1 + (c * 131 + i * 37) % 97; }

std::string key_of(int c, int i) { return "t-" + std::to_string(c) + '-' + std::to_string(i); }

}  // namespace

TEST_CASE_FIXTURE(TransferFixture, "both ways between two wallets: no errors, and every answer shows the same total") {
  open("a", 1'000'000);
  open("b", 1'000'000);
  Reader reader(server.port(), wallets);
  const auto all = run([](int c, int i) {
    const bool is_back = (c + i) % 2 == 1;
    return AskedTransfer{is_back ? "b" : "a", is_back ? "a" : "b", amount_of(c, i), key_of(c, i)};
  });
  const auto seen = reader.end();
  CHECK(enter(all) == 0);
  for (const auto& answered : all) {
    const auto body = json::parse(answered.response.body);
    CHECK(number(body.at("from"), "balance") + number(body.at("to"), "balance") == total);
  }
  check_ledgers();
  check_histories();
  check(seen);
  check_replays(all);
  check_ledgers();
}

TEST_CASE_FIXTURE(TransferFixture, "around rings of 3, 4 and 5 wallets that share some: no errors, no money lost") {
  for (int i = 0; i < 9; ++i) open("w" + std::to_string(i), 500'000);
  Reader reader(server.port(), wallets);
  const auto all = run([&](int c, int i) {
    static constexpr int first[] = {0, 2, 4}, size[] = {3, 4, 5};  // the rings have w2, w4 and w5 in common
    const int ring = c % 3;
    const auto at = [&](int step) { return wallets[static_cast<std::size_t>(first[ring] + step % size[ring])]; };
    const bool is_back = c % 2 == 1;
    return AskedTransfer{at(c + i + (is_back ? 1 : 0)), at(c + i + (is_back ? 0 : 1)), amount_of(c, i), key_of(c, i)};
  });
  const auto seen = reader.end();
  CHECK(enter(all) == 0);
  check_ledgers();
  check_histories();
  check(seen);
  check_replays(all);
  check_ledgers();
}

TEST_CASE_FIXTURE(TransferFixture,
                  "where money is short some are refused, none overdraws, and the others explain it all") {
  for (int i = 0; i < 4; ++i) open("w" + std::to_string(i), 50);
  Reader reader(server.port(), wallets);
  const auto all = run([&](int c, int i) {
    const auto at = [&](int step) { return wallets[static_cast<std::size_t>(step % 4)]; };
    return AskedTransfer{at(c + i), at(c + i + 1 + c % 3), amount_of(c, i), key_of(c, i)};
  });
  const auto seen = reader.end();
  const int refused = enter(all);
  CHECK(refused > 0);
  CHECK(refused < static_cast<int>(all.size()));
  check_ledgers();
  check_histories();
  check(seen);
  check_replays(all);
  check_ledgers();
}
