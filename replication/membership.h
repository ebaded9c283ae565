// Who is in sync, as an owner knows it, and who may be by now: whoever the register may name is waited for. One thread.
#pragma once

#include <set>

#include "replication/context.h"

namespace tote::replication {

class Membership {
 public:
  Membership(Context& context, Registered known) : context_(context), known_(std::move(known)) {}

  const Registered& known() const { return known_; }
  // Is in the register, or would be if a proposal that nobody has answered took effect.
  bool waits_for(const NodeId& node) const { return known_.value.has(node) || maybe_.contains(node); }
  // Those, without this node.
  std::set<NodeId> others() const;

  // One at a time; free to be made again once it is answered or was given up.
  bool is_proposing() const { return is_proposing_; }
  // One was given up, and may still take effect: only another one can tell, even if it changes nothing.
  bool is_unanswered() const { return is_unanswered_; }
  void propose(Register value, Time now);
  void tick(Time now);

  // What the register is, or was. `raised`: the epoch, if any, that this owner would go on in. False: deposed.
  bool take(const Registered& seen, Epoch epoch, Epoch raised);

 private:
  Context& context_;
  Registered known_;
  std::set<NodeId> maybe_{};  // in proposals at the known revision: dead once it has moved on
  bool is_proposing_ = false, is_unanswered_ = false;
  Time proposed_at_{};
};

}  // namespace tote::replication
