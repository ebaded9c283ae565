// Makes another history of a log that nobody has open: a new id, and an end of its own.
#pragma once

#include <string>

#include "engine/kernel/ordinal.h"

namespace tote::wal {

// The log was proved, and closed. With `is_cut` it ends with `last`, and loses what was made of its records (snapshots,
// runs of keys): a start makes them again from the first record on. `id` becomes its new one, `parent` is the old one.
// Empty, or what went wrong: then it is no log any more.
std::string cut_log(const std::string& directory, Lsn last, bool is_cut, std::string& id, std::string& parent);

}  // namespace tote::wal
