#include "actors/match/booking.h"

#include "actors/match/card_booking.h"
#include "actors/match/give_seat.h"
#include "actors/match/offer.h"
#include "actors/match/pay.h"
#include "actors/refund/refunds.h"
#include "actors/wallet/wallet.h"
#include "engine/kernel/name.h"

namespace tote {
namespace {

using Method = Match::Method;

// Names an entity that the method pays from, when there is one.
bool is_reference(const Booking& booking) {
  if (booking.method == Method::free) return booking.reference.empty();
  return booking.method == Method::card ? !booking.reference.empty() && booking.reference.size() <= 255
                                        : is_valid_id(booking.reference);
}

Subject payer_of(const Booking& booking) {
  if (!booking.payer_at.empty()) return {std::string(booking.payer_at), booking.reference};
  return {std::string("/pay/").append(name_of(booking.method)), booking.reference};
}

Verdict no_match(const Booking& booking) {
  return {Code::not_found, {}, {std::string(booking.match_at), booking.match}};
}

Verdict join(Transaction& on, const Booking& booking, bool is_attempt) {
  const Match::Join command{booking.player, {booking.method, booking.reference, {}}, is_attempt, booking.labels};
  return run<Match>(on, booking.match, command).verdict();
}

// The match is staged once and not looked at again: its state is never copied.
Verdict seat(Transaction& on, const Booking& booking, Money paid) {
  const Match::Seat command{booking.player, {booking.method, booking.reference, paid}, false, booking.labels};
  return run<Match>(on, booking.match, command).verdict();
}

Verdict seat_for_money(Transaction& on, const Booking& booking, Money price, Currency currency, Payee payee) {
  const auto mark = on.mark();
  Verdict seated = seat(on, booking, price);
  if (seated.refused()) return seated;
  Verdict paid = pay_from_wallet(on, booking.reference, price, currency, booking.match);
  if (paid.refused())
    paid.subject = payer_of(booking);
  else
    paid = pay_out(on, payee, price, currency, booking.match);
  if (!paid.refused()) return seated;
  on.undo(mark);
  return paid;
}

Verdict seat_for_nothing(Transaction& on, const Booking& booking) {
  return run<Match>(on, booking.match, Match::Seat{booking.player, {Method::free, {}, {}}, false, booking.labels})
      .verdict();
}

Verdict seat_for_card(Transaction& on, const Booking& booking, const Match::State& match) {
  if (const Code code = why_no_seat(match, booking.player, on.now()); code != Code::ok) return {code};
  const CardBookingPlan::Input input{booking.match,  booking.player, booking.reference, match.price,
                                     match.currency, false,          booking.labels};
  if (are_card_payments_paused(on)) return {Code::payments_paused};
  const auto stand =
      saga::start<CardBooking>(on, new_saga_id(on), std::make_shared<const CardBookingPlan::Input>(input));
  return stand.verdict.refused() ? stand.verdict : Verdict{Code::accepted};
}

Verdict seat_for(Transaction& on, const Booking& booking, const Match::State& match) {
  if (match.is_free_of_charge()) return seat_for_nothing(on, booking);
  switch (booking.method) {
    case Method::wallet: return seat_for_money(on, booking, match.price, match.currency, match.payee);
    case Method::pass:
      if (!is_pass_valid(on, booking.reference, booking.player, match.starts_at))
        return {Code::payment_required, {}, payer_of(booking)};
      return seat(on, booking, {});
    case Method::card: return seat_for_card(on, booking, match);
    case Method::free: return {Code::payment_required};
  }
  return {Code::invalid_request};
}

// Nobody passes those who wait and can pay: they are asked before.
Verdict seat_in_turn(Transaction& on, const Booking& booking, const Match::State& match) {
  if (const Code code = why_no_seat(match, booking.player, on.now()); code != Code::ok) return {code};
  const bool with_cards = !match.waiting.empty() && !are_card_payments_paused(on);
  if (!is_passing(match, booking.player, with_cards)) return seat_for(on, booking, match);
  offer_seats(on, booking.match, booking.player);
  const auto* left = look<Match>(on, booking.match);
  return is_passing(*left, booking.player, with_cards) ? Verdict{Code::match_full} : seat_for(on, booking, *left);
}

class Scripted : public Script {
 public:
  Scripted(std::string match, std::string player) : match_(std::move(match)), player_(std::move(player)) {}

