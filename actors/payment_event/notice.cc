#include "actors/payment_event/notice.h"

#include <iterator>

namespace tote {

std::string_view name_of(PaymentFact fact) {
  static constexpr std::string_view names[] = {"other",    "paid",    "awaited",  "lapsed",
                                               "returned", "bounced", "disputed", "funds"};
  return static_cast<std::size_t>(fact) < std::size(names) ? names[static_cast<std::size_t>(fact)] : "";
}

std::string_view name_of(PaymentOutcome outcome) {
  static constexpr std::string_view names[] = {"none",    "booked",   "confirmed", "refunded", "known",
                                               "waiting", "released", "woken",     "returned", "bounced",
                                               "frozen",  "nothing",  "not_ours",  "repeated"};
  return static_cast<std::size_t>(outcome) < std::size(names) ? names[static_cast<std::size_t>(outcome)] : "";
}

}  // namespace tote
