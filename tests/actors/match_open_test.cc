// A match on its own: what may be opened, and the last line of defence behind the scripts: no seat without a payment.
#include "actors/match/match.h"
#include "tests/actors/given.h"
#include "tests/actors/match_words.h"

namespace tote {
namespace {

Match::Seat seat(std::string player, Match::Payment payment) { return {std::move(player), std::move(payment)}; }
const Match::Payment paid{Match::Method::wallet, "w", {seat_price}};

TEST_CASE("match, open: settings that are out of bounds are invalid") {
  const auto is_invalid = [](const auto& change) {
    Match::Open open = match_with(1);
    change(open);
    given<Match>().when(open).refused(Code::invalid_request);
  };
  for (const std::int64_t seats : {std::int64_t{0}, std::int64_t{-1}, Match::seats_max + 1, INT64_MAX, INT64_MIN})
    is_invalid([&](Match::Open& open) { open.seats = seats; });
  for (const std::int64_t amount : {std::int64_t{0}, std::int64_t{-1}, limits::amount_max + 1, INT64_MIN})
    is_invalid([&](Match::Open& open) { open.price = {amount}; });
  for (const std::int64_t attempts : {std::int64_t{0}, std::int64_t{-1}, Match::attempts_limit + 1})
    is_invalid([&](Match::Open& open) { open.attempts_max = attempts; });
  for (const std::int64_t window_s : {std::int64_t{0}, std::int64_t{-1}, Match::window_s_max + 1})
    is_invalid([&](Match::Open& open) { open.attempts_window_s = window_s; });
  is_invalid([](Match::Open& open) { open.currency = Currency{{'X', 'X', 'X'}}; });
  is_invalid([](Match::Open& open) { open.starts_at = {-1}; });
}

TEST_CASE("match, open: creates one; the same again is a yes, anything else another match") {
  const Match::Open largest{Match::seats_max, {limits::amount_max},  *currency_of("EUR"),
                            Time::never(),    Match::attempts_limit, Match::window_s_max};
  for (const Match::Open& open : {match_with(1), match_with(17, {5}), largest}) {
    given<Match>().when(open).as(Code::created).records(Match::Opened{open});
    given<Match>(Match::Opened{open}).when(open).as(Code::ok).records();
  }
  const auto is_another = [](const auto& change) {
    Match::Open open = match_with(2);
    change(open);
    given<Match>(Match::Opened{match_with(2)}).when(open).refused(Code::already_exists);
  };
  is_another([](Match::Open& open) { open.seats = 3; });
  is_another([](Match::Open& open) { open.price = {seat_price + 1}; });
  is_another([](Match::Open& open) { open.currency = *currency_of("JPY"); });
  is_another([](Match::Open& open) { open.starts_at = {1}; });
  is_another([](Match::Open& open) { open.attempts_max = 4; });
  is_another([](Match::Open& open) { open.attempts_window_s = 899; });
}

TEST_CASE("match, open: a free one has no currency, and stays free or gets a price") {
  const Match::Open free{.seats = 2};
  const Match::Change more_seats{.seats = 3};
  const Match::Change priced{.price = Money{5}, .currency = *currency_of("EUR")};
  const Match::Change free_again{.price = Money{0}};
  given<Match>().when(free).records(Match::Opened{free});
  auto match = given<Match>(Match::Opened{free});
  CHECK(match.when(more_seats).state().seats == 3);
  CHECK(match.when(priced).state().currency == *currency_of("EUR"));
  CHECK(match.when(free_again).state().is_free_of_charge());
}

// The texts of a row.
struct MatchRow final : RowWriter, Fields {
  Fields& row(std::string_view) override { return *this; }
  Fields& entry(std::string_view, std::size_t, std::string_view) override { return *this; }
  void integer(std::string_view, std::int64_t) override {}
  void text(std::string_view name, std::string_view value) override {
    texts.append(name).append(1, '=').append(value).append(1, ';');
  }
  void time(std::string_view, Time) override {}
  void begin(std::string_view) override {}
  void end() override {}

