// The end of a process whose disk has failed (DESIGN D4): nothing is retried, for nobody knows what is on the disk.
#pragma once

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <string>
#include <utility>

namespace tote::wal {

// Any thread. `sentence` says what failed.
[[noreturn]] inline void stop_for_failed_disk(const std::string& sentence) {
  constexpr int exit_code_io = 74;  // EX_IOERR
  std::fprintf(stderr, "tote: %s; stopped, nothing is retried\n", sentence.c_str());
  std::_Exit(exit_code_io);
}

// The guard of the disk and the writer meet the same failure.
inline std::function<void(const std::string&)> told_once(std::function<void(const std::string&)> on_failure) {
  if (!on_failure) return stop_for_failed_disk;
  auto told = std::make_shared<std::atomic<bool>>(false);
  return [told, on_failure = std::move(on_failure)](const std::string& sentence) {
    if (!told->exchange(true)) on_failure(sentence);
  };
}

}  // namespace tote::wal
