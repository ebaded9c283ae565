#include "adapters/cluster/member.h"

#include <utility>

#include "adapters/cluster/member_running.h"

namespace tote::cluster {

std::string problem_of(const MemberOptions& options) {
  if (!replication::is_node_id(options.name)) return "name: must be 1 to 128 of A-Z a-z 0-9 . _ : -";
  if (!replication::is_node_id(options.node)) return "node: must be 1 to 128 of A-Z a-z 0-9 . _ : -";
  if (options.min_in_sync < 1 || options.min_in_sync > replication::in_sync_max) return "min_in_sync: must be 1 to 16";
  if (options.listen.empty()) return "listen: must be an address and a port, such as 10.0.0.1:7400";
  return problem_of(EtcdOptions{.members = options.etcd, .key = "tote/" + options.name});
}

const char* name_of(NodeStatus::State state) {
  switch (state) {
    case NodeStatus::State::owner: return "owner";
    case NodeStatus::State::in_sync: return "in_sync";
    case NodeStatus::State::learner:
    case NodeStatus::State::filling: return "learner";
    case NodeStatus::State::away: return "away";
    case NodeStatus::State::removed: return "removed";
  }
  return "";
}

Member::Member(MemberOptions options, Told told)
    : running_(std::make_unique<Running>(std::move(options), std::move(told))) {}

Member::~Member() = default;

wal::Log::Opened Member::open_log(wal::LogOptions options) { return running_->open_log(std::move(options)); }

MemberStatus Member::status() const {
  const std::lock_guard lock(running_->mutex);
  return running_->status;
}

void Member::transfer(const std::string& node, Done done) { running_->transfer(node, std::move(done)); }

void Member::reread_certificates() {
  const std::lock_guard lock(running_->replica_mutex);
  if (running_->replica != nullptr) running_->replica->reread_certificates();
}

void Member::set_removed(const std::string& node, bool is_removed, Done done) {
  running_->nodes->set_removed(node, is_removed, std::move(done));
}

}  // namespace tote::cluster
