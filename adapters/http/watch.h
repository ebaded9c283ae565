// What people and the console watch, as JSON: the radar, the overview's moments, the followers of the log.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/events/follower_status.h"
#include "adapters/http/overview.h"
#include "adapters/http/quotas.h"
#include "engine/hot_entity.h"
#include "engine/kernel/any_entity.h"

namespace tote::http {

inline constexpr std::int64_t hot_limit = 20, hot_limit_max = 100;

// The body of GET /v1/hot. `tenant_of`: the name of each one's tenant, where all tenants are told of; null: of one.
using TenantOf = std::function<std::string_view(Tenant)>;
void append_hot(std::string& out, const HotEntities& hot, const Kinds& kinds, const TenantOf& tenant_of = nullptr);

// The body of GET /v1/tenants: of those behind `after` by name, at most so many.
void append_tenants(std::string& out, std::vector<TenantView> tenants, std::string_view after, std::size_t limit);

// The body of GET /v1/overview.
void append_overview(std::string& out, const Overview::Page& page);

// The body of GET /v1/followers.
void append_followers(std::string& out, const std::vector<events::FollowerStatus>& followers, Lsn durable);

}  // namespace tote::http
