// The owner of the log in one epoch: gives each frame to everybody, counts who holds it, and says what is acknowledged.
// One thread.
//
//   claiming ──(all in sync hold the claim, the first frame of the epoch, and so all before it)──> open
//      ^───────────────(somebody has promised a higher epoch, the register still names us)──────────┘
//
// Acknowledged is what this node's own disk and all who are in sync have synced. Who is in sync is the register's
// answer (Membership), never the owner's own.
#pragma once

#include <deque>
#include <map>

#include "replication/membership.h"
#include "replication/peer.h"

namespace tote::replication {

class Owner {
 public:
  // `registered` names this node, in an epoch that it has promised and proposed itself. `before`: who owned the log
  // until then, and hears by the first frame that it doesn't any more. `committed`: known so far.
  Owner(Context& context, const Registered& registered, const NodeId& before, Lsn committed, Time now);

  Epoch epoch() const { return epoch_; }
  Lsn durable() const { return durable_; }
  const Registered& registered() const { return membership_.known(); }
  const std::map<NodeId, Peer>& peers() const { return peers_; }
  bool is_open() const { return is_open_; }
  // Whether a node may be given all that this one has, in place of its own log: nobody counts on that.
  bool may_fill(const NodeId& node) const;
  // Too few are in sync, or answer: nothing new could be acknowledged.
  bool has_enough(Time now) const;
  // The claim first; then when it is open, and the window has room.
  bool can_append() const;
  void append(const Frame& frame, Time now);
  // One question for all that was read in this turn; its number, which Release will name.
  std::uint64_t confirm();

  // Hands the log over to one who is in sync. False: not now. It ends with a stop; or, when the other doesn't take over
  // in silence_ms, with this owner going on.
  bool yield(const NodeId& to, Time now);

  void take(const NodeId& from, const Held& said, Time now);
  void take(const NodeId& from, const Ask& said, Time now);
  void take(const NodeId& from, const Refused& said, Time now);
  void take(const NodeId& from, const Confirmed& said, Time now);
  void take(const NodeId& from, const Hello& said, Time now);
  bool take(const Registered& seen, Time now);  // false: deposed
  void synced(Time now);
  void tick(Time now);

 private:
  void begin_epoch(Epoch epoch, Time now);
  Peer* hear(const NodeId& from, Time now);
  bool is_late(const Peer& peer, Time now) const;
  bool is_deaf(Time now) const;
  bool owns(const Mark& mark) const;
  void advance();
  void release();
  bool begin_beat(Time now);  // true once each heartbeat_ms
  void hail(Time now);
  void speak(Time now);
  void beat(const NodeId& to, Time now);
  void stream(const NodeId& to, Peer& peer, Time now);
  void change_membership(Time now);
  void forget_lost(Time now);
  void hand_over(Time now);

  Context& context_;
  Membership membership_;
  Epoch epoch_{};
  std::map<NodeId, Peer> peers_;
  std::deque<Mark> window_;  // ends of frames that aren't durable yet
  Lsn claim_{};              // the end of the claim; 0: not there yet
  Lsn durable_;
  bool is_open_ = false;
  Epoch refused_{};  // the highest that somebody has promised, if the register still names us
  Epoch raised_{};   // what this owner would go on in; 0: nothing
  Time asked_at_{};  // the register, whom it names
  NodeId heir_{};    // who is to own the log next; empty: nobody
  Time yielded_at_{};
  std::uint64_t turn_ = 0, released_ = 0;
  Time beaten_at_{};
};

}  // namespace tote::replication
