// The names that the edges show: what API.md promises, in its order.
#include <string>

#include "tests/actors/wallet_history.h"

namespace tote {
namespace {

struct Text final : Fields {
  void integer(std::string_view name, std::int64_t value) override { put(name, std::to_string(value)); }
  void text(std::string_view name, std::string_view value) override { put(name, std::string(value)); }
  void time(std::string_view name, Time value) override { put(name, "@" + std::to_string(value.ns)); }
  void begin(std::string_view name) override { out.append(name).append("{"); }
  void end() override { out.append("}"); }
  void put(std::string_view name, const std::string& value) { out.append(name).append("=").append(value).append(" "); }
  std::string out;
};

std::string described(const Wallet::Event& event) {
  Text text;
  Wallet::describe_event(event, text);
  return std::string(Wallet::name_of(event)) + ": " + text.out;
}

std::string described(const std::string& answer) {
  Text text;
  REQUIRE(Wallet::describe_answer("w", answer, text));
  return text.out;
}

TEST_CASE("describe: events") {
  CHECK(described(opened()) == "opened: currency=EUR ");
  CHECK(described(opened(5)) == "opened: currency=EUR overdraft_limit=5 ");
  CHECK(described(credited(3)) == "credited: amount=3 ");
  CHECK(described(Wallet::Debited{{3}, "order-1"}) == "debited: amount=3 reference=order-1 ");
  CHECK(described(held("h1", 3, {9})) == "held: hold=h1 amount=3 expires_at=@9 ");
  CHECK(described(captured("h1", 3)) == "captured: hold=h1 amount=3 ");
  CHECK(described(released("h1")) == "released: hold=h1 ");
  CHECK(described(expired("h1")) == "expired: hold=h1 ");
}

TEST_CASE("describe: the answers of a wallet's life") {
  LiveWallet wallet;
  wallet.handle(open());
  CHECK(described(wallet.answer) == "id=w currency=EUR balance=0 held=0 available=0 ");
  wallet.handle(credit(1000));
  CHECK(described(wallet.answer) == "id=w currency=EUR balance=1000 held=0 available=1000 ");
  wallet.handle(hold("h1", 200, 1));
  CHECK(described(wallet.answer) ==
        "id=w currency=EUR balance=1000 held=200 available=800 hold{id=h1 amount=200 expires_at=@1000000004 "
        "status=open }");
  wallet.handle(capture("h1", 50));
  CHECK(described(wallet.answer) ==
        "id=w currency=EUR balance=950 held=0 available=950 "
        "hold{id=h1 amount=200 expires_at=@1000000004 status=captured captured=50 }");
  CHECK(described(answer_of(wallet.entity)) == "id=w currency=EUR balance=950 held=0 available=950 ");
}

TEST_CASE("describe: an overdraft is named where there is one, and counts as available") {
  LiveWallet wallet;
  wallet.handle(open(50));
  CHECK(described(wallet.answer) == "id=w currency=EUR balance=0 held=0 available=50 overdraft_limit=50 ");
}

TEST_CASE("currency: ISO 4217 in upper case, with its decimals") {
  CHECK(exponent_of(*currency_of("EUR")) == 2);
  CHECK(exponent_of(*currency_of("JPY")) == 0);
  CHECK(exponent_of(*currency_of("KWD")) == 3);
  for (const std::string_view code : {"", "EU", "eur", "EURO", "XXX", "ZZZ", "E R"}) {
    CAPTURE(code);
    CHECK_FALSE(currency_of(code).has_value());
  }
  CHECK_FALSE(currency_of(std::string_view("EU\0", 3)).has_value());
}

}  // namespace
}  // namespace tote
