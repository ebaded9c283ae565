#include <algorithm>
#include <iterator>

#include "actors/codec/flat.h"
#include "actors/match/card_booking.h"
#include "actors/match/match.h"
#include "actors/match/match_generated.h"

namespace tote {
namespace {

using flat::append;
using flat::builder;
using flat::FlatBufferBuilder;
using flat::Offset;
using flat::optional_string;
using flat::text_of;
using flat::verified;

constexpr flatbuffers::uoffset_t tables_max = static_cast<flatbuffers::uoffset_t>(Match::seats_max) + 32;

using match::fbs::EventType;

// In an answer about one player.
enum class BookingStatus : std::uint8_t { none = 0, in = 1, pending = 2, waitlisted = 3 };

// The fields of an event, each where its type has it.
struct Flat {
  std::string_view player{}, reference{}, saga{};
  Match::Method method{};
  bool from_waitlist = false;
  Time at{};
  Money amount{};
};

struct Encode {
  FlatBufferBuilder& to;

  void operator()(const Match::Opened& event) const {
    const Match::Open& open = event.settings;
    const auto currency = to.CreateString(open.currency.text().data(), open.currency.text().size());
    to.Finish(match::fbs::CreateEvent(to, EventType::opened, {}, {}, {}, 0, false, open.starts_at.ns, open.price.minor,
                                      currency, open.seats, open.attempts_max, open.attempts_window_s));
  }
  void operator()(const Match::Attempted& event) const {
    finish(EventType::attempted, {.player = event.player, .at = event.at});
  }
  void operator()(const Match::SeatTaken& event) const {
    finish(EventType::seat_taken, {.player = event.player,
                                   .reference = event.payment.reference,
                                   .method = event.payment.method,
                                   .from_waitlist = event.from_waitlist,
                                   .amount = event.payment.amount});
  }
  void operator()(const Match::SeatHeld& event) const {
    finish(EventType::seat_held,
           {.player = event.player, .saga = event.saga, .from_waitlist = event.from_waitlist, .at = event.until});
  }
  void operator()(const Match::SeatConfirmed& event) const {
    finish(EventType::seat_confirmed,
           {.player = event.player, .reference = event.charge, .saga = event.saga, .amount = event.amount});
  }
  void operator()(const Match::HoldDropped& event) const { finish(EventType::hold_dropped, {.player = event.player}); }
  void operator()(const Match::HoldExpired& event) const { finish(EventType::hold_expired, {.player = event.player}); }
  void operator()(const Match::Cancelled& event) const { finish(EventType::cancelled, {.player = event.player}); }
  void operator()(const Match::Waitlisted& event) const {
    finish(EventType::waitlisted,
           {.player = event.player, .reference = event.payment.reference, .method = event.payment.method});
  }
  void operator()(const Match::LeftWaitlist& event) const {
    finish(EventType::left_waitlist, {.player = event.player});
  }
  void operator()(const Match::OffersMade&) const { finish(EventType::offers_made, {}); }
  void operator()(const Match::PaymentChanged& event) const {
    finish(EventType::payment_changed,
           {.player = event.player, .reference = event.payment.reference, .method = event.payment.method});
  }
  void operator()(const Match::OffersPostponed& event) const {
    finish(EventType::offers_postponed, {.at = event.until});
  }
  void operator()(const Match::OffersDue&) const { finish(EventType::offers_due, {}); }

