// What an idle wallet costs in memory, all of it: actor, state, directory entry and the allocator's own part.
#include <malloc.h>

#include <cstdint>
#include <string>
#include <utility>

#include "bench/bank.h"
#include "bench/disk.h"
#include "bench/embedded.h"
#include "bench/resident.h"

namespace tote::bench {

Report run_memory(const Plan& plan) {
  const std::uint64_t wallets = plan.wallets != 0 ? plan.wallets : 1'000'000;
  const auto count = static_cast<double>(wallets);
  Report report;
  const ScratchDirectory scratch(plan.data);
  Bank bank(scratch.path() / "log", wallets, plan.json);
  const double before = resident_bytes();
  bank.make_wallets();
  Driver& driver = bank.driver(plan.batch, 32 * plan.batch);
  for (std::uint64_t i = 0; i < wallets; ++i) {
    driver.send(Bank::credit(i, {}));  // no key: what a key costs isn't the wallet's
    bank.progress().show("crediting each", i);
  }
  driver.drain();
  const double after = resident_bytes();
  malloc_trim(0);
  const double trimmed = resident_bytes();
  const Figures figures = bank.engine().figures();

  report.text("workload", plan.workload);
  report.count("wallets", wallets);
  report.text("keys", "none");
  report.count("wallets_live", figures.entities_live);
  report.number("rss_before_mib", before / 1048576);
  report.number("rss_after_mib", after / 1048576);
  report.number("rss_trimmed_mib", trimmed / 1048576);
  report.number("bytes_per_wallet_untrimmed", (after - before) / count);
  report.number("bytes_per_wallet", (trimmed - before) / count);
  report.check("every credit succeeded", driver.succeeded() == wallets, std::to_string(driver.succeeded()));
  report.check("every wallet is in memory", figures.entities_live >= wallets, std::to_string(figures.entities_live));
  bank.engine().close();
  return report;
}

}  // namespace tote::bench
