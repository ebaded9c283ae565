// One record of the log as its writers and readers see it (record.fbs is its shape on disk).
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "engine/kernel/code.h"
#include "engine/kernel/fingerprint.h"
#include "engine/kernel/ordinal.h"
#include "engine/kernel/refusal.h"
#include "engine/kernel/time.h"
#include "engine/kernel/trace.h"

namespace tote::wal {

inline constexpr std::string_view default_tenant = "default";  // takes no bytes on disk

// What happened to one entity. Views into the caller's or the frame's bytes.
struct Change {
  std::uint16_t kind = 0;
  std::string_view entity;
  Version version{};
  std::string_view events;
  Lsn prior{};  // of the entity's change before this one; 0: it is the first, or an older program wrote it
};

// Everything one command did, in one piece: effect, key, fingerprint and answer are durable together or not at all.
struct Record {
  Time time{};
  std::string_view tenant = default_tenant;
  std::uint16_t kind = 0;  // what the command was addressed to (takes no bytes on disk when it is changes[0])
  std::string_view entity{};
  Version version{};  // of that entity, after the command
  std::span<const Change> changes{};
  std::string_view key{};  // empty: none
  Fingerprint fingerprint{};
  Code code = Code::ok;
  Facts facts{};
  std::string_view answer{};
  std::string_view actor{};  // who gave the command; empty: nobody who has a name
  Trace trace{};             // of the caller's, if it named one
};

// Is about nothing, and changes nothing: with it an owner's epoch begins.
inline bool says_nothing(const Record& record) {
  return record.kind == 0 && record.changes.empty() && record.key.empty();
}

}  // namespace tote::wal
