#include <utility>
#include <vector>

#include "actors/codec/labels.h"
#include "actors/order/lines.h"
#include "actors/order/order.h"
#include "actors/order/order_generated.h"

namespace tote {
namespace {

using flat::append;
using flat::builder;
using flat::Offset;
using flat::optional_string;
using flat::String;
using flat::verified;
using flat::view;

constexpr flatbuffers::uoffset_t tables_max = 2 + order_lines_max + Labels::metadata_max;

void write(const OrderPlan::Input& order, bool has_currency, std::string& out) {
  auto& to = builder<OrderPlan>();
  // Of any size: this makes the digests of orders, too, that will be refused.
  thread_local std::vector<Offset<order::fbs::Line>> at;
  at.clear();
  for (const OrderPlan::Line& line : order.lines) {
    const auto item_at = optional_string(to, line.item);
    at.push_back(order::fbs::CreateLine(to, item_at, line.quantity));
  }
  const auto lines_at = to.CreateVector(at.data(), at.size());
  const auto wallet_at = optional_string(to, order.wallet);
  const auto card_at = optional_string(to, order.card_token);
  const auto currency_at = has_currency ? optional_string(to, order.currency.text()) : Offset<String>{};
  const Labels& labels = labels_of(order.labels);
  const auto reference_at = optional_string(to, labels.reference);
  const auto metadata_at = flat::metadata_of<order::fbs::Label>(to, labels);
  const auto webhook_at = optional_string(to, order.webhook);
  const auto payee_at = optional_string(to, order.payee.wallet);
  const auto fee_wallet_at = optional_string(to, order.payee.fee_wallet);
  to.Finish(order::fbs::CreateInput(to, lines_at, wallet_at, card_at, order.amount.minor, currency_at, reference_at,
                                    metadata_at, webhook_at, payee_at, fee_wallet_at, order.payee.fee.minor));
  append(to, out);
}

}  // namespace

void OrderPlan::encode(const Input& order, std::string& out) {
  write(order, order.wallet.empty() || order.currency != Currency{}, out);
}

void OrderPlan::encode_asked(const Input& order, std::string& out) { write(order, order.wallet.empty(), out); }

bool OrderPlan::decode(std::string_view bytes, Input& order) {
  const auto* from = verified<order::fbs::Input>(bytes, tables_max);
  if (from == nullptr || from->lines() == nullptr) return false;
  const std::size_t lines_count = from->lines()->size();
  if (lines_count == 0 || lines_count > order_lines_max) return false;
  order.lines.clear();
  order.lines.reserve(lines_count);
  for (const auto* line : *from->lines()) {
    if (!is_amount(line->quantity())) return false;
    order.lines.push_back({std::string(view(line->item())), line->quantity()});
  }
  order.wallet = view(from->wallet());
  order.card_token = view(from->card_token());
  order.webhook = view(from->webhook());
  order.payee = {std::string(view(from->payee())), std::string(view(from->fee_wallet())), {from->fee()}};
  order.amount = {from->amount()};
  if (!is_amount(order.amount.minor)) return false;
  order.currency = {};
  Labels labels;
  if (!flat::read_labels(from->reference(), from->metadata(), labels)) return false;
  order.labels = share(std::move(labels));
  if (!order.wallet.empty() && from->currency() == nullptr) return true;
  const auto currency = currency_of(view(from->currency()));
  if (currency) order.currency = *currency;
  return currency.has_value();
}

}  // namespace tote
