// A tenant's refunds and its card payments (API.md, Transactions and orders).
#include "actors/refund/refunds.h"
#include "adapters/http/decoder.h"
#include "adapters/http/resources.h"

namespace tote::http {
namespace refunds {
namespace {

constexpr std::size_t reason_bytes_max = 256;

void read_retry(Reading& reading) {
  reading.request.entity = Refunds::id;
  std::string reason;
  if (reading.body.has("reason")) reason = reading.body.words("reason", reason_bytes_max);
  reading.request.command = retry_refund(std::move(reading.first), std::move(reason));
}

void read_resume(Reading& reading) {
  reading.request.entity = Refunds::id;
  reading.request.command = resume_payments(std::string(reading.body.words("reason", reason_bytes_max)));
}

bool read_refunds(Decoder& decoder) {
  Decoded& out = decoder.out;
  out.request.kind = Refunds::kind_id;
  out.request.entity = Refunds::id;
  return decoder.each_parameter([&](std::string_view name, std::string_view value) {
    if (name != "status") return decoder.refuse_parameter(name);
    for (int status = 0; status <= static_cast<int>(Refunds::Status::failed); ++status)
      if (name_of(static_cast<Refunds::Status>(status)) == value) return out.argument = value, true;
    return decoder.refuse(
        Problem(Code::invalid_request, "status must be queued, sent, pending_funds, succeeded or failed."));
  }) && decoder.read_state();
}

constexpr auto rows = table_of({
    {.method = Method::get,
     .pattern = "/v1/refunds",
     .read = read_refunds,
     .append = append_refunds,
     .document = R"json({
      "operationId": "readRefunds", "tags": ["payments"], "summary": "The refund queue",
      "description": "The newest 1000, newest first.",
      "parameters": [{"$ref": "#/components/parameters/refund_status"}],
      "x-kind": "lookup", "x-version": "answered",
      "x-success": {"200": {"description": "The refunds", "schema": "Refunds", "example":
        {"card_payments": "running", "refunds": [{"id": "b-17", "amount": 500, "currency": "EUR", "status": "pending_funds",
          "attempts": 2, "last_error": "the balance is too low", "created_at": "2026-01-02T03:04:05.678Z"}]}}},
      "x-provoke": [{"code": "invalid_request", "method": "GET", "path": "/v1/refunds?status=lost"}]
    })json"},
    {.method = Method::post,
     .pattern = "/v1/refunds/{id}/retry",
     .kind = Refunds::kind_id,
     .command = read_retry,
     .body = Body::optional,
     .is_of_one_entity = false,
     .role = Role::operator_,
     .document = R"json({
      "operationId": "retryRefund", "tags": ["payments"], "summary": "Try a refund again",
      "description": "One that has failed, with a new key at the provider; one that waits for funds, without waiting any longer.",
      "parameters": [{"$ref": "#/components/parameters/refund"}],
      "requestBody": {"required": false, "content": {"application/json": {
        "schema": {"$ref": "#/components/schemas/OptionalReason"}, "example": {"reason": "the player has a new card"}}}},
      "x-kind": "command", "x-version": "answered", "x-codes": ["not_found", "refund_not_failed"], "x-example": "refused",
      "x-success": {"200": {"description": "It is queued", "schema": "Refund", "example":
        {"id": "b-17", "amount": 500, "currency": "EUR", "status": "sent", "attempts": 3,
         "created_at": "2026-01-02T03:04:05.678Z", "version": 5, "lsn": 9}}},
      "x-provoke": [{"code": "not_found", "method": "POST", "path": "/v1/refunds/none/retry", "body": {}}]
    })json"},
    {.method = Method::post,
     .pattern = "/v1/payments/resume",
     .kind = Refunds::kind_id,
     .command = read_resume,
     .role = Role::operator_,
     .document = R"json({
      "operationId": "resumePayments", "tags": ["payments"], "summary": "Accept cards again",
      "description": "Three refunds that wait for funds pause the tenant's card payments until this. Those that wait are tried again at once.",
      "requestBody": {"required": true, "content": {"application/json": {
        "schema": {"$ref": "#/components/schemas/Reason"}, "example": {"reason": "the account is filled"}}}},
      "x-kind": "command", "x-version": "answered",
      "x-success": {"200": {"description": "Card payments run", "schema": "Refunds", "example":
        {"card_payments": "running", "refunds": []}}}
    })json"},
});

}  // namespace
}  // namespace refunds

std::span<const Route> refund_routes() { return refunds::rows; }

}  // namespace tote::http
