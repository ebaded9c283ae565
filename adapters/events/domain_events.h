// What the records of the log mean to others: domain events in CloudEvents 1.0 form, from committed records only. The
// same record always gives the same events with the same ids, so whoever gets one twice can tell. Which they are, each
// kind says (told_names, tell: engine/kernel/entity.h); EVENTS.md lists those of Tote's own.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/kernel/any_entity.h"
#include "wal/record.h"

namespace tote::events {

struct DomainEvent {
  std::string id;  // a UUID, of log, LSN, time and ordinal: a log restored from a backup goes on with other ones
  std::string tenant;
  std::string aggregate;  // the entity's kind
  std::string entity;
  std::string type;
  std::string cloud;  // the whole CloudEvent, JSON
  Lsn lsn{};
  Time time{};                // of its record
  std::uint32_t ordinal = 0;  // within the record
};

// Appends those of one record, in the order in which they happened; with a filter only those of wanted types.
using TypeFilter = std::function<bool(std::string_view type)>;
void append_events(std::string_view log_id, const Kinds& kinds, Lsn lsn, const wal::Record& record,
                   std::vector<DomainEvent>& out, const TypeFilter& is_wanted = {});

}  // namespace tote::events
