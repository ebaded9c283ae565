// Bodies of transfers and transactions over several entities (API.md, Transactions and orders).
#include "actors/item/item.h"
#include "actors/match/booking.h"
#include "actors/transaction/composite.h"
#include "actors/transaction/transfer.h"
#include "actors/wallet/wallet.h"
#include "adapters/http/amounts.h"
#include "adapters/http/match_bodies.h"
#include "adapters/http/resources.h"

namespace tote::http {
namespace {

constexpr std::int64_t expires_in_s = 900;

PartPtr read_wallet_part(JsonObject& body) {
  std::string wallet(body.id("wallet"));
  if (body.has("credit")) {
    const Money amount{read_quantity(body, "credit")};
    return part<Wallet>(std::move(wallet), Wallet::Credit{amount, std::string(body.id_or_none("reference"))});
  }
  if (body.has("debit")) {
    const Money amount{read_quantity(body, "debit")};
    return part<Wallet>(std::move(wallet), Wallet::Debit{amount, std::string(body.id_or_none("reference"))});
  }
  if (body.has("hold")) {
    std::string hold(body.id("hold"));
    const Money amount = read_amount(body);
    const auto expires = body.integer_or("expires_in_s", 1, limits::hold_expires_in_s_max, expires_in_s);
    return part<Wallet>(std::move(wallet), Wallet::Hold{std::move(hold), amount, expires});
  }
  body.refuse("wallet", "needs a credit, a debit or a hold beside it");
  return nullptr;
}

PartPtr read_item_part(JsonObject& body) {
  std::string item(body.id("item"));
  if (body.has("pick")) return part<Item>(std::move(item), Item::Pick{read_quantity(body, "pick")});
  if (body.has("restock")) return part<Item>(std::move(item), Item::Restock{read_quantity(body, "restock")});
  if (body.has("reserve")) {
    const std::int64_t quantity = read_quantity(body, "reserve");
    std::string reservation(body.id("reservation"));
    const auto expires = body.integer_or("expires_in_s", 1, Item::expires_in_s_max, expires_in_s);
    return part<Item>(std::move(item), Item::Reserve{std::move(reservation), quantity, expires});
  }
  body.refuse("item", "needs a pick, a restock or a reserve beside it");
  return nullptr;
}

// Paid from the player's own wallet unless it says otherwise.
PartPtr read_match_part(JsonObject& body) {
  Booking booking;
  booking.match = body.id("match");
  if (!body.has("book")) {
    body.refuse("match", "needs a book beside it");
    return nullptr;
  }
  booking.player = body.id("book");
  booking.reference = booking.player;
  constexpr bool accepts_cards = false;  // a transaction can't wait for one
  if (body.has("pay")) read_pay(body, accepts_cards, booking);
  return booking_part(std::move(booking));
}

PartPtr read_part(JsonObject& body) {
  if (body.has("wallet")) return read_wallet_part(body);
  if (body.has("item")) return read_item_part(body);
  if (body.has("match")) return read_match_part(body);
  body.refuse("wallet", "is missing; a wallet, an item or a match is needed");
  return nullptr;
}

}  // namespace

void read_transfer(Reading& reading) {
  std::string from(reading.body.id("from"));
  std::string to(reading.body.id("to"));
  const Money amount = read_amount(reading.body);
  reading.request.command = transfer_command(std::move(from), std::move(to), amount);
}

void read_transaction(Reading& reading) {
  std::vector<PartPtr> parts;
  for (JsonObject& body : reading.body.objects("commands", Composite::parts_max)) {
    PartPtr part = read_part(body);
    if (!body.finish() || part == nullptr) return;
    parts.push_back(std::move(part));
  }
  reading.request.command = composite_command(std::move(parts));
}

}  // namespace tote::http
