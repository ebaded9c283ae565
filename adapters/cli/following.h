// What follows the log of a server, by its settings.
#pragma once

#include <functional>
#include <string>

#include "adapters/cli/settings.h"
#include "adapters/events/followers.h"
#include "engine/kernel/any_entity.h"

namespace tote::cli {

// `schema`: of the database to project into. `on_projected` is called on the projection's thread: it has moved.
void add_followers(events::Followers& all, const Settings& settings, const Kinds& kinds, const std::string& schema,
                   const std::function<void()>& on_projected);

}  // namespace tote::cli
