// What providers do while everything else goes on: a betting provider calls, customers pay on a page.
#pragma once

#include "tests/simulation/world.h"

namespace tote::simulation {

// Players' wallets b0 … b2, which are frozen and thawed, and their sessions; beside open_all()'s.
void open_bettors(World& world);
// One thing happens: something that a provider says, or as in step().
void step_of_providers(World& world);

}  // namespace tote::simulation
