#include "replication/membership.h"

#include <utility>

namespace tote::replication {

std::set<NodeId> Membership::others() const {
  std::set<NodeId> nodes = maybe_;
  nodes.insert(known_.value.isr.begin(), known_.value.isr.end());
  nodes.erase(context_.options.self);
  return nodes;
}

void Membership::propose(Register value, Time now) {
  is_proposing_ = true;
  proposed_at_ = now;
  if (context_.rules.grow_waits) maybe_.insert(value.isr.begin(), value.isr.end());
  context_.demand(Propose{known_.revision, value});
  if (!context_.rules.shrink_waits && value.isr.size() < known_.value.isr.size())
    known_.value.isr = std::move(value.isr);
}

void Membership::tick(Time now) {
  if (!is_proposing_ || !is_past(proposed_at_, context_.options.register_timeout_ms, now)) return;
  is_proposing_ = false;
  is_unanswered_ = true;
  if (!context_.rules.lost_answer_waits) maybe_.clear();
}

bool Membership::take(const Registered& seen, Epoch epoch, Epoch raised) {
  if (seen.revision <= known_.revision) return true;  // older than what is known, or the same
  const bool is_ours = seen.value.owner == context_.options.self &&
                       (seen.value.epoch == epoch || (raised.value > 0 && seen.value.epoch == raised));
  if (!is_ours) return false;
  known_ = seen;
  maybe_.clear();
  is_proposing_ = is_unanswered_ = false;
  return true;
}

}  // namespace tote::replication
