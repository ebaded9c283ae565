// Free seats are offered to the waiting list: the first whose payment goes through gets one. Who can't pay is passed
// over and keeps the place. A few are asked at a time; what is left is done by the match's own follow-up.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "engine/kernel/script.h"

namespace tote {

inline constexpr std::size_t asked_max = 16;  // in one transaction

// Fills the free seats of a match, as far as those who wait can pay: wallets and passes at once, cards by a booking
// saga that holds the seat meanwhile. Nobody is asked from `until` on, who asks for a seat of their own.
void offer_seats(Transaction& on, std::string_view match_id, std::string_view until = {});

// For a card booking: one that nobody has, several may be started in one transaction.
std::string new_saga_id(Transaction& on);

}  // namespace tote
