// What the door answers by itself: pages for people and for machines.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "adapters/http/problems.h"

namespace tote::http {

std::string home_page(std::string_view version);
std::string version_page(std::string_view version, std::string_view instance);
// GET /problems/{code}: what it means and what to do. HTML.
std::string problem_page(const ProblemKind& kind);
// `reason` is why not: recovering, log_full, draining; empty: ready.
std::string ready_page(std::string_view reason);

}  // namespace tote::http
