// [[sportsbook]] of tote.toml.
#pragma once

#include <toml++/toml.h>

#include <string>

#include "adapters/cli/settings.h"

namespace tote::cli {

// With the settings of its profile where it says none of its own, and the keys, or what is wrong with their files.
// Throws UsageError naming file, line and key. `path`: of the file, beside which files of keys lie.
SportsbookSettings sportsbook_in(const toml::table& table, const std::string& path);

}  // namespace tote::cli
