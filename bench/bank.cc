#include "bench/bank.h"

#include <atomic>
#include <cstdio>
#include <random>
#include <stdexcept>
#include <string_view>
#include <utility>
#include <variant>

#include "actors/wallet/wallet.h"

namespace tote::bench {

namespace {

constexpr std::size_t bulk_batch = 256;
constexpr std::size_t bulk_in_flight = 32 * bulk_batch;

Request request(std::uint64_t wallet) {
  Request made;
  made.kind = Wallet::kind_id;
  made.entity = "w" + std::to_string(wallet);
  return made;
}

// Picks the balance out of a wallet's answer.
class BalanceField final : public Fields {
 public:
  void integer(std::string_view name, std::int64_t value) override {
    if (depth_ == 0 && name == "balance") balance = value;
  }
  void text(std::string_view, std::string_view) override {}
  void time(std::string_view, Time) override {}
  void begin(std::string_view) override { ++depth_; }
  void end() override { --depth_; }

  std::int64_t balance = -1;

 private:
  int depth_ = 0;
};

}  // namespace

Keys::Keys() {
  char text[24];
  std::snprintf(text, sizeof text, "%08x-%011d", std::random_device()(), 0);
  key_ = text;
}

const std::string& Keys::next() {
  for (std::size_t i = key_.size() - 1; ++key_[i] > '9'; --i) key_[i] = '0';
  return key_;
}

Bank::Bank(const std::filesystem::path& directory, std::uint64_t wallets, bool quiet)
    : wallets_(wallets), progress_(quiet) {
  Options options;
  options.directory = directory.string();
  options.kinds = {kind_of<Wallet>()};
  options.on_progress = [this](std::uint64_t records, std::uint64_t) { progress_.show("recovering records", records); };
  Engine::Opened opened = Engine::open(std::move(options));
  if (const auto* error = std::get_if<OpenError>(&opened)) throw std::runtime_error("can't open: " + error->detail);
  engine_ = std::move(std::get<std::unique_ptr<Engine>>(opened));
}

Driver& Bank::driver(std::size_t batch, std::size_t in_flight) {
  return drivers_.emplace_back(*engine_, batch, in_flight);
}

void Bank::make_wallets() {
  Driver& driver = this->driver(bulk_batch, bulk_in_flight);
  const Currency euro = currency_of("EUR").value();
  for (std::uint64_t i = 0; i < wallets_; ++i) {
    Request open = request(i);
    open.command = Command(Wallet::Command(Wallet::Open{euro, {}}));
    driver.send(std::move(open));
    progress_.show("opening wallets", i);
  }
  driver.drain();
  if (driver.succeeded() != wallets_)
    throw std::runtime_error("can't open the wallets: " + std::string(name_of(driver.first_failure())));
}

Request Bank::credit(std::uint64_t wallet, std::string key) {
  Request made = request(wallet);
  made.command = Command(Wallet::Command(Wallet::Credit{Money{1}, {}}));
  made.key = std::move(key);
  return made;
}

std::int64_t Bank::total() {
  Driver& driver = this->driver(bulk_batch, bulk_in_flight);
  const auto kind = kind_of<Wallet>();
  std::int64_t total = 0;  // of the engine's thread until drain()
  std::uint64_t unreadable = 0;
  driver.inspect([&](Outcome& outcome) {
    BalanceField field;
    if (is_success(outcome.code) && kind->describe_answer(outcome.entity, outcome.answer, field) && field.balance >= 0)
      total += field.balance;
    else
      ++unreadable;
  });
  for (std::uint64_t i = 0; i < wallets_; ++i) {
    driver.send(request(i));
    progress_.show("adding up balances", i);
  }
  driver.drain();
  if (unreadable != 0) throw std::runtime_error(std::to_string(unreadable) + " wallets can't be read");
  return total;
}

}  // namespace tote::bench