  void entities(std::vector<EntityRef>& out) const override { out.push_back({Match::kind_id, match_}); }
  void answer(Transaction& on, std::string& out) const override {
    const Match::Command about{Match::Attempt{player_}};
    if (const AnyEntity* match = on.look({Match::kind_id, match_})) match->answer(CommandRef::to(about), out);
  }

 protected:
  const std::string match_, player_;
};

void add_entities(const Booking& booking, std::vector<EntityRef>& out) {
  out.push_back({Match::kind_id, booking.match});
  if (booking.method == Method::wallet) out.push_back({Wallet::kind_id, booking.reference});
}

void add_digest(const Booking& booking, std::string& out) {
  out.append(booking.match).append(1, '\0').append(booking.player).append(1, '\0').append(name_of(booking.method));
  out.append(1, '\0').append(booking.reference).append(booking.or_waitlist ? "+" : "-");
  if (booking.labels != nullptr) booking.labels->digest(out);
}

class Book final : public Scripted {
 public:
  explicit Book(Booking booking) : Scripted(booking.match, booking.player), booking_(std::move(booking)) {}

  void entities(std::vector<EntityRef>& out) const override { add_entities(booking_, out); }
  Verdict run(Transaction& on) const override { return book(on, booking_); }
  void digest(std::string& out) const override { add_digest(booking_, out.append("book ")); }

 private:
  const Booking booking_;
};

class JoinWaitlist final : public Scripted {
 public:
  explicit JoinWaitlist(Booking booking) : Scripted(booking.match, booking.player), booking_(std::move(booking)) {}

  void entities(std::vector<EntityRef>& out) const override { add_entities(booking_, out); }
  Verdict run(Transaction& on) const override {
    if (!is_valid_id(player_)) return {Code::invalid_id};
    if (!is_reference(booking_)) return {Code::payment_required};
    const auto* match = look<Match>(on, match_);
    if (match == nullptr) return no_match(booking_);
    const bool has_free_seats = match->free() > 0;
    // To ask for a seat that is free is an attempt, like a booking.
    Verdict joined = join(on, booking_, has_free_seats);
    if (joined.refused() || !has_free_seats) return joined;
    offer_seats(on, match_);
    const Match::Player* found = look<Match>(on, match_)->players.find(player_);
    const bool is_in = found != nullptr && found->is_in();
    return {is_in ? Code::created : Code::accepted};
  }
  void digest(std::string& out) const override { add_digest(booking_, out.append("join ")); }

 private:
  const Booking booking_;
};

class Cancel final : public Scripted {
 public:
  using Scripted::Scripted;

  // Whoever waits is offered the seat by the match itself, right after.
  Verdict run(Transaction& on) const override {
    const auto* match = look<Match>(on, match_);
    if (match == nullptr) return {Code::not_found};
    const Match::Player* found = match->players.find(player_);
    const Match::Player player = found == nullptr ? Match::Player{} : *found;
    const Currency currency = match->currency;
    const Payee payee = match->payee;
    const Step step = tote::run<Match>(on, match_, Match::Cancel{player_});
    return step.code == Code::ok ? pay_back(on, match_, player, currency, payee) : step.verdict();
  }
  void digest(std::string& out) const override { out.append("cancel ").append(match_).append(1, '\0').append(player_); }
};

class LeaveWaitlist final : public Scripted {
 public:
  using Scripted::Scripted;

