// Orders of two lines, paid from a wallet: reserve, charge and confirm, one record over four entities.
#include <algorithm>
#include <string>
#include <utility>

#include "actors/item/item.h"
#include "actors/order/place.h"
#include "bench/embedded.h"
#include "bench/timed.h"

namespace tote::bench {

namespace {

constexpr std::int64_t stock_at_first = 1'000'000'000'000;
constexpr std::uint64_t items = 1'000;
constexpr Money amount{1};

std::string item(std::uint64_t number) { return "i" + std::to_string(number); }
std::string order(std::uint64_t number) { return "o" + std::to_string(number); }

}  // namespace

Report run_orders(const Plan& plan) {
  const std::uint64_t wallets = plan.wallets != 0 ? plan.wallets : 10'000;
  Report report;
  const ScratchDirectory scratch(plan.data);
  report.text("workload", plan.workload);
  report.count("wallets", wallets);
  report.count("items", items);
  report.count("batch", plan.batch);
  report.text("keys", "own key each");
  describe_disk(report, scratch);

  Bank bank(scratch.path() / "log", wallets, plan.json);
  bank.make_wallets(balance_at_first);
  bank.send_all("opening items", items,
                [](std::uint64_t i) { return request<Item>(item(i), Item::Open{stock_at_first}); });
  Driver& driver = bank.driver(plan.batch, plan.in_flight != 0 ? plan.in_flight : 32 * plan.batch);
  Keys keys;
  Draw draw_wallet(wallets);
  Draw draw_item(items - 1, 43);
  std::uint64_t orders = 0;
  Timed(plan, report, bank, driver).for_seconds([&] {
    Request made;
    made.kind = Order::kind_id;
    made.entity = order(orders++);
    // The first line is the same item in all of them, as in PostgreSQL's: everybody waits for it there.
    OrderPlan::Input input{.lines = {{item(0), 1}, {item(1 + draw_item.next()), 1}}};
    input.wallet = Bank::wallet(draw_wallet.next());
    input.amount = amount;
    made.command = place_order(made.entity, std::move(input));
    made.key = keys.next();
    return made;
  });

  report.count("aborts", driver.answered() - driver.succeeded());
  check_success(report, driver);
  const auto count = static_cast<std::int64_t>(orders);
  std::int64_t left = 0;
  const auto item_kind = kind_of<Item>();
  const auto read_item = [](std::uint64_t i) { return request<Item>(item(i)); };
  bank.read_all("counting stock", items, read_item, *item_kind, "on_hand",
                [&](const Outcome&, const Member& on_hand) { left += *on_hand.number; });
  const std::int64_t taken = stock_at_first * static_cast<std::int64_t>(items) - left;
  report.check("stock is less by two an order", taken == 2 * count,
               std::to_string(taken) + " for " + std::to_string(count) + " orders");
  const std::int64_t paid = balance_at_first.minor * static_cast<std::int64_t>(wallets) - bank.total();
  report.check("every order is paid, once", paid == amount.minor * count,
               std::to_string(paid) + " for " + std::to_string(count) + " orders");
  // Some of them, all over: the stock and the money have told of all.
  const std::uint64_t looked_at = std::min<std::uint64_t>(orders, 10'000);
  std::uint64_t confirmed = 0;
  const auto order_kind = kind_of<Order>();
  const auto read_order = [&](std::uint64_t i) { return request<Order>(order(i * orders / looked_at)); };
  bank.read_all("reading orders", looked_at, read_order, *order_kind, "status",
                [&](const Outcome&, const Member& status) { confirmed += status.words == "confirmed" ? 1 : 0; });
  report.check("orders are confirmed", confirmed == looked_at,
               std::to_string(confirmed) + " of " + std::to_string(looked_at) + " looked at");
  bank.engine().close();
  return report;
}

}  // namespace tote::bench
