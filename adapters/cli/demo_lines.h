// What `tote demo` shows: lines of curl with what to expect of each. They are printed to be pasted, or run by the tour.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace tote::cli {

// Each comment begins with the status to expect; tests/cli pastes every line and compares.
struct Line {
  // What an answer shows once what happens by itself has happened: so often this text.
  struct Later {
    std::string_view text = {};
    std::size_t times = 0;
  };

  std::string_view expect;
  std::string_view path;
  std::string_view more;       // the rest of the curl line
  std::string_view race = {};  // so many do it at once, each as $n: only their statuses are shown
  std::string_view prefix = "v1/";
  bool is_counted = false;  // of a race: how often which status, instead of each
  Later later = {};
};

std::span<const Line> demo_lines();
// The tour kills the server behind the line that asks for this, starts it again, and then runs those.
inline constexpr std::string_view last_path_before_crash = "outcomes/order-18";
std::span<const Line> demo_lines_after_crash();

// For a shell with curl. `files`: the directory of what the demo's providers have signed.
std::string command_of(const Line& line, const std::string& url, const std::string& files);

}  // namespace tote::cli
