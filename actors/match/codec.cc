#include "actors/match/codec.h"

#include "actors/codec/labels.h"
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
using match::tables_max;
using match::fbs::EventType;

// The fields of an event, each where its type has it.
struct Flat {
  std::string_view player{}, reference{}, saga{};
  Match::Method method{};
  bool from_waitlist = false;
  Time at{};
  Money amount{};
  bool is_paused = true;
  bool may_change = true;
  std::string_view currency{};
  LabelsPtr labels{};
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
                                   .amount = event.payment.amount,
                                   .labels = event.labels});
  }
  void operator()(const Match::SeatHeld& event) const {
    finish(EventType::seat_held, {.player = event.player,
                                  .saga = event.saga,
                                  .from_waitlist = event.from_waitlist,
                                  .at = event.until,
                                  .labels = event.labels});
  }
  void operator()(const Match::SeatConfirmed& event) const {
    finish(EventType::seat_confirmed, {.player = event.player,
                                       .reference = event.charge,
                                       .saga = event.saga,
                                       .amount = event.amount,
                                       .labels = event.labels});
  }
  void operator()(const Match::HoldDropped& event) const { finish(EventType::hold_dropped, {.player = event.player}); }
  void operator()(const Match::HoldExpired& event) const { finish(EventType::hold_expired, {.player = event.player}); }
  void operator()(const Match::Cancelled& event) const {
    finish(EventType::cancelled, {.player = event.player,
                                  .reference = event.payment.reference,
                                  .method = event.payment.method,
                                  .amount = event.payment.amount,
                                  .currency = event.currency == Currency{} ? "" : event.currency.text(),
                                  .labels = event.labels});
  }
  void operator()(const Match::Waitlisted& event) const {
    finish(EventType::waitlisted, {.player = event.player,
                                   .reference = event.payment.reference,
                                   .method = event.payment.method,
                                   .labels = event.labels});
  }
  void operator()(const Match::LeftWaitlist& event) const {
    finish(EventType::left_waitlist, {.player = event.player});
  }
  void operator()(const Match::OffersMade&) const { finish(EventType::offers_made, {}); }
  void operator()(const Match::PaymentChanged& event) const {
    finish(EventType::payment_changed, {.player = event.player,
                                        .reference = event.payment.reference,
                                        .method = event.payment.method,
                                        .labels = event.labels});
  }
  void operator()(const Match::OffersPostponed& event) const {
    finish(EventType::offers_postponed, {.at = event.until, .is_paused = event.is_paused});
  }
  void operator()(const Match::OffersDue&) const { finish(EventType::offers_due, {}); }
  void operator()(const Match::PassedOver& event) const {
    finish(EventType::passed_over, {.player = event.player, .may_change = event.may_change});
  }
  void operator()(const Match::PayerWoken& event) const {
    finish(EventType::payer_woken, {.reference = event.reference, .method = event.method});
  }
  void operator()(const Match::OffersEnded&) const { finish(EventType::offers_ended, {}); }
  void operator()(const Match::CancelWished& event) const {
    finish(EventType::cancel_wished, {.player = event.player, .saga = event.saga});
  }
  void operator()(const Match::WishFulfilled& event) const {
    finish(EventType::wish_fulfilled, {.player = event.player, .saga = event.saga});
  }
  void operator()(const Match::PassRevoked& event) const { finish(EventType::pass_revoked, {.reference = event.pass}); }
  void operator()(const Match::SeatWithdrawn& event) const {
    finish(EventType::seat_withdrawn, {.player = event.player, .reference = event.pass});
  }

 private:
  void finish(EventType type, const Flat& of) const {
    const auto player = optional_string(to, of.player);
    const auto reference = optional_string(to, of.reference);
    const auto saga = optional_string(to, of.saga);
    const auto currency = optional_string(to, of.currency);
    const Labels& labels = labels_of(of.labels);
    const auto booking_reference = optional_string(to, labels.reference);
    const auto metadata = flat::metadata_of<match::fbs::Label>(to, labels);
    to.Finish(match::fbs::CreateEvent(to, type, player, reference, saga, static_cast<std::uint8_t>(of.method),
                                      of.from_waitlist, of.at.ns, of.amount.minor, currency, 0, 0, 0, of.is_paused,
                                      of.may_change, booking_reference, metadata));
  }
};

