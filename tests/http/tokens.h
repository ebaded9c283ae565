// Whose tokens tests name: of the tenants shop and club, and of the whole server's operators, as headers.
#pragma once

#include <string>
#include <utility>

#include "tests/support/token_hashes.h"

namespace tests::http {

inline const std::pair<std::string, std::string> shop{"Authorization", "Bearer secret-a"},
    club{"Authorization", "Bearer secret-b"}, cleo{"Authorization", "Bearer secret-c"},
    dora{"Authorization", "Bearer secret-d"};

}  // namespace tests::http
