#include "replication/node.h"

#include <algorithm>
#include <type_traits>
#include <utility>

#include "engine/kernel/invariant.h"

namespace tote::replication {

Node::Node(Options options, const LogView& log, const Kept& kept, Time now)
    : Node(std::move(options), Rules{}, log, kept, now) {}

Node::Node(Options options, const Rules& rules, const LogView& log, const Kept& kept, Time now)
    : context_{std::move(options), rules, log, Holding(kept)}, following_(context_), heard_at_(now) {
  TOTE_INVARIANT(is_node_id(context_.options.self.text) && context_.options.min_in_sync > 0);
  looked_at_ = now;
  context_.demand(ReadRegister{});
}

void Node::take(const NodeId& from, const Message& message, Time now) {
  if (is_stopped_) return;
  std::visit(
      [&]<class Said>(const Said& said) {
        if constexpr (std::is_same_v<Said, Append> || std::is_same_v<Said, Common> || std::is_same_v<Said, Confirm> ||
                      std::is_same_v<Said, Yield>)
          take_from_owner(from, said, now);
        else if (owner_)
          owner_->take(from, said, now);
      },
      message);
}

// Only who has won an epoch speaks in it: a higher one than ours has another owner.
template <class Said>
void Node::take_from_owner(const NodeId& from, const Said& said, Time now) {
  if (owner_ && said.epoch > owner_->epoch()) return depose("another node owns the log in a higher epoch", now);
  const bool is_old = said.epoch < context_.holding.promised() && context_.rules.older_are_refused;
  if constexpr (std::is_same_v<Said, Common>) {
    if (!owner_ && !is_old && !following_.take(said)) is_stopped_ = true;
  } else {
    if (owner_ || is_old) return context_.send(from, Refused{context_.holding.promised()});
    if constexpr (std::is_same_v<Said, Append>) follow(from, said, now);
    if constexpr (std::is_same_v<Said, Yield>) inherit(said, now);
    if constexpr (std::is_same_v<Said, Confirm>) context_.send(from, Confirmed{said.epoch, said.turn});
  }
}

void Node::follow(const NodeId& from, const Append& said, Time now) {
  standing_.reset();  // its epoch is no higher: the register has moved on, and its proposal can't take effect any more
  if (said.epoch >= known_.value.epoch) {
    heard_at_ = now;
    heard_ = {said.committed, now};
  }
  // The register has moved on: whom requests are for is asked at once, not at the next look.
  if (said.epoch > known_.value.epoch && said.epoch > looked_for_) {
    looked_for_ = said.epoch;
    looked_at_ = now;
    context_.demand(ReadRegister{});
  }
  following_.take(from, said);
}

// The owner asks for it: as after its silence, but at once.
void Node::inherit(const Yield& said, Time now) {
  const bool has_register = has_looked_ && !is_past(answered_at_, 2 * context_.options.register_poll_ms, now);
  know(said.known, now);
  if (!owner_ && !standing_ && has_register && known_.value.has(context_.options.self)) stand(now);
}

void Node::registered(const Registered& seen, Time now) {
  if (is_stopped_) return;
  has_looked_ = true;
  answered_at_ = now;
  know(seen, now);
}

void Node::know(const Registered& seen, Time now) {
  if (owner_) {
    if (!owner_->take(seen, now)) depose("the register names another owner, or another epoch", now);
    return;
  }
  if (seen.revision <= known_.revision) return;
  const bool is_other = seen.value.owner != known_.value.owner || seen.value.epoch != known_.value.epoch;
  const NodeId before = std::exchange(known_, seen).value.owner;
  if (is_other) heard_at_ = now;
  if (!standing_) return;
  const bool is_ours = seen.value.owner == context_.options.self && seen.value.epoch == standing_->epoch;
  standing_.reset();  // if it isn't: what was proposed for the revision before can't take effect any more
  if (is_ours) owner_.emplace(context_, known_, before, following_.committed(), now);
}

void Node::synced(std::uint64_t ticket, Time now) {
  if (!context_.holding.sync(ticket) || is_stopped_) return;
  if (owner_) return owner_->synced(now);
  if (standing_ && !standing_->has_proposed && context_.holding.synced_promise() >= standing_->epoch) propose(now);
  following_.synced();
}

void Node::append(const Frame& frame, Time now) {
  TOTE_INVARIANT(owner_ && !is_stopped_);
  owner_->append(frame, now);
}

void Node::tick(Time now) {
  if (is_stopped_) return;
  if (owner_) return owner_->tick(now);
  if (standing_) {
    if (standing_->has_proposed && is_past(standing_->proposed_at, context_.options.register_timeout_ms, now))
      propose(now);
  } else if (may_stand(now)) {
    stand(now);
  }
  look_around(now);
}

void Node::look_around(Time now) {
  const Options& options = context_.options;
  const bool is_asked = is_past(heard_at_, options.silence_ms / 2, now) && !hears_register();
  if (is_past(looked_at_, is_asked ? options.heartbeat_ms : options.register_poll_ms, now)) {
    looked_at_ = now;
    context_.demand(ReadRegister{});
  }
  const NodeId& owner = known_.value.owner;
  const bool is_quiet = is_past(std::max(heard_at_, hailed_at_), 2 * options.heartbeat_ms, now);
  if (!is_quiet || owner.text.empty() || owner == context_.options.self) return;
  hailed_at_ = now;
  context_.send(owner, Hello{});
}

bool Node::may_stand(Time now) const {
  const Options& options = context_.options;
  if (!has_looked_) return false;
  if (known_.revision == 0) return options.creates && context_.holding.end() == context_.log.begin();
  const Register& value = known_.value;
  if (context_.rules.in_sync_takes_over && !value.has(options.self)) return false;
  if (value.owner == options.self) return true;  // this process isn't: it has been started since
  const auto before =
      std::ranges::count_if(value.isr, [&](const NodeId& node) { return node < options.self && node != value.owner; });
  return hears_register() && is_past(heard_at_, options.silence_ms + before * options.stagger_ms, now);
}

// It has answered since the owner fell silent. Who can't reach it wins nothing, and an owner whom it has promised not
// to serve would have to begin another epoch.
bool Node::hears_register() const {
  return answered_at_.ns >= heard_at_.ns + context_.options.silence_ms / 2 * ns_per_ms;
}

// The epoch is above all that this node has promised: no process, not even an earlier one of this node, had it.
void Node::stand(Time now) {
  const Epoch highest = std::max(known_.value.epoch, context_.holding.promised());
  standing_ = Standing{{highest.value + 1}};
  heard_at_ = now;
  if (!context_.rules.epochs_are_fresh && known_.value.owner == context_.options.self) {
    standing_.reset();
    owner_.emplace(context_, known_, NodeId{}, following_.committed(), now);
    return;
  }
  context_.demand(context_.holding.promise(standing_->epoch));
  if (!context_.rules.promise_is_kept) propose(now);
}

void Node::propose(Time now) {
  const Options& options = context_.options;
  Register next = known_.value;
  next.epoch = standing_->epoch;
  next.owner = options.self;
  next = next.with(options.self);
  // The old owner stays where too few would be left: it holds all that was acknowledged, and must hold the rest.
  const bool may_shrink = !context_.rules.enough_in_sync || next.isr.size() > options.min_in_sync;
  if (known_.value.owner != options.self && may_shrink) next = next.without(known_.value.owner);
  standing_->has_proposed = true;
  standing_->proposed_at = now;
  context_.demand(Propose{known_.revision, std::move(next)});
}

void Node::depose(const char* why, Time now) {
  if (context_.rules.deposed_stops) {
    is_stopped_ = true;
    context_.demand(Stop{why});
    return;
  }
  owner_.reset();
  heard_at_ = now;
}

}  // namespace tote::replication
