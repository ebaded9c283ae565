// An outside call that an entity wants made, and what an operator must hear (Options::on_effect, Options::on_alert).
#pragma once

#include <string>
#include <string_view>

#include "engine/request.h"

namespace tote {

// Made at least once, and again after a restart, until it is reported (Engine::report); equal in the tenant's name,
// kind, entity and effect each time, from which the provider's idempotency key is made.
struct EffectCall {
  Tenant tenant{};
  KindId kind = 0;
  std::string entity;
  std::string effect;  // names the call within the entity
  Command call;        // what to do, e.g. payment::Charge
  std::string tenant_name{};
};

// An entity that can't go on by itself.
struct Alert {
  std::string_view tenant;
  std::string_view kind;
  std::string_view entity;
  std::string_view text;
  std::string_view topic{};  // of the engine's own ones: which of them it is, "disk", "time" …
  bool lasts = true;  // until Options::on_alert_change says that it is over; else it has happened, and that is all
};

}  // namespace tote
