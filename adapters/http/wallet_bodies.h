// Bodies of the wallet's requests (API.md, Wallets) to its commands.
#pragma once

#include <string>
#include <string_view>

#include "adapters/http/json_reader.h"
#include "adapters/http/routes.h"
#include "engine/kernel/command.h"

namespace tote::http {

// `hold` is the one in the path, if any. On an error the document has failed and the command means nothing.
Command read_wallet_command(Endpoint endpoint, std::string hold, JsonDocument& document);

// Whether the request may come without a body, as if it were {}.
bool body_is_optional(Endpoint endpoint);

}  // namespace tote::http
