// Transfers, and transactions over several entities (API.md, Transactions and orders).
#include "actors/item/item.h"
#include "actors/match/booking.h"
#include "actors/order/order.h"
#include "actors/transaction/composite.h"
#include "actors/transaction/results.h"
#include "actors/transaction/transfer.h"
#include "actors/wallet/wallet.h"
#include "adapters/http/amounts.h"
#include "adapters/http/asked.h"
#include "adapters/http/decoder.h"
#include "adapters/http/labels.h"
#include "adapters/http/pay.h"
#include "adapters/http/resources.h"

namespace tote::http {
namespace {

// Takes a command as a part of a transaction.
struct AsPart {
  Role& needs;
  PartPtr part{};

  template <Entity E>
  void to(std::string id, typename E::Command command) {
    part = tote::part<E>(std::move(id), std::move(command));
  }
  void book(Booking booking) { part = booking_part(std::move(booking)); }
};

// Takes it as a request of its own.
struct AsRequest {
  Role& needs;
  Request& request;

  template <Entity E>
  void to(std::string id, typename E::Command command) {
    request.kind = E::kind_id;
    request.entity = std::move(id);
    request.command = Command(std::move(command));
  }
  void book(Booking booking) {
    request.kind = Match::kind_id;
    request.entity = booking.match;
    request.command = book_command(std::move(booking));
  }
};

// What is done names the sum or the quantity.
template <class Taker>
void read_wallet_command(JsonObject& body, Taker& take) {
  std::string wallet(body.id("wallet"));
  if (body.has("credit") || body.has("debit")) take.needs = Role::issuer;
  if (body.has("credit"))
    take.template to<Wallet>(std::move(wallet), members_of<Wallet::Credit>(body, {"amount", "credit"}));
  else if (body.has("debit"))
    take.template to<Wallet>(std::move(wallet), members_of<Wallet::Debit>(body, {"amount", "debit"}));
  else if (body.has("hold"))
    take.template to<Wallet>(std::move(wallet), members_of<Wallet::Hold>(body));
  else
    body.refuse("wallet", "needs a credit, a debit or a hold beside it");
}

template <class Taker>
void read_item_command(JsonObject& body, Taker& take) {
  std::string item(body.id("item"));
  if (body.has("pick"))
    take.template to<Item>(std::move(item), members_of<Item::Pick>(body, {"quantity", "pick"}));
  else if (body.has("restock"))
    take.template to<Item>(std::move(item), members_of<Item::Restock>(body, {"quantity", "restock"}));
  else if (body.has("reserve"))
    take.template to<Item>(std::move(item), members_of<Item::Reserve>(body, {"quantity", "reserve"}));
  else
    body.refuse("item", "needs a pick, a restock or a reserve beside it");
}

// Paid from the player's own wallet unless it says otherwise.
template <class Taker>
void read_match_command(JsonObject& body, bool accepts_cards, Taker& take) {
  Booking booking;
  booking.match = body.id("match");
  if (!body.has("book")) return body.refuse("match", "needs a book beside it");
  booking.player = body.id("book");
  booking.reference = booking.player;
  booking.match_at = "/match";
  if (body.has("pay"))
    read_pay(body, accepts_cards, booking);
  else
    booking.payer_at = "/book";
  booking.labels = share(read_labels(body));
  take.book(std::move(booking));
}

template <class Taker>
void read_command(JsonObject& body, bool accepts_cards, Taker& take) {
  if (body.has("wallet")) return read_wallet_command(body, take);
  if (body.has("item")) return read_item_command(body, take);
  if (body.has("match")) return read_match_command(body, accepts_cards, take);
  body.refuse("wallet", "is missing; a wallet, an item or a match is needed");
}

}  // namespace

void read_transfer(Reading& reading) {
  std::string from(reading.body.id("from"));
  std::string to(reading.body.id("to"));
  const Money amount = read_amount(reading.body);
  reading.request.command = transfer_command(std::move(from), std::move(to), amount);
}

void read_transaction(Reading& reading) {
  constexpr bool accepts_cards = false;  // a transaction can't wait for one
  std::vector<PartPtr> parts;
  for (JsonObject& body : reading.body.objects("commands", Composite::parts_max)) {
    AsPart taker{reading.needs};
    read_command(body, accepts_cards, taker);
    if (!body.finish() || taker.part == nullptr) return;
    parts.push_back(std::move(taker.part));
  }
  reading.request.command = composite_command(std::move(parts));
}

// As in a transaction, or a whole transfer, transaction or order.
void read_batch_command(Reading& reading) {
  reading.request.key = reading.body.text_or_none("key");
  if (reading.body.has("order")) {
    reading.request.kind = Order::kind_id;
    return read_order_place(reading);
  }
  AsRequest taker{reading.needs, reading.request};
  reading.request.kind = transaction::kind_id;
  if (reading.body.has("commands")) return read_transaction(reading);
  if (reading.body.has("from")) return read_transfer(reading);
  read_command(reading.body, reading.accepts_cards, taker);
}

namespace {

constexpr auto transaction_rows = table_of({
    {.method = Method::post,
     .pattern = "/v1/transfers",
     .kind = transaction::kind_id,
     .command = read_transfer,
     .document = R"json({
      "operationId": "transfer", "tags": ["transactions"], "summary": "Move money between two wallets",
      "description": "Whole or not at all, one record.",
      "requestBody": {"required": true, "content": {"application/json": {
        "schema": {"$ref": "#/components/schemas/NewTransfer"}, "example": {"from": "alice", "to": "bob", "amount": 5}}}},
      "x-kind": "command", "x-codes": ["same_wallet", "not_found", "currency_mismatch", "insufficient_funds", "balance_limit",
        "wallet_frozen", "wallet_closed"],
      "x-success": {"200": {"description": "Both wallets", "schema": "Transfer", "example":
        {"from": {"id": "alice", "currency": "EUR", "balance": 95, "held": 0, "available": 95, "version": 3, "lsn": 4},
         "to": {"id": "bob", "currency": "EUR", "balance": 5, "held": 0, "available": 5, "version": 2, "lsn": 4}, "lsn": 4}}},
      "x-before": [{"method": "PUT", "path": "/v1/wallets/alice", "body": {"currency": "EUR", "overdraft_limit": 10}},
        {"method": "PUT", "path": "/v1/wallets/bob", "body": {"currency": "EUR"}}],
      "x-provoke": [
        {"code": "same_wallet", "method": "POST", "path": "/v1/transfers", "body": {"from": "alice", "to": "alice", "amount": 5}},
        {"code": "not_found", "method": "POST", "path": "/v1/transfers", "body": {"from": "alice", "to": "bob", "amount": 5}},
        {"code": "currency_mismatch", "before": [
          {"method": "PUT", "path": "/v1/wallets/alice", "body": {"currency": "EUR", "overdraft_limit": 10}},
          {"method": "PUT", "path": "/v1/wallets/bob", "body": {"currency": "JPY"}}],
         "method": "POST", "path": "/v1/transfers", "body": {"from": "alice", "to": "bob", "amount": 5}},
        {"code": "wallet_frozen", "before": [
          {"method": "PUT", "path": "/v1/wallets/alice", "body": {"currency": "EUR", "overdraft_limit": 10}},
          {"method": "PUT", "path": "/v1/wallets/bob", "body": {"currency": "EUR"}},
          {"method": "PUT", "path": "/v1/wallets/alice/status", "body": {"status": "frozen"}}],
         "method": "POST", "path": "/v1/transfers", "body": {"from": "alice", "to": "bob", "amount": 5}},
        {"code": "insufficient_funds", "before": [
          {"method": "PUT", "path": "/v1/wallets/alice", "body": {"currency": "EUR"}},
          {"method": "PUT", "path": "/v1/wallets/bob", "body": {"currency": "EUR"}}],
         "method": "POST", "path": "/v1/transfers", "body": {"from": "alice", "to": "bob", "amount": 5}}]
    })json"},
    {.method = Method::post,
     .pattern = "/v1/transactions",
     .kind = transaction::kind_id,
     .command = read_transaction,
     .document = R"json({
      "operationId": "transact", "tags": ["transactions"], "summary": "Several commands, all or nothing",
      "description": "1 to 64 commands, in order; entities may repeat. A refusal names the command's `index`. Each is one of: {wallet, credit | debit, reference?}, {wallet, hold, amount, expires_in_s?}, {item, pick | restock}, {item, reserve, reservation, expires_in_s?}, {match, book, pay?, reference?, metadata?} (paid from the player's wallet unless `pay` says otherwise).",
      "requestBody": {"required": true, "content": {"application/json": {
        "schema": {"$ref": "#/components/schemas/Commands"}, "example":
          {"commands": [{"wallet": "alice", "debit": 300}, {"item": "sku1", "pick": 2}, {"match": "thu", "book": "alice"}]}}}},
      "x-kind": "command",
      "x-codes": ["insufficient_funds", "payment_required", "not_found", "balance_limit", "hold_exists", "out_of_stock",
        "stock_limit", "reservation_exists", "match_full", "already_booked", "sales_closed", "currency_mismatch", "too_many_attempts",
        "too_many_holds", "too_many_reservations", "wallet_frozen", "wallet_closed"],
      "x-success": {"200": {"description": "What each command's entity is after all of them", "schema": "Transacted", "example":
        {"lsn": 7, "results": [{"id": "sku1", "on_hand": 8, "reserved": 0, "available": 8, "version": 2, "lsn": 7}]}}},
      "x-before": [{"method": "PUT", "path": "/v1/wallets/alice", "body": {"currency": "EUR", "overdraft_limit": 1000}},
        {"method": "PUT", "path": "/v1/items/sku1", "body": {"quantity": 10}},
        {"method": "PUT", "path": "/v1/matches/thu", "body": {"seats": 1, "price": {"amount": 500, "currency": "EUR"}}}],
      "x-provoke": [
        {"code": "out_of_stock", "before": [
          {"method": "PUT", "path": "/v1/wallets/alice", "body": {"currency": "EUR", "overdraft_limit": 1000}},
          {"method": "PUT", "path": "/v1/items/sku1", "body": {"quantity": 1}}],
         "method": "POST", "path": "/v1/transactions", "body": {"commands": [{"wallet": "alice", "debit": 300}, {"item": "sku1", "pick": 2}]}},
        {"code": "invalid_request", "method": "POST", "path": "/v1/transactions", "body": {"commands": []}}]
    })json"},
});

}  // namespace

std::span<const Route> transaction_routes() { return transaction_rows; }

}  // namespace tote::http
