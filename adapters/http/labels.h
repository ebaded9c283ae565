// "reference" and "metadata", as bodies of orders and bookings say them.
#pragma once

#include "adapters/http/json_reader.h"
#include "engine/kernel/labels.h"

namespace tote::http {

// None where neither is there; refused where they aren't good.
Labels read_labels(JsonObject& body);

}  // namespace tote::http
