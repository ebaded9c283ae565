// The providers of `tote demo`: one of bets, one of card payments. Their keys are made for it; what they say is signed
// beforehand, into files that its lines post.
#pragma once

#include <string>

#include "adapters/cli/settings.h"

namespace tote::cli {

struct DemoProviders {
  static constexpr int bets = 200;     // bet1.json …: of the player dave, each on what nobody has named before
  static constexpr int checkouts = 5;  // event1.json, event1.header …: each paid for the one seat of fri
  static constexpr std::int64_t stake = 10, seat_price = 100;
};

// Their doors, /callbacks/demo and /webhooks/demo, into the settings; their files into the directory. Throws Failure.
void add_demo_providers(Settings& settings, const std::string& directory);

}  // namespace tote::cli
