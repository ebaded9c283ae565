// One small file is a new saga: this is all of it, a trip with a seat inside and a ticket that others sell.
#include "tests/actors/saga_words.h"

namespace tote {
namespace {

struct TripPlan {
  static constexpr KindId kind_id = 1'901;
  static constexpr std::string_view kind = "trip";
  struct Input {
    std::string traveller;
  };
  static std::span<const saga::Step> steps(const Input&);
  static void encode(const Input& trip, std::string& out) { out += trip.traveller; }
  static bool decode(std::string_view bytes, Input& trip) { return !(trip.traveller = bytes).empty(); }
  static void describe(const Input& trip, Fields& fields) { fields.text("traveller", trip.traveller); }
};
using Trip = saga::Saga<TripPlan>;

Verdict pay(Transaction& on, const saga::Context& of) {
  return run<Wallet>(on, of.input<TripPlan::Input>().traveller, Wallet::Debit{{30}}).verdict();
}
Verdict pay_back(Transaction& on, const saga::Context& of) {
  return run<Wallet>(on, of.input<TripPlan::Input>().traveller, Wallet::Credit{{30}}).verdict();
}
Command buy_ticket(const saga::Context& of) { return Command(ProbeQuestion{"ticket", saga::key_of(of)}); }

std::span<const saga::Step> TripPlan::steps(const Input&) {
  static constexpr saga::Step table[] = {
      {"pay", saga::inside(pay), saga::inside(pay_back)},
      {"ticket", saga::outside(buy_ticket), saga::nothing(), {.attempts_max = 3}, 60},
  };
  return table;
}

struct Travel final : Script {
  void entities(std::vector<EntityRef>& out) const override { out.push_back({Trip::kind_id, "t"}); }
  Verdict run(Transaction& on) const override {
    return saga::start<Trip>(on, "t", std::make_shared<TripPlan::Input>(TripPlan::Input{"ann"})).verdict;
  }
  void answer(Transaction&, std::string&) const override {}
  void digest(std::string&) const override {}
};

// The saga's own code ends here.

TEST_CASE("saga, the example: paid, and the ticket is there") {
  SagaWorld world({kind_of<Wallet>(), kind_of<Trip>()});
  world.command<Wallet>("ann", Wallet::Open{*currency_of("EUR")});
  world.command<Wallet>("ann", Wallet::Credit{{100}});
  CHECK(world.run(Travel()).code == Code::ok);
  const auto reply = reply_done("seat 12");
  world.report("ticket/1", CommandRef::to(reply));
  CHECK(world.state<Trip>("t").progress.status == saga::Status::completed);
  CHECK(world.state<Wallet>("ann").balance.minor == 70);
}

TEST_CASE("saga, the example: sold out, and the money is back") {
  SagaWorld world({kind_of<Wallet>(), kind_of<Trip>()});
  world.command<Wallet>("ann", Wallet::Open{*currency_of("EUR")});
  world.command<Wallet>("ann", Wallet::Credit{{100}});
  world.run(Travel());
  const saga::Reply reply{saga::Reply::Answer::refused, Code::out_of_stock, "sold out"};
  world.report("ticket/1", CommandRef::to(reply));
  CHECK(text_of("trip", TripPlan::steps({}), world.state<Trip>("t").progress) ==
        "trip compensated: pay compensated, ticket failed 1 [sold out]");
  CHECK(world.state<Wallet>("ann").balance.minor == 100);
}

}  // namespace
}  // namespace tote
