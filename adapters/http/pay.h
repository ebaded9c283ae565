// How a booking is paid, as bodies say it.
#pragma once

#include "actors/match/booking.h"
#include "adapters/http/json_reader.h"

namespace tote::http {

// "pay" of a booking: {"wallet":id}, {"pass":id} or {"card":{"token":…}}.
void read_pay(JsonObject& body, bool accepts_cards, Booking& booking);

}  // namespace tote::http
