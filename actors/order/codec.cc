#include <vector>

#include "actors/order/order.h"
#include "actors/order/order_generated.h"
#include "engine/kernel/limits.h"

namespace tote {
namespace {

using flatbuffers::FlatBufferBuilder;
using flatbuffers::Offset;
using String = flatbuffers::String;

// One builder a thread, reused: encoding costs no allocation once it has grown.
FlatBufferBuilder& builder() {
  thread_local FlatBufferBuilder builder(512);
  builder.Clear();
  return builder;
}

std::string_view view(const String* text) {
  return text == nullptr ? std::string_view{} : std::string_view(text->c_str(), text->size());
}

Offset<String> optional_string(FlatBufferBuilder& to, std::string_view text) {
  return text.empty() ? Offset<String>{} : to.CreateString(text.data(), text.size());
}

bool is_amount(std::int64_t amount) { return amount >= 1 && amount <= limits::amount_max; }

const order::fbs::Input* verified(std::string_view bytes) {
  const auto* data = reinterpret_cast<const std::uint8_t*>(bytes.data());
  flatbuffers::Verifier verifier(data, bytes.size(), 8, 2 + order_lines_max);
  return verifier.VerifyBuffer<order::fbs::Input>(nullptr) ? flatbuffers::GetRoot<order::fbs::Input>(data) : nullptr;
}

}  // namespace

void OrderPlan::encode(const Input& order, std::string& out) {
  auto& to = builder();
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
  const auto currency_at = order.is_by_card() ? optional_string(to, order.currency.text()) : Offset<String>{};
  to.Finish(order::fbs::CreateInput(to, lines_at, wallet_at, card_at, order.amount.minor, currency_at));
  out.append(reinterpret_cast<const char*>(to.GetBufferPointer()), to.GetSize());
}

bool OrderPlan::decode(std::string_view bytes, Input& order) {
  const auto* from = verified(bytes);
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
  if (!order.is_by_card()) return true;
  const auto currency = currency_of(view(from->currency()));
  if (currency) order.currency = *currency;
  return currency.has_value();
}

}  // namespace tote
