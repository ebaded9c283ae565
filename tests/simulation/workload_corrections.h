// What operators do to wallets, matches and orders, drawn from the world's seed.
#pragma once

#include "tests/simulation/world.h"

namespace tote::simulation {

// An overdraft, a status; held money that goes to somebody.
void correct_wallet(World& world);
// Seats, price, start, sales; or it doesn't take place.
void correct_match(World& world);
// A part of it, by money or by line, or all of it goes back.
void correct_order(World& world);
// A small part of one that a card has paid, if there is such a one.
void refund_in_part(World& world);

}  // namespace tote::simulation
