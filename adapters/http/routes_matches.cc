// Matches: their bookings and waiting lists (API.md, Matches).
#include "actors/match/match.h"
#include "adapters/http/amounts.h"
#include "adapters/http/decoder.h"
#include "adapters/http/labels.h"
#include "adapters/http/lists.h"
#include "adapters/http/pay.h"
#include "adapters/http/payee.h"
#include "adapters/http/resources.h"
#include "adapters/http/serving.h"
#include "engine/kernel/name.h"

namespace tote::http {
namespace matches {
namespace {

Booking read_new_booking(Reading& reading) {
  Booking booking;
  booking.match = reading.first;
  booking.player = reading.body.id("player");
  read_pay(reading.body, reading.accepts_cards, booking);
  booking.labels = share(read_labels(reading.body));
  return booking;
}

// To the millisecond, as it is shown: what is shown may be sent again.
Time read_start(JsonObject& body) {
  if (!body.has("starts_at")) return {};
  const Time at = body.time_or("starts_at", Time{});
  if (at.ns < ns_per_ms) body.refuse("starts_at", "must be after 1970-01-01T00:00:00Z");
  return {at.ns - at.ns % ns_per_ms};
}

void read_price(JsonObject& body, Money& amount, Currency& currency) {
  JsonObject price = body.object("price");
  amount = read_amount(price);
  currency = read_currency(price, "currency");
  price.finish();
}

void read_open(Reading& reading) {
  Match::Open open;
  open.seats = reading.body.integer("seats", 1, Match::seats_max);
  if (reading.body.has("price")) read_price(reading.body, open.price, open.currency);
  open.payee = read_payee(reading.body, open.price);
  if (open.payee.exists() && open.price.minor == 0) reading.body.refuse("payee", "needs a price: the match is free");
  open.starts_at = read_start(reading.body);
  open.attempts_max = reading.body.integer_or("attempts_max", 1, Match::attempts_limit, open.attempts_max);
  open.attempts_window_s = reading.body.integer_or("attempts_window_s", 1, Match::window_s_max, open.attempts_window_s);
  reading.request.command = open_command(reading.first, std::move(open));
}

void read_change(Reading& reading) {
  JsonObject& body = reading.body;
  Match::Change change;
  if (body.has("seats")) change.seats = body.integer("seats", 1, Match::seats_max);
  if (body.takes_null("price"))
    change.price = Money{};
  else if (body.has("price"))
    read_price(body, change.price.emplace(), change.currency);
  if (body.takes_null("starts_at"))
    change.starts_at = Time{};
  else if (body.has("starts_at"))
    change.starts_at = read_start(body);
  if (body.has("sales")) {
    const std::string_view sales = body.text("sales");
    if (sales != "open" && sales != "closed") body.refuse("sales", "must be open or closed");
    change.sales_closed = sales == "closed";
  }
  if (!change.seats && !change.price && !change.starts_at && !change.sales_closed)
    body.refuse("seats", "is missing; seats, price, starts_at or sales is needed");
  if (body.has("reason")) change.reason = body.words("reason", Match::reason_bytes_max);
  reading.request.command = Command(Match::Command(std::move(change)));
}

void read_call_off(Reading& reading) {
  Match::CallOff call_off;
  call_off.reason = reading.body.words("reason", Match::reason_bytes_max);
  reading.request.command = Command(Match::Command(std::move(call_off)));
}

void read_book(Reading& reading) {
  Booking booking = read_new_booking(reading);
  booking.or_waitlist = reading.body.boolean_or("or_waitlist", false);
  reading.request.command = book_command(std::move(booking));
}

void read_cancel(Reading& reading) {
  reading.request.command = cancel_command(reading.first, std::move(reading.second));
}

void read_join(Reading& reading) { reading.request.command = join_waitlist_command(read_new_booking(reading)); }

void read_leave(Reading& reading) {
  reading.request.command = leave_waitlist_command(reading.first, std::move(reading.second));
}

void ask(Decoder& decoder, Match::Question question) { decoder.ask(Command(std::move(question))); }

bool read_booking(Decoder& decoder) {
  Match::Question question;
  decoder.out.request.kind = Match::kind_id;
  if (!decoder.read_id(0, decoder.out.request.entity) || !decoder.read_id(1, question.player)) return false;
  if (!decoder.check_query()) return false;
  ask(decoder, std::move(question));
  return decoder.read_state();
}

bool read_players(Decoder& decoder) {
  Match::Question question;
  decoder.out.request.kind = Match::kind_id;
  if (!decoder.read_id(0, decoder.out.request.entity)) return false;
  std::int64_t limit = Match::players_shown_max;
  const bool good = decoder.each_parameter([&](std::string_view name, std::string_view value) {
    if (name == "limit") return decoder.read_number(name, value, 1, Match::players_page_max, limit);
    if (name != "after") return decoder.refuse_parameter(name);
    const bool is_id = percent_decode(value, question.after) && is_valid_id(question.after);
    return is_id || decoder.refuse(Problem(Code::invalid_id, "The query parameter after must be a player."));
  });
  question.limit = static_cast<std::size_t>(limit);
  ask(decoder, std::move(question));
  return good && decoder.read_state();
}

bool read_matches(Decoder& decoder) { return read_list(decoder, "matches", {{Match::kind_id}}, {"open", "cancelled"}); }

constexpr auto rows = table_of({
    {.method = Method::get, .pattern = "/v1/matches", .read = read_matches, .serving = &by_list, .document = R"json({
      "operationId": "listMatches", "tags": ["matches"], "summary": "Matches, page by page, without their players",
      "description": "In the order of their ids, complete as of `as_of_lsn`; each is shown as it is when the page is made. With a `status` a page may be short, or empty, and isn't the last while `next` isn't null. `next` is `after` of the next page; null: there is none.",
      "parameters": [{"$ref": "#/components/parameters/match_status"}, {"$ref": "#/components/parameters/after_id"}, {"$ref": "#/components/parameters/prefix"},
        {"$ref": "#/components/parameters/limit"}],
      "x-kind": "lookup", "x-codes": ["invalid_id"],
      "x-success": {"200": {"description": "One page", "schema": "Matches", "example":
        {"matches": [], "next": null, "as_of_lsn": 17}}},
      "x-provoke": [{"code": "invalid_request", "method": "GET", "path": "/v1/matches?limit=0"},
        {"code": "invalid_id", "method": "GET", "path": "/v1/matches?prefix=%20"}]
    })json"},
    {.method = Method::put,
     .pattern = "/v1/matches/{id}",
     .kind = Match::kind_id,
     .command = read_open,
     .document = R"json({
      "operationId": "openMatch", "tags": ["matches"], "summary": "Open a match",
      "description": "At most `attempts_max` booking attempts of one player within `attempts_window_s`. Sales close at `starts_at`. Without a `price` it is free. What is paid goes to the wallet of `payee`, less the `fee`, which goes to another; without a payee it leaves the books.",
      "parameters": [{"$ref": "#/components/parameters/match"}],
      "requestBody": {"required": true, "content": {"application/json": {
        "schema": {"$ref": "#/components/schemas/NewMatch"}, "example": {"seats": 17, "price": {"amount": 500, "currency": "EUR"}}}}},
      "x-kind": "change", "x-codes": ["already_exists", "not_found", "currency_mismatch"],
      "x-success": {
        "201": {"description": "The match is new", "schema": "Match", "example":
          {"id": "thu", "seats": 17, "taken": 0, "free": 17, "waitlist": 0, "version": 1, "lsn": 1,
           "price": {"amount": 500, "currency": "EUR"}, "players": []}},
        "200": {"description": "It exists with the same settings", "schema": "Match", "example":
          {"id": "thu", "seats": 17, "taken": 0, "free": 17, "waitlist": 0, "version": 1, "lsn": 1,
           "price": {"amount": 500, "currency": "EUR"}, "players": []}}},
      "x-provoke": [{"code": "not_found", "method": "PUT", "path": "/v1/matches/thu",
         "body": {"seats": 17, "price": {"amount": 500, "currency": "EUR"}, "payee": {"wallet": "nobody"}}},
        {"code": "currency_mismatch", "before": [{"method": "PUT", "path": "/v1/wallets/club", "body": {"currency": "JPY"}}],
         "method": "PUT", "path": "/v1/matches/thu",
         "body": {"seats": 17, "price": {"amount": 500, "currency": "EUR"}, "payee": {"wallet": "club"}}},
        {"code": "already_exists",
        "before": [{"method": "PUT", "path": "/v1/matches/thu", "body": {"seats": 17, "price": {"amount": 500, "currency": "EUR"}}}],
        "method": "PUT", "path": "/v1/matches/thu", "body": {"seats": 18, "price": {"amount": 500, "currency": "EUR"}}}]
    })json"},
    {.method = Method::get, .pattern = "/v1/matches/{id}", .kind = Match::kind_id, .document = R"json({
      "operationId": "readMatch", "tags": ["matches"], "summary": "Read a match and its first 100 players",
      "parameters": [{"$ref": "#/components/parameters/match"}],
      "x-kind": "read", "x-codes": ["not_found"],
      "x-success": {"200": {"description": "The match", "schema": "Match", "example":
        {"id": "thu", "seats": 17, "taken": 1, "free": 16, "waitlist": 0, "version": 2, "lsn": 4,
         "price": {"amount": 500, "currency": "EUR"}, "players": [{"player": "p1", "status": "in", "paid_by": "wallet"}]}}},
      "x-before": [{"method": "PUT", "path": "/v1/matches/thu", "body": {"seats": 17, "price": {"amount": 500, "currency": "EUR"}}}],
      "x-provoke": [{"code": "not_found", "method": "GET", "path": "/v1/matches/nothing"}]
    })json"},
    {.method = Method::patch,
     .pattern = "/v1/matches/{id}",
     .kind = Match::kind_id,
     .command = read_change,
     .role = Role::operator_,
     .document = R"json({
      "operationId": "changeMatch", "tags": ["matches"], "summary": "Change seats, price, start or sales",
      "description": "What isn't named stays as it is; a `price` of null makes the match free. Who has paid has paid. Seats that are added are offered to those who wait first. While somebody has a seat the price keeps its currency (409 currency_mismatch).",
      "parameters": [{"$ref": "#/components/parameters/match"}],
      "requestBody": {"required": true, "content": {"application/json": {
        "schema": {"$ref": "#/components/schemas/MatchChange"}, "example": {"seats": 18, "reason": "one more field"}}}},
      "x-kind": "change", "x-codes": ["not_found", "seats_taken", "sales_closed", "currency_mismatch"],
      "x-success": {"200": {"description": "The match as it is now", "schema": "Match", "example":
        {"id": "thu", "seats": 18, "taken": 1, "free": 17, "waitlist": 0, "version": 2, "lsn": 4,
         "price": {"amount": 500, "currency": "EUR"}, "reason": "one more field", "players": []}}},
      "x-before": [{"method": "PUT", "path": "/v1/matches/thu", "body": {"seats": 17, "price": {"amount": 500, "currency": "EUR"}}}],
      "x-provoke": [{"code": "not_found", "method": "PATCH", "path": "/v1/matches/nothing", "body": {"seats": 5}},
        {"code": "invalid_request", "method": "PATCH", "path": "/v1/matches/thu", "body": {}},
        {"code": "seats_taken", "before": [
          {"method": "PUT", "path": "/v1/matches/thu", "body": {"seats": 5}},
          {"method": "POST", "path": "/v1/matches/thu/bookings", "body": {"player": "p1"}},
          {"method": "POST", "path": "/v1/matches/thu/bookings", "body": {"player": "p2"}}],
         "method": "PATCH", "path": "/v1/matches/thu", "body": {"seats": 1}},
        {"code": "sales_closed", "before": [
          {"method": "PUT", "path": "/v1/matches/thu", "body": {"seats": 5}},
          {"method": "POST", "path": "/v1/matches/thu/cancel", "body": {"reason": "rain"}}],
         "method": "PATCH", "path": "/v1/matches/thu", "body": {"seats": 7}}]
    })json"},
    {.method = Method::post,
     .pattern = "/v1/matches/{id}/cancel",
     .kind = Match::kind_id,
     .command = read_call_off,
     .role = Role::operator_,
     .document = R"json({
      "operationId": "cancelMatch", "tags": ["matches"], "summary": "Cancel a match",
      "description": "Nobody can book any more, everybody is paid back and who waits stops waiting, a few at a time; `taken` tells how far that is. Who can't be paid back (the wallet was closed) is tried again, and an operator is told.",
      "parameters": [{"$ref": "#/components/parameters/match"}],
      "requestBody": {"required": true, "content": {"application/json": {
        "schema": {"$ref": "#/components/schemas/Reason"}, "example": {"reason": "rain"}}}},
      "x-kind": "change", "x-codes": ["not_found"],
      "x-success": {"200": {"description": "It is cancelled", "schema": "Match", "example":
        {"id": "thu", "seats": 17, "taken": 1, "free": 16, "waitlist": 0, "version": 3, "lsn": 5, "status": "cancelled",
         "reason": "rain", "price": {"amount": 500, "currency": "EUR"}, "players": []}}},
      "x-before": [{"method": "PUT", "path": "/v1/matches/thu", "body": {"seats": 17, "price": {"amount": 500, "currency": "EUR"}}}],
      "x-provoke": [{"code": "not_found", "method": "POST", "path": "/v1/matches/nothing/cancel", "body": {"reason": "rain"}}]
    })json"},
    {.method = Method::get,
     .pattern = "/v1/matches/{id}/players",
     .kind = Match::kind_id,
     .read = read_players,
     .append = append_page,
     .document = R"json({
      "operationId": "readPlayers", "tags": ["matches"], "summary": "All players of a match, page by page",
      "description": "In the order of their ids: those who are in, and those whose card is being charged.",
      "parameters": [{"$ref": "#/components/parameters/match"}, {"$ref": "#/components/parameters/after_player"},
        {"$ref": "#/components/parameters/limit"}],
      "x-kind": "read", "x-codes": ["not_found"],
      "x-success": {"200": {"description": "One page", "schema": "Players", "example":
        {"players": [{"player": "p1", "status": "in", "paid_by": "wallet"}], "next": null}}},
      "x-before": [{"method": "PUT", "path": "/v1/matches/thu", "body": {"seats": 17, "price": {"amount": 500, "currency": "EUR"}}}],
      "x-provoke": [{"code": "not_found", "method": "GET", "path": "/v1/matches/nothing/players"}]
    })json"},
    {.method = Method::post,
     .pattern = "/v1/matches/{id}/bookings",
     .kind = Match::kind_id,
     .command = read_book,
     .document = R"json({
      "operationId": "book", "tags": ["matches"], "summary": "Book a seat",
      "description": "Paid from a wallet or with a pass: seat and payment are one transaction. By card: the seat is held while the card is charged (202, `saga`). Full, or all free seats are on offer to those who wait, and `or_waitlist`: 202 with the position. A pass that ends before the match starts doesn't pay (402). Refused attempts count, in transactions and batches, too; replays don't. `reference` and `metadata` are handed on to events (those of the match name it `booking_reference`), history and rows.",
      "parameters": [{"$ref": "#/components/parameters/match"}],
      "requestBody": {"required": true, "content": {"application/json": {
        "schema": {"$ref": "#/components/schemas/NewBooking"}, "example": {"player": "p1", "pay": {"wallet": "p1"}}}}},
      "x-kind": "change",
      "x-codes": ["not_found", "match_full", "already_booked", "sales_closed", "insufficient_funds", "payment_required",
        "currency_mismatch", "payments_paused", "too_many_attempts", "waitlist_full", "wallet_frozen", "wallet_closed",
        "balance_limit"],
      "x-success": {
        "201": {"description": "The player is in", "schema": "Booking", "example":
          {"match": "thu", "player": "p1", "status": "in", "version": 2, "lsn": 4,
           "payment": {"method": "wallet", "wallet": "p1", "amount": 500, "currency": "EUR"}}},
        "202": {"description": "On the waiting list, or the card is being charged", "schema": "Booking", "example":
          {"match": "thu", "player": "p1", "status": "waitlisted", "position": 3, "version": 9, "lsn": 40}}},
      "x-before": [
        {"method": "PUT", "path": "/v1/matches/thu", "body": {"seats": 17, "price": {"amount": 500, "currency": "EUR"}}},
        {"method": "PUT", "path": "/v1/wallets/p1", "body": {"currency": "EUR", "overdraft_limit": 1000}}],
      "x-provoke": [
        {"code": "match_full", "before": [
          {"method": "PUT", "path": "/v1/matches/thu", "body": {"seats": 1, "price": {"amount": 500, "currency": "EUR"}}},
          {"method": "PUT", "path": "/v1/wallets/p1", "body": {"currency": "EUR", "overdraft_limit": 1000}},
          {"method": "POST", "path": "/v1/matches/thu/bookings", "body": {"player": "p2", "pay": {"wallet": "p1"}}}],
         "method": "POST", "path": "/v1/matches/thu/bookings", "body": {"player": "p1", "pay": {"wallet": "p1"}}},
        {"code": "already_booked", "before": [
          {"method": "PUT", "path": "/v1/matches/thu", "body": {"seats": 2, "price": {"amount": 500, "currency": "EUR"}}},
          {"method": "PUT", "path": "/v1/wallets/p1", "body": {"currency": "EUR", "overdraft_limit": 1000}},
          {"method": "POST", "path": "/v1/matches/thu/bookings", "body": {"player": "p1", "pay": {"wallet": "p1"}}}],
         "method": "POST", "path": "/v1/matches/thu/bookings", "body": {"player": "p1", "pay": {"wallet": "p1"}}},
        {"code": "sales_closed", "before": [
          {"method": "PUT", "path": "/v1/matches/thu", "body": {"seats": 2, "price": {"amount": 500, "currency": "EUR"}, "starts_at": "2020-01-01T00:00:00Z"}}],
         "method": "POST", "path": "/v1/matches/thu/bookings", "body": {"player": "p1", "pay": {"card": {"token": "tok_ok"}}}},
        {"code": "insufficient_funds", "before": [
          {"method": "PUT", "path": "/v1/matches/thu", "body": {"seats": 2, "price": {"amount": 500, "currency": "EUR"}}},
          {"method": "PUT", "path": "/v1/wallets/p1", "body": {"currency": "EUR"}}],
         "method": "POST", "path": "/v1/matches/thu/bookings", "body": {"player": "p1", "pay": {"wallet": "p1"}}},
        {"code": "currency_mismatch", "before": [
          {"method": "PUT", "path": "/v1/matches/thu", "body": {"seats": 2, "price": {"amount": 500, "currency": "EUR"}}},
          {"method": "PUT", "path": "/v1/wallets/p1", "body": {"currency": "JPY"}}],
         "method": "POST", "path": "/v1/matches/thu/bookings", "body": {"player": "p1", "pay": {"wallet": "p1"}}},
        {"code": "payment_required", "before": [
          {"method": "PUT", "path": "/v1/matches/thu", "body": {"seats": 2, "price": {"amount": 500, "currency": "EUR"}}}],
         "method": "POST", "path": "/v1/matches/thu/bookings", "body": {"player": "p1", "pay": {"pass": "season"}}}]
    })json"},
    {.method = Method::get,
     .pattern = "/v1/matches/{id}/bookings/{player}",
     .kind = Match::kind_id,
     .read = read_booking,
     .append = append_booking,
     .document = R"json({
      "operationId": "readBooking", "tags": ["matches"], "summary": "Read a player's booking",
      "parameters": [{"$ref": "#/components/parameters/match"}, {"$ref": "#/components/parameters/player"}],
      "x-kind": "read", "x-codes": ["not_found", "not_booked"],
      "x-success": {"200": {"description": "The seat, or the place on the waiting list", "schema": "Booking", "example":
        {"match": "thu", "player": "p1", "status": "in", "version": 2, "lsn": 4,
         "payment": {"method": "wallet", "wallet": "p1", "amount": 500, "currency": "EUR"},
         "reference": "invoice 17", "metadata": {"shirt": "red"}}}},
      "x-before": [
        {"method": "PUT", "path": "/v1/matches/thu", "body": {"seats": 17, "price": {"amount": 500, "currency": "EUR"}}},
        {"method": "PUT", "path": "/v1/wallets/p1", "body": {"currency": "EUR", "overdraft_limit": 1000}},
        {"method": "POST", "path": "/v1/matches/thu/bookings",
         "body": {"player": "p1", "pay": {"wallet": "p1"}, "reference": "invoice 17", "metadata": {"shirt": "red"}}}],
      "x-provoke": [{"code": "not_found", "method": "GET", "path": "/v1/matches/nothing/bookings/p1"}, {"code": "not_booked",
        "before": [{"method": "PUT", "path": "/v1/matches/thu", "body": {"seats": 2, "price": {"amount": 500, "currency": "EUR"}}}],
        "method": "GET", "path": "/v1/matches/thu/bookings/p1"}]
    })json"},
    {.method = Method::delete_,
     .pattern = "/v1/matches/{id}/bookings/{player}",
     .kind = Match::kind_id,
     .command = read_cancel,
     .body = Body::none,
     .document = R"json({
      "operationId": "cancelBooking", "tags": ["matches"], "summary": "Give a seat back",
      "description": "The seat is free at once and is offered to the waiting list: the first whose payment goes through gets it. Wallet money goes back at once, card money through the refund queue. While the card is being charged: 202, `cancelling`; the charge is undone and refunded once it is decided.",
      "parameters": [{"$ref": "#/components/parameters/match"}, {"$ref": "#/components/parameters/player"}],
      "x-kind": "change", "x-codes": ["not_found", "not_booked", "wallet_closed", "balance_limit"],
      "x-success": {"200": {"description": "The seat is free", "schema": "Booking", "example":
        {"match": "thu", "player": "p1", "status": "cancelled", "version": 3, "lsn": 5}},
        "202": {"description": "The card is being charged: it is undone when that is decided", "schema": "Booking", "example":
        {"match": "thu", "player": "p1", "status": "cancelling", "version": 3, "lsn": 5}}},
      "x-before": [
        {"method": "PUT", "path": "/v1/matches/thu", "body": {"seats": 17, "price": {"amount": 500, "currency": "EUR"}}},
        {"method": "PUT", "path": "/v1/wallets/p1", "body": {"currency": "EUR", "overdraft_limit": 1000}},
        {"method": "POST", "path": "/v1/matches/thu/bookings", "body": {"player": "p1", "pay": {"wallet": "p1"}}}],
      "x-provoke": [{"code": "not_booked",
        "before": [{"method": "PUT", "path": "/v1/matches/thu", "body": {"seats": 2, "price": {"amount": 500, "currency": "EUR"}}}],
        "method": "DELETE", "path": "/v1/matches/thu/bookings/p1"}]
    })json"},
    {.method = Method::post,
     .pattern = "/v1/matches/{id}/waitlist",
     .kind = Match::kind_id,
     .command = read_join,
     .document = R"json({
      "operationId": "joinWaitlist", "tags": ["matches"], "summary": "Wait for a seat",
      "description": "202 with the position (the present one for who waits already); 201 when a seat was free and could be paid. Who can't pay when a seat is offered keeps the place, and is asked again when the wallet has got money.",
      "parameters": [{"$ref": "#/components/parameters/match"}],
      "requestBody": {"required": true, "content": {"application/json": {
        "schema": {"$ref": "#/components/schemas/NewWaiter"}, "example": {"player": "p9", "pay": {"wallet": "p9"}}}}},
      "x-kind": "change", "x-codes": ["not_found", "already_booked", "sales_closed", "waitlist_full", "payment_required"],
      "x-success": {
        "202": {"description": "The player waits", "schema": "Booking", "example":
          {"match": "thu", "player": "p9", "status": "waitlisted", "position": 1, "version": 3, "lsn": 6}},
        "201": {"description": "The player is in", "schema": "Booking", "example":
          {"match": "thu", "player": "p9", "status": "in", "version": 3, "lsn": 6,
           "payment": {"method": "wallet", "wallet": "p9", "amount": 500, "currency": "EUR"}}}},
      "x-before": [{"method": "PUT", "path": "/v1/matches/thu", "body": {"seats": 1, "price": {"amount": 500, "currency": "EUR"}}}],
      "x-provoke": [{"code": "not_found", "method": "POST", "path": "/v1/matches/nothing/waitlist",
        "body": {"player": "p9", "pay": {"wallet": "p9"}}}]
    })json"},
    {.method = Method::delete_,
     .pattern = "/v1/matches/{id}/waitlist/{player}",
     .kind = Match::kind_id,
     .command = read_leave,
     .body = Body::none,
     .document = R"json({
      "operationId": "leaveWaitlist", "tags": ["matches"], "summary": "Stop waiting",
      "parameters": [{"$ref": "#/components/parameters/match"}, {"$ref": "#/components/parameters/player"}],
      "x-kind": "change", "x-codes": ["not_found", "not_booked"],
      "x-success": {"200": {"description": "The place is given up", "schema": "Booking", "example":
        {"match": "thu", "player": "p1", "status": "cancelled", "version": 3, "lsn": 5}},
        "202": {"description": "The card is being charged for a seat: it is undone when that is decided", "schema": "Booking", "example":
        {"match": "thu", "player": "p1", "status": "cancelling", "version": 3, "lsn": 5}}},
      "x-before": [
        {"method": "PUT", "path": "/v1/matches/thu", "body": {"seats": 17, "price": {"amount": 500, "currency": "EUR"}}},
        {"method": "POST", "path": "/v1/matches/thu/waitlist", "body": {"player": "p1", "pay": {"wallet": "p1"}}}],
      "x-provoke": [{"code": "not_booked",
        "before": [{"method": "PUT", "path": "/v1/matches/thu", "body": {"seats": 2, "price": {"amount": 500, "currency": "EUR"}}}],
        "method": "DELETE", "path": "/v1/matches/thu/waitlist/p1"}]
    })json"},
    {.method = Method::get,
     .pattern = "/v1/matches/{id}/history",
     .kind = Match::kind_id,
     .read = read_history,
     .serving = &by_history,
     .document = R"json({
      "operationId": "readMatchHistory", "tags": ["matches"], "summary": "How the match came to be",
      "parameters": [{"$ref": "#/components/parameters/match"}, {"$ref": "#/components/parameters/after_version"},
        {"$ref": "#/components/parameters/limit"}],
      "x-kind": "lookup", "x-codes": ["not_found", "invalid_id"],
      "x-success": {"200": {"description": "Its events, oldest first", "schema": "History", "example":
        {"entries": [{"version": 1, "lsn": 1, "time": "2026-01-02T03:04:05.678Z", "event": "opened", "seats": 17,
          "taken": 0, "free": 17, "waitlist": 0}], "next": null}}},
      "x-before": [{"method": "PUT", "path": "/v1/matches/thu", "body": {"seats": 17, "price": {"amount": 500, "currency": "EUR"}}}],
      "x-provoke": [{"code": "not_found", "method": "GET", "path": "/v1/matches/nothing/history"}]
    })json"},
});

}  // namespace
}  // namespace matches

std::span<const Route> match_routes() { return matches::rows; }

}  // namespace tote::http
