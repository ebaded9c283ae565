// How a subcommand gives up: thrown anywhere below, turned into a sentence on stderr and an exit code in one place.
#pragma once

#include <stdexcept>

namespace tote::cli {

inline constexpr int exit_ok = 0;
inline constexpr int exit_failure = 1;  // it was asked rightly and can't be done, or the log is damaged
inline constexpr int exit_usage = 2;    // it was asked wrongly: flags, environment, tote.toml, a path

inline constexpr int exit_unknown =
    3;  // the log is sound as far as it was read, but has a kind this program doesn't know

struct UnknownKind : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct UsageError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct Failure : std::runtime_error {
  using std::runtime_error::runtime_error;
};

}  // namespace tote::cli
