// The radar, the overview and the alerts of a server as lines for people: pure, of the bodies of GET /v1/hot,
// /v1/overview and /v1/alerts.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace tote::cli {

// A line of names, then a line an entity. Throws Failure when the body isn't such a one.
std::string hot_text(std::string_view hot);

// The figures of the newest moment, some lines.
std::string overview_text(std::string_view overview);

// Three lines an alert: of what and since when, what it says, what to do. The same.
std::string alerts_text(std::string_view alerts);

// As much of a text as a screen of so many columns and lines shows without wrapping or scrolling it; 0: any number.
std::string cropped(std::string_view text, std::size_t columns, std::size_t lines);

// ": " and what a problem says, without anything that steers a terminal; empty when it is none.
std::string detail_text(std::string_view problem);

}  // namespace tote::cli
