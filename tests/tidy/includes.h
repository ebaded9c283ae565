// Who may include what (DESIGN §1). CMake keeps the rooms' libraries apart (rooms.h); the outside headers all lie in
// one system folder, so only a look at the #include lines can tell that a room knows what it shouldn't.
#pragma once

#include "tests/tidy/tree.h"

namespace tidy {

Findings check_includes(const Tree& tree);

}  // namespace tidy
