// "payee" and "fee" of a body: who gets what is paid (API.md, Lists, corrections, roles).
#pragma once

#include "actors/wallet/payee.h"
#include "adapters/http/json_reader.h"

namespace tote::http {

// None when the body names none. `paid`: 0 where it isn't known yet, any fee is good then.
Payee read_payee(JsonObject& body, Money paid);

}  // namespace tote::http
