// One entity of any kind, and the kind, as the engine holds them: virtual calls, which the pure functions of a kind are
// put behind by kind_of.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/kernel/audit.h"
#include "engine/kernel/effect.h"
#include "engine/kernel/entity.h"
#include "engine/kernel/frozen_state.h"
#include "engine/kernel/holding.h"
#include "engine/kernel/ordinal.h"

namespace tote {

class AnyEntity {
 public:
  virtual ~AnyEntity() = default;

  // decide, apply and check in one go. Appends the events' bytes (each with a 4-byte little-endian size before it) to
  // `events` and the answer's bytes to `answer` (successes only). A command of another kind is `invalid_request`. What
  // decide throws comes out, nothing has happened then; everything after it stops the process.
  virtual Step handle(CommandRef command, Time now, std::string& events, std::string& answer) = 0;
  // Applies the next event that time alone brings, when one is due at `now`; false when none is.
  virtual bool pass_time(Time now, std::string& events) = 0;
  virtual Time next_due() const = 0;
  // Applies the events of one record again; false when the bytes aren't events of this kind or break an invariant.
  // Everything that it would refuse is also checked before an event counts: what was written can be replayed.
  virtual bool replay(std::string_view events) = 0;
  // The bytes that a reply is made from. No command, or a question of its kind (E::Question): a read.
  virtual void answer(CommandRef command, std::string& out) const = 0;
  // As a step of its history shows it: its figures, never all that is in it.
  virtual void summarize(std::string& out) const = 0;

  // -- a transaction's (engine/kernel/staging.h): changes that were decided and don't count yet
  // Decides on the state as it is with what was staged; a success is staged.
  virtual Step stage(CommandRef command, Time now) = 0;
  // Number of events staged.
  virtual std::size_t staged() const = 0;
  // Forgets all but the first `count` of them.
  virtual void unstage(std::size_t count) = 0;
  // Applies what was staged, as handle() does.
  virtual void commit(std::string& events) = 0;
  // A refusal may leave something in it (entity.h).
  virtual bool remembers_refusals() const = 0;

  // -- what it wants done (engine/kernel/effect.h)
  virtual ScriptPtr follow_up(std::string_view id) const = 0;
  virtual void effects(std::string_view id, Effects& out) const = 0;
  virtual std::string alert() const = 0;
  // Null: its kind watches nobody.
  virtual const Watches::Names* watches() const = 0;
  // Applies what the entity makes of another's change, as pass_time() does; false: nothing.
  virtual bool hear(EntityRef changed, const AnyEntity& is, Time now, std::string& events) = 0;

  // -- what it says to the world (entity.h)
  // The rows that these events have touched, as it is now (table.h); false when they aren't events of its kind.
  virtual bool rows(std::string_view id, std::string_view events, RowWriter& out) const = 0;
  // What is wrong with it among the others at the end of a log (audit.h), empty: nothing.
  virtual std::string audit(std::string_view id, const Neighbours& others) const = 0;

  // Its last change is in the record with this LSN, live and on replay.
  virtual void recorded(Lsn) {}

  // -- what it has (holding.h); nothing: its kind has none
  virtual Holding holding() const { return {}; }
  // What has come to it since this was asked last, at first all that it has.
  virtual Holding take_moved() const { return {}; }
  // What these events do to the amount.
  virtual std::int64_t moved_by(std::string_view /*events*/) const { return 0; }

  // -- its state, kept apart from the log (state_bytes.h); only of kinds that have bytes (Kind::has_state_bytes)
  // Appends it, without what is staged. Equal states, equal bytes.
  virtual void encode_state(std::string& out) const = 0;
  // False: the bytes aren't a state of this kind, or break an invariant; it is anything then.
  virtual bool decode_state(std::string_view bytes) = 0;
  // For another thread to encode, as it is now; null: it is small, encode_state() takes no longer than a copy.
  virtual std::unique_ptr<const FrozenState> freeze() const = 0;

  Version version{};  // 0: it was never created
  Lsn lsn{};          // of its last change
  Lsn first_lsn{};    // of its first
};

// A kind as the engine knows it. One per kind, for the life of the program.
class Kind {
 public:
  virtual ~Kind() = default;
  virtual KindId id() const = 0;
  virtual std::string_view name() const = 0;
  virtual std::unique_ptr<AnyEntity> make() const = 0;
  virtual std::size_t object_bytes() const { return 0; }                // of one of them that was just made
  virtual bool digest(CommandRef command, std::string& out) const = 0;  // false: a command of another kind
  virtual bool is_active() const = 0;                                   // it has follow-ups and effects
  virtual bool remembers_refusals() const = 0;                          // a refusal may change it
  virtual bool is_one_of_tenant() const { return false; }               // no quota counts it
  virtual bool has_holdings() const { return false; }                   // its entities have something (holding.h)
  virtual bool has_state_bytes() const { return true; }                 // a snapshot can have its entities
  virtual std::span<const CodeText> codes() const { return {}; }        // of its own
  virtual ScriptPtr report(std::string_view id, std::string_view effect, CommandRef result) const = 0;
  // Calls `each(name, event bytes)`'s equivalent on fields: begin(event name), its fields, end(). False on bad bytes.
  virtual bool describe_events(std::string_view events, Fields& fields) const = 0;
  virtual bool describe_answer(std::string_view id, std::string_view answer, Fields& fields) const = 0;

  // -- what its entities say to the world (entity.h)
  // What these events mean to others: begin(type) such as "order.confirmed", its fields, end(). False on bad bytes.
  virtual bool tell(std::string_view /*id*/, std::string_view /*events*/, Fields&) const { return true; }
  virtual std::span<const Table> tables() const { return {}; }
  virtual std::unique_ptr<Books> books() const { return nullptr; }  // null: it keeps none
  // Of what AnyEntity::summarize() wrote: its whole numbers.
  virtual void describe_figures(std::string_view /*answer*/, Fields&) const {}
};

// Every kind that a program knows.
using Kinds = std::vector<std::shared_ptr<const Kind>>;

// The kind with this number, or null when this version knows none.
inline const Kind* find_kind(const Kinds& kinds, KindId id) {
  for (const auto& kind : kinds)
    if (kind->id() == id) return kind.get();
  return nullptr;
}
// "wallet"; of one that this version doesn't know: "kind 9".
inline std::string kind_name(const Kinds& kinds, KindId id) {
  const Kind* kind = find_kind(kinds, id);
  return kind != nullptr ? std::string(kind->name()) : "kind " + std::to_string(id);
}

}  // namespace tote
