// Free seats are offered to the waiting list, the first whose payment goes through gets one. Who can't pay is passed
// over and keeps the place.
#pragma once

#include <string_view>

#include "engine/kernel/script.h"

namespace tote {

// Fills the free seats of a match, as far as those who wait can pay: wallets and passes at once, cards by a booking
// saga that holds the seat meanwhile.
void offer_seats(Transaction& on, std::string_view match_id);

}  // namespace tote
