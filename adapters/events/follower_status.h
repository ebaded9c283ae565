// How far a follower of the log is, and why not further: for everybody who tells of one.
#pragma once

#include <cstdint>
#include <string>

#include "engine/kernel/ordinal.h"

namespace tote::events {

// What others may ask of it: a projection can be waited for, a destination is told events.
enum class Role : std::uint8_t { projection, destination };

struct FollowerStatus {
  std::string name{};         // "projection", "nats", "webhook-shop"
  std::string destination{};  // the same for people: "NATS, stream TOTE"
  Role role = Role::destination;
  Lsn cursor{};                 // everything up to here is there
  bool connected = false;       // it goes on
  std::string problem{};        // why it stands still; empty: it doesn't. For the log: it may name hosts
  std::string reason{};         // the same without hosts: "disconnected", "stopped", what a destination is without
  double lag_seconds = 0;       // since everything was there
  std::uint64_t told = 0;       // rows or events, since the start
  std::uint64_t failures = 0;   // tries that failed, since the start
  std::uint64_t put_aside = 0;  // events given up, kept in a file

  std::int64_t lag_ms() const { return static_cast<std::int64_t>(lag_seconds * 1'000); }
};

}  // namespace tote::events
