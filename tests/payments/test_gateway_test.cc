// The test gateway as a provider: what each card gives, one execution per key, and refunds from what it has.
#include "adapters/payments/test_gateway.h"

#include <doctest/doctest.h>

#include <chrono>
#include <latch>
#include <limits>
#include <set>
#include <thread>
#include <vector>

#include "tests/payments/gateway_file.h"

using namespace tests::payments;
using tote::payments::TestGateway;

namespace {

struct TestGatewayFixture {
  GatewayFile file;
  TestGateway gateway{file.directory()};

  std::string charge(const std::string& key, const std::string& token, std::int64_t amount = 500) {
    return said(gateway.charge(charge_of(key, token, amount)));
  }
  std::string refund(const std::string& key, const std::string& charge, std::int64_t amount = 500) {
    return said(gateway.refund(refund_of(key, charge, amount)));
  }
};

}  // namespace

TEST_CASE_FIXTURE(TestGatewayFixture, "a good card is charged, and the entry says what was done") {
  CHECK(charge("k1", "tok_ok", 700) == "succeeded ch_1");
  CHECK(gateway.balance() == 700);
  REQUIRE(gateway.charges().size() == 1);
  const auto entry = gateway.charges()[0];
  CHECK(entry.id == "ch_1");
  CHECK(entry.key == "k1");
  CHECK(entry.amount == 700);
  CHECK(entry.currency == "EUR");
  CHECK(entry.charge == "");
  CHECK(gateway.refunds().empty());
}

TEST_CASE_FIXTURE(TestGatewayFixture, "an account that is full stays full, whatever is charged") {
  gateway.set_balance(std::numeric_limits<std::int64_t>::max() - 100);
  CHECK(charge("k1", "tok_ok", 700) == "succeeded ch_1");
  CHECK(gateway.balance() == std::numeric_limits<std::int64_t>::max());
  CHECK(refund("k2", "ch_1", 700) == "succeeded re_2");
  CHECK(gateway.balance() == std::numeric_limits<std::int64_t>::max() - 700);
}

TEST_CASE_FIXTURE(TestGatewayFixture, "a declined card, and any that isn't known, is charged nothing") {
  for (const char* token : {"tok_declined", "tok_unknown", "", "TOK_OK", "tok_ok "})
    CHECK(charge(std::string("k-") + token, token).starts_with("declined "));
  CHECK(gateway.charges().empty());
  CHECK(gateway.balance() == 0);
}

TEST_CASE_FIXTURE(TestGatewayFixture, "a slow card takes its two seconds, and holds nobody else up") {
  const auto begin = std::chrono::steady_clock::now();
  std::string slow;
  std::thread thread([&] { slow = charge("slow", "tok_slow"); });
  CHECK(charge("quick", "tok_ok") == "succeeded ch_1");
  thread.join();
  CHECK(slow == "succeeded ch_2");
  CHECK(std::chrono::steady_clock::now() - begin >= std::chrono::seconds(2));
}

