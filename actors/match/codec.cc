#include "actors/match/codec.h"

#include "actors/codec/by_table.h"
#include "actors/match/card_booking.h"
#include "actors/match/match.h"
#include "actors/match/match_generated.h"

namespace tote {
namespace {

using flat::append;
using flat::builder;
using flat::optional_string;
using flat::text_of;
using flat::verified;
using match::tables_max;

// False: no request can have had them.
template <class Table>
bool decode_labels(const flat::String* reference, const Table* metadata, LabelsPtr& labels) {
  if (reference == nullptr && metadata == nullptr) return true;
  Labels read;
  if (!flat::read_labels(reference, metadata, read)) return false;
  labels = share(std::move(read));
  return true;
}

}  // namespace

void Match::encode(const Event& event, std::string& out) {
  flat::encode<match::fbs::Event>(event, builder<Match>(), out);
}

// What goes back has a currency.
bool Match::decode(std::string_view bytes, Event& event) {
  const auto* from = verified<match::fbs::Event>(bytes, tables_max);
  if (from == nullptr || !flat::decode(*from, event)) return false;
  const auto* cancelled = std::get_if<Cancelled>(&event);
  return cancelled == nullptr || cancelled->payment.amount.minor == 0 || cancelled->currency != Currency{};
}

// Only Open comes without a script.
void Match::digest(const Command& command, std::string& out) {
  out.push_back(static_cast<char>(command.index()));
  out.append(std::string(match::player_of(command))).push_back('\0');
  if (const auto* open = std::get_if<Open>(&command)) encode(Opened{*open}, out);
}

void CardBookingPlan::encode(const Input& booking, std::string& out) {
  auto& to = builder<Match>();
  const auto match_at = to.CreateString(booking.match);
  const auto player = to.CreateString(booking.player);
  const auto token = to.CreateString(booking.card_token);
  const auto currency = to.CreateString(booking.currency.text().data(), booking.currency.text().size());
  const Labels& labels = labels_of(booking.labels);
  const auto reference = optional_string(to, labels.reference);
  const auto metadata = flat::metadata_of<match::fbs::Label>(to, labels);
  to.Finish(match::fbs::CreateCardBooking(to, match_at, player, token, booking.amount.minor, currency,
                                          booking.from_waitlist, reference, metadata));
  append(to, out);
}

bool CardBookingPlan::decode(std::string_view bytes, Input& booking) {
  const auto* from = verified<match::fbs::CardBooking>(bytes, tables_max);
  const auto currency = from == nullptr ? std::nullopt : currency_of(text_of(from->currency()));
  if (!currency) return false;
  booking = {text_of(from->match()), text_of(from->player()), text_of(from->card_token()), {from->amount()}, *currency,
             from->from_waitlist()};
  return decode_labels(from->reference(), from->metadata(), booking.labels);
}

}  // namespace tote
