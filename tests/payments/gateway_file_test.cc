// The test gateway's memory: what it did is there after a restart, a line that was cut off is not, damage is told.
#include "tests/payments/gateway_file.h"

#include <doctest/doctest.h>

#include <memory>
#include <stdexcept>
#include <vector>

#include "adapters/payments/test_gateway.h"

using namespace tests::payments;
using tote::payments::TestGateway;

namespace {

struct GatewayFileFixture {
  GatewayFile file;
  std::unique_ptr<TestGateway> gateway = std::make_unique<TestGateway>(file.directory());

  void restart() {
    gateway.reset();
    gateway = std::make_unique<TestGateway>(file.directory());
  }
  std::string charge(const std::string& key, const std::string& token, std::int64_t amount = 500) {
    return said(gateway->charge(charge_of(key, token, amount)));
  }
  std::string refund(const std::string& key, const std::string& charge, std::int64_t amount = 500) {
    return said(gateway->refund(refund_of(key, charge, amount)));
  }
};

bool opens(const GatewayFile& file) {
  try {
    const TestGateway gateway(file.directory());
    return true;
  } catch (const std::runtime_error&) {
    return false;
  }
}

}  // namespace

TEST_CASE("a gateway makes its directory, and can't without the one above") {
  const GatewayFile file;
  CHECK(state_of(TestGateway(file.directory() + "/new")) == "balance 0");
  CHECK_THROWS_AS(TestGateway(file.directory() + "/none/new"), std::runtime_error);
}

TEST_CASE_FIXTURE(GatewayFileFixture, "a restart forgets no answer, no entry and no balance") {
  charge("k1", "tok_ok");
  charge("k2", "tok_declined");
  charge("k3", "tok_lost_answer", 300);
  refund("r1", "ch_1");
  refund("r2", "ch_9");
  gateway->set_balance(250);
  refund("r3", "ch_3", 300);
  const std::string state = state_of(*gateway), bytes = file.bytes();
  for (int round = 0; round < 2; ++round) {
    restart();
    CHECK(state_of(*gateway) == state);
    CHECK(charge("k1", "tok_declined") == "succeeded ch_1");
    CHECK(charge("k2", "tok_ok").starts_with("declined "));
    CHECK(charge("k3", "tok_lost_answer", 300) == "succeeded ch_3");
    CHECK(refund("r1", "ch_1").starts_with("succeeded "));
    CHECK(refund("r2", "ch_9").starts_with("failed "));
    CHECK(refund("r3", "ch_3", 300).starts_with("balance_insufficient "));
    CHECK(refund("r4-" + std::to_string(round), "ch_1").starts_with("already_refunded "));
    CHECK(state_of(*gateway) == state);
  }
  CHECK(file.bytes().starts_with(bytes));
}

TEST_CASE_FIXTURE(GatewayFileFixture, "ids go on after a restart, attempts without an answer begin again") {
  charge("k1", "tok_ok");
  CHECK(charge("k2", "tok_unreachable").starts_with("unreachable"));
  CHECK(charge("k2", "tok_unreachable").starts_with("unreachable"));
  restart();
  CHECK(charge("k2", "tok_unreachable").starts_with("unreachable"));
  CHECK(charge("k2", "tok_unreachable").starts_with("unreachable"));
  CHECK(charge("k2", "tok_unreachable") == "succeeded ch_2");
}

TEST_CASE_FIXTURE(GatewayFileFixture,
                  "a last line that is cut off anywhere is forgotten, and the file goes on soundly") {
  charge("k1", "tok_ok");
  charge("k2", "tok_ok", 300);
  const std::string before = state_of(*gateway), sound = file.bytes();
  charge("k3", "tok_ok", 100);
  const std::string whole = file.bytes();
  gateway.reset();
  for (std::size_t size = sound.size(); size < whole.size(); ++size) {
    file.write(std::string_view(whole).substr(0, size));
    restart();
    CHECK(state_of(*gateway) == before);
    CHECK(file.bytes() == sound);
    CHECK(charge("k3", "tok_ok", 100) == "succeeded ch_3");
    CHECK(file.bytes() == whole);
    gateway.reset();
  }
}

