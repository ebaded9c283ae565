// Money both ways between random wallets, two entities a transaction.
#include <algorithm>
#include <charconv>
#include <string>
#include <vector>

#include "actors/transaction/results.h"
#include "actors/transaction/transfer.h"
#include "bench/embedded.h"
#include "bench/timed.h"

namespace tote::bench {

namespace {

std::uint64_t number_of(const std::string& wallet) {
  std::uint64_t number = 0;
  std::from_chars(wallet.data() + 1, wallet.data() + wallet.size(), number);
  return number;
}

}  // namespace

Report run_transfers(const Plan& plan) {
  const bool hot = plan.workload == "transfers-hot";
  const std::uint64_t wallets = hot ? 2 : plan.wallets != 0 ? std::max<std::uint64_t>(2, plan.wallets) : 10'000;
  Report report;
  const ScratchDirectory scratch(plan.data);
  report.text("workload", plan.workload);
  report.count("wallets", wallets);
  report.count("batch", plan.batch);
  report.text("keys", "own key each");
  describe_disk(report, scratch);

  Bank bank(scratch.path() / "log", wallets, plan.json);
  bank.make_wallets(balance_at_first);
  Driver& driver = bank.driver(plan.batch, plan.in_flight != 0 ? plan.in_flight : 32 * plan.batch);
  Keys keys;
  Draw draw_from(wallets);
  Draw draw_step(wallets - 1, 43);
  // Each wallet must end with exactly what was sent to it and from it: every transfer is acknowledged in the end.
  std::vector<std::int64_t> expected(wallets, balance_at_first.minor);
  Timed(plan, report, bank, driver).for_seconds([&] {
    const std::uint64_t from = draw_from.next();
    const std::uint64_t to = (from + 1 + draw_step.next()) % wallets;
    --expected[from];
    ++expected[to];
    Request made;
    made.kind = transaction::kind_id;
    made.command = transfer_command(Bank::wallet(from), Bank::wallet(to), Money{1});
    made.key = keys.next();
    return made;
  });

  report.count("aborts", driver.answered() - driver.succeeded());
  check_success(report, driver);
  std::int64_t total = 0;
  std::uint64_t wrong = 0;
  bank.read_balances([&](const Outcome& wallet, const Member& balance) {
    total += *balance.number;
    if (*balance.number != expected.at(number_of(wallet.entity))) ++wrong;
  });
  const std::int64_t all = balance_at_first.minor * static_cast<std::int64_t>(wallets);
  report.check("money is conserved", total == all, std::to_string(total) + " of " + std::to_string(all));
  report.check("every balance is what the transfers make it", wrong == 0,
               std::to_string(wrong) + " of " + std::to_string(wallets) + " wrong");
  bank.engine().close();
  return report;
}

}  // namespace tote::bench
