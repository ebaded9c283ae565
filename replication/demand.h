// What a node wants done by whoever drives it. Demands are carried out in their order; a crash between any two of them
// is a crash like any other. Values.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "replication/message.h"

namespace tote::replication {

struct Send {
  NodeId to{};
  Message message{};
};

// -- what the disk is asked for
struct KeepPromise {
  Epoch epoch{};
};
struct KeepFrames {
  std::vector<Frame> frames{};
};
// All frames after `end` go, and whatever was made of them; they are saved aside first. `by`: the owner's epoch.
struct CutLog {
  Mark end{};
  Epoch by{};
};
// Written in the order of their tickets; once it and all before it would survive a power cut: Node::synced(ticket). A
// crash before that leaves any beginning of what was asked for.
struct Write {
  std::uint64_t ticket = 0;  // 1, 2, 3 …
  std::variant<KeepPromise, KeepFrames, CutLog> what{};
};

// -- what the register is asked for (RegisterPort); the answer, if one comes: Node::registered()
struct ReadRegister {};
struct Propose {
  std::int64_t expected = 0;  // revision
  Register value{};
};

// -- what the engine is told
// This node owns the log from now on: it adds a frame of this epoch, the claim, whatever else is waiting.
struct MakeClaim {
  Epoch epoch{};
};
// The claim is everywhere: requests may be served, on the state that all frames up to the end make.
struct Open {
  Epoch epoch{};
};
// Acknowledged up to here: the seam. Rises.
struct Durable {
  Lsn lsn{};
};
// Not the owner: frames up to here may be applied and read, as stale. Rises.
struct Apply {
  Lsn lsn{};
};
// What was read in turns up to this one was read before any other owner opened.
struct Release {
  std::uint64_t turn = 0;
};
// The owner's log and this node's have nothing in common that the owner still keeps: this node's is to be replaced by
// an image of the owner's disk, of a moment after this. Said again as long as it is so; everything else goes on. The
// image is what a power cut would have left of that disk: all that the owner has inherited, and all that was
// acknowledged by then. Whoever carries it out
// - asks Owner::may_fill() there: nobody counts on who is neither in sync nor may be by now;
// - replaces only a log that has taken nothing since, and has no more than the image: what it held for owners before
//   this one is in the image, if it was acknowledged, because this one has inherited it; and in this epoch it has held
//   nothing;
// - keeps what this node has promised, and ends the process: the next one begins with the image.
struct NeedsFill {
  NodeId owner{};
};
// The process ends, now, and comes back as a learner: it may have applied what will be cut, and nothing undoes that.
struct Stop {
  std::string why{};
};

using Demand =
    std::variant<Send, Write, ReadRegister, Propose, MakeClaim, Open, Durable, Apply, Release, NeedsFill, Stop>;

}  // namespace tote::replication
