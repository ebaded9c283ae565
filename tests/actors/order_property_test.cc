// What is true of a shop whatever is ordered and whatever the provider answers.
#include <map>

#include "tests/actors/order_words.h"
#include "tests/actors/property.h"

namespace tote {
namespace {

// A provider as it really is: it charges a key once, and its answer may be lost.
struct OrderProvider {
  std::map<std::string, bool> charged;  // by key

  payment::Result charge(const payment::Charge& call) {
    const bool takes = charged.contains(call.key) ? charged[call.key] : *rc::gen::inRange(0, 3) != 0;
    const int luck = *rc::gen::inRange(0, 3);
    if (luck == 0) return charge_lost();  // before it got there
    charged[call.key] = takes;
    return luck == 1 ? charge_lost() : answer(call);  // lost after
  }
  // At last, the truth.
  payment::Result answer(const payment::Charge& call) {
    const bool takes = charged[call.key];
    return takes ? charge_succeeded("ch:" + call.key.substr(0, 100)) : charge_declined();
  }
  std::size_t charges() const {
    std::size_t count = 0;
    for (const auto& [key, takes] : charged) count += takes ? 1 : 0;
    return count;
  }
};

OrderPlan::Input any_order() {
  Lines lines;
  const auto lines_count = *rc::gen::inRange(1, 4);
  for (int i = 0; i < lines_count; ++i)
    lines.push_back({*rc::gen::element<std::string>("sku1", "sku2"), *rc::gen::inRange<std::int64_t>(1, 4)});
  const auto amount = *rc::gen::inRange<std::int64_t>(1, 400);
  return *rc::gen::arbitrary<bool>() ? by_wallet(std::move(lines), amount) : by_card(std::move(lines), amount);
}

void answer_one(Shop& shop, OrderProvider& provider) {
  for (const SagaCall& call : shop.world.calls()) {
    const auto* charge = call.command.get<payment::Charge>();
    if (charge == nullptr || *rc::gen::inRange(0, 2) == 0) continue;
    shop.report(call.entity, call.effect, provider.charge(*charge));
    return;
  }
}

void answer_all(Shop& shop, OrderProvider& provider) {
  for (const SagaCall& call : shop.world.calls())
    if (const auto* charge = call.command.get<payment::Charge>())
      shop.report(call.entity, call.effect, provider.answer(*charge));
}

const std::vector<std::string> ids{"o1", "o2", "o3", "o4", "o5"};

bool is_pending(Shop& shop, const std::string& id) {
  return shop.progress(id).status != saga::Status::none && shop.status(id) == "pending";
}

// What confirmed orders have taken is gone, nothing else is.
void check_books(Shop& shop, const OrderProvider& provider) {
  std::map<std::string, std::int64_t> sold;
  std::int64_t paid = 0;
  std::size_t charges = 0;
  for (const std::string& id : ids) {
    const auto& order = shop.world.state<Order>(id);
    if (!order.exists() || shop.status(id) != "confirmed") continue;
    for (const OrderPlan::Line& line : order.input->lines) sold[line.item] += line.quantity;
    order.input->is_by_card() ? void(++charges) : void(paid += order.input->amount.minor);
  }
  RC_ASSERT(shop.on_hand("sku1") == 10 - sold["sku1"]);
  RC_ASSERT(shop.on_hand("sku2") == 10 - sold["sku2"]);
  RC_ASSERT(shop.reserved("sku1") == 0);
  RC_ASSERT(shop.reserved("sku2") == 0);
  RC_ASSERT(shop.balance() == 1'000 - paid);
  RC_ASSERT(provider.charges() == charges + shop.refunds());
}

TEST_CASE("orders: items and money are conserved, and no order is lost") {
  check_property("random orders, answers and times", [] {
    Shop shop;
    OrderProvider provider;
    for (int i = 0; i < 30; ++i) {
      switch (*rc::gen::inRange(0, 4)) {
        case 0: shop.place(*rc::gen::elementOf(ids), any_order()); break;
        case 1: shop.world.pass(*rc::gen::element<std::int64_t>(1, ns_per_s, 70 * ns_per_s, 3'700 * ns_per_s)); break;
        default: answer_one(shop, provider); break;
      }
    }
    const auto are_pending = [&] {
      return std::any_of(ids.begin(), ids.end(), [&](const std::string& id) { return is_pending(shop, id); });
    };
    for (int i = 0; i < 20 && are_pending(); ++i) {
      for (const std::string& id : ids)
        if (shop.progress(id).status == saga::Status::stuck) shop.operate(id, saga::Remedy::retry);
      answer_all(shop, provider);
      shop.world.pass(61 * ns_per_s);
    }
    RC_ASSERT(!are_pending());
    check_books(shop, provider);
  });
}

}  // namespace
}  // namespace tote
