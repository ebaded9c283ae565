#include "tests/actors/match_words.h"

namespace tote {

Match::Open match_with(std::int64_t seats, Time starts_at) {
  return {.seats = seats, .price = {seat_price}, .currency = *currency_of("EUR"), .starts_at = starts_at};
}

Club::Club(const Match::Open& settings)
    : world({kind_of<Wallet>(), kind_of<Item>(), kind_of<Pass>(), kind_of<Refunds>(), kind_of<Match>(),
             kind_of<CardBooking>()}) {
  REQUIRE(world.command<Match>("thu", settings).code == Code::created);
}

void Club::wallet(std::string_view id, std::int64_t balance, std::string_view currency) {
  REQUIRE(!world.command<Wallet>(id, Wallet::Open{*currency_of(currency)}).refused());
  if (balance != 0) REQUIRE(!world.command<Wallet>(id, Wallet::Credit{{balance}}).refused());
}

void Club::pass(std::string_view id, std::string player, Time valid_until) {
  REQUIRE(!world.command<Pass>(id, Pass::Open{std::move(player), valid_until}).refused());
}

SagaCall Club::call_of(std::string_view player) {
  for (SagaCall& call : world.calls())
    if (call.kind == CardBooking::kind_id && world.state<CardBooking>(call.entity).input->player == player)
      return std::move(call);
  return {};
}

bool Club::is_charging(std::string_view player) { return call_of(player).kind == CardBooking::kind_id; }

payment::Charge Club::charge(std::string_view player) {
  const SagaCall call = call_of(player);
  return call.kind == CardBooking::kind_id ? *call.command.get<payment::Charge>() : payment::Charge{};
}

Verdict Club::report(std::string_view player, const payment::Result& result) {
  const SagaCall call = call_of(player);
  REQUIRE(call.kind == CardBooking::kind_id);
  return world.report(call.kind, call.entity, call.effect, CommandRef::to(result));
}

void Club::lose_hold(const std::string& player) {
  REQUIRE(!world.command<Match>("thu", Match::DropHold{player, saga_of(player)}).refused());
}

std::string Club::text_of_saga(std::string_view saga) {
  const auto& state = world.state<CardBooking>(saga);
  return text_of("booking", CardBooking::steps(state), state.progress);
}

void Club::wait_for_funds(int refunds_count) {
  for (int i = 0; i < refunds_count; ++i) {
    const std::string id = "other-" + std::to_string(i);
    const Refunds::Enqueue enqueue{id, "ch-" + id, {100}, *currency_of("EUR")};
    REQUIRE(!world.command<Refunds>(Refunds::id, enqueue).refused());
    const payment::Result result{payment::Status::balance_insufficient, {}, "no money"};
    world.report(Refunds::kind_id, Refunds::id, id + "/1", CommandRef::to(result));
  }
  REQUIRE(Refunds::has_pending_funds(queue()));
}

std::string Club::text() {
  std::string text;
  for (const auto& [id, player] : match().players) {
    const bool is_in = player.is_in();
    text.append(text.empty() ? "" : ", ").append(id).append(1, ' ');
    text.append(is_in                                           ? name_of(player.payment.method)
                : player.status == Match::PlayerStatus::pending ? "pending"
                                                                : "cancelling");
  }
  if (match().waiting.empty()) return text;
  text.append(text.empty() ? "|" : " |");
  for (const auto& [place, waiting] : match().waiting) text.append(1, ' ').append(waiting.player);
  return text;
}

std::string Club::said() {
  OrderText fields;
  CHECK(Match::describe_answer("thu", world.answer(), fields));
  return fields.out;
}

FullClub::FullClub() : Club(1) {
  wallet("ann", 500);
  REQUIRE(book(from_wallet("ann")).code == Code::created);
}
void FullClub::waits(const Booking& booking) { REQUIRE(join(booking).code == Code::accepted); }
void FullClub::waits(const std::string& player, std::int64_t balance) {
  wallet(player, balance);
  waits(from_wallet(player));
}

}  // namespace tote
