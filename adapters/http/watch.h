// What people and the console watch, as JSON: the radar, the overview's moments, the followers of the log.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "adapters/events/follower_status.h"
#include "adapters/http/overview.h"
#include "engine/hot_entity.h"
#include "engine/kernel/any_entity.h"

namespace tote::http {

inline constexpr std::int64_t hot_limit = 20, hot_limit_max = 100;

// The body of GET /v1/hot.
void append_hot(std::string& out, const HotEntities& hot, const Kinds& kinds);

// The body of GET /v1/overview.
void append_overview(std::string& out, const Overview::Page& page);

// The body of GET /v1/followers.
void append_followers(std::string& out, const std::vector<events::FollowerStatus>& followers, Lsn durable);

}  // namespace tote::http
