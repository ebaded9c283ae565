// base64url without padding (RFC 7515), strictly: one text is one value's only spelling.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tote::sportsbook {

std::optional<std::string> from_base64url(std::string_view text);
std::string to_base64url(std::string_view bytes);

}  // namespace tote::sportsbook
