// An embedding program, as README.md shows it: a wallet, a debit with an idempotency key, and the same debit again.
#include <cstdint>
#include <cstdio>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

#include "actors/wallet/wallet.h"
#include "engine/tote.h"

namespace {

// The integers of an answer by name.
class Integers final : public tote::Fields {
 public:
  void integer(std::string_view name, std::int64_t value) override { values[std::string(name)] = value; }
  void text(std::string_view, std::string_view) override {}
  void time(std::string_view, tote::Time) override {}
  void begin(std::string_view) override {}
  void end() override {}

  std::map<std::string, std::int64_t> values;
};

tote::Request request(tote::Wallet::Command command, std::string key) {
  return {.kind = tote::Wallet::kind_id,
          .entity = "alice",
          .command = tote::Command(std::move(command)),
          .key = std::move(key)};
}

bool expect(bool holds, const char* what) {
  if (!holds) std::fprintf(stderr, "not so: %s\n", what);
  return holds;
}

bool run(tote::Engine& engine, const tote::Kind& wallets) {
  using tote::Wallet;
  const auto opened = engine.call(request(Wallet::Open{*tote::currency_of("EUR")}, "open-1"));
  const auto credited = engine.call(request(Wallet::Credit{{1000}}, "credit-1"));
  const auto paid = engine.call(request(Wallet::Debit{{300}}, "order-17"));
  const auto again = engine.call(request(Wallet::Debit{{300}}, "order-17"));
  const auto read = engine.call({.kind = Wallet::kind_id, .entity = "alice"});

  Integers wallet;
  return expect(opened.code == tote::Code::created, "the wallet is created") &&
         expect(credited.code == tote::Code::ok, "the credit is executed") &&
         expect(paid.code == tote::Code::ok && !paid.replayed, "the first debit is executed") &&
         expect(again.replayed && again.answer == paid.answer && again.lsn == paid.lsn, "the second is its replay") &&
         expect(wallets.describe_answer("alice", read.answer, wallet), "the answer of the read can be described") &&
         expect(wallet.values["balance"] == 700, "the balance is 1000 - 300");
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const auto wallets = tote::kind_of<tote::Wallet>();
  auto opened = tote::Engine::open({.directory = argv[1], .kinds = {wallets}});
  if (const auto* error = std::get_if<tote::OpenError>(&opened)) {
    std::fprintf(stderr, "%s\n", error->detail.c_str());
    return 1;
  }
  auto& engine = *std::get<std::unique_ptr<tote::Engine>>(opened);
  const bool good = run(engine, *wallets);
  engine.close();
  return good ? 0 : 1;
}
