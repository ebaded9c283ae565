// What a long-running server asks of its process: signals, file descriptors, a log on stderr.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace tote::cli {

// Before anything is opened. SIGPIPE is ignored: a peer that went away is an error of a write, not the end of the
// process.
// Until start_log() only warnings are logged: a reason not to start stands alone, as one sentence.
// `log_format`: log_lines.h.
void prepare_process(const std::string& log_level, const std::string& log_format);
// What this process may use: the machine's memory, or less where its control group says so.
std::uint64_t memory_bytes();
// So many files may be open at once.
std::size_t files_max();

// The process begins again, with its arguments, its environment and its id. Throws Failure.
[[noreturn]] void begin_again();

void start_log(const std::string& log_level);

// From now on SIGTERM and SIGINT end the process with 130, whatever its threads are doing.
void end_at_once_on_signals();

}  // namespace tote::cli
