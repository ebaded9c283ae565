// One record of the log as a JSON object, as GET /v1/log and `tote log --json` show it.
#pragma once

#include <string>

#include "adapters/http/answers.h"
#include "wal/record.h"

namespace tote::http {

// {"lsn","time","tenant","kind","entity","version","code","key","facts","changes":[{…,"events":[…]}],"answer"}: the
// answer is the body that the client was sent.
void append_record(std::string& out, Lsn lsn, const wal::Record& record, const Kinds& kinds);

}  // namespace tote::http
