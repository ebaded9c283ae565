// Whether snapshots keep up with the log: how many records the newest one is behind while the log grows as fast as it
// can, what a start right then takes, and what rounds cost those who wait at a part of that rate.
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <string>
#include <thread>
#include <utility>

#include "bench/bank.h"
#include "bench/disk.h"
#include "bench/embedded.h"
#include "bench/timed.h"

namespace tote::bench {

namespace {

constexpr std::uint64_t hot_wallets = 1'000;
constexpr std::int64_t often_ms = 5'000;  // between rounds, where what they cost is measured

std::uint64_t behind(Bank& bank) {
  const Figures figures = bank.engine().figures();
  return figures.durable.value - std::min(figures.durable.value, figures.snapshot.value);
}

// Batches to the first `below` wallets, as fast as they are taken; the most records a crash would have had replayed.
std::int64_t flood(const Plan& plan, Report& report, Bank& bank, const std::string& name, std::uint64_t below) {
  Driver& driver = bank.driver(plan.batch, plan.in_flight != 0 ? plan.in_flight : 32 * plan.batch);
  Keys keys;
  Draw draw(below);
  std::uint64_t most = 0;
  const std::uint64_t rows = bank.engine().figures().snapshot_rows;
  const std::int64_t start = now_ns();
  const std::int64_t end = start + static_cast<std::int64_t>(plan.seconds * 1e9);
  while (now_ns() < end) {
    for (int i = 0; i < 1'024; ++i) driver.send(Bank::credit(draw.next(), keys.next()));
    most = std::max(most, behind(bank));
  }
  driver.drain();
  const double seconds = static_cast<double>(now_ns() - start) / 1e9;
  const Figures figures = bank.engine().figures();
  report.number(name + "_tx_s", static_cast<double>(driver.answered()) / seconds);
  report.number(name + "_rows_s", static_cast<double>(figures.snapshot_rows - rows) / seconds);
  report.number(name + "_round_s", static_cast<double>(figures.snapshot_round_ns) / 1e9);
  report.count(name + "_behind_most", most);
  report.count(name + "_behind_at_end", behind(bank));
  check_success(report, driver);
  return static_cast<std::int64_t>(driver.succeeded());
}

// Single credits of all wallets at an even rate: what the slowest of a thousand waits.
double paced(const Plan& plan, Report& report, Bank& bank, const std::string& name) {
  constexpr std::chrono::microseconds burst_every{200};
  const double rate = plan.rate > 0 ? plan.rate : 50'000;
  Driver& driver = bank.driver(1, 65'536);
  Keys keys;
  Draw draw(bank.wallets());
  const std::uint64_t rows = bank.engine().figures().snapshot_rows;
  const std::int64_t start = now_ns();
  const double warm_s = plan.warm_up_s(), seconds = warm_s + plan.seconds;
  std::uint64_t sent = 0;
  const auto passed = [start] { return static_cast<double>(now_ns() - start) / 1e9; };
  while (passed() < seconds) {
    if (passed() > warm_s) driver.measure(true);
    for (const auto due = static_cast<std::uint64_t>(passed() * rate); sent < due; ++sent)
      driver.send(Bank::credit(draw.next(), keys.next()));
    std::this_thread::sleep_for(burst_every);
  }
  driver.drain();
  const double p999 = driver.latency().us_at(0.999);
  report.number(name + "_p50_us", driver.latency().us_at(0.5));
  report.number(name + "_p999_us", p999);
  report.count(name + "_rows", bank.engine().figures().snapshot_rows - rows);
  check_success(report, driver);
  return p999;
}

}  // namespace

Report run_snapshots(const Plan& plan) {
  const std::uint64_t wallets = plan.wallets != 0 ? plan.wallets : 1'000'000;
  Report report;
  const ScratchDirectory scratch(plan.data);
  report.text("workload", plan.workload);
  report.count("wallets", wallets);
  report.text("keys", "own key each");
  describe_disk(report, scratch);
  double without = 0, with = 0;
  std::int64_t sum = 0;
  for (const bool has_snapshots : {false, true}) {
    const std::string name = has_snapshots ? "with" : "without";
    Options options;
    options.snapshot_interval_ms = has_snapshots ? often_ms : 0;
    Bank bank(scratch.path() / name, wallets, plan.json, std::move(options));
    bank.make_wallets();
    (has_snapshots ? with : without) = paced(plan, report, bank, name);
    bank.engine().close();
  }
  report.number("p999_with_by_without", with / without);
  {
    Bank bank(scratch.path() / "log", wallets, plan.json, with_budget(plan.entities_bytes));
    bank.make_wallets();
    sum += flood(plan, report, bank, "all", wallets);
    sum += flood(plan, report, bank, "hot", std::min(wallets, hot_wallets));
    bank.engine().close();  // makes no snapshot: the next start has to do what it has after a crash
  }
  const std::int64_t start = now_ns();
  Bank bank(scratch.path() / "log", wallets, plan.json, with_budget(plan.entities_bytes));
  report.number("start_s", static_cast<double>(now_ns() - start) / 1e9);  // files in the page cache
  report.count("records_replayed", bank.engine().figures().records_recovered);
  const std::int64_t total = bank.total();
  report.check("balances are what was acknowledged", total == sum,
               std::to_string(total) + " of " + std::to_string(sum));
  bank.engine().close();
  return report;
}

}  // namespace tote::bench
