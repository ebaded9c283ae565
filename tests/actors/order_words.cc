#include "tests/actors/order_words.h"

#include <algorithm>

namespace tote {
namespace {

const Currency euro = *currency_of("EUR");

}  // namespace

OrderPlan::Input by_wallet(Lines lines, std::int64_t amount, std::string wallet) {
  return {.lines = std::move(lines), .wallet = std::move(wallet), .amount = {amount}};
}

OrderPlan::Input by_card(Lines lines, std::int64_t amount, std::string token) {
  return {.lines = std::move(lines), .card_token = std::move(token), .amount = {amount}, .currency = euro};
}

Shop::Shop() : world({kind_of<Wallet>(), kind_of<Item>(), kind_of<Refunds>(), kind_of<Order>()}) {
  stock("sku1", 10);
  stock("sku2", 10);
  world.command<Wallet>("ann", Wallet::Open{euro});
  world.command<Wallet>("ann", Wallet::Credit{{1'000}});
}

void Shop::stock(std::string_view item, std::int64_t quantity) {
  REQUIRE(!world.command<Item>(item, Item::Open{quantity}).refused());
}

std::string Shop::waits_for(std::string_view order) {
  for (const SagaCall& call : world.calls())
    if (call.kind == Order::kind_id && call.entity == order) return call.effect;
  return {};
}

payment::Charge Shop::charge(std::string_view order) {
  for (const SagaCall& call : world.calls())
    if (call.kind == Order::kind_id && call.entity == order) return *call.command.get<payment::Charge>();
  return {};
}

void Shop::answer_refunds(const payment::Result& result) {
  for (const SagaCall& call : world.calls()) {
    const auto* refund = call.command.get<payment::Refund>();
    if (refund == nullptr) continue;
    if (result.status == payment::Status::succeeded) refunds_.insert(refund->key);
    world.report(call.kind, call.entity, call.effect, CommandRef::to(result));
  }
}

void Shop::wait_for_funds(int refunds_count) {
  for (int i = 0; i < refunds_count; ++i) {
    const std::string id = "other-" + std::to_string(i);
    REQUIRE(!world.command<Refunds>(Refunds::id, Refunds::Enqueue{id, "ch-" + id, {100}, euro}).refused());
  }
  answer_refunds({payment::Status::balance_insufficient, {}, "no money"});
  REQUIRE(Refunds::has_pending_funds(world.state<Refunds>(Refunds::id)));
  REQUIRE(!is_refunding());
}

void Shop::pause_payments() { wait_for_funds(3); }

bool Shop::is_refunding() {
  const auto calls = world.calls();
  return std::any_of(calls.begin(), calls.end(),
                     [](const SagaCall& call) { return call.command.get<payment::Refund>() != nullptr; });
}

std::size_t Shop::refunds() {
  answer_refunds({payment::Status::succeeded, "re_1", {}});
  return refunds_.size();
}

std::string Shop::text(std::string_view order) {
  const auto& state = world.state<Order>(order);
  return text_of(order, Order::steps(state), state.progress);
}

std::string Shop::described(std::string_view order) {
  OrderText fields;
  CHECK(Order::describe_answer(order, world.answer(Order::kind_id, order), fields));
  CHECK(fields.depth == 0);
  return fields.out;
}

std::string Shop::described_saga(std::string_view order) {
  OrderText fields;
  std::string answer;
  Order::answer(world.state<Order>(order), Order::Question{}, answer);
  CHECK(Order::describe_answer(order, answer, fields));
  CHECK(fields.depth == 0);
  return fields.out;
}

}  // namespace tote
