// What the settings say of a cluster.
#pragma once

#include <string>

#include "adapters/cli/settings.h"
#include "adapters/cluster/member.h"
#include "adapters/http/cluster_port.h"

namespace tote::cli {

cluster::MemberOptions member_options(const Settings& settings);
http::ClusterView view_of(const cluster::MemberStatus& status);

// "tote, node n1, standing by; the owner is n2, at http://10.0.0.2:8080"
std::string line_of(const cluster::MemberStatus& status);

}  // namespace tote::cli
