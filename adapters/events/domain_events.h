// What the records of the log mean to others: domain events in CloudEvents 1.0 form, from committed records only. The
// same record always gives the same events with the same ids, so whoever gets one twice can tell.
//
//   wallet.opened | credited | debited, hold.opened | captured | released | expired
//   item.opened | restocked | picked | reserved | committed | released | expired
//   match.opened | seat_taken | seat_held | seat_confirmed | hold_dropped | hold_expired | cancelled | waitlisted |
//         left_waitlist, pass.opened | revoked
//   order.placed | confirmed | failed, booking.failed | refunded, saga.stuck
//   refund.enqueued | succeeded | pending_funds | failed | requeued, payments.paused | resumed
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
  std::string aggregate;  // "wallet", "order", …: the entity's kind
  std::string entity;
  std::string type;   // "wallet.debited"
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
