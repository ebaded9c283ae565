#include "adapters/events/followers.h"

#include <algorithm>

namespace tote::events {

FollowerStatus Followers::Entry::status() const {
  FollowerStatus status = follower->status();
  status.role = role;
  return status;
}

bool Followers::has(Role role) const { return std::ranges::find(all_, role, &Entry::role) != all_.end(); }

std::string Followers::start(const wal::LogReader& log) {
  for (Entry& each : all_) each.follower = each.make(log);
  for (Entry& each : all_)
    if (std::string problem = each.follower->check(); !problem.empty()) return problem;
  for (Entry& each : all_) each.follower->start();
  started_ = true;
  return {};
}

void Followers::stop() {
  for (Entry& each : all_)
    if (each.follower != nullptr) each.follower->begin_stop();
  for (auto each = all_.rbegin(); each != all_.rend(); ++each)
    if (each->follower != nullptr) each->follower->stop();
}

std::vector<FollowerStatus> Followers::statuses() const {
  std::vector<FollowerStatus> statuses;
  if (!started_) return statuses;
  for (const Entry& each : all_) statuses.push_back(each.status());
  return statuses;
}

std::vector<wal::Hold> Followers::holds() const {
  std::vector<wal::Hold> holds;
  if (!started_ && !all_.empty()) return {{"a follower that hasn't started", Lsn{1}}};
  for (const FollowerStatus& each : statuses()) holds.push_back({each.name, std::max(each.cursor, Lsn{1})});
  return holds;
}

std::optional<FollowerStatus> Followers::projection() const {
  const auto found = std::ranges::find(all_, Role::projection, &Entry::role);
  if (found == all_.end()) return std::nullopt;
  return started_ ? found->status() : FollowerStatus{.role = Role::projection};
}

}  // namespace tote::events
