// Sums over any number of amounts, which don't fit 64 bits, and numbers for people.
#pragma once

#include <cstdint>
#include <string>

namespace tote {

__extension__ using Sum = __int128;

// "-900000000000000000000"
std::string text_of(Sum sum);
// "12 345 678"
std::string grouped(std::uint64_t number);

}  // namespace tote
