// What is true of a match whatever is booked, cancelled and answered, and whenever.
#include <map>

#include "tests/actors/match_words.h"
#include "tests/actors/property.h"

namespace tote {
namespace {

const std::vector<std::string> players{"p1", "p2", "p3", "p4", "p5", "p6"};
constexpr std::int64_t all_money = 6 * 700;

// Charges a key once; its answers may be lost.
struct Provider {
  std::map<std::string, bool> takes;  // by key

  payment::Result answer(const payment::Charge& call) {
    if (!takes.contains(call.key)) takes[call.key] = *rc::gen::inRange(0, 3) != 0;
    return takes[call.key] ? charge_succeeded("ch:" + call.key) : charge_declined();
  }
  payment::Result answer_or_lose(const payment::Charge& call) {
    const int luck = *rc::gen::inRange(0, 4);
    if (luck == 0) return charge_lost();
    const payment::Result result = answer(call);
    return luck == 1 ? charge_lost() : result;
  }
  std::size_t charges() const {
    std::size_t count = 0;
    for (const auto& [key, taken] : takes) count += taken ? 1 : 0;
    return count;
  }
};

Booking any_booking() {
  const auto player = *rc::gen::elementOf(players);
  Booking booking;
  switch (*rc::gen::inRange(0, 4)) {
    case 0: booking = with_pass(player, *rc::gen::element<std::string>("season", "p1-only", "none")); break;
    case 1: booking = with_card(player); break;
    default: booking = from_wallet(player, *rc::gen::elementOf(players)); break;
  }
  booking.or_waitlist = *rc::gen::arbitrary<bool>();
  return booking;
}

bool answer_one(Club& club, Provider& provider, bool is_certain) {
  for (const SagaCall& call : club.world.calls()) {
    const auto* charge = call.command.get<payment::Charge>();
    if (charge == nullptr || (!is_certain && *rc::gen::arbitrary<bool>())) continue;
    const payment::Result result = is_certain ? provider.answer(*charge) : provider.answer_or_lose(*charge);
    club.world.report(call.kind, call.entity, call.effect, CommandRef::to(result));
    return true;
  }
  return false;
}

bool can_pay(Club& club, const WaitingList::Waiting& waiting) {
  const Match::Payment& payment = waiting.payment;
  if (payment.method == Match::Method::wallet) return club.balance(payment.reference) >= seat_price;
  return payment.method == Match::Method::pass &&
         Pass::is_valid_for(club.world.state<Pass>(payment.reference), waiting.player, club.world.now());
}

void check_match(Club& club) {
  const Match::State& match = club.match();
  RC_ASSERT(match.taken() <= match.seats);
  std::int64_t money = 0, holds = 0;
  for (const std::string& id : players) {
    money += club.balance(id);
    RC_ASSERT(club.balance(id) >= 0);
  }
  for (const auto& [id, player] : match.players) {
    if (!player.is_in()) {
      ++holds;
      RC_ASSERT(player.hold_until > club.world.now());
      continue;
    }
    RC_ASSERT(is_payment(player.payment));
    RC_ASSERT(!match.waiting.contains(id));
    if (player.payment.method == Match::Method::wallet) money += player.payment.amount.minor;
    if (player.payment.method != Match::Method::pass) RC_ASSERT(player.payment.amount.minor == seat_price);
    if (player.payment.method == Match::Method::pass) RC_ASSERT(player.payment.reference != "none");
    if (player.payment.reference == "p1-only") RC_ASSERT(id == "p1");
  }
  RC_ASSERT(money == all_money);
  RC_ASSERT(holds == static_cast<std::int64_t>(match.holds.size()));
  for (const auto& [place, waiting] : match.waiting)
    RC_ASSERT(match.free() == 0 || match.players.contains(waiting.player) || !can_pay(club, waiting));
}

// Every charge that was made pays for a seat, or is in the refund queue exactly once.
void check_charges(Club& club, const Provider& provider) {
  std::set<std::string> charges;
  for (const auto& [id, player] : club.match().players) {
    RC_ASSERT(player.status == Match::PlayerStatus::in);
    if (player.payment.method == Match::Method::card) RC_ASSERT(charges.insert(player.payment.reference).second);
  }
  for (const auto& [id, refund] : club.queue().refunds) RC_ASSERT(charges.insert(refund.charge).second);
  RC_ASSERT(charges.size() == provider.charges());
}

void settle(Club& club, Provider& provider) {
  for (int i = 0; i < 40; ++i) {
    while (answer_one(club, provider, true)) check_match(club);
    club.world.pass(61 * ns_per_s);
    check_match(club);
  }
}

void open_wallets_and_passes(Club& club) {
  for (const std::string& player : players) club.wallet(player, all_money / 6);
  club.pass("season");
  club.pass("p1-only", "p1");
}

TEST_CASE("matches: never more players than seats, everybody who is in has paid, and money is conserved") {
  check_property("random bookings, cancellations, answers and times", [] {
    Match::Open settings = match_with(*rc::gen::inRange<std::int64_t>(1, 4));
    settings.attempts_max = Match::attempts_limit;
    Club club(settings);
    open_wallets_and_passes(club);
    Provider provider;
    for (int i = 0; i < 40; ++i) {
      switch (*rc::gen::inRange(0, 9)) {
        case 0: club.join(any_booking()); break;
        case 1: club.leave(*rc::gen::elementOf(players)); break;
        case 2:
        case 3: club.cancel(*rc::gen::elementOf(players)); break;
        case 4: club.world.pass(*rc::gen::element<std::int64_t>(1, ns_per_s, 70 * ns_per_s, 901 * ns_per_s)); break;
        case 5: answer_one(club, provider, false); break;
        default: club.book(any_booking()); break;
      }
      check_match(club);
    }
    settle(club, provider);
    check_charges(club, provider);
  });
}

TEST_CASE("matches: who is refused has neither a seat nor paid") {
  check_property("a refusal changes nothing but the attempts", [] {
    Club club(2);
    open_wallets_and_passes(club);
    for (int i = 0; i < 20; ++i) {
      const std::string before = club.text();
      const Booking booking = any_booking();
      const std::int64_t attempts = club.attempts(booking.player);
      const Verdict verdict = club.book(booking);
      if (verdict.refused()) RC_ASSERT(club.text() == before);
      RC_ASSERT(club.attempts(booking.player) == attempts + (verdict.code == Code::too_many_attempts ? 0 : 1));
      check_match(club);
    }
  });
}

}  // namespace
}  // namespace tote
