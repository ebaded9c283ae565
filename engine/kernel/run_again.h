// engine/kernel/run_again.h: what a Transaction throws when its script can't go on now and is run anew later.
#pragma once

namespace tote {

// The script has met an entity that isn't in memory: it is fetched, and the script is run from its beginning. No
// defect of anybody's: a script that catches all it doesn't know passes this on, or waits in vain.
struct RunAgain {};

}  // namespace tote
