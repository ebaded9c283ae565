// Who asks for what: customers of a shop and of a sports ground, drawn from the world's seed.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <utility>

#include "tests/simulation/world.h"

namespace tote::simulation {

// Wallets w0 … w4 with money, items i0 … i2, matches m0 … m2 of a few seats, a pass.
void open_all(World& world);
// One thing happens: somebody asks, the disk gets on, the provider answers, time passes, the power goes.
void step(World& world);

// A request that can be made again and again.
template <class E>
std::function<Request()> to(std::string id, typename E::Command command) {
  return [id = std::move(id), command = std::move(command)] { return request<E>(id, command); };
}

// How many, or which: a number that who runs the test may set.
std::uint64_t from_environment(const char* name, std::uint64_t otherwise);

}  // namespace tote::simulation
