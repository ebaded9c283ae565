// Bodies of requests about orders, sagas and refunds (API.md, Transactions and orders).
#include "actors/match/card_booking.h"
#include "actors/order/place.h"
#include "actors/refund/refunds.h"
#include "adapters/http/amounts.h"
#include "adapters/http/labels.h"
#include "adapters/http/resources.h"
#include "engine/kernel/name.h"

namespace tote::http {
namespace {

constexpr std::size_t card_token_bytes_max = 255;
constexpr std::size_t reason_bytes_max = 256;

void read_pay(JsonObject& body, bool accepts_cards, OrderPlan::Input& order) {
  JsonObject pay = body.object("pay");
  if (pay.has("wallet")) {
    order.wallet = pay.id("wallet");
  } else if (pay.has("card")) {
    JsonObject card = pay.object("card");
    order.card_token = card.words("token", card_token_bytes_max);
    card.finish();
    if (!accepts_cards) pay.refuse("card", "can't be charged: this server has no payment gateway");
    order.currency = read_currency(pay, "currency");
  } else {
    body.refuse("pay", "must name a wallet or a card");
  }
  order.amount = read_amount(pay);
  pay.finish();
}

void operate(std::string_view public_id, saga::Remedy remedy, Reading& reading) {
  const std::string reason(reading.body.words("reason", reason_bytes_max));
  auto operation = saga::operate_public<Order, CardBooking>(public_id, remedy, reason);
  reading.request.kind = operation.kind;
  reading.request.entity = operation.id;
  reading.request.command = Command(std::move(operation.script));
}

}  // namespace

void read_order_place(Reading& reading) {
  std::string id(reading.body.id("order"));
  OrderPlan::Input order;
  for (JsonObject& line : reading.body.objects("lines", order_lines_max)) {
    std::string item(line.id("item"));
    order.lines.push_back({std::move(item), read_quantity(line, "quantity")});
    line.finish();
  }
  read_pay(reading.body, reading.accepts_cards, order);
  order.labels = share(read_labels(reading.body));
  reading.request.entity = id;
  reading.request.command = place_order(std::move(id), std::move(order));
}

void read_refund_retry(Reading& reading) {
  reading.request.entity = Refunds::id;
  std::string reason;
  if (reading.body.has("reason")) reason = reading.body.words("reason", reason_bytes_max);
  reading.request.command = retry_refund(std::move(reading.first), std::move(reason));
}

void read_payments_resume(Reading& reading) {
  reading.request.entity = Refunds::id;
  reading.request.command = resume_payments(std::string(reading.body.words("reason", reason_bytes_max)));
}

bool read_saga_id(std::string_view public_id, KindId& kind, std::string_view& id) {
  const auto colon = public_id.find(':');
  if (colon == std::string_view::npos) return false;
  const std::string_view name = public_id.substr(0, colon);
  kind = name == Order::kind ? Order::kind_id : name == CardBooking::kind ? CardBooking::kind_id : KindId{0};
  id = public_id.substr(colon + 1);
  return kind != 0 && is_valid_id(id);
}

void read_saga_retry(std::string_view public_id, Reading& reading) { operate(public_id, saga::Remedy::retry, reading); }

void read_saga_skip(std::string_view public_id, Reading& reading) { operate(public_id, saga::Remedy::skip, reading); }

}  // namespace tote::http
