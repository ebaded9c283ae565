// Takes a sealed segment elsewhere by a command of the operator's, as PostgreSQL's archive_command: exit 0 says that it
// is there. It may be called again for a segment that is there already: after a crash nobody knows.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>

namespace tote::wal {

// `%p` becomes the path, `%f` the name, `%%` a percent sign. What is wrong with the command or the directory that paths
// begin with, empty when nothing is: a path is handed to a shell, so it must be made of A-Z a-z 0-9 . _ / + - @ = : ,
std::string problem_of_archive_command(const std::string& command, const std::string& directory);

std::string with_names(const std::string& command, const std::string& path, const std::string& name);

// Runs it with /bin/sh, nothing on its standard input, and waits; killed, with all that it has started, after so long
// or when `stopped` becomes true. Empty: it exited with 0. Else what happened.
std::string run_command(const std::string& command, std::int64_t timeout_ms, const std::atomic<bool>& stopped);

}  // namespace tote::wal
