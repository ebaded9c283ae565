// The power goes after every single record of each saga: what comes back ends completed or compensated, and the
// provider has charged and paid back each thing once.
#include "actors/item/item.h"
#include "actors/match/booking.h"
#include "actors/order/place.h"
#include "actors/wallet/wallet.h"
#include "tests/simulation/world.h"

namespace tote::simulation {

namespace {

enum class Answer { charged, declined, lost_after_charge, lost_before_charge, never, twice };

template <class Make>
void ask(World& world, KindId kind, std::string id, Make make) {
  world.ask(id, [kind, id, make] {
    Request request{.kind = kind, .entity = id};
    request.command = make();
    return request;
  });
}

void open_shop(World& world) {
  world.ask("i", [] { return request<tote::Item>("i", tote::Item::Open{5}); }, {{}, {{"i", 5}}});
  world.ask("j", [] { return request<tote::Item>("j", tote::Item::Open{5}); }, {{}, {{"j", 5}}});
  world.ask("m", [] { return request<tote::Match>("m", tote::Match::Open{1, {40}, euro, {}, 5, 900}); });
  world.ask("w", [] { return request<tote::Wallet>("w", tote::Wallet::Open{euro, {}}); });
  world.ask("c", [] { return request<tote::Wallet>("w", tote::Wallet::Credit{{100}, {}}); }, {{}, {{"w", 100}}});
  world.sync();
}

void order_by_card(World& world) {
  OrderPlan::Input order{.lines = {{"i", 2}, {"j", 1}}, .card_token = "tok", .amount = {70}, .currency = euro};
  ask(world, Order::kind_id, "o1", [order] { return place_order("o1", order); });
}

void order_by_wallet(World& world) {
  OrderPlan::Input order{.lines = {{"i", 2}, {"j", 1}}, .wallet = "w", .amount = {70}};
  ask(world, Order::kind_id, "o1", [order] { return place_order("o1", order); });
}

void book_by_card(World& world) {
  ask(world, tote::Match::kind_id, "m", [] {
    return book_command({"m", "ann", tote::Match::Method::card, "tok", false});
  });
}

// The hold runs out while the card is charged, and the seat goes to another.
void lose_the_seat(World& world) {
  book_by_card(world);
  world.sync();
  world.pass(901 * ns_per_s);
  ask(world, tote::Match::kind_id, "m", [] {
    return book_command({"m", "bob", tote::Match::Method::wallet, "w", false});
  });
}

struct SagaDrama {
  const char* name;
  void (*begin)(World&);
  Answer answer;
  std::uint64_t records_min;
};

constexpr SagaDrama saga_dramas[] = {
    {"order by wallet", order_by_wallet, Answer::charged, 1},
    {"order by card, charged", order_by_card, Answer::charged, 2},
    {"order by card, declined", order_by_card, Answer::declined, 2},
    {"order by card, charged and the answer lost", order_by_card, Answer::lost_after_charge, 3},
    {"order by card, not charged and no answer", order_by_card, Answer::lost_before_charge, 3},
    {"order by card, no answer at all", order_by_card, Answer::never, 3},
    {"order by card, answered twice", order_by_card, Answer::twice, 2},
    {"booking by card, charged", book_by_card, Answer::charged, 2},
    {"booking by card, declined", book_by_card, Answer::declined, 2},
    {"booking by card, the answer lost", book_by_card, Answer::lost_after_charge, 3},
    {"booking by card, the seat gone meanwhile", lose_the_seat, Answer::lost_after_charge, 5},
};

void answer(World& world, Answer how) {
  switch (how) {
    case Answer::charged: return world.answer_all_honestly();
    case Answer::declined: world.gateway().declines = true; return world.answer_all_honestly();
    case Answer::lost_after_charge: return world.answer_all_as_lost(true);
    case Answer::lost_before_charge: return world.answer_all_as_lost(false);
    case Answer::never: return world.pass(700 * ns_per_s);  // beyond the deadline
    case Answer::twice: return world.answer_all_twice();
  }
}

// The whole story, with the power going once, after that many records (0: never). How many records it took.
std::uint64_t play_saga(const SagaDrama& drama, std::uint64_t crash_after, bool account_is_empty) {
  World world(1, false);
  world.gateway().never_fails = true;
  open_shop(world);
  const std::uint64_t before = world.records();
  if (crash_after > 0) world.crash_after(before + crash_after);
  drama.begin(world);
  world.sync();
  answer(world, drama.answer);
  world.sync();
  if (account_is_empty) world.gateway().drain();
  for (int i = 0; i < 4; ++i) {
    world.pass(70 * ns_per_s);
    world.sync();
    world.answer_all_honestly();
    world.sync();
  }
  world.settle();
  const std::uint64_t records = world.records() - before;
  INFO(drama.name << ", crash after record " << crash_after);
  INFO(world.trace());
  CHECK(world.faults() == "");
  CHECK(world.has_crashed() == (crash_after > 0 && crash_after <= records));
  return records;
}

TEST_CASE("sagas: the power goes after every record, and each effect is done once") {
  for (const SagaDrama& drama : saga_dramas) {
    for (const bool account_is_empty : {false, true}) {
      const std::uint64_t records = play_saga(drama, 0, account_is_empty);
      CAPTURE(std::string(drama.name));
      CHECK(records >= drama.records_min);
      for (std::uint64_t at = 1; at <= records; ++at) play_saga(drama, at, account_is_empty);
    }
  }
}

}  // namespace
}  // namespace tote::simulation