TEST_CASE_FIXTURE(TestGatewayFixture, "an unreachable card answers the third attempt of each key") {
  for (const char* key : {"k1", "k2"}) {
    CHECK(charge(key, "tok_unreachable").starts_with("unreachable"));
    CHECK(charge(key, "tok_unreachable").starts_with("unreachable"));
  }
  CHECK(gateway.charges().empty());
  CHECK(charge("k2", "tok_unreachable") == "succeeded ch_1");
  CHECK(charge("k1", "tok_unreachable") == "succeeded ch_2");
  CHECK(gateway.balance() == 1'000);
}

TEST_CASE_FIXTURE(TestGatewayFixture,
                  "a lost answer: it was charged, and asking again tells so without charging again") {
  CHECK(charge("k1", "tok_lost_answer").starts_with("unreachable"));
  CHECK(gateway.charges().size() == 1);
  CHECK(charge("k1", "tok_lost_answer") == "succeeded ch_1");
  CHECK(charge("k1", "tok_lost_answer") == "succeeded ch_1");
  CHECK(gateway.charges().size() == 1);
  CHECK(gateway.balance() == 500);
}

TEST_CASE_FIXTURE(TestGatewayFixture, "a key is executed once, and its answer stays, whatever is sent with it") {
  CHECK(charge("k1", "tok_ok", 500) == "succeeded ch_1");
  CHECK(charge("k1", "tok_ok", 500) == "succeeded ch_1");
  CHECK(charge("k1", "tok_declined", 900) == "succeeded ch_1");
  CHECK(charge("k2", "tok_declined").starts_with("declined "));
  CHECK(charge("k2", "tok_ok").starts_with("declined "));
  CHECK(refund("r1", "ch_1") == refund("r1", "ch_1"));
  CHECK(gateway.charges().size() == 1);
  CHECK(gateway.refunds().size() == 1);
  CHECK(gateway.balance() == 0);
}

TEST_CASE_FIXTURE(TestGatewayFixture, "a refund pays back what was charged, once") {
  charge("k1", "tok_ok", 700);
  CHECK(refund("r1", "ch_1", 700) == "succeeded re_2");
  CHECK(gateway.balance() == 0);
  gateway.set_balance(9'000);
  CHECK(refund("r2", "ch_1", 700).starts_with("already_refunded "));
  REQUIRE(gateway.refunds().size() == 1);
  CHECK(gateway.refunds()[0].charge == "ch_1");
  CHECK(gateway.refunds()[0].amount == 700);
  CHECK(gateway.balance() == 9'000);
}

TEST_CASE_FIXTURE(TestGatewayFixture, "tenants have keys, charges and balances of their own") {
  const auto charge_for = [&](const char* tenant, std::int64_t amount) {
    return said(gateway.charge(for_tenant(tenant, charge_of("k1", "tok_ok", amount))));
  };
  CHECK(charge_for("a", 500) == "succeeded ch_1");
  CHECK(charge_for("b", 300) == "succeeded ch_2");
  CHECK(charge_for("a", 500) == "succeeded ch_1");
  gateway.set_balance(400, "a");
  CHECK(gateway.balance("a") == 400);
  CHECK(gateway.balance("b") == 300);
  REQUIRE(gateway.charges("a").size() == 1);
  CHECK(gateway.charges("a")[0].key == "a/k1");
  CHECK(gateway.charges("c").empty());
  CHECK(said(gateway.refund(for_tenant("b", refund_of("r1", "ch_1", 100)))).starts_with("failed "));
  CHECK(said(gateway.refund(for_tenant("a", refund_of("r1", "ch_1", 400)))) == "succeeded re_4");
  CHECK(gateway.refunds("b").empty());
  CHECK(gateway.balance("a") == 0);
}

TEST_CASE_FIXTURE(TestGatewayFixture, "what can't be paid back fails for good") {
  charge("k1", "tok_ok", 700);
  charge("k2", "tok_declined", 700);
  gateway.set_balance(9'000);
  CHECK(refund("r1", "ch_9").starts_with("failed "));
  CHECK(refund("r2", "ch_2").starts_with("failed "));
  CHECK(refund("r3", "").starts_with("failed "));
  CHECK(refund("r4", "ch_1", 701).starts_with("failed "));
  CHECK(gateway.refunds().empty());
  CHECK(gateway.balance() == 9'000);
}

TEST_CASE_FIXTURE(TestGatewayFixture, "without the money a refund is refused under its key, and paid under another") {
  charge("k1", "tok_ok");
  gateway.set_balance(499);
  CHECK(refund("r1", "ch_1").starts_with("balance_insufficient "));
  gateway.set_balance(500);
  CHECK(refund("r1", "ch_1").starts_with("balance_insufficient "));
  CHECK(refund("r2", "ch_1").starts_with("succeeded "));
  CHECK(gateway.balance() == 0);
}

TEST_CASE_FIXTURE(TestGatewayFixture, "a stop brings waiting calls back without an answer, and nothing was charged") {
  std::vector<std::string> answers(4);
  std::vector<std::thread> threads;
  std::latch started(5);
  for (std::size_t i = 0; i < answers.size(); ++i)
    threads.emplace_back([&, i] {
      started.arrive_and_wait();
      answers[i] = charge("k" + std::to_string(i), "tok_slow");
    });
  started.arrive_and_wait();
  gateway.stop();
  for (auto& thread : threads) thread.join();
  for (const auto& answer : answers) CHECK(answer.starts_with("unreachable"));
  CHECK(gateway.charges().empty());
}

TEST_CASE_FIXTURE(TestGatewayFixture,
                  "many threads: a key of several is charged once, ids are given once, the money adds up") {
  constexpr int threads_count = 8, keys = 20;
  std::vector<std::vector<std::string>> answers(threads_count);
  std::vector<std::thread> threads;
  std::latch start(threads_count);
  for (std::size_t t = 0; t < threads_count; ++t)
    threads.emplace_back([&, t] {
      start.arrive_and_wait();
      for (int i = 0; i < keys; ++i) answers[t].push_back(charge("k" + std::to_string(i), "tok_ok", i + 1));
    });
  for (auto& thread : threads) thread.join();
  for (const auto& own : answers) CHECK(own == answers[0]);
  CHECK(std::set<std::string>(answers[0].begin(), answers[0].end()).size() == keys);
  CHECK(gateway.charges().size() == keys);
  CHECK(gateway.balance() == keys * (keys + 1) / 2);
}
