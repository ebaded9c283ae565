// A node that has nothing in common with what the owner still keeps is given all of it by the owner: at both of them.
#include <algorithm>
#include <utility>

#include "adapters/cluster/member_running.h"

namespace tote::cluster {

using replication::Mark;
using replication::Node;
using replication::NodeId;

void Member::Running::say(const NodeId& to, FillMessage said) {
  const std::lock_guard lock(replica_mutex);
  if (replica != nullptr) replica->send(to, std::move(said));
}

// Programs from before this one would take the question for nonsense.
void Member::Running::needs_fill(const NodeId& owner, const Mark& end) {
  bool is_known = false, fills = false;
  {
    const std::lock_guard lock(mutex);
    const auto found = std::ranges::find(listed, owner, &ListedNode::node);
    is_known = found != listed.end() && !found->disk.empty();
    fills = is_known && found->fills;
  }
  if (!is_known) return;
  if (!fills) return stopped("the owner's log has nothing in common with this node's");
  make_taker();
  taker->want(owner, end);
}

void Member::Running::make_taker() {
  if (taker != nullptr) return;
  const auto done = [this] {
    const std::lock_guard lock(replica_mutex);
    if (replica == nullptr) return;
    replica->post([this](Node&, Time) { stopped("this node has been given the owner's log, and begins with it"); });
  };
  taker = std::make_unique<FillTakerThread>(
      frames->options(), frames->id(),
      FillTaker::Told{[this](const NodeId& to, FillMessage said) { say(to, std::move(said)); }, done,
                      [this](const std::string& why) { problem(why); }});
}

// Who is in sync needs none. Files may be large: not on the replica's thread.
void Member::Running::drop_rest_of_fill() {
  if (!std::exchange(may_have_rest, false) || !wal::FillTarget::has_rest(frames->options())) return;
  make_taker();
  taker->drop_rest();
}

void Member::Running::take_fill(const NodeId& from, FillMessage said, const Node& node) {
  const auto* ask = std::get_if<FillAsk>(&said);
  if (ask == nullptr) {
    if (taker != nullptr) taker->take(from, std::move(said));
    return;
  }
  if (node.owner() == nullptr || !node.owner()->may_fill(from)) {
    const char* const why = node.owner() == nullptr ? "doesn't own the log" : "counts on what this node has";
    return say(from, FillRefused{ask->image, why});
  }
  if (giver == nullptr)
    giver = std::make_unique<FillGiverThread>(
        frames, [this](const NodeId& to, FillMessage answer) { say(to, std::move(answer)); });
  giver->take(from, *ask);
}

void Member::Running::show_fill(NodeStatus& of) const {
  if (of.state == NodeStatus::State::removed) return;
  const auto seen = of.node == options.node ? (taker == nullptr ? std::nullopt : taker->progress())
                    : giver == nullptr      ? std::nullopt
                                            : giver->progress({of.node});
  if (!seen) return;
  of.state = NodeStatus::State::filling;
  of.filled_bytes = seen->bytes;
  of.fill_bytes = seen->bytes_max;
}

}  // namespace tote::cluster
