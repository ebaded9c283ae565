// A log on disk, opened to be looked at: nothing is changed, a server may be using it at the same time.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "engine/kernel/any_entity.h"
#include "wal/log.h"

namespace tote::cli {

// Throws UsageError when that isn't the directory of a log.
void check_log_path(const std::string& directory);

// Throws UsageError when there is no log at that path, Failure naming the LSN when it is damaged.
// `archive`: where its segments are; empty: inside it.
std::unique_ptr<wal::Log> open_log(const std::string& directory, const std::string& archive = {});

// "damaged at LSN 17: …" or, when it isn't at a record, "…".
std::string sentence_of(const wal::Damage& damage);

// "the records before LSN 17 are in no archive any more": of a log that begins there.
std::string sentence_of_gone(Lsn first);

// "LSN 17 has an entity of the kind 1042, …".
std::string sentence_of_unknown(Lsn lsn, const std::string& what);

// Records from `from` on with progress on a terminal. `visit` returns false to stop and must not throw: the log reads
// ahead on a thread of its own. Throws Failure on damage, UnknownKind on a kind or a code that isn't one of `kinds`.
void each_record(wal::Log& log, const Kinds& kinds, Lsn from, const std::string& doing, const wal::Log::Visit& visit);

}  // namespace tote::cli
