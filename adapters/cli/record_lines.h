// One record of the log as one line, for people or as JSON.
#pragma once

#include <string>

#include "adapters/cli/kinds.h"
#include "wal/record.h"

namespace tote::cli {

// 17 2026-01-02T03:04:05.123Z default wallet/alice v3 credited amount=1000 ok key=order-17
void append_text(const Kinds& kinds, Lsn lsn, const wal::Record& record, std::string& out);

// {"lsn":17,"time":…,"tenant":…,"kind":…,"entity":…,"version":…,"code":…,"key":…,"facts":{…},"changes":[…],"answer":{…}}
void append_json(const Kinds& kinds, Lsn lsn, const wal::Record& record, std::string& out);

// "debited amount=5, held hold=h1 amount=3"
void append_events(const Kinds& kinds, const wal::Change& change, std::string& out);

// The answer as HTTP gives it, inside an object that has its id: ,"currency":"EUR",…,"version":3,"lsn":17
void append_answer_members(const Kind& kind, std::string_view id, std::string_view answer, Version version, Lsn lsn,
                           std::string& out);

}  // namespace tote::cli
