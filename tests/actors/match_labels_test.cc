// What a client writes on a booking goes with it wherever it goes: into seats, places on the waiting list, charges of
// cards, and out again with every answer and event.
#include "tests/actors/match_words.h"

namespace tote {
namespace {

const Labels invoice{"invoice 17", {{"shirt", "red"}, {"size", ""}}};
const std::string shown = "reference=invoice 17;metadata{shirt=red;size=;}";
const std::string recorded = "booking_" + shown;

Booking labelled(Booking booking, Labels labels = invoice) {
  booking.labels = share(std::move(labels));
  return booking;
}

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

TEST_CASE("labels: of a seat are in its answer, in its event and in that of its end") {
  Club club(2);
  club.wallet("ann", 500);
  club.pass("season");
  CHECK(club.book(labelled(from_wallet("ann"))).code == Code::created);
  CHECK(contains(club.said(), shown));
  CHECK(contains(club.recorded<Match>("thu"), recorded));
  CHECK(club.book(labelled(with_pass("bob"))).code == Code::created);
  CHECK(contains(club.said(), shown));
  CHECK(club.cancel("ann").code == Code::ok);
  CHECK(club.recorded<Match>("thu") == "cancelled{player=ann;" + recorded + "}");
  CHECK_FALSE(contains(club.said(), "invoice"));
}

TEST_CASE("labels: of a booking without any nothing is said") {
  Club club(1);
  club.wallet("ann", 500);
  CHECK(club.book(labelled(from_wallet("ann"), {})).code == Code::created);
  CHECK_FALSE(contains(club.said(), "metadata"));
  CHECK_FALSE(contains(club.recorded<Match>("thu"), "booking_reference"));
}

TEST_CASE("labels: of who waits go with the seat that is offered") {
  Club club(1);
  for (const char* player : {"ann", "bob"}) club.wallet(player, 500);
  REQUIRE(club.book(from_wallet("ann")).code == Code::created);
  CHECK(club.book(or_waitlist(labelled(from_wallet("bob")))).code == Code::accepted);
  CHECK(contains(club.said(), "status=waitlisted;position=1;"));
  CHECK(contains(club.said(), shown));
  CHECK(contains(club.recorded<Match>("thu"), "waitlisted{player=bob;paid_by=wallet;" + recorded + "}"));
  REQUIRE(club.cancel("ann").code == Code::ok);
  REQUIRE(club.text() == "bob wallet");
  CHECK(contains(club.recorded<Match>("thu"), recorded));
  CHECK(labels_of(club.match().players.at("bob").labels) == invoice);
}

TEST_CASE("labels: of who waits may be changed; who says none keeps them, and asks for no other turn") {
  Club club(1);
  for (const char* player : {"ann", "bob"}) club.wallet(player, 500);
  REQUIRE(club.book(from_wallet("ann")).code == Code::created);
  REQUIRE(club.join(labelled(with_card("bob"))).code == Code::accepted);
  const std::size_t before = club.world.records();
  CHECK(club.join(with_card("bob")).code == Code::accepted);
  CHECK(contains(club.said(), shown));
  CHECK(club.join(labelled(with_card("bob"))).code == Code::accepted);
  CHECK(club.world.records() == before);
  CHECK(club.join(labelled(with_card("bob"), {"other", {}})).code == Code::accepted);
  CHECK(contains(club.said(), "reference=other;"));
  CHECK(contains(club.recorded<Match>("thu"), "payment_changed{player=bob;paid_by=card;booking_reference=other;}"));
  REQUIRE(club.cancel("ann").code == Code::ok);
  REQUIRE(club.is_charging("bob"));
  CHECK(contains(club.recorded<Match>("thu"), "booking_reference=other;"));
  REQUIRE(!club.report("bob", charge_declined()).refused());
  CHECK(club.join(labelled(with_card("bob"), {"third", {}})).code == Code::accepted);
  CHECK_FALSE(club.is_charging("bob"));
}

TEST_CASE("labels: of a card's booking are with its charge, its seat and whatever becomes of it") {
  Club club(1);
  REQUIRE(club.book(labelled(with_card("ann"))).code == Code::accepted);
  CHECK(contains(club.said(), shown));
  CHECK(contains(club.recorded<Match>("thu"), "seat_held{player=ann;"));
  CHECK(contains(club.recorded<Match>("thu"), recorded));
  const std::string saga = club.saga_of("ann");
  CHECK(contains(club.recorded<CardBooking>(saga), shown));
  club.lose_hold("ann");
  REQUIRE(!club.world.report(CardBooking::kind_id, saga, "charge/1", CommandRef::to(charge_succeeded())).refused());
  CHECK(contains(club.recorded<Match>("thu"), "seat_confirmed{player=ann;"));
  CHECK(contains(club.recorded<Match>("thu"), recorded));
  CHECK(labels_of(club.match().players.at("ann").labels) == invoice);
}

TEST_CASE("labels: a question about a player's booking shows them; who has none is told apart") {
  Club club(1);
  club.wallet("ann", 500);
  REQUIRE(club.book(labelled(from_wallet("ann"))).code == Code::created);
  std::string answer;
  Match::answer(club.match(), Match::Question{.player = "ann"}, answer);
  CHECK(Match::unbooked(answer).empty());
  OrderText fields;
  REQUIRE(Match::describe_answer("thu", answer, fields));
  CHECK(contains(fields.out, "player=ann;status=in;"));
  CHECK(contains(fields.out, shown));
  answer.clear();
  Match::answer(club.match(), Match::Question{.player = "bob"}, answer);
  CHECK(Match::unbooked(answer) == "bob");
  answer.clear();
  Match::answer(club.match(), Match::Question{}, answer);
  CHECK(Match::unbooked(answer).empty());
}

TEST_CASE("labels: that are no labels are refused wherever they come in, and count as nothing") {
  Club club(1);
  club.wallet("ann", 500);
  const Labels wrong{std::string(Labels::bytes_max + 1, 'x'), {}};
  CHECK(club.book(labelled(from_wallet("ann"), wrong)).code == Code::invalid_request);
  CHECK(club.book(labelled(with_card("ann"), wrong)).code == Code::invalid_request);
  CHECK(club.join(labelled(from_wallet("ann"), wrong)).code == Code::invalid_request);
  CHECK(club.attempts("ann") == 0);
  const auto says = [&](const Match::Command& command) { return Match::decide(club.match(), command, {1}).code(); };
  CHECK(says(Match::Seat{"ann", {Match::Method::pass, "season", {}}, false, share(wrong)}) == Code::invalid_request);
  CHECK(says(Match::HoldSeat{"ann", "s", {2}, false, share(wrong)}) == Code::invalid_request);
  CHECK(says(Match::Confirm{"ann", "s", "ch", {500}, share(wrong)}) == Code::invalid_request);
}

TEST_CASE("labels: are part of what was asked") {
  const auto digest = [](const Booking& booking) {
    std::string bytes;
    (*book_command(booking).get<ScriptPtr>())->digest(bytes);
    return bytes;
  };
  const Booking plain = from_wallet("ann");
  CHECK(digest(plain) == digest(labelled(plain, {})));
  CHECK(digest(plain) != digest(labelled(plain)));
  CHECK(digest(labelled(plain)) == digest(labelled(plain)));
  CHECK(digest(labelled(plain, {"a", {{"b", "c"}}})) != digest(labelled(plain, {"ab", {{"", "c"}}})));
  CHECK(digest(labelled(plain, {"", {{"a", "bc"}}})) != digest(labelled(plain, {"", {{"ab", "c"}}})));
}

}  // namespace
}  // namespace tote
