// At most so many attempts per player in a window that slides exactly: refused ones count, those beyond don't.
#include <map>
#include <vector>

#include "tests/actors/match_words.h"
#include "tests/actors/property.h"

namespace tote {
namespace {

constexpr std::int64_t window_ns = 900 * ns_per_s;

// Five attempts a second apart, none of which gets a seat; the time of the first.
Time five_attempts(Club& club, const std::string& player) {
  const Time first{club.world.now().ns + 1};
  for (int i = 0; i < 5; ++i) {
    club.next_at(after(first, i));
    REQUIRE(club.book(with_pass(player, "none")).code == Code::payment_required);
  }
  return first;
}

TEST_CASE("attempts: five, then none until the first has left the window, to the nanosecond") {
  Club club(10);
  club.wallet("ann", 500);
  const Time first = five_attempts(club, "ann");
  const Time leaves = after(first, 900);
  club.next_at({leaves.ns - 1});
  CHECK(club.book(from_wallet("ann")).code == Code::too_many_attempts);
  CHECK(club.world.now() == Time{leaves.ns - 1});
  CHECK(club.book(from_wallet("ann")).code == Code::created);
  CHECK(club.world.now() == leaves);
  CHECK(club.book(from_wallet("ann")).code == Code::too_many_attempts);
  CHECK(club.text() == "ann wallet");
}

TEST_CASE("attempts: every one leaves the window by itself") {
  Club club(10);
  const Time first = five_attempts(club, "ann");
  for (int i = 0; i < 5; ++i) {
    const Time leaves = after(first, 900 + i);
    club.next_at({leaves.ns - 1});
    CHECK(club.book(with_pass("ann", "none")).code == Code::too_many_attempts);
    CHECK(club.book(with_pass("ann", "none")).code == Code::payment_required);
    CHECK(club.book(with_pass("ann", "none")).code == Code::too_many_attempts);
  }
}

TEST_CASE("attempts: too many: nothing is executed, recorded or counted") {
  Club club(10);
  club.wallet("ann", 500);
  club.pass("season");
  const Time first = five_attempts(club, "ann");
  const std::size_t before = club.world.records();
  for (int i = 0; i < 20; ++i) {
    CHECK(club.book(from_wallet("ann")).code == Code::too_many_attempts);
    CHECK(club.book(with_pass("ann")).code == Code::too_many_attempts);
    CHECK(club.book(or_waitlist(with_card("ann"))).code == Code::too_many_attempts);
    CHECK(club.book(from_wallet("ann", "")).code == Code::too_many_attempts);
  }
  CHECK(club.world.records() == before);
  CHECK(club.balance("ann") == 500);
  CHECK(!club.is_charging("ann"));
  CHECK(club.attempts("ann") == 5);
  club.next_at(after(first, 900));
  CHECK(club.book(from_wallet("ann")).code == Code::created);
}

TEST_CASE("attempts: too many: the answer tells in how many whole seconds there is room, never too few") {
  Club club(10);
  const Time first = five_attempts(club, "ann");
  const auto retry_after = [&](std::int64_t ns_before) {
    club.next_at({first.ns + window_ns - ns_before});
    const Verdict verdict = club.book(with_pass("ann", "none"));
    CHECK(verdict.code == Code::too_many_attempts);
    CHECK(verdict.facts.size() == 1);
    return verdict.facts.find(FactName::retry_after_s).value_or(-1);
  };
  CHECK(retry_after(890 * ns_per_s) == 890);
  CHECK(retry_after(2 * ns_per_s + 1) == 3);
  CHECK(retry_after(2 * ns_per_s) == 2);
  CHECK(retry_after(2 * ns_per_s - 1) == 2);
  CHECK(retry_after(ns_per_s) == 1);
  CHECK(retry_after(1) == 1);
}

TEST_CASE("attempts: those that got a seat count, too; cancelling is none") {
  Club club(1);
  club.wallet("ann", 500);
  for (int i = 0; i < 5; ++i) {
    CHECK(club.book(from_wallet("ann")).code == Code::created);
    CHECK(club.cancel("ann").code == Code::ok);
  }
  CHECK(club.book(from_wallet("ann")).code == Code::too_many_attempts);
  CHECK(club.balance("ann") == 500);
}

TEST_CASE("attempts: every refusal counts one, whatever the reason") {
  Club club(1);
  club.wallet("ann", 500);
  club.wallet("yen", 500, "JPY");
  club.wallet("poor", 1);
  const auto counts_one = [&](const Booking& booking, Code code) {
    club.world.pass(window_ns);
    const std::size_t before = club.world.records();
    CHECK(club.book(booking).code == code);
    CHECK(club.attempts(booking.player) == 1);
    CHECK(club.world.records() == before + 1);
  };
  counts_one(from_wallet("bob"), Code::not_found);
  counts_one(from_wallet("bob", "yen"), Code::currency_mismatch);
  counts_one(from_wallet("bob", "poor"), Code::insufficient_funds);
  counts_one(with_pass("bob"), Code::payment_required);
  counts_one(from_wallet("ann"), Code::created);
  counts_one(from_wallet("ann"), Code::already_booked);
  counts_one(with_card("bob"), Code::match_full);
  counts_one(or_waitlist(from_wallet("bob", "poor")), Code::accepted);
}

TEST_CASE("attempts: a transaction that is refused leaves the attempts of its bookings, and nothing else") {
  Club club(10);
  club.wallet("ann", 10'000);
  const auto parts = [](const Booking& booking, std::int64_t debit) {
    std::vector<PartPtr> all;
    all.push_back(booking_part(booking));
    all.push_back(part<Wallet>("ann", Wallet::Debit{{debit}}));
    return composite_command(std::move(all));
  };
  for (int i = 1; i <= 4; ++i) {
    CHECK(club.run(parts(with_pass("ann", "none"), 1)).code == Code::payment_required);
    CHECK(club.attempts("ann") == i);
  }
  CHECK(club.run(parts(from_wallet("ann"), 20'000)).code == Code::insufficient_funds);
  CHECK(club.attempts("ann") == 5);
  CHECK(club.text() == "");
  CHECK(club.balance("ann") == 10'000);
  const std::size_t before = club.world.records();
  CHECK(club.run(parts(from_wallet("ann"), 1)).code == Code::too_many_attempts);
  CHECK(club.world.records() == before);
}

// What isn't stored may be asked again under the same key: the seats it tried out count all the same.
TEST_CASE("attempts: a transaction that is told too many leaves the attempts of the bookings before it") {
  Club club(10);
  for (const char* player : {"ann", "bob"}) club.wallet(player, 10'000);
  const auto both = [](const Booking& first, const Booking& second) {
    std::vector<PartPtr> all;
    all.push_back(booking_part(first));
    all.push_back(booking_part(second));
    return composite_command(std::move(all));
  };
  five_attempts(club, "bob");
  for (int i = 1; i <= 5; ++i) {
    const Verdict verdict = club.run(both(from_wallet("ann"), from_wallet("bob")));
    CHECK(verdict.code == Code::too_many_attempts);
    CHECK(verdict.facts.find(FactName::index) == 1);
    CHECK(club.attempts("ann") == i);
    CHECK(club.attempts("bob") == 5);
    CHECK(club.text() == "");
  }
  const std::size_t before = club.world.records();
  CHECK(club.run(both(from_wallet("ann"), from_wallet("bob"))).facts.find(FactName::index) == 0);
  CHECK(club.world.records() == before);
  CHECK(club.balance("ann") == 10'000);
}

TEST_CASE("attempts: the last one can't be made again and again by asking for one more beside it") {
  Club club(10);
  club.wallet("ann", 10'000);
  for (int i = 0; i < 4; ++i) REQUIRE(club.book(with_pass("ann", "none")).code == Code::payment_required);
  std::vector<PartPtr> all;
  for (int i = 0; i < 2; ++i) all.push_back(booking_part(from_wallet("ann")));
  CHECK(club.run(composite_command(std::move(all))).code == Code::too_many_attempts);
  CHECK(club.attempts("ann") == 5);
  CHECK(club.book(from_wallet("ann")).code == Code::too_many_attempts);
  CHECK(club.balance("ann") == 10'000);
}

TEST_CASE("attempts: are a player's own, and a match's own") {
  Club club(10);
  club.wallet("ann", 1'000);
  club.wallet("bob", 500);
  REQUIRE(!club.world.command<Match>("fri", match_with(1)).refused());
  five_attempts(club, "ann");
  CHECK(club.book(from_wallet("ann")).code == Code::too_many_attempts);
  CHECK(club.book(from_wallet("bob")).code == Code::created);
  Booking friday = from_wallet("ann");
  friday.match = "fri";
  CHECK(club.book(friday).code == Code::created);
}

TEST_CASE("attempts: a seat from the waiting list is none, even for who has none left") {
  Club club(1);
  for (const char* player : {"ann", "bob"}) club.wallet(player, 500);
  CHECK(club.book(from_wallet("ann")).code == Code::created);
  for (int i = 0; i < 5; ++i) CHECK(club.book(or_waitlist(from_wallet("bob"))).code == Code::accepted);
  CHECK(club.book(from_wallet("bob")).code == Code::too_many_attempts);
  CHECK(club.cancel("ann").code == Code::ok);
  CHECK(club.text() == "bob wallet");
  CHECK(club.attempts("bob") == 5);
}

TEST_CASE("attempts: as many and as long as the match was opened with") {
  Match::Open settings = match_with(10);
  settings.attempts_max = 1;
  settings.attempts_window_s = 1;
  Club club(settings);
  CHECK(club.book(with_pass("ann")).code == Code::payment_required);
  const Time first = club.world.now();
  CHECK(club.book(with_pass("ann")).code == Code::too_many_attempts);
  club.next_at({after(first, 1).ns - 1});
  CHECK(club.book(with_pass("ann")).code == Code::too_many_attempts);
  CHECK(club.book(with_pass("ann")).code == Code::payment_required);
}

TEST_CASE("attempts: what has left the window is forgotten") {
  Club club(10);
  for (int i = 0; i < 50; ++i) {
    CHECK(club.book(with_pass("p" + std::to_string(i))).code == Code::payment_required);
    club.world.pass(window_ns / 2);
    CHECK(club.match().attempts.size() <= 3);
    CHECK(club.match().attempts.players() <= 3);
  }
}

TEST_CASE("attempts: in every window of every history there are at most five") {
  check_property("exact sliding window", [] {
    Match::Open settings = match_with(3);
    settings.attempts_max = *rc::gen::inRange<std::int64_t>(1, 6);
    settings.attempts_window_s = *rc::gen::inRange<std::int64_t>(1, 20);
    Club club(settings);
    std::map<std::string, std::vector<std::int64_t>> counted;
    for (int i = 0; i < 40; ++i) {
      const auto player = *rc::gen::element<std::string>("ann", "bob");
      const auto wait = *rc::gen::element<std::int64_t>(0, 1, ns_per_s - 1, ns_per_s, 3 * ns_per_s);
      club.world.pass(wait);
      const Verdict verdict = club.book(with_pass(player, "none"));
      const std::int64_t now = club.world.now().ns;
      auto& times = counted[player];
      const auto count = std::count_if(times.begin(), times.end(), [&](std::int64_t at) {
        return at + settings.attempts_window_s * ns_per_s > now;
      });
      RC_ASSERT((verdict.code != Code::too_many_attempts) == (count < settings.attempts_max));
      if (verdict.code != Code::too_many_attempts) {
        times.push_back(now);
        continue;
      }
      const std::int64_t retry_after_s = verdict.facts.find(FactName::retry_after_s).value_or(-1);
      const Time then = after({now}, retry_after_s);
      RC_ASSERT(retry_after_s >= 1);
      RC_ASSERT(attempts_at(club.match(), player, then) < settings.attempts_max);
      RC_ASSERT(attempts_at(club.match(), player, {then.ns - ns_per_s}) >= settings.attempts_max);
    }
  });
}

}  // namespace
}  // namespace tote