  std::string texts;
};

TEST_CASE("match, row: a free one has no currency there, either") {
  const auto texts_of = [](const Match::Open& open) {
    MatchRow row;
    Match::rows("thu", given<Match>(Match::Opened{open}).state(), {}, row);
    return row.texts;
  };
  CHECK(texts_of({.seats = 2}) == "id=thu;status=open;sales=open;");
  CHECK(texts_of(match_with(2)) == "id=thu;currency=EUR;status=open;sales=open;");
}

TEST_CASE("match: a price without a currency isn't believed") {
  const auto is_read = [](const Match::Event& event) {
    std::string bytes;
    Match::encode(event, bytes);
    Match::Event read;
    return Match::decode(bytes, read);
  };
  CHECK(is_read(Match::Opened{{.seats = 1}}));
  CHECK(!is_read(Match::Opened{{.seats = 1, .price = {5}}}));
  CHECK(is_read(Match::Changed{.seats = 1}));
  CHECK(!is_read(Match::Changed{.seats = 1, .price = {5}}));
}

TEST_CASE("match: no seat without a payment, whoever asks") {
  const Match::Opened opened{match_with(3)};
  for (const Match::Payment& none :
       {Match::Payment{}, Match::Payment{Match::Method::wallet, "w", {0}},
        Match::Payment{Match::Method::wallet, "", {5}}, Match::Payment{Match::Method::card, "ch", {-1}},
        Match::Payment{Match::Method::pass, "", {}}, Match::Payment{Match::Method::pass, "season", {1}}}) {
    given<Match>(opened).when(seat("ann", none)).refused(Code::payment_required);
    given<Match>(opened).when(Match::Seat{"ann", none, true}).refused(Code::payment_required);
  }
  given<Match>(opened).when(Match::Confirm{"ann", "s1", "", {5}}).refused(Code::payment_required);
  given<Match>(opened).when(Match::Confirm{"ann", "s1", "ch", {0}}).refused(Code::payment_required);
}

TEST_CASE("match: a log that seats somebody who hasn't paid, or one too many, isn't believed") {
  const auto fits = [](const auto& match, const Match::Event& event) { return Match::fits(match.state(), event); };
  const auto match = given<Match>(Match::Opened{match_with(1)});
  CHECK(fits(match, Match::SeatTaken{"ann", paid}));
  CHECK(!fits(match, Match::SeatTaken{"ann", {Match::Method::wallet, "w", {0}}}));
  CHECK(!fits(match, Match::SeatConfirmed{"ann", "s1", "", {5}}));
  CHECK(!fits(match, Match::Cancelled{"ann"}));
  CHECK(!fits(match, Match::HoldExpired{"ann"}));
  CHECK(!fits(match, Match::LeftWaitlist{"ann"}));
  CHECK(!fits(match, Match::PassedOver{"ann"}));
  CHECK(!fits(match, Match::CancelWished{"ann", "s1"}));
  CHECK(!fits(match, Match::WishFulfilled{"ann", "s1"}));
  CHECK(!fits(match, Match::PassRevoked{"season"}));
  CHECK(!fits(match, Match::SeatWithdrawn{"ann", "season"}));
  CHECK(!fits(match, Match::Opened{match_with(1)}));
  CHECK(!fits(given<Match>(), Match::Attempted{"ann", {1}}));
  const auto full = given<Match>(Match::Opened{match_with(1)}, Match::SeatTaken{"ann", paid});
  CHECK(!fits(full, Match::SeatTaken{"ann", paid}));
  Match::State one_too_many = full.state();
  Match::apply(one_too_many, Match::SeatTaken{"bob", paid});
  CHECK(!Match::check(one_too_many));
}

TEST_CASE("match: whoever isn't open isn't there") {
  auto none = given<Match>();
  none.when(Match::Attempt{"ann"}).refused(Code::not_found);
  none.when(seat("ann", paid)).refused(Code::not_found);
  none.when(Match::HoldSeat{"ann", "s1", {100}}).refused(Code::not_found);
  none.when(Match::Confirm{"ann", "s1", "ch", {5}}).refused(Code::not_found);
  none.when(Match::Cancel{"ann"}).refused(Code::not_found);
  none.when(Match::Join{"ann", paid}).refused(Code::not_found);
  none.when(Match::Leave{"ann"}).refused(Code::not_found);
  none.when(Match::DropHold{"ann", "s1"}).as(Code::ok).records();
}

TEST_CASE("match, hold: needs a saga and an end that is still to come; only its own saga drops it") {
  auto match = given<Match>(Match::Opened{match_with(1)});
  match.at({10});
  match.when(Match::HoldSeat{"ann", "", {100}}).refused(Code::invalid_request);
  match.when(Match::HoldSeat{"ann", "s1", {10}}).refused(Code::invalid_request);
  match.when(Match::HoldSeat{"ann", "s1", {11}})
      .as(Code::accepted)
      .records(Match::SeatHeld{"ann", "s1", {11}}, Match::Attempted{"ann", {10}});
  match.when(Match::DropHold{"ann", "s2"}).records();
  match.when(Match::DropHold{"bob", "s1"}).records();
  match.when(Match::DropHold{"ann", "s1"}).records(Match::HoldDropped{"ann"});
  match.when(Match::DropHold{"ann", "s1"}).records();
}

TEST_CASE("match, hold: lasts until its end, not a nanosecond longer") {
  auto match = given<Match>(Match::Opened{match_with(1)}, Match::SeatHeld{"ann", "s1", {100}});
  match.at({99}).when(seat("bob", paid)).refused(Code::match_full).after_time_brought();
  match.at({100}).when(seat("bob", paid)).after_time_brought(Match::HoldExpired{"ann"});
  CHECK(match.state().players.contains("bob"));
}

TEST_CASE("match, waiting list: 100000 places and not one more") {
  auto match = given<Match>(Match::Opened{match_with(1)}, Match::SeatTaken{"ann", paid});
  for (std::size_t i = 0; i < Match::waitlist_max; ++i) match.when(Match::Join{"p" + std::to_string(i), paid});
  REQUIRE(match.state().waiting.size() == Match::waitlist_max);
  match.when(Match::Join{"last", paid})
      .refused(Code::waitlist_full, {{FactName::limit, static_cast<std::int64_t>(Match::waitlist_max)}});
  match.when(Match::Join{"p0", paid}).as(Code::accepted).records();
  match.when(Match::Leave{"p7"}).records(Match::LeftWaitlist{"p7"});
  match.when(Match::Join{"last", paid}).records(Match::Waitlisted{"last", paid});
}

TEST_CASE("match: a million refused attempts of many players make it refuse nobody else") {
  auto match = given<Match>(Match::Opened{match_with(1)});
  Match::State state = match.state();
  for (std::int64_t i = 0; i < 5; ++i) Match::apply(state, Match::Attempted{"ann", {1 + i}});
  for (std::int64_t i = 0; i < 1'000'000; ++i) Match::apply(state, Match::Attempted{"p" + std::to_string(i), {10 + i}});
  CHECK(Match::check(state));
  CHECK(state.attempts.size() == Attempts::remembered_max);
  CHECK(Match::decide(state, seat("bob", paid), {2'000'000}).code() == Code::created);
  // Those who asked least are let go, not the one who keeps asking.
  CHECK(Match::decide(state, seat("ann", paid), {2'000'000}).code() == Code::too_many_attempts);
  CHECK(attempts_at(state, "p0", {2'000'000}) == 0);
  CHECK(attempts_at(state, "p999999", {2'000'000}) == 1);
}

}  // namespace
}  // namespace tote
