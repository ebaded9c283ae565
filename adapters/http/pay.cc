#include "adapters/http/pay.h"

namespace tote::http {

constexpr std::size_t card_token_bytes_max = 255;

void read_pay(JsonObject& body, bool accepts_cards, Booking& booking) {
  if (!body.has("pay")) {  // a free match asks for none, others answer payment_required
    booking.method = Match::Method::free;
    return;
  }
  JsonObject pay = body.object("pay");
  if (pay.has("wallet")) {
    booking.method = Match::Method::wallet;
    booking.reference = pay.id("wallet");
  } else if (pay.has("pass")) {
    booking.method = Match::Method::pass;
    booking.reference = pay.id("pass");
  } else if (pay.has("card")) {
    booking.method = Match::Method::card;
    JsonObject card = pay.object("card");
    booking.reference = card.words("token", card_token_bytes_max);
    card.finish();
    if (!accepts_cards)
      pay.refuse("card", "can't be charged here: a transaction can't wait for it, or there is no payment gateway");
  } else {
    body.refuse("pay", "must name a wallet, a pass or a card");
  }
  pay.finish();
}

}  // namespace tote::http
