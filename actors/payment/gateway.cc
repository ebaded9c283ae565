#include "actors/payment/gateway.h"

namespace tote::payment {

std::string_view name_of(Status status) {
  switch (status) {
    case Status::succeeded: return "succeeded";
    case Status::declined: return "declined";
    case Status::balance_insufficient: return "balance_insufficient";
    case Status::already_refunded: return "already_refunded";
    case Status::disputed: return "disputed";
    case Status::failed: return "failed";
    case Status::unreachable: return "unreachable";
  }
  return {};
}

}  // namespace tote::payment
