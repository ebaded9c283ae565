// actors/match/payment.h: what a seat is paid with.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/kernel/money.h"

namespace tote {

// On disk by number: add, never renumber.
enum class SeatMethod : std::uint8_t { wallet = 0, pass = 1, card = 2, free = 3 };  // free: the match costs nothing
std::string_view name_of(SeatMethod method);                                        // describe.cc

// How a seat is paid, or was: the reference names the wallet, the pass, the charge (the token while it isn't charged);
// of a free seat nothing.
struct SeatPayment {
  SeatMethod method = SeatMethod::wallet;
  std::string reference{};
  Money amount{};

  static constexpr void members(auto&& is) {
    is("method", &SeatPayment::method);
    is("reference", &SeatPayment::reference);
    is("amount", &SeatPayment::amount);
  }
  bool pays_like(const SeatPayment& other) const { return method == other.method && reference == other.reference; }
};

}  // namespace tote
