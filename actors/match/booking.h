// The scripts behind bookings: seat and payment are one transaction (a card's: one saga).
#pragma once

#include <string>

#include "actors/match/match.h"
#include "actors/transaction/composite.h"
#include "engine/kernel/script.h"

namespace tote {

// What a player asks for. The payment's amount is the match's price.
struct Booking {
  std::string match;
  std::string player;
  Match::Method method = Match::Method::wallet;
  std::string reference{};  // the wallet, the pass, the card's token; of a free match nothing
  bool or_waitlist = false;
  LabelsPtr labels{};
  // Where what was asked names them, for refusals (kernel/subject.h).
  std::string_view match_at{};
  std::string_view payer_at{};  // empty: "/pay/wallet", "/pay/pass"
};

// Code::created: in. Code::accepted: the card is being charged, or waitlisted. Refused: invalid_id, invalid_request
// (its labels) and too_many_attempts: it doesn't count; else the attempt remains when the whole script is refused:
// sales_closed, already_booked, match_full, payment_required, insufficient_funds, currency_mismatch, payments_paused,
// not_found.
Verdict book(Transaction& on, const Booking& booking);

// What Match::Open says; where somebody is to be paid: not_found, currency_mismatch.
Command open_command(std::string match, Match::Open open);
// All four are addressed to the match; their answer is the player's booking.
Command book_command(Booking booking);
// not_booked. The seat is free at once and the money goes back; the first who waits and can pay gets the seat.
// Code::accepted: the card is being charged; that is undone, and paid back, when it is decided.
Command cancel_command(std::string match, std::string player);
// Code::accepted with the position; Code::created when a seat was free.
Command join_waitlist_command(Booking booking);
Command leave_waitlist_command(std::string match, std::string player);

// For a composite transaction: paid from a wallet or with a pass.
PartPtr booking_part(Booking booking);

}  // namespace tote
