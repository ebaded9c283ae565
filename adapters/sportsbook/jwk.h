// JSON Web Keys (RFC 7517), for keys.cc.
#pragma once

#include <string>
#include <string_view>

#include "adapters/sportsbook/keys.h"

namespace tote::sportsbook {

// Adds the signing keys of a JWK, or a set of them; what is wrong, empty when nothing is. Keys for other uses are
// passed over, a private or symmetric one is refused.
std::string add_jwks(std::string_view text, KeySet& keys);

// Why this key isn't for that algorithm, or too weak.
std::string problem_of(const EVP_PKEY& key, Algorithm algorithm);

}  // namespace tote::sportsbook
