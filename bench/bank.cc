#include "bench/bank.h"

#include <atomic>
#include <chrono>
#include <cstdio>
#include <random>
#include <stdexcept>
#include <string_view>
#include <thread>
#include <utility>
#include <variant>

#include "actors/item/item.h"
#include "actors/match/match.h"
#include "actors/order/order.h"
#include "actors/transaction/results.h"
#include "actors/wallet/wallet.h"

namespace tote::bench {

namespace {

constexpr std::size_t bulk_batch = 256;
constexpr std::size_t bulk_in_flight = 32 * bulk_batch;

Request look_at(std::uint64_t wallet) {
  Request made;
  made.kind = Wallet::kind_id;
  made.entity = Bank::wallet(wallet);
  return made;
}

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

Options with_budget(std::uint64_t entities_bytes) {
  Options options;
  options.entities_bytes = entities_bytes;
  return options;
}

Bank::Bank(const std::filesystem::path& directory, std::uint64_t wallets, bool quiet, Options options)
    : wallets_(wallets), entities_bytes_(options.entities_bytes), progress_(quiet) {
  options.directory = directory.string();
  options.kinds = {kind_of<Wallet>(), kind_of<Item>(), kind_of<Match>(), kind_of<Order>(), transaction::kind()};
  options.on_progress = [this](std::uint64_t records, std::uint64_t) { progress_.show("recovering records", records); };
  Engine::Opened opened = Engine::open(std::move(options));
  if (const auto* error = std::get_if<OpenError>(&opened)) throw std::runtime_error("can't open: " + error->detail);
  engine_ = std::move(std::get<std::unique_ptr<Engine>>(opened));
}

Driver& Bank::driver(std::size_t batch, std::size_t in_flight) {
  return drivers_.emplace_back(*engine_, batch, in_flight);
}

std::string Bank::wallet(std::uint64_t number) { return "w" + std::to_string(number); }

void Bank::make_wallets(Money each) {
  const Currency euro = currency_of("EUR").value();
  send_all("opening wallets", wallets_, [&](std::uint64_t i) {
    Request open = look_at(i);
    open.command = Command(Wallet::Command(Wallet::Open{euro, {}}));
    return open;
  });
  if (each.minor == 0) return;
  send_all("filling wallets", wallets_, [&](std::uint64_t i) {
    Request fill = look_at(i);
    fill.command = Command(Wallet::Command(Wallet::Credit{each, {}}));
    return fill;
  });
}

Request Bank::credit(std::uint64_t wallet, std::string key) {
  Request made = look_at(wallet);
  made.command = Command(Wallet::Command(Wallet::Credit{Money{1}, {}}));
  made.key = std::move(key);
  return made;
}

std::int64_t Bank::total() {
  std::int64_t total = 0;
  read_balances([&](const Outcome&, const Member& balance) { total += *balance.number; });
  return total;
}

void Bank::read_balances(const Seen& seen) {
  read_all("adding up balances", wallets_, look_at, *kind_of<Wallet>(), "balance", seen);
}

void Bank::send_all(std::string_view what, std::uint64_t count, const RequestOf& request) {
  Driver& driver = this->driver(bulk_batch, bulk_in_flight);
  for (std::uint64_t i = 0; i < count; ++i) {
    if (i % bulk_in_flight == 0) wait_for_room();
    driver.send(request(i));
    progress_.show(what, i);
  }
  driver.drain();
  if (driver.succeeded() != count)
    throw std::runtime_error(std::string(what) + ": " + std::string(name_of(driver.first_failure())));
}

// What isn't in memory is refused at twice the budget, which a disk that is slower than this loop would let it reach.
void Bank::wait_for_room() {
  if (entities_bytes_ == 0) return;
  while (engine_->figures().entities_bytes > entities_bytes_ + entities_bytes_ / 2)
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
}

void Bank::read_all(std::string_view what, std::uint64_t count, const RequestOf& request, const Kind& kind,
                    std::string_view member, const Seen& seen) {
  Driver& driver = this->driver(bulk_batch, bulk_in_flight);
  std::uint64_t unreadable = 0;  // of the engine's thread until drain()
  driver.inspect([&](Outcome& outcome) {
    Member field(member);
    if (is_success(outcome.code) && kind.describe_answer(outcome.entity, outcome.answer, field) &&
        (field.number || !field.words.empty()))
      seen(outcome, field);
    else
      ++unreadable;
  });
  for (std::uint64_t i = 0; i < count; ++i) {
    if (i % bulk_batch == 0) wait_for_room();
    driver.send(request(i));
    progress_.show(what, i);
  }
  driver.drain();
  driver.inspect(nullptr);  // what it refers to ends here
  if (unreadable != 0) throw std::runtime_error(std::to_string(unreadable) + " entities can't be read");
}

}  // namespace tote::bench
