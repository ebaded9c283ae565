#include "bench/embedded.h"

#include <optional>
#include <string>
#include <utility>

#include "bench/bank.h"
#include "bench/disk.h"
#include "bench/replicas.h"
#include "bench/timed.h"

namespace tote::bench {

namespace {

// What makes a run of credits valid, whatever its speed.
void check_credits(Report& report, const Driver& driver, std::int64_t before, std::int64_t after) {
  check_success(report, driver);
  const auto acknowledged = driver.succeeded();
  report.check("balances grew by what was acknowledged", after - before == static_cast<std::int64_t>(acknowledged),
               "grew by " + std::to_string(after - before) + ", acknowledged " + std::to_string(acknowledged));
}

}  // namespace

Report run_credits(const Plan& plan) {
  const bool single = plan.workload.ends_with("-single");
  const bool hot = plan.workload.starts_with("hot-");
  const std::uint64_t wallets = hot ? 1 : plan.wallets != 0 ? plan.wallets : 10'000;
  const std::size_t batch = single ? 1 : plan.batch;
  const std::size_t in_flight = plan.in_flight != 0 ? plan.in_flight : single ? 4'096 : 32 * batch;

  Report report;
  const ScratchDirectory scratch(plan.data);
  report.text("workload", plan.workload);
  report.count("wallets", wallets);
  report.count("batch", batch);
  report.count("in_flight", in_flight);
  report.text("keys", "own key each");
  describe_disk(report, scratch);

  std::optional<Replicas> replicas;  // before the bank: it outlives the engine
  Options options;
  if (!plan.etcd.empty()) options.open_log = replicas.emplace(plan.etcd, plan.replicas).open_log();
  Bank bank(scratch.path() / "log", wallets, plan.json, std::move(options));
  if (replicas) replicas->wait_until_in_sync();
  bank.make_wallets();
  const std::int64_t before = bank.total();
  Driver& driver = bank.driver(batch, in_flight);
  Keys keys;
  Draw draw(wallets);
  Timed(plan, report, bank, driver).for_seconds([&] { return Bank::credit(draw.next(), keys.next()); });
  check_credits(report, driver, before, bank.total());
  if (replicas)
    report.check("all nodes in sync afterwards", replicas->in_sync() == plan.replicas,
                 std::to_string(replicas->in_sync()) + " of " + std::to_string(plan.replicas));
  bank.engine().close();
  return report;
}

Report run_recovery(const Plan& plan) {
  const std::uint64_t credits = plan.requests != 0 ? plan.requests : 5'000'000;
  const std::uint64_t wallets = plan.wallets != 0 ? plan.wallets : 10'000;
  Report report;
  const ScratchDirectory scratch(plan.data);
  report.text("workload", plan.workload);
  report.count("wallets", wallets);
  report.count("batch", plan.batch);
  report.text("keys", "own key each");
  describe_disk(report, scratch);

  std::uint64_t records = 0;
  std::int64_t written = 0;
  {
    Bank bank(scratch.path() / "log", wallets, plan.json);
    bank.make_wallets();
    Driver& driver = bank.driver(plan.batch, plan.in_flight != 0 ? plan.in_flight : 32 * plan.batch);
    Keys keys;
    Draw draw(wallets);
    const std::int64_t start = now_ns();
    for (std::uint64_t i = 0; i < credits; ++i) {
      driver.send(Bank::credit(draw.next(), keys.next()));
      bank.progress().show("writing records", i);
    }
    driver.drain();
    report.number("write_tx_s", static_cast<double>(credits) / (static_cast<double>(now_ns() - start) / 1e9));
    written = bank.total();
    check_credits(report, driver, 0, written);
    records = bank.engine().figures().durable.value;
    bank.engine().close();
  }

  const std::uint64_t disk_bytes = scratch.bytes();
  announce(plan);
  const std::int64_t start = now_ns();
  Bank bank(scratch.path() / "log", wallets, plan.json);
  const double seconds = static_cast<double>(now_ns() - start) / 1e9;
  const Figures figures = bank.engine().figures();
  report.count("records", records);
  report.count("records_replayed", figures.records_recovered);  // fewer: the rest came from a checkpoint
  report.number("seconds", seconds);                            // of open(), files in the page cache
  report.number("records_s", static_cast<double>(records) / seconds);
  report.number("disk_bytes_per_record", static_cast<double>(disk_bytes) / static_cast<double>(records));
  const std::int64_t recovered = bank.total();
  report.check("balances after recovery", recovered == written,
               "before " + std::to_string(written) + ", after " + std::to_string(recovered));
  bank.engine().close();
  return report;
}

Report run_sync(const Plan& plan) {
  Report report;
  const ScratchDirectory scratch(plan.data);
  const Histogram histogram = sync_latency(scratch.path(), plan.seconds);
  report.text("workload", plan.workload);
  report.number("seconds", plan.seconds);
  report.number("syncs_s", static_cast<double>(histogram.count()) / plan.seconds);
  report.latency(histogram);
  report.check("data directory on a disk", !scratch.in_memory(), scratch.in_memory() ? "tmpfs" : "yes");
  return report;
}

}  // namespace tote::bench
