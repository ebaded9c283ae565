// [[sportsbook]] of tote.toml.
#pragma once

#include <toml++/toml.h>

#include <string>

#include "adapters/sportsbook/options.h"

namespace tote::cli {

// With the settings of its profile where it says none of its own; the keys' files were read once and are good. Throws
// UsageError naming file, line and key. `path`: of the file, beside which files of keys lie.
sportsbook::Options sportsbook_in(const toml::table& table, const std::string& path);

}  // namespace tote::cli