TEST_CASE_FIXTURE(GatewayFileFixture,
                  "damage before the last line is told, whichever bit of it, and leaves the file as it is") {
  charge("k1", "tok_ok");
  charge("k2", "tok_declined");
  const std::size_t size = file.bytes().size() - 1;  // without the end of the line
  charge("k3", "tok_ok");
  gateway.reset();
  const std::string whole = file.bytes();
  CHECK(opens(file));
  for (std::size_t at = 0; at < size; ++at) {
    std::string damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ 1);
    file.write(damaged);
    CHECK_MESSAGE(!opens(file), "byte " << at);
    CHECK(file.bytes() == damaged);
  }
  file.write(whole.substr(1));
  CHECK_FALSE(opens(file));
  file.write('\n' + whole);
  CHECK_FALSE(opens(file));
}

TEST_CASE("lines that are sound but of the wrong number of fields are damage") {
  const GatewayFile file;
  const std::string good = line_of("charge\tk1\tch_1\tsucceeded\t\t\t500\tEUR");
  file.write(good);
  CHECK(opens(file));
  for (const char* text : {"charge\tk1\tch_1\tsucceeded\t\t\t500\tEUR\tmore", "charge\tk1", ""}) {
    file.write(line_of(text) + good);
    CHECK_MESSAGE(!opens(file), std::string(text));
  }
}

TEST_CASE("a file of version 1, whose lines name no tenant, is read and gone on with") {
  const GatewayFile file;
  const std::string old = line_of("charge\torder:o1:1:charge\tch_1\tsucceeded\t\t\t500\tEUR") +
                          line_of("charge\torder:o2:2:charge\tch_2\tdeclined\tthe card was declined\t\t700\tEUR") +
                          line_of("charge\torder:o3:3:charge\tch_3\tsucceeded\t\t\t300\tEUR") +
                          line_of("refund\trefund:r1:1\tre_4\tsucceeded\t\tch_1\t500\tEUR") +
                          line_of("balance\t\t\t\t\t\t900\t");
  file.write(old);
  for (int round = 0; round < 2; ++round) {
    TestGateway gateway(file.directory());
    CHECK(gateway.charges().size() == 2);
    CHECK(gateway.charges("shop").empty());
    CHECK(gateway.balance() == (round == 0 ? 900 : 600));
    // A call that was under way goes on under its old key, whoever's it was.
    for (const char* tenant : {"shop", "default"}) {
      CHECK(said(gateway.charge(for_tenant(tenant, charge_of("order:o1:1:charge", "tok_ok")))) == "succeeded ch_1");
      CHECK(
          said(gateway.charge(for_tenant(tenant, charge_of("order:o2:2:charge", "tok_ok")))).starts_with("declined "));
    }
    const auto refund = for_tenant("shop", refund_of("refund:r3:1", "ch_3", 300));
    CHECK(said(gateway.refund(refund)) == "succeeded re_5");
    CHECK(gateway.balance() == 600);
    CHECK(gateway.refunds("shop").size() == 1);
    CHECK(file.bytes().starts_with(old + line_of("version\t2")));
  }
}

TEST_CASE("a file of a version that isn't known yet is left alone") {
  const GatewayFile file;
  file.write(line_of("version\t3"));
  CHECK_FALSE(opens(file));
  CHECK(file.bytes() == line_of("version\t3"));
}

TEST_CASE("the newest ten thousand entries are shown, the oldest of them first, and all of them count") {
  const GatewayFile file;
  std::string bytes;
  constexpr int count = 10'003;
  for (int i = 1; i <= count; ++i)
    bytes += line_of("charge\tk" + std::to_string(i) + "\tch_" + std::to_string(i) + "\tsucceeded\t\t\t5\tEUR");
  file.write(bytes);
  TestGateway gateway(file.directory());
  const auto charges = gateway.charges();
  REQUIRE(charges.size() == TestGateway::entries_max);
  CHECK(charges.front().id == "ch_4");
  CHECK(charges.back().id == "ch_10003");
  CHECK(gateway.balance() == 5 * count);
  CHECK(said(gateway.refund(refund_of("r1", "ch_1", 5))) == "succeeded re_10004");
}