bool decode_opened(const match::fbs::Event& from, Match::Event& event) {
  const auto currency = currency_of(text_of(from.currency()));
  if (!currency) return false;
  event = Match::Opened{
      {from.seats(), {from.amount()}, *currency, {from.at_ns()}, from.attempts_max(), from.attempts_window_s()}};
  return true;
}

bool decode_cancelled(const match::fbs::Event& from, Match::Cancelled event, Match::Event& out) {
  const auto currency = from.currency() == nullptr ? Currency{} : currency_of(text_of(from.currency()));
  if (!currency || (event.payment.amount.minor != 0 && *currency == Currency{})) return false;
  event.currency = *currency;
  out = std::move(event);
  return true;
}

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
  auto& to = builder<Match>();
  std::visit(Encode{to}, event);
  append(to, out);
}

bool Match::decode(std::string_view bytes, Event& event) {
  const auto* from = verified<match::fbs::Event>(bytes, tables_max);
  if (from == nullptr || tote::name_of(static_cast<Method>(from->method())).empty()) return false;
  std::string player = text_of(from->player());
  const Payment payment{static_cast<Method>(from->method()), text_of(from->reference()), {from->amount()}};
  LabelsPtr labels;
  if (!decode_labels(from->booking_reference(), from->metadata(), labels)) return false;
  switch (from->type()) {
    case EventType::opened: return decode_opened(*from, event);
    case EventType::attempted: event = Attempted{std::move(player), {from->at_ns()}}; return true;
    case EventType::seat_taken:
      event = SeatTaken{std::move(player), payment, from->from_waitlist(), labels};
      return true;
    case EventType::seat_held:
      event = SeatHeld{std::move(player), text_of(from->saga()), {from->at_ns()}, from->from_waitlist(), labels};
      return true;
    case EventType::seat_confirmed:
      event = SeatConfirmed{std::move(player), text_of(from->saga()), payment.reference, payment.amount, labels};
      return true;
    case EventType::hold_dropped: event = HoldDropped{std::move(player)}; return true;
    case EventType::hold_expired: event = HoldExpired{std::move(player)}; return true;
    case EventType::cancelled: return decode_cancelled(*from, {std::move(player), payment, {}, labels}, event);
    case EventType::waitlisted: event = Waitlisted{std::move(player), payment, labels}; return true;
    case EventType::left_waitlist: event = LeftWaitlist{std::move(player)}; return true;
    case EventType::offers_made: event = OffersMade{}; return true;
    case EventType::payment_changed: event = PaymentChanged{std::move(player), payment, labels}; return true;
    case EventType::offers_postponed: event = OffersPostponed{{from->at_ns()}, from->is_paused()}; return true;
    case EventType::offers_due: event = OffersDue{}; return true;
    case EventType::passed_over: event = PassedOver{std::move(player), from->may_change()}; return true;
    case EventType::payer_woken: event = PayerWoken{payment.method, payment.reference}; return true;
    case EventType::offers_ended: event = OffersEnded{}; return true;
    case EventType::cancel_wished: event = CancelWished{std::move(player), text_of(from->saga())}; return true;
    case EventType::wish_fulfilled: event = WishFulfilled{std::move(player), text_of(from->saga())}; return true;
    case EventType::pass_revoked: event = PassRevoked{payment.reference}; return true;
    case EventType::seat_withdrawn: event = SeatWithdrawn{std::move(player), payment.reference}; return true;
    case EventType::none: return false;
  }
  return false;
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
