// Any bytes as events, or the answer, of a booking by card, a saga.
#include "actors/match/card_booking.h"
#include "tests/fuzz/entity_target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return tote::fuzz::check_entity<tote::CardBooking>(data, size);
}
