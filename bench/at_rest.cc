// More wallets than memory is to hold: what credits all over them cost, what those of a hot set do, and how long a
// start takes. The hot set is measured beside a bank that has nothing else.
#include <algorithm>
#include <cstdint>
#include <string>

#include "bench/bank.h"
#include "bench/disk.h"
#include "bench/embedded.h"
#include "bench/resident.h"
#include "bench/timed.h"

namespace tote::bench {

namespace {

constexpr std::uint64_t hot_wallets = 100'000;
constexpr double mib = 1048576;

// Credits with keys of their own, each a success or the run isn't valid.
class Credits {
 public:
  Credits(const Plan& plan, Report& report) : plan_(plan), report_(report) {}

  // A second of the measured length to warm up, then acknowledged credits a second of the first `below` wallets.
  double rate(std::string_view name, Bank& bank, std::uint64_t below) {
    Driver& driver = bank.driver(plan_.batch, plan_.in_flight != 0 ? plan_.in_flight : 32 * plan_.batch);
    Draw draw(below);
    send_for(plan_.warm_up_s(), driver, draw);
    driver.drain();
    const std::uint64_t before = driver.answered();
    const std::int64_t start = now_ns();
    driver.measure(true);
    send_for(plan_.seconds, driver, draw);
    driver.drain();
    const double seconds = static_cast<double>(now_ns() - start) / 1e9;
    const double rate = static_cast<double>(driver.answered() - before) / seconds;
    sum_ += driver.succeeded();
    report_.number(std::string(name) + "_tx_s", rate);
    report_.number(std::string(name) + "_p99_us", driver.latency().us_at(0.99));
    check_success(report_, driver);
    return rate;
  }
  std::uint64_t sum() const { return sum_; }

 private:
  void send_for(double seconds, Driver& driver, Draw& draw) {
    const std::int64_t end = now_ns() + static_cast<std::int64_t>(seconds * 1e9);
    while (now_ns() < end)
      for (int i = 0; i < 64; ++i) driver.send(Bank::credit(draw.next(), keys_.next()));
  }

  const Plan& plan_;
  Report& report_;
  Keys keys_;
  std::uint64_t sum_ = 0;
};

double alone(const Plan& plan, Report& report, const ScratchDirectory& scratch, std::uint64_t wallets) {
  Bank bank(scratch.path() / "alone", wallets, plan.json);
  bank.make_wallets();
  const double rate = Credits(plan, report).rate("alone", bank, wallets);
  bank.engine().close();
  return rate;
}

void describe_memory(Report& report, const std::string& when, const Figures& figures) {
  report.count(when + "_at_rest", figures.entities_resting);
  report.number(when + "_entities_mib", static_cast<double>(figures.entities_bytes) / mib);
  report.number(when + "_rss_mib", resident_bytes() / mib);
}

void make_wallets(Bank& bank, Report& report) {
  const std::int64_t start = now_ns();
  bank.make_wallets();
  report.number("opened_a_second", static_cast<double>(bank.wallets()) / (static_cast<double>(now_ns() - start) / 1e9));
}

}  // namespace

Report run_at_rest(const Plan& plan) {
  const std::uint64_t wallets = plan.wallets != 0 ? plan.wallets : 1'000'000;
  const std::uint64_t hot = std::min(wallets, hot_wallets);
  const std::uint64_t bytes = plan.entities_bytes != 0 ? plan.entities_bytes : 32 * wallets;
  Report report;
  const ScratchDirectory scratch(plan.data);
  report.text("workload", plan.workload);
  report.count("wallets", wallets);
  report.count("hot_wallets", hot);
  report.number("entities_budget_mib", static_cast<double>(bytes) / mib);
  report.text("keys", "own key each");
  describe_disk(report, scratch);

  Credits credits(plan, report);
  const double hot_alone = alone(plan, report, scratch, hot);
  {
    Bank bank(scratch.path() / "log", wallets, plan.json, with_budget(bytes));
    make_wallets(bank, report);
    describe_memory(report, "made", bank.engine().figures());
    announce(plan);
    credits.rate("all", bank, wallets);
    const double hot_among = credits.rate("hot", bank, hot);
    report.number("hot_times_alone", hot_among / hot_alone);
    describe_memory(report, "worked", bank.engine().figures());
    bank.engine().close();
  }
  const std::int64_t start = now_ns();
  Bank bank(scratch.path() / "log", wallets, plan.json, with_budget(bytes));
  report.number("start_s", static_cast<double>(now_ns() - start) / 1e9);  // files in the page cache
  report.count("records_replayed", bank.engine().figures().records_recovered);
  describe_memory(report, "started", bank.engine().figures());
  const std::int64_t total = bank.total();
  report.check("balances are what was acknowledged", total == static_cast<std::int64_t>(credits.sum()),
               std::to_string(total) + " of " + std::to_string(credits.sum()));
  bank.engine().close();
  return report;
}

}  // namespace tote::bench
