#include "actors/match/codec.h"

#include "actors/codec/by_table.h"
#include "actors/match/card_booking.h"
#include "actors/match/match.h"
#include "actors/match/match_generated.h"

namespace tote {
namespace {

using flat::builder;
using flat::verified;
using match::tables_max;

// What isn't there isn't what is as it was.
void digest_of(const Match::Change& change, std::string& out) {
  const auto part = [&out](const auto& value, std::int64_t number) {
    out.append(value ? std::to_string(number) : "-").push_back(' ');
  };
  part(change.seats, change.seats.value_or(0));
  part(change.price, change.price.value_or(Money{}).minor);
  part(change.starts_at, change.starts_at.value_or(Time{}).ns);
  part(change.sales_closed, change.sales_closed.value_or(false) ? 1 : 0);
  out.append(change.currency.text()).append(change.reason);
}

// What is free has no currency, what costs something or goes back does.
bool has_currency(const Match::Event& event) {
  const auto knows = [](Money amount, Currency currency) { return amount.minor == 0 || currency != Currency{}; };
  if (const auto* opened = std::get_if<Match::Opened>(&event))
    return knows(opened->settings.price, opened->settings.currency);
  if (const auto* changed = std::get_if<Match::Changed>(&event)) return knows(changed->price, changed->currency);
  const auto* cancelled = std::get_if<Match::Cancelled>(&event);
  return cancelled == nullptr || knows(cancelled->payment.amount, cancelled->currency);
}

}  // namespace

void Match::encode(const Event& event, std::string& out) {
  flat::encode<match::fbs::Event>(event, builder<Match>(), out);
}

bool Match::decode(std::string_view bytes, Event& event) {
  const auto* from = verified<match::fbs::Event>(bytes, tables_max);
  return from != nullptr && flat::decode(*from, event) && has_currency(event);
}

// Others come in scripts.
void Match::digest(const Command& command, std::string& out) {
  out.push_back(static_cast<char>(command.index()));
  out.append(std::string(match::player_of(command))).push_back('\0');
  if (const auto* open = std::get_if<Open>(&command)) encode(Opened{*open}, out);
  if (const auto* off = std::get_if<CallOff>(&command)) encode(CalledOff{off->reason}, out);
  if (const auto* change = std::get_if<Change>(&command)) digest_of(*change, out);
}

void CardBookingPlan::encode(const Input& booking, std::string& out) {
  flat::encode<match::fbs::CardBooking>(booking, builder<Match>(), out);
}

bool CardBookingPlan::decode(std::string_view bytes, Input& booking) {
  const auto* from = verified<match::fbs::CardBooking>(bytes, tables_max);
  return from != nullptr && flat::decode(*from, booking);
}

}  // namespace tote
