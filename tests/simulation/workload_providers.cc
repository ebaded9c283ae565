#include "tests/simulation/workload_providers.h"

#include "actors/session/session.h"
#include "actors/wallet/wallet.h"
#include "tests/simulation/workload.h"
#include "tests/simulation/workload_corrections.h"

namespace tote::simulation {

namespace {

std::string any(World& world, const char* prefix) { return prefix + std::to_string(world.below(3)); }

void something_about_players(World& world) {
  const std::string wallet = any(world, "b"), session = any(world, "s");
  const std::int64_t minor = 1 + static_cast<std::int64_t>(world.below(80));
  using Status = tote::Wallet::Status;
  switch (world.below(12)) {
    case 0:
      return world.ask("freeze " + wallet, to<tote::Wallet>(wallet, tote::Wallet::SetStatus{Status::frozen, "x"}));
    case 1:
    case 2: return world.ask("thaw " + wallet, to<tote::Wallet>(wallet, tote::Wallet::SetStatus{Status::open, {}}));
    case 3: return world.ask("end " + session, to<Session>(session, Session::End{}));
    case 4:
    case 5:
    case 6:
    case 7:
      return world.ask("spend of " + wallet, to<tote::Wallet>(wallet, tote::Wallet::Debit{{2 * minor}, {}}),
                       {{}, {{wallet, -2 * minor}}});
    default:
      return world.ask("fill " + wallet, to<tote::Wallet>(wallet, tote::Wallet::Credit{{minor}, {}}),
                       {{}, {{wallet, minor}}});
  }
}

}  // namespace

void open_bettors(World& world) {
  for (int i = 0; i < 3; ++i) {
    const std::string wallet = "b" + std::to_string(i), session = "s" + std::to_string(i);
    world.ask("open " + wallet, to<tote::Wallet>(wallet, tote::Wallet::Open{euro, {}}));
    world.ask("fill " + wallet, to<tote::Wallet>(wallet, tote::Wallet::Credit{{150}, {}}), {{}, {{wallet, 150}}});
    world.ask("open " + session, to<Session>(session, Session::Open{wallet, {}, 3'000}));
  }
  world.sync();
}

void step_of_providers(World& world) {
  switch (world.below(22)) {
    case 20:
    case 21: return refund_in_part(world);
    case 0:
    case 1:
    case 2:
    case 3:
    case 4:
    case 5: return world.betting().call();
    case 6: return world.checkouts().somebody_pays();
    case 7: return world.checkouts().say_anything();
    case 8:
    case 9:
    case 10: return world.checkouts().deliver();
    case 11: return something_about_players(world);
    default: return step(world);
  }
}

}  // namespace tote::simulation
