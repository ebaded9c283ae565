#include "adapters/http/openapi_parts.h"

namespace tote::http {

const std::string_view openapi_matches = R"json({
"/v1/matches/{id}": {
  "put": {
    "operationId": "openMatch", "tags": ["matches"], "summary": "Open a match",
    "description": "At most `attempts_max` booking attempts of one player within `attempts_window_s`. Sales close at `starts_at`.",
    "parameters": [{"$ref": "#/components/parameters/match"}],
    "requestBody": {"required": true, "content": {"application/json": {
      "schema": {"$ref": "#/components/schemas/NewMatch"}, "example": {"seats": 17, "price": {"amount": 500, "currency": "EUR"}}}}},
    "x-kind": "change", "x-codes": ["already_exists"],
    "x-success": {
      "201": {"description": "The match is new", "schema": "Match", "example":
        {"id": "thu", "seats": 17, "taken": 0, "free": 17, "waitlist": 0, "version": 1, "lsn": 1,
         "price": {"amount": 500, "currency": "EUR"}, "players": []}},
      "200": {"description": "It exists with the same settings", "schema": "Match", "example":
        {"id": "thu", "seats": 17, "taken": 0, "free": 17, "waitlist": 0, "version": 1, "lsn": 1,
         "price": {"amount": 500, "currency": "EUR"}, "players": []}}},
    "x-provoke": [{"code": "already_exists",
      "before": [{"method": "PUT", "path": "/v1/matches/thu", "body": {"seats": 17, "price": {"amount": 500, "currency": "EUR"}}}],
      "method": "PUT", "path": "/v1/matches/thu", "body": {"seats": 18, "price": {"amount": 500, "currency": "EUR"}}}]
  },
  "get": {
    "operationId": "readMatch", "tags": ["matches"], "summary": "Read a match and its first 100 players",
    "parameters": [{"$ref": "#/components/parameters/match"}],
    "x-kind": "read", "x-codes": ["not_found"],
    "x-success": {"200": {"description": "The match", "schema": "Match", "example":
      {"id": "thu", "seats": 17, "taken": 1, "free": 16, "waitlist": 0, "version": 2, "lsn": 4,
       "price": {"amount": 500, "currency": "EUR"}, "players": [{"player": "p1", "status": "in", "paid_by": "wallet"}]}}},
    "x-before": [{"method": "PUT", "path": "/v1/matches/thu", "body": {"seats": 17, "price": {"amount": 500, "currency": "EUR"}}}],
    "x-provoke": [{"code": "not_found", "method": "GET", "path": "/v1/matches/nothing"}]
  }
},
"/v1/matches/{id}/players": {
  "get": {
    "operationId": "readPlayers", "tags": ["matches"], "summary": "All players of a match, page by page",
    "description": "In the order of their ids: those who are in, and those whose card is being charged.",
    "parameters": [{"$ref": "#/components/parameters/match"}, {"$ref": "#/components/parameters/after_player"},
      {"$ref": "#/components/parameters/limit"}],
    "x-kind": "read", "x-codes": ["not_found"],
    "x-success": {"200": {"description": "One page", "schema": "Players", "example":
      {"players": [{"player": "p1", "status": "in", "paid_by": "wallet"}], "next": null}}},
    "x-before": [{"method": "PUT", "path": "/v1/matches/thu", "body": {"seats": 17, "price": {"amount": 500, "currency": "EUR"}}}],
    "x-provoke": [{"code": "not_found", "method": "GET", "path": "/v1/matches/nothing/players"}]
  }
},
"/v1/matches/{id}/bookings": {
  "post": {
    "operationId": "book", "tags": ["matches"], "summary": "Book a seat",
    "description": "Paid from a wallet or with a pass: seat and payment are one transaction. By card: the seat is held while the card is charged (202, `saga`). Full, or all free seats are on offer to those who wait, and `or_waitlist`: 202 with the position. A pass that ends before the match starts doesn't pay (402). Refused attempts count, in transactions and batches, too; replays don't. `reference` and `metadata` are handed on to events (those of the match name it `booking_reference`), history and rows.",
    "parameters": [{"$ref": "#/components/parameters/match"}],
    "requestBody": {"required": true, "content": {"application/json": {
      "schema": {"$ref": "#/components/schemas/NewBooking"}, "example": {"player": "p1", "pay": {"wallet": "p1"}}}}},
    "x-kind": "change",
    "x-codes": ["not_found", "match_full", "already_booked", "sales_closed", "insufficient_funds", "payment_required",
      "currency_mismatch", "payments_paused", "too_many_attempts", "waitlist_full"],
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
  }
},
"/v1/matches/{id}/bookings/{player}": {
  "get": {
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
  },
  "delete": {
    "operationId": "cancelBooking", "tags": ["matches"], "summary": "Give a seat back",
    "description": "The seat is free at once and is offered to the waiting list: the first whose payment goes through gets it. Wallet money goes back at once, card money through the refund queue. While the card is being charged: 202, `cancelling`; the charge is undone and refunded once it is decided.",
    "parameters": [{"$ref": "#/components/parameters/match"}, {"$ref": "#/components/parameters/player"}],
    "x-kind": "change", "x-codes": ["not_found", "not_booked"],
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
  }
},
"/v1/matches/{id}/waitlist": {
  "post": {
    "operationId": "joinWaitlist", "tags": ["matches"], "summary": "Wait for a seat",
    "description": "202 with the position (the present one for who waits already); 201 when a seat was free and could be paid. Who can't pay when a seat is offered keeps the place, and is asked again when the wallet has got money.",
    "parameters": [{"$ref": "#/components/parameters/match"}],
    "requestBody": {"required": true, "content": {"application/json": {
      "schema": {"$ref": "#/components/schemas/NewWaiter"}, "example": {"player": "p9", "pay": {"wallet": "p9"}}}}},
    "x-kind": "change", "x-codes": ["not_found", "already_booked", "sales_closed", "waitlist_full"],
    "x-success": {
      "202": {"description": "The player waits", "schema": "Booking", "example":
        {"match": "thu", "player": "p9", "status": "waitlisted", "position": 1, "version": 3, "lsn": 6}},
      "201": {"description": "The player is in", "schema": "Booking", "example":
        {"match": "thu", "player": "p9", "status": "in", "version": 3, "lsn": 6,
         "payment": {"method": "wallet", "wallet": "p9", "amount": 500, "currency": "EUR"}}}},
    "x-before": [{"method": "PUT", "path": "/v1/matches/thu", "body": {"seats": 1, "price": {"amount": 500, "currency": "EUR"}}}],
    "x-provoke": [{"code": "not_found", "method": "POST", "path": "/v1/matches/nothing/waitlist",
      "body": {"player": "p9", "pay": {"wallet": "p9"}}}]
  }
},
"/v1/matches/{id}/waitlist/{player}": {
  "delete": {
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
  }
},
"/v1/passes/{id}": {
  "put": {
    "operationId": "openPass", "tags": ["matches"], "summary": "Issue a pass",
    "description": "Lets its player (without one: whoever names it) into matches without paying, until `valid_until`.",
    "parameters": [{"$ref": "#/components/parameters/pass"}],
    "requestBody": {"required": true, "content": {"application/json": {
      "schema": {"$ref": "#/components/schemas/NewPass"}, "example": {"player": "p1", "valid_until": "2030-01-01T00:00:00Z"}}}},
    "x-kind": "change", "x-codes": ["already_exists"],
    "x-success": {
      "201": {"description": "The pass is new", "schema": "Pass", "example":
        {"id": "season", "player": "p1", "valid_until": "2030-01-01T00:00:00.000Z", "status": "valid", "version": 1, "lsn": 1}},
      "200": {"description": "It exists with the same settings", "schema": "Pass", "example":
        {"id": "season", "status": "valid", "version": 1, "lsn": 1}}},
    "x-provoke": [{"code": "already_exists", "before": [{"method": "PUT", "path": "/v1/passes/season", "body": {}}],
      "method": "PUT", "path": "/v1/passes/season", "body": {"player": "p1"}}]
  },
  "get": {
    "operationId": "readPass", "tags": ["matches"], "summary": "Read a pass",
    "parameters": [{"$ref": "#/components/parameters/pass"}],
    "x-kind": "read", "x-codes": ["not_found"],
    "x-success": {"200": {"description": "The pass", "schema": "Pass", "example":
      {"id": "season", "status": "valid", "version": 1, "lsn": 1}}},
    "x-before": [{"method": "PUT", "path": "/v1/passes/season", "body": {}}],
    "x-provoke": [{"code": "not_found", "method": "GET", "path": "/v1/passes/none"}]
  }
},
"/v1/passes/{id}/revoke": {
  "post": {
    "operationId": "revokePass", "tags": ["matches"], "summary": "Take a pass back",
    "description": "Seats of matches that haven't started are free again, and are offered to those who wait.",
    "parameters": [{"$ref": "#/components/parameters/pass"}],
    "requestBody": {"required": false, "content": {"application/json": {
      "schema": {"$ref": "#/components/schemas/NewRevocation"}, "example": {"reason": "left the club"}}}},
    "x-kind": "change", "x-codes": ["not_found"],
    "x-success": {"200": {"description": "It is revoked", "schema": "Pass", "example":
      {"id": "season", "status": "revoked", "version": 2, "lsn": 2}}},
    "x-before": [{"method": "PUT", "path": "/v1/passes/season", "body": {}}],
    "x-provoke": [{"code": "not_found", "method": "POST", "path": "/v1/passes/none/revoke", "body": {}}]
  }
}
})json";

}  // namespace tote::http
