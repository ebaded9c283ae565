// Bodies of requests about matches and passes (API.md, Matches).
#include "adapters/http/match_bodies.h"

#include "actors/pass/pass.h"
#include "adapters/http/amounts.h"
#include "adapters/http/labels.h"
#include "adapters/http/resources.h"

namespace tote::http {
namespace {

constexpr std::size_t card_token_bytes_max = 255;

Booking read_booking(Reading& reading) {
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

}  // namespace

void read_pay(JsonObject& body, bool accepts_cards, Booking& booking) {
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
    if (!accepts_cards) pay.refuse("card", "can't be charged: this server has no payment gateway");
  } else {
    body.refuse("pay", "must name a wallet, a pass or a card");
  }
  pay.finish();
}

void read_match_open(Reading& reading) {
  Match::Open open;
  open.seats = reading.body.integer("seats", 1, Match::seats_max);
  JsonObject price = reading.body.object("price");
  open.price = read_amount(price);
  open.currency = read_currency(price, "currency");
  price.finish();
  open.starts_at = read_start(reading.body);
  open.attempts_max = reading.body.integer_or("attempts_max", 1, Match::attempts_limit, open.attempts_max);
  open.attempts_window_s = reading.body.integer_or("attempts_window_s", 1, Match::window_s_max, open.attempts_window_s);
  reading.request.command = Command(Match::Command(open));
}

void read_match_book(Reading& reading) {
  Booking booking = read_booking(reading);
  booking.or_waitlist = reading.body.boolean_or("or_waitlist", false);
  reading.request.command = book_command(std::move(booking));
}

void read_match_cancel(Reading& reading) {
  reading.request.command = cancel_command(reading.first, std::move(reading.second));
}

void read_match_join(Reading& reading) { reading.request.command = join_waitlist_command(read_booking(reading)); }

void read_match_leave(Reading& reading) {
  reading.request.command = leave_waitlist_command(reading.first, std::move(reading.second));
}

void read_pass_open(Reading& reading) {
  Pass::Open open;
  open.player = reading.body.id_or_none("player");
  open.valid_until = reading.body.time_or("valid_until", Time::never());
  reading.request.command = Command(Pass::Command(std::move(open)));
}

void read_pass_revoke(Reading& reading) {
  Pass::Revoke revoke;
  if (reading.body.has("reason")) revoke.reason = reading.body.words("reason", Pass::reason_bytes_max);
  reading.request.command = Command(Pass::Command(std::move(revoke)));
}

}  // namespace tote::http
