// The load of a little shop, in batches over HTTP: everything that rows and events are made of.
#pragma once

#include <cstdint>
#include <string>

#include "tests/support/workload.h"

namespace tests {

// Eight wallets, an item, a match. False when the server refuses.
bool open_shop(std::uint16_t port);
std::string shop_wallet(std::uint64_t i);  // alice, w1 … w7
// Lines for POST /v1/batch: transfers, holds, reservations, bookings, orders, debits. `number` makes ids unique.
std::string shop_batch(Random& random, std::uint64_t& number);

}  // namespace tests
