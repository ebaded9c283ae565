#include <vector>

#include "actors/codec/flat.h"
#include "actors/order/order.h"
#include "actors/order/order_generated.h"
#include "engine/kernel/limits.h"

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

bool is_amount(std::int64_t amount) { return amount >= 1 && amount <= limits::amount_max; }

using LabelsAt = Offset<flatbuffers::Vector<Offset<order::fbs::Label>>>;

LabelsAt written(flat::FlatBufferBuilder& to, const Labels& labels) {
  if (labels.metadata.empty()) return {};
  std::vector<Offset<order::fbs::Label>> at;
  for (const auto& [name, value] : labels.metadata) {
    const auto name_at = optional_string(to, name);
    const auto value_at = optional_string(to, value);
    at.push_back(order::fbs::CreateLabel(to, name_at, value_at));
  }
  return to.CreateVector(at.data(), at.size());
}

bool read(const order::fbs::Input& from, Labels& labels) {
  labels = {flat::text_of(from.reference()), {}};
  if (from.metadata() == nullptr) return labels.is_valid();
  for (const auto* one : *from.metadata())
    labels.metadata.emplace_back(flat::text_of(one->name()), flat::text_of(one->value()));
  return labels.is_valid();
}

}  // namespace

void OrderPlan::encode(const Input& order, std::string& out) {
  auto& to = builder<OrderPlan>();
  // Of any size: this makes the digests of orders, too, that will be refused.
  thread_local std::vector<Offset<order::fbs::Line>> at;
  at.clear();
  for (const Line& line : order.lines) {
    const auto item_at = optional_string(to, line.item);
    at.push_back(order::fbs::CreateLine(to, item_at, line.quantity));
  }
  const auto lines_at = to.CreateVector(at.data(), at.size());
  const auto wallet_at = optional_string(to, order.wallet);
  const auto card_at = optional_string(to, order.card_token);
  const bool has_currency = order.is_by_card() || order.currency != Currency{};
  const auto currency_at = has_currency ? optional_string(to, order.currency.text()) : Offset<String>{};
  const auto reference_at = optional_string(to, order.labels.reference);
  const auto metadata_at = written(to, order.labels);
  to.Finish(order::fbs::CreateInput(to, lines_at, wallet_at, card_at, order.amount.minor, currency_at, reference_at,
                                    metadata_at));
  append(to, out);
}

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
  order.amount = {from->amount()};
  if (!is_amount(order.amount.minor)) return false;
  order.currency = {};
  if (!read(*from, order.labels)) return false;
  if (!order.is_by_card() && from->currency() == nullptr) return true;
  const auto currency = currency_of(view(from->currency()));
  if (currency) order.currency = *currency;
  return currency.has_value();
}

}  // namespace tote
