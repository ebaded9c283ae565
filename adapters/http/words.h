// What the API calls by the server's names.
#pragma once

#include "adapters/server/failure.h"
#include "adapters/server/message.h"

namespace tote::http {

using server::Failure, server::Header, server::Headers, server::Message, server::Method, server::Target;
using server::method_of, server::name_of, server::split_target;

}  // namespace tote::http
