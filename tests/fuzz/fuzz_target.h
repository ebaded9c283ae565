// What every fuzz target is: a function that takes any bytes and comes back. A broken promise aborts.
#pragma once

#include <cstddef>
#include <cstdint>

#include "engine/kernel/invariant.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
