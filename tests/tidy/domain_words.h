// What an entity says to the world is declared beside it (engine/kernel/entity.h): who reads the log (events, tables,
// verify) knows none of its words.
#pragma once

#include "tests/tidy/tree.h"

namespace tidy {

// No adapter but the API, the payments' worker and the demo has a string that is the name of a kind, an event, a table
// or a column of an entity. The words are read from actors/.
Findings check_domain_words(const Tree& tree);

// The kernel knows no saga, seat or hold; only the codes of all refusals stand there, which are on disk by number.
Findings check_kernel_words(const Tree& tree);

}  // namespace tidy
