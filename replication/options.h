// The times and bounds of a node. Values.
#pragma once

#include <cstddef>
#include <cstdint>

#include "replication/register.h"

namespace tote::replication {

struct Options {
  NodeId self{};
  std::size_t min_in_sync = 2;  // copies of whatever is acknowledged, 1 … in_sync_max; all nodes have the same
  bool creates = false;         // makes the register when there is none: one node, once, with an empty log

  std::int64_t heartbeat_ms = 100;         // between two words of the owner
  std::int64_t silence_ms = 1'000;         // who says nothing, or gets no further, for so long is away
  std::int64_t stagger_ms = 300;           // the second in sync waits so much longer before it takes over
  std::int64_t resend_ms = 300;            // frames without an answer are sent again
  std::int64_t register_timeout_ms = 600;  // a proposal without an answer is made again
  std::int64_t register_poll_ms = 500;     // between two looks at the register, of who isn't the owner

  std::size_t window_frames = 4;     // made and not yet durable everywhere
  std::size_t page_bytes = 1 << 20;  // of frames in one message to who is behind
  std::size_t marks_max = 8;         // in one question
  std::size_t peers_max = 16;        // that an owner talks to
};

}  // namespace tote::replication
