// The end of a process whose disk has failed (DESIGN D4): nothing is retried, for nobody knows what is on the disk.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <string>

namespace tote::wal {

// Any thread. `sentence` says what failed.
[[noreturn]] inline void stop_for_failed_disk(const std::string& sentence) {
  constexpr int exit_code_io = 74;  // EX_IOERR
  std::fprintf(stderr, "tote: %s; stopped, nothing is retried\n", sentence.c_str());
  std::_Exit(exit_code_io);
}

}  // namespace tote::wal
