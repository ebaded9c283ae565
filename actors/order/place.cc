#include "actors/order/place.h"

#include <utility>

#include "actors/item/item.h"
#include "actors/order/lines.h"
#include "actors/refund/refunds.h"
#include "actors/wallet/wallet.h"
#include "engine/kernel/name.h"

namespace tote {
namespace {

constexpr std::size_t card_token_bytes_max = 255;

Code why_invalid(std::string_view id, const OrderPlan::Input& order) {
  for (const std::string* payer : {&order.wallet, &order.webhook})
    if (!payer->empty() && !is_valid_id(*payer)) return Code::invalid_id;
  if (!is_valid_id(id)) return Code::invalid_id;
  if (order.lines.empty() || order.lines.size() > order_lines_max) return Code::invalid_request;
  for (const OrderPlan::Line& line : order.lines) {
    if (!is_valid_id(line.item)) return Code::invalid_id;
    if (!is_amount(line.quantity)) return Code::invalid_request;
  }
  for (const MergedLine& line : merged(order))
    if (!is_amount(line.quantity)) return Code::invalid_request;
  if (!is_valid(order.payee, order.amount)) return Code::invalid_request;
  if (!is_amount(order.amount.minor) || !labels_of(order.labels).is_valid()) return Code::invalid_request;
  const int payers =
      (order.wallet.empty() ? 0 : 1) + (order.webhook.empty() ? 0 : 1) + (order.card_token.empty() ? 0 : 1);
  if (payers != 1) return Code::invalid_request;
  if (!order.wallet.empty()) return Code::ok;
  return order.card_token.size() <= card_token_bytes_max && currency_of(order.currency.text()) ? Code::ok
                                                                                               : Code::invalid_request;
}

// As it is kept: with the wallet's currency, which whoever asks needn't know.
void complete(Transaction& on, OrderPlan::Input& order) {
  if (order.wallet.empty()) return;
  if (const auto* wallet = look<Wallet>(on, order.wallet)) order.currency = wallet->currency;
}

bool is_paused(Transaction& on) {
  const auto* refunds = look<Refunds>(on, Refunds::id);
  return refunds != nullptr && Refunds::is_paused(*refunds);
}

}  // namespace

PlaceOrder::PlaceOrder(std::string id, OrderPlan::Input order)
    : id_(std::move(id)), order_(std::make_shared<OrderPlan::Input>(std::move(order))) {}

void PlaceOrder::entities(std::vector<EntityRef>& out) const {
  out.push_back({Order::kind_id, id_});
  for (const OrderPlan::Line& line : order_->lines) out.push_back({Item::kind_id, line.item});
  if (order_->is_by_card()) out.push_back({Refunds::kind_id, Refunds::id});
  if (!order_->wallet.empty()) out.push_back({Wallet::kind_id, order_->wallet});
  add_entities(order_->payee, out);
}

Verdict PlaceOrder::run(Transaction& on) const {
  if (const Code code = why_invalid(id_, *order_); code != Code::ok) return {code};
  const auto* seen = look<Order>(on, id_);
  if (seen != nullptr && seen->progress.status != saga::Status::compensated) return {Code::order_exists};
  if (order_->is_by_card() && is_paused(on)) return {Code::payments_paused};
  complete(on, *order_);
  // A payee that isn't there is found before a card is charged.
  if (order_->currency != Currency{})
    if (Verdict payee = why_no_payee(on, order_->payee, order_->currency); payee.refused()) return payee;
  const saga::Stand stand = saga::start<Order>(on, id_, order_);
  if (stand.verdict.refused()) return stand.verdict;
  return {stand.status == saga::Status::completed ? Code::created : Code::accepted};
}

void PlaceOrder::answer(Transaction& on, std::string& out) const {
  if (const AnyEntity* order = on.look({Order::kind_id, id_})) order->answer({}, out);
}

void PlaceOrder::digest(std::string& out) const {
  out.append("place ").append(id_).append(1, ' ');
  OrderPlan::encode_asked(*order_, out);
}

Command place_order(std::string id, OrderPlan::Input order) {
  return Command(ScriptPtr(std::make_unique<const PlaceOrder>(std::move(id), std::move(order))));
}

}  // namespace tote
