// The rules of the protocol, each a switch, so that a simulation can leave one out and see what it is for. Nothing but
// a test ever makes a Rules in which one is off: Node's other constructor keeps them all.
//
// Where they come from: writes, shrinking, growing and taking over are PacificA's; what a node may still be waited for
// while a change of membership has no answer is Kafka's "maximal ISR"; that the in-sync set never shrinks below its
// minimum answers Kafka's "last replica standing" (KIP-966); cutting by the log's contents instead of by a position is
// its KIP-101; confirmed reads are Raft's read index.
#pragma once

namespace tote::replication {

struct Rules {
  // -- write
  bool owner_syncs = true;       // what is acknowledged is on the owner's own disk
  bool sync_before_held = true;  // a backup says that it holds what its disk has synced, not what it has written
  bool chain_is_checked = true;  // a frame is taken only where its previous hash is that of the log's end
  bool enough_in_sync = true;    // nothing is acknowledged, and no one leaves, below min_in_sync
  // -- change of membership
  bool shrink_waits = true;       // who leaves is waited for until the register has said so
  bool grow_waits = true;         // who joins is waited for from the moment it is proposed
  bool lost_answer_waits = true;  // … also when no answer has come: the proposal may still take effect
  bool grow_inherited = true;     // who joins holds all that the owner has inherited, not only what it has committed
  // -- taking over
  bool in_sync_takes_over = true;  // only who is in sync takes over
  bool older_are_refused = true;   // nobody serves an epoch below what it has promised
  bool promise_is_kept = true;     // a promise is on disk before anybody is told, and is there after a start
  bool epochs_are_fresh = true;    // a process started again never goes on in the epoch that it had
  bool claim_before_open = true;   // an owner opens when all in sync hold all that it has inherited
  bool deposed_stops = true;       // the process of a deposed owner ends
  // -- whose log counts
  bool cut_is_verified = true;    // nothing is cut but what was asked about, and is still there
  bool aligned_applies = true;    // nothing is applied before the log is known to be as the owner's
  bool committed_applies = true;  // nothing is applied beyond what the owner has committed
  // -- read
  bool reads_are_confirmed = true;  // what is read leaves when all in sync have promised nobody else
};

}  // namespace tote::replication
