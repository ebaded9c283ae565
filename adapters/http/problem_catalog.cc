// The catalog itself: text only.
#include <array>

#include "adapters/http/problems.h"

namespace tote::http {
namespace {

constexpr auto kinds = std::to_array<ProblemKind>({
    {"invalid_request", 400, "The request can't be understood", "A value is outside of what this request allows.",
     "The body, a header or the query isn't what this request takes. `pointer` names the member of the body as a JSON "
     "pointer (RFC 6901), `detail` says what is wrong. Numbers must be written as integers; unknown and repeated "
     "members "
     "are refused."},
    {"invalid_id", 400, "Not a valid id", "An id is 1 to 128 characters of A-Z a-z 0-9 . _ : -",
     "Ids in paths and bodies are 1 to 128 characters of A-Z a-z 0-9 . _ : - and nothing else."},
    {"idempotency_key_invalid", 400, "Not a valid idempotency key",
     "Idempotency-Key must come once, as 1 to 255 visible ASCII characters, quoted or bare.",
     "Send one Idempotency-Key header with 1 to 255 visible ASCII characters, bare or as a quoted string (RFC 8941)."},
    {"idempotency_key_missing", 400, "An idempotency key is needed",
     "This server refuses changes without an Idempotency-Key header.",
     "The operator has set http.require_idempotency_key: every POST, PUT and DELETE needs an Idempotency-Key header, a "
     "new value for every new intention and the same value for every retry."},
    {"unauthorized", 401, "A valid token is needed", "Send Authorization: Bearer with a token of this server.",
     "The request has no token, or one this server doesn't know. The operator sets tokens in tote.toml."},
    {"insufficient_funds", 402, "Not enough money", "{available} is available, {requested} was requested.",
     "The wallet has less available than was asked for: its balance plus its overdraft limit minus what is held. The "
     "answer is stored under the idempotency key: a retry gets it again. Credit the wallet, then use a new key."},
    {"payment_required", 402, "A payment is needed", "A seat needs a payment, or a pass that is valid for the player.",
     "The pass doesn't exist, is revoked or over, or is another player's; or nothing says how the seat is paid. The "
     "attempt counts."},
    {"payment_declined", 402, "The payment was declined", "The card's bank, or the payment provider, said no.",
     "No money has moved. Ask for another card, and use a new key."},
    {"forbidden", 403, "Not allowed", "This server doesn't allow that.",
     "The server is read-only, or a browser page of another site sent the request to a server without tokens."},
    {"not_found", 404, "Not found", "What the path names doesn't exist.",
     "The wallet (or what else the path names) doesn't exist for your tenant, or there is no such path."},
    {"hold_not_found", 404, "No such hold", "The wallet has no hold of that id.",
     "The wallet never had a hold of that id, or it was closed so long ago that it is forgotten."},
    {"reservation_not_found", 404, "No such reservation", "The item has no reservation of that id.",
     "The item never had a reservation of that id, or it was closed so long ago that it is forgotten."},
    {"not_booked", 404, "Not booked", "The player has no seat, or no place on the waiting list.",
     "There is nothing to cancel. A booking whose card is still being charged can't be cancelled yet."},
    {"outcome_unknown", 404, "Nothing is known of that key", "Nothing is known of that idempotency key.",
     "No success and no refusal is stored under that idempotency key. Keys are forgotten after `retention_s` seconds: "
     "nothing was executed under it within that time, and what was executed before can't be told (`outcome` is "
     "unknown). A server that keeps keys for ever knows that it was not executed. A batch that began and wasn't "
     "finished says so: send it again with the same key."},
    {"method_not_allowed", 405, "Not a method of this path", "The Allow header names the methods of this path.",
     "The path exists, but not with this method."},
    {"request_timeout", 408, "The request took too long to arrive", "The request wasn't complete in time.",
     "The header must arrive within 10 seconds and the body within 30. The connection is closed."},
    {"already_exists", 409, "It exists with other settings", "It exists already, with other settings.",
     "PUT creates, or confirms what exists with the same settings. It doesn't change settings."},
    {"currency_mismatch", 409, "Different currencies", "The currencies differ.",
     "Money isn't converted: both sides must have the same currency."},
    {"balance_limit", 409, "The balance would be too large",
     "The balance may be {limit} at most; {requested} was to be added.",
     "Balances are limited to 9 * 10^15 minor units, so that every JSON reader sees them exactly."},
    {"hold_exists", 409, "The hold exists", "The wallet has, or had, a hold of that id.",
     "Hold ids are used once per wallet. For a retry of the same hold use the same idempotency key."},
    {"hold_closed", 409, "The hold is closed", "The hold was captured or released, or it has expired.",
     "A hold is captured or released once. What wasn't captured is available again."},
    {"capture_exceeds_hold", 409, "More than the hold", "The hold is of {available}, {requested} was to be captured.",
     "At most the amount of the hold can be captured. Leave `amount` out to capture all of it."},
    {"too_many_holds", 409, "Too many open holds", "A wallet can have {limit} open holds.",
     "Capture or release some holds, or let them expire, then try with a new idempotency key."},
    {"same_wallet", 409, "The same wallet", "Money can't be transferred from a wallet to itself.",
     "`from` and `to` must be different wallets."},
    {"out_of_stock", 409, "Not enough in stock", "{available} is available, {requested} was requested.",
     "The item has less on hand, after what is reserved, than was asked for. The answer is stored under the "
     "idempotency "
     "key: use a new one when there is stock again."},
    {"stock_limit", 409, "The stock would be too large",
     "The stock may be {limit} at most; {requested} was to be added.",
     "Quantities are limited to 9 * 10^15, so that every JSON reader sees them exactly."},
    {"reservation_exists", 409, "The reservation exists", "The item has, or had, a reservation of that id.",
     "Reservation ids are used once per item. For a retry of the same reservation use the same idempotency key."},
    {"reservation_closed", 409, "The reservation is closed",
     "The reservation was committed or released, or it has expired.",
     "A reservation is committed or released once. What expired is available again."},
    {"too_many_reservations", 409, "Too many open reservations", "An item can have {limit} open reservations.",
     "Commit or release some, or let them expire, then try with a new idempotency key."},
    {"match_full", 409, "The match is full", "There is no free seat.",
     "Every seat is taken. With `or_waitlist` the player is put on the waiting list instead."},
    {"already_booked", 409, "Already booked", "The player has a seat, or one is being paid.",
     "A player gets one seat of a match."},
    {"sales_closed", 409, "Sales are closed", "The match has started.", "Seats are sold until `starts_at`."},
    {"waitlist_full", 409, "The waiting list is full", "The waiting list has {limit} places.", "Try another match."},
    {"payments_paused", 409, "Card payments are paused", "Card payments of this tenant are paused.",
     "Several refunds wait for money on the provider's account. An operator resumes payments with POST "
     "/v1/payments/resume. Wallets and passes go on."},
    {"order_exists", 409, "The order exists", "There is an order of that id, confirmed or pending.",
     "For a retry of the same order use the same idempotency key. An order that failed may be placed again."},
    {"saga_not_stuck", 409, "The saga isn't stuck", "Only a saga that is stuck can be retried or skipped.",
     "Look at it with GET /v1/sagas/{id}: it goes on by itself, or it has ended."},
    {"refund_not_failed", 409, "The refund hasn't failed",
     "Only a refund that has failed, or waits for funds, can be retried.",
     "The queue goes on by itself with all others."},
    {"version_mismatch", 412, "It was changed in the meantime",
     "The version is {current_version}, not the one in If-Match.",
     "Read it again, decide again, and send the change with the new version and a new idempotency key."},
    {"body_too_large", 413, "The body is too large", "The body is larger than this server takes.",
     "Bodies are limited to 64 KiB. The connection is closed."},
    {"idempotency_key_reused", 422, "The idempotency key was used for something else",
     "This idempotency key came before with another method, path, query or body.",
     "A key stands for one request. Use a new key for a new intention; for a retry send the same bytes again."},
    {"too_many_attempts", 429, "Too many attempts", "Too many attempts; try again later.",
     "Wait as long as Retry-After says. The same idempotency key may be used: nothing was executed.", 60},
    {"quota_exceeded", 429, "Too much of one tenant", "The tenant has as much as it may have at once.",
     "The operator has set a limit for the tenant ([tenant.limits]), or it has its share of what all tenants have "
     "together. Wait as long as Retry-After says. The same idempotency key may be used.",
     1},
    {"header_too_large", 431, "The header is too large", "The header block is larger than this server takes.",
     "The request line and all headers together are limited to 16 KiB. The connection is closed."},
    {"internal_error", 500, "The server made a mistake", "The server can't say what happened.",
     "`outcome` says whether anything was executed. Where it is unknown, ask with GET /v1/outcomes/{key}, or send the "
     "same request with the same key. The server's log says what the mistake was."},
    {"log_damaged", 500, "The log is damaged", "The log can't be read at LSN {lsn}.",
     "A record on the server's disk isn't what was written; of a change whose idempotency key is there nobody can tell "
     "whether it was executed, and it isn't now. An operator was alerted: the server's log and the metric "
     "tote_log_damage_lsn name the place. Stop the server, look with `tote verify`, and restore a backup.",
     0},
    {"overloaded", 503, "Too much at once", "The server has as much work as it takes; nothing was executed.",
     "Try again after Retry-After with the same idempotency key.", 1},
    {"log_full", 503, "The disk is nearly full",
     "Changes are refused until there is room on the disk; nothing was executed.",
     "Reads go on. The operator must make room on the disk; then the same request with the same key works.", 30},
    {"draining", 503, "The server is going down", "The server is going down; nothing was executed.",
     "Try again after Retry-After with the same idempotency key, on a new connection.", 5},
    {"deadline_exceeded", 504, "Not decided in time", "It wasn't decided before the deadline; nothing was executed.",
     "The request was given up before it was decided and will not be executed. Send it again with the same key if it "
     "is "
     "still wanted."},
});

constexpr const ProblemKind& kind_of_code(std::string_view code) {
  for (const auto& kind : kinds)
    if (kind.code == code) return kind;
  throw "no such code";  // at compile time only
}

}  // namespace

namespace problem {
constinit const ProblemKind& invalid_request = kind_of_code("invalid_request");
constinit const ProblemKind& not_found = kind_of_code("not_found");
constinit const ProblemKind& method_not_allowed = kind_of_code("method_not_allowed");
constinit const ProblemKind& request_timeout = kind_of_code("request_timeout");
constinit const ProblemKind& quota_exceeded = kind_of_code("quota_exceeded");
constinit const ProblemKind& header_too_large = kind_of_code("header_too_large");
constinit const ProblemKind& internal_error = kind_of_code("internal_error");
}  // namespace problem

std::span<const ProblemKind> problem_kinds() { return kinds; }

}  // namespace tote::http
