#include "actors/order/give_back.h"

#include "actors/item/item.h"
#include "actors/order/lines.h"
#include "actors/order/outside_payment.h"
#include "actors/refund/refunds.h"
#include "actors/wallet/wallet.h"

namespace tote {
namespace {

using Type = OrderReturns::Type;

// Short, and no other refund's: that of a whole order has no number.
std::string refund_id_of(const Order::State& order, std::size_t number) {
  return "o-" + std::to_string(order.progress.started_at.ns) + '-' + std::to_string(number);
}

Verdict pay(Transaction& on, const std::string& id, const Order::State& before, Money back) {
  const OrderInput& order = *before.input;
  if (back.minor == 0) return {};
  Verdict taken = take_back(on, order.payee, order.amount, before.after.refunded, back, id);
  if (taken.refused()) return taken;
  if (!order.wallet.empty()) return run<Wallet>(on, order.wallet, Wallet::Credit{back, id}).about({}, order.wallet);
  Refunds::Enqueue refund{refund_id_of(before, before.after.refunds.size() + 1),
                          std::string(before.progress.result(OrderPlan::charge_step)), back, order.currency};
  refund.is_part = true;
  return run<Refunds>(on, Refunds::id, refund).verdict();
}

Verdict restock(Transaction& on, const std::vector<OrderLine>& lines) {
  for (const OrderLine& line : lines) {
    const Step step = run<Item>(on, line.item, Item::Restock{line.quantity});
    if (step.refused()) return step.about({}, line.item);
  }
  return {};
}

// What the order says to it, and all that follows.
Verdict give_back(Transaction& on, const std::string& id, const OrderReturns::Command& asked) {
  const auto* found = look<Order>(on, id);
  if (found == nullptr) return {Code::not_found, {}, {{}, id}};
  const Order::State before = *found;
  const Step step = run<Order>(on, id, Order::Command(asked));
  if (step.refused()) {
    const auto line = step.facts.find(FactName::line);
    if (!line) return step.about({}, id);
    const auto number = static_cast<std::size_t>(*line);
    return step.about("/lines/" + std::to_string(number) + "/item", asked.lines[number].item);
  }
  if (!step.changed) return step.verdict();
  const OrderReturns::State after = look<Order>(on, id)->after;
  const Money back{after.refunded.minor - before.after.refunded.minor};
  if (Verdict paid = pay(on, id, before, back); paid.refused()) return paid;
  if (after.refunds.size() == before.after.refunds.size()) return step.verdict();
  const Verdict goods = restock(on, after.refunds.back().lines);
  return goods.refused() ? goods : step.verdict();
}

class AboutOrder : public Script {
 public:
  explicit AboutOrder(std::string id) : id_(std::move(id)) {}

  void entities(std::vector<EntityRef>& out) const override { out.push_back({Order::kind_id, id_}); }
  void answer(Transaction& on, std::string& out) const override {
    if (const AnyEntity* order = on.look({Order::kind_id, id_})) order->answer({}, out);
  }

 protected:
  const std::string id_;
};

class RefundOrder final : public AboutOrder {
 public:
  RefundOrder(std::string id, OrderReturns::Command refund) : AboutOrder(std::move(id)), refund_(std::move(refund)) {}

  Verdict run(Transaction& on) const override {
    Verdict verdict = give_back(on, id_, refund_);
    return verdict.refused() ? verdict : Verdict{Code::created};
  }
  void digest(std::string& out) const override {
    out.append("refund ").append(id_).append(1, '\0');
    Order::digest(Order::Command(refund_), out);
  }

 private:
  const OrderReturns::Command refund_;
};

class CancelOrder final : public AboutOrder {
 public:
  CancelOrder(std::string id, std::string reason) : AboutOrder(std::move(id)), reason_(std::move(reason)) {}

  Verdict run(Transaction& on) const override {
    const auto* order = look<Order>(on, id_);
    if (order == nullptr) return {Code::not_found, {}, {{}, id_}};
    const bool is_over =
        order->progress.status == saga::Status::completed || order->progress.status == saga::Status::compensated;
    if (order->after.is_wished && order->progress.status == saga::Status::compensated) return {};
    if (is_over) return give_back(on, id_, {Type::cancel, {}, {}, {}, reason_});
    const bool is_by_webhook = order->input->is_by_webhook();
    const Step wished =
        tote::run<Order>(on, id_, Order::Command(OrderReturns::Command{Type::wish, {}, {}, {}, reason_}));
    if (wished.refused() || !is_by_webhook) return wished.verdict();
    const Verdict failed = fail_order(on, id_, "cancelled");
    return failed.code == Code::not_awaited ? wished.verdict() : failed;
  }
  void digest(std::string& out) const override { out.append("cancel ").append(id_).append(1, '\0').append(reason_); }

 private:
  const std::string reason_;
};

// The engine's own, once a payment that wasn't wanted any more has gone through.
class FulfilWish final : public AboutOrder {
 public:
  using AboutOrder::AboutOrder;

  Verdict run(Transaction& on) const override {
    const std::string reason = look<Order>(on, id_)->after.reason;
    const auto mark = on.mark();
    const Verdict verdict = give_back(on, id_, {Type::cancel, {}, {}, {}, reason});
    if (!verdict.refused()) return {};
    on.undo(mark);
    const std::string why = "couldn't be cancelled when it was paid: " + std::string(name_of(verdict.code));
    tote::run<Order>(on, id_, Order::Command(OrderReturns::Command{Type::fail, {}, {}, {}, why}));
    return {};
  }
  void answer(Transaction&, std::string&) const override {}
  void digest(std::string& out) const override { out.append("fulfil ").append(id_); }
};

}  // namespace

ScriptPtr OrderReturns::follow_up(std::string_view id, const saga::Progress& progress, const State& state) {
  const bool is_due =
      state.is_wished && !state.is_cancelled && state.failure.empty() && progress.status == saga::Status::completed;
  return is_due ? std::make_unique<FulfilWish>(std::string(id)) : nullptr;
}

Command refund_order(std::string id, OrderReturns::Command refund) {
  return Command(ScriptPtr(std::make_unique<RefundOrder>(std::move(id), std::move(refund))));
}

Command cancel_order(std::string id, std::string reason) {
  return Command(ScriptPtr(std::make_unique<CancelOrder>(std::move(id), std::move(reason))));
}

}  // namespace tote