 private:
  void finish(EventType type, const Flat& flat) const {
    const auto player = optional_string(to, flat.player);
    const auto reference = optional_string(to, flat.reference);
    const auto saga = optional_string(to, flat.saga);
    to.Finish(match::fbs::CreateEvent(to, type, player, reference, saga, static_cast<std::uint8_t>(flat.method),
                                      flat.from_waitlist, flat.at.ns, flat.amount.minor));
  }
};

bool decode_opened(const match::fbs::Event& from, Match::Event& event) {
  const auto currency = currency_of(text_of(from.currency()));
  if (!currency) return false;
  event = Match::Opened{
      {from.seats(), {from.amount()}, *currency, {from.at_ns()}, from.attempts_max(), from.attempts_window_s()}};
  return true;
}

// The player whom a command is about; empty for the match itself.
struct PlayerOf {
  std::string_view operator()(const Match::Open&) const { return {}; }
  std::string_view operator()(const Match::MakeOffers&) const { return {}; }
  std::string_view operator()(const Match::PostponeOffers&) const { return {}; }
  template <class Command>
  std::string_view operator()(const Command& command) const {
    return command.player;
  }
};

// What a player has: a seat, a hold on one, a place on the waiting list, or nothing.
struct Booking {
  BookingStatus status = BookingStatus::none;
  std::int64_t position = 0;
  Match::Payment payment{};
  std::string_view saga{};
};

Booking booking_of(const Match::State& match, std::string_view player) {
  if (const auto found = match.players.find(player); found != match.players.end()) {
    const bool is_in = found->second.status == Match::PlayerStatus::in;
    return {is_in ? BookingStatus::in : BookingStatus::pending, 0, found->second.payment, found->second.saga};
  }
  const auto place = match.places.find(player);
  if (place == match.places.end()) return {};
  const auto before = std::distance(match.waitlist.begin(), match.waitlist.find(place->second));
  return {BookingStatus::waitlisted, before + 1, {}, {}};
}

void answer_booking(const Match::State& match, std::string_view player, std::string& out) {
  const Booking booking = booking_of(match, player);
  auto& to = builder<Match>();
  const auto currency = to.CreateString(match.currency.text().data(), match.currency.text().size());
  const auto player_at = to.CreateString(player.data(), player.size());
  const auto reference = optional_string(to, booking.payment.reference);
  const auto saga = optional_string(to, booking.saga);
  to.Finish(match::fbs::CreateAnswer(
      to, match.seats, match.taken(), static_cast<std::int64_t>(match.waitlist.size()), match.price.minor, currency,
      match.starts_at.ns, {}, player_at, static_cast<std::uint8_t>(booking.status), booking.position,
      static_cast<std::uint8_t>(booking.payment.method), reference, booking.payment.amount.minor, saga));
  append(to, out);
}

void describe_payment(const match::fbs::Answer& from, Fields& fields) {
  const std::string_view method = name_of(static_cast<Match::Method>(from.method()));
  fields.begin("payment");
  fields.text("method", method);
  fields.text(method == "card" ? "charge" : method, text_of(from.reference()));
  if (from.amount() != 0) {
    fields.integer("amount", from.amount());
    fields.text("currency", text_of(from.currency()));
  }
  fields.end();
}

bool describe_booking(std::string_view id, const match::fbs::Answer& from, Fields& fields) {
  static constexpr std::string_view statuses[] = {"cancelled", "in", "pending", "waitlisted"};
  if (from.status() >= std::size(statuses)) return false;
  const auto status = static_cast<BookingStatus>(from.status());
  fields.text("match", id);
  fields.text("player", text_of(from.player()));
  fields.text("status", statuses[from.status()]);
  if (status == BookingStatus::waitlisted) fields.integer("position", from.position());
  if (status == BookingStatus::pending) fields.text("saga", "booking:" + text_of(from.saga()));
  if (status == BookingStatus::in) describe_payment(from, fields);
  return true;
}

}  // namespace

void Match::encode(const Event& event, std::string& out) {
  auto& to = builder<Match>();
  std::visit(Encode{to}, event);
  append(to, out);
}

bool Match::decode(std::string_view bytes, Event& event) {
  const auto* from = verified<match::fbs::Event>(bytes, tables_max);
  if (from == nullptr || tote::name_of(static_cast<Method>(from->method())).empty()) return false;
  std::string player = text_of(from->player());
  const Payment payment{static_cast<Method>(from->method()), text_of(from->reference()), {from->amount()}};
  switch (from->type()) {
    case EventType::opened: return decode_opened(*from, event);
    case EventType::attempted: event = Attempted{std::move(player), {from->at_ns()}}; return true;
    case EventType::seat_taken: event = SeatTaken{std::move(player), payment, from->from_waitlist()}; return true;
    case EventType::seat_held:
      event = SeatHeld{std::move(player), text_of(from->saga()), {from->at_ns()}, from->from_waitlist()};
      return true;
    case EventType::seat_confirmed:
      event = SeatConfirmed{std::move(player), text_of(from->saga()), payment.reference, payment.amount};
      return true;
    case EventType::hold_dropped: event = HoldDropped{std::move(player)}; return true;
    case EventType::hold_expired: event = HoldExpired{std::move(player)}; return true;
    case EventType::cancelled: event = Cancelled{std::move(player)}; return true;
    case EventType::waitlisted: event = Waitlisted{std::move(player), payment}; return true;
    case EventType::left_waitlist: event = LeftWaitlist{std::move(player)}; return true;
    case EventType::offers_made: event = OffersMade{}; return true;
    case EventType::payment_changed: event = PaymentChanged{std::move(player), payment}; return true;
    case EventType::offers_postponed: event = OffersPostponed{{from->at_ns()}}; return true;
    case EventType::offers_due: event = OffersDue{}; return true;
    case EventType::none: return false;
  }
  return false;
}

void Match::answer(const State& match, const Command* command, std::string& out) {
  const std::string_view about = command == nullptr ? std::string_view{} : std::visit(PlayerOf{}, *command);
  if (!about.empty()) return answer_booking(match, about, out);
  auto& to = builder<Match>();
  const std::size_t shown_max = command == nullptr ? match.players.size() : players_shown_max;
  std::vector<Offset<match::fbs::Player>> players;
  for (const auto& [id, player] : match.players) {
    if (players.size() == shown_max) break;
    const auto id_at = to.CreateString(id);
    players.push_back(match::fbs::CreatePlayer(to, id_at, static_cast<std::uint8_t>(player.status),
                                               static_cast<std::uint8_t>(player.payment.method)));
  }
  const auto currency = to.CreateString(match.currency.text().data(), match.currency.text().size());
  const auto players_at = to.CreateVector(players);
  to.Finish(match::fbs::CreateAnswer(to, match.seats, match.taken(), static_cast<std::int64_t>(match.waitlist.size()),
                                     match.price.minor, currency, match.starts_at.ns, players_at));
  append(to, out);
}

bool Match::describe_answer(std::string_view id, std::string_view answer, Fields& fields) {
  const auto* from = verified<match::fbs::Answer>(answer, tables_max);
  if (from == nullptr || tote::name_of(static_cast<Method>(from->method())).empty()) return false;
  if (from->player() != nullptr) return describe_booking(id, *from, fields);
  if (from->players() == nullptr) return false;
  fields.text("id", id);
  fields.integer("seats", from->seats());
  fields.integer("taken", from->taken());
  fields.integer("free", from->seats() - from->taken());
  fields.integer("waitlist", from->waitlist());
  if (from->starts_at_ns() != 0) fields.time("starts_at", {from->starts_at_ns()});
  fields.begin("price");
  fields.integer("amount", from->price());
  fields.text("currency", text_of(from->currency()));
  fields.end();
  fields.begin_list("players");
  for (const auto* player : *from->players()) {
    fields.begin({});
    fields.text("player", text_of(player->player()));
    fields.text("status", player->status() == 0 ? "in" : "pending");
    fields.text("paid_by", tote::name_of(static_cast<Method>(player->method())));
    fields.end();
  }
  fields.end_list();
  return true;
}

// Only Open comes without a script.
void Match::digest(const Command& command, std::string& out) {
  out.push_back(static_cast<char>(command.index()));
  out.append(std::visit(PlayerOf{}, command)).push_back('\0');
  if (const auto* open = std::get_if<Open>(&command)) encode(Opened{*open}, out);
}

void CardBookingPlan::encode(const Input& booking, std::string& out) {
  auto& to = builder<Match>();
  const auto match_at = to.CreateString(booking.match);
  const auto player = to.CreateString(booking.player);
  const auto token = to.CreateString(booking.card_token);
  const auto currency = to.CreateString(booking.currency.text().data(), booking.currency.text().size());
  to.Finish(match::fbs::CreateCardBooking(to, match_at, player, token, booking.amount.minor, currency,
                                          booking.from_waitlist));
  append(to, out);
}

bool CardBookingPlan::decode(std::string_view bytes, Input& booking) {
  const auto* from = verified<match::fbs::CardBooking>(bytes, tables_max);
  const auto currency = from == nullptr ? std::nullopt : currency_of(text_of(from->currency()));
  if (!currency) return false;
  booking = {text_of(from->match()), text_of(from->player()), text_of(from->card_token()), {from->amount()}, *currency,
             from->from_waitlist()};
  return true;
}

}  // namespace tote
