// What a tenant's payment provider has said (API.md, Card payments from outside).
#include "actors/payment_event/payment_events.h"
#include "adapters/http/decoder.h"
#include "adapters/http/resources.h"
#include "engine/kernel/name.h"

namespace tote::http {
namespace payment_events {
namespace {

constexpr std::int64_t limit_default = 100;

bool read_status(Decoder& decoder, std::string_view value, std::int64_t& status) {
  for (status = 0; status <= static_cast<std::int64_t>(PaymentEvents::Status::failed); ++status)
    if (name_of(static_cast<PaymentEvents::Status>(status)) == value) return true;
  return decoder.refuse(Problem(Code::invalid_request, "status must be received, processed, ignored or failed."));
}

void ask(Decoder& decoder, PaymentEvents::Question question) {
  decoder.out.request.kind = PaymentEvents::kind_id;
  decoder.out.request.entity = PaymentEvents::id;
  decoder.ask(Command(std::move(question)));
}

bool read_one(Decoder& decoder) {
  PaymentEvents::Question question;
  if (!decoder.read_id(0, question.event) || !decoder.check_query()) return false;
  decoder.out.argument = question.event;
  ask(decoder, std::move(question));
  return decoder.read_state();
}

bool read_page(Decoder& decoder) {
  PaymentEvents::Question question;
  std::int64_t limit = limit_default;
  const bool good = decoder.each_parameter([&](std::string_view name, std::string_view value) {
    if (name == "limit")
      return decoder.read_number(name, value, 1, static_cast<std::int64_t>(PaymentEvents::page_max), limit);
    if (name == "status") return read_status(decoder, value, question.status);
    if (name != "after") return decoder.refuse_parameter(name);
    const bool is_id = percent_decode(value, question.after) && is_valid_id(question.after);
    return is_id || decoder.refuse(Problem(Code::invalid_id, "The query parameter after must be an event."));
  });
  question.limit = static_cast<std::size_t>(limit);
  ask(decoder, std::move(question));
  return good && decoder.read_state();
}

void read_retry(Reading& reading) {
  reading.request.entity = PaymentEvents::id;
  std::string reason;
  if (reading.body.has("reason")) reason = reading.body.words("reason", PaymentEvents::text_bytes_max);
  reading.request.command = retry_payment_event(std::move(reading.first), std::move(reason));
}

constexpr auto rows = table_of({
    {.method = Method::get,
     .pattern = "/v1/payment-events",
     .read = read_page,
     .append = append_payment_events,
     .document = R"json({
      "operationId": "readPaymentEvents", "tags": ["payments"], "summary": "What the payment provider has said, page by page",
      "description": "In the order of their ids.",
      "parameters": [{"$ref": "#/components/parameters/payment_event_status"}, {"$ref": "#/components/parameters/after_payment_event"},
        {"$ref": "#/components/parameters/limit"}],
      "x-kind": "lookup", "x-version": "answered",
      "x-success": {"200": {"description": "The events", "schema": "PaymentEvents", "example":
        {"payment_events": [{"id": "evt_1", "type": "checkout.session.completed", "status": "processed", "attempts": 1,
          "created_at": "2026-01-02T03:04:05.678Z", "result": {"outcome": "booked", "match": "thu", "player": "p1",
          "payment": "pi_1", "amount": 500, "currency": "EUR"}}], "next": null}}},
      "x-provoke": [{"code": "invalid_request", "method": "GET", "path": "/v1/payment-events?status=lost"}]
    })json"},
    {.method = Method::get,
     .pattern = "/v1/payment-events/{id}",
     .read = read_one,
     .append = append_payment_event,
     .document = R"json({
      "operationId": "readPaymentEvent", "tags": ["payments"], "summary": "What became of an event of the payment provider",
      "parameters": [{"$ref": "#/components/parameters/payment_event"}],
      "x-kind": "lookup", "x-version": "answered", "x-codes": ["not_found"], "x-example": "refused",
      "x-success": {"200": {"description": "The event", "schema": "PaymentEvent", "example":
        {"id": "evt_1", "type": "checkout.session.completed", "status": "processed", "attempts": 1,
         "created_at": "2026-01-02T03:04:05.678Z", "result": {"outcome": "refunded", "reason": "match_full", "match": "thu",
         "player": "p2", "payment": "pi_2", "amount": 500, "currency": "EUR"}}}},
      "x-provoke": [{"code": "not_found", "method": "GET", "path": "/v1/payment-events/none"}]
    })json"},
    {.method = Method::post,
     .pattern = "/v1/payment-events/{id}/retry",
     .kind = PaymentEvents::kind_id,
     .command = read_retry,
     .body = Body::optional,
     .is_of_one_entity = false,
     .role = Role::operator_,
     .document = R"json({
      "operationId": "retryPaymentEvent", "tags": ["payments"], "summary": "Act upon an event again that has failed",
      "parameters": [{"$ref": "#/components/parameters/payment_event"}],
      "requestBody": {"required": false, "content": {"application/json": {
        "schema": {"$ref": "#/components/schemas/OptionalReason"}, "example": {"reason": "there is room in the queue"}}}},
      "x-kind": "command", "x-version": "answered", "x-codes": ["not_found", "not_failed"], "x-example": "refused",
      "x-success": {"200": {"description": "It is acted upon again", "schema": "PaymentEvent", "example":
        {"id": "evt_1", "type": "checkout.session.completed", "status": "received", "attempts": 0,
         "created_at": "2026-01-02T03:04:05.678Z", "result": {}, "version": 5, "lsn": 9}}},
      "x-provoke": [{"code": "not_found", "method": "POST", "path": "/v1/payment-events/none/retry", "body": {}}]
    })json"},
});

}  // namespace
}  // namespace payment_events

std::span<const Route> payment_event_routes() { return payment_events::rows; }

}  // namespace tote::http