  Verdict run(Transaction& on) const override { return tote::run<Match>(on, match_, Match::Leave{player_}).verdict(); }
  void digest(std::string& out) const override { out.append("leave ").append(match_).append(1, '\0').append(player_); }
};

class BookingPart final : public Part {
 public:
  explicit BookingPart(Booking booking) : booking_(std::move(booking)) {}

  void entities(std::vector<EntityRef>& out) const override { add_entities(booking_, out); }
  // A card can't be charged inside of a transaction.
  Verdict run(Transaction& on) const override {
    if (booking_.method == Method::card) return {Code::invalid_request};
    Verdict verdict = book(on, booking_);
    // It counts also where something else is refused after it: or trying seats out would be free.
    if (!verdict.refused()) if_refused<Match>(on, booking_.match, Match::Attempt{booking_.player});
    return verdict;
  }
  EntityRef about() const override { return {Match::kind_id, booking_.match}; }
  void answer(const AnyEntity& about, std::string& out) const override {
    const Match::Command of_player{Match::Attempt{booking_.player}};
    about.answer(CommandRef::to(of_player), out);
  }
  void digest(std::string& out) const override { add_digest(booking_, out.append("book ")); }

 private:
  const Booking booking_;
};

// Who is to be paid must be there: it can't be changed later.
class OpenFor final : public Script {
 public:
  OpenFor(std::string match, Match::Open open) : match_(std::move(match)), open_(std::move(open)) {}

  void entities(std::vector<EntityRef>& out) const override {
    out.push_back({Match::kind_id, match_});
    add_entities(open_.payee, out);
  }
  Verdict run(Transaction& on) const override {
    if (!is_valid(open_.payee, open_.price)) return {Code::invalid_request};
    const Verdict payee = why_no_payee(on, open_.payee, open_.currency);
    return payee.refused() ? payee : tote::run<Match>(on, match_, Match::Command(open_)).about({}, match_);
  }
  void answer(Transaction& on, std::string& out) const override {
    if (const AnyEntity* match = on.look({Match::kind_id, match_})) match->answer({}, out);
  }
  void digest(std::string& out) const override {
    out.append("open ").append(match_).append(1, '\0');
    Match::digest(Match::Command(open_), out);
  }

 private:
  const std::string match_;
  const Match::Open open_;
};

template <class S, class... Arguments>
Command scripted(Arguments&&... arguments) {
  return Command(ScriptPtr(std::make_unique<S>(std::forward<Arguments>(arguments)...)));
}

}  // namespace

Verdict book(Transaction& on, const Booking& booking) {
  if (!is_valid_id(booking.player)) return {Code::invalid_id};
  if (booking.labels != nullptr && !booking.labels->is_valid()) return {Code::invalid_request};
  const auto* match = look<Match>(on, booking.match);
  if (match == nullptr) return no_match(booking);
  if (const Refusal refusal = why_no_attempt(*match, booking.player, on.now()); refusal.code != Code::ok)
    return {refusal.code, refusal.facts};
  Verdict verdict = is_reference(booking) ? seat_in_turn(on, booking, *match) : Verdict{Code::payment_required};
  if (verdict.code == Code::match_full && booking.or_waitlist) verdict = join(on, booking, true);
  if (verdict.refused()) if_refused<Match>(on, booking.match, Match::Attempt{booking.player});
  return verdict;
}

Command open_command(std::string match, Match::Open open) {
  if (!open.payee.exists()) return Command(Match::Command(std::move(open)));
  return scripted<OpenFor>(std::move(match), std::move(open));
}
Command book_command(Booking booking) { return scripted<Book>(std::move(booking)); }
Command cancel_command(std::string match, std::string player) {
  return scripted<Cancel>(std::move(match), std::move(player));
}
Command join_waitlist_command(Booking booking) { return scripted<JoinWaitlist>(std::move(booking)); }
Command leave_waitlist_command(std::string match, std::string player) {
  return scripted<LeaveWaitlist>(std::move(match), std::move(player));
}
PartPtr booking_part(Booking booking) { return std::make_unique<BookingPart>(std::move(booking)); }

}  // namespace tote
