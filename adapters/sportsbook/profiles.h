// The profiles, as the TOML that they are written in (profiles.toml): a table a profile, with keys of [[sportsbook]].
#pragma once

#include <string_view>

namespace tote::sportsbook {

std::string_view profiles_text();

}  // namespace tote::sportsbook
