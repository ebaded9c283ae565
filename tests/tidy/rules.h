// Everything the tree must be besides its includes, one pure function a rule.
#pragma once

#include "tests/tidy/tree.h"

namespace tidy {

// Every folder with code has one row in the room table of ARCHITECTURE.md, and every row has its folder.
Findings check_room_table(const Tree& tree);

// No source file over 500 lines.
Findings check_length(const Tree& tree);

// Headers that others read say what they are; the embedding API says it of every declaration.
Findings check_headers(const Tree& tree);

// No floating point where money is (DESIGN D2).
Findings check_no_floating_point(const Tree& tree);

// No locks where actors make them needless, but for the files named in the rule.
Findings check_no_locks(const Tree& tree);

// No folder named after nothing in particular.
Findings check_folder_names(const Tree& tree);

// No path of one machine, no note to finish something later.
Findings check_left_behind(const Tree& tree);

// No object file but one says where its clone lies: a compiler's cache that clones share wouldn't know the others.
Findings check_definitions(const Tree& tree);

// A test file checks something.
Findings check_tests_check(const Tree& tree);

}  // namespace tidy
