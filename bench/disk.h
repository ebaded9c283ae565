// The disk that a workload runs on: a directory of its own, and what a sync costs there.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "bench/histogram.h"

namespace tote::bench {

// A fresh directory, removed with everything in it at the end.
class ScratchDirectory {
 public:
  explicit ScratchDirectory(const std::string& parent);  // empty: build/ here, else $TMPDIR, else here
  ~ScratchDirectory();
  ScratchDirectory(const ScratchDirectory&) = delete;
  ScratchDirectory& operator=(const ScratchDirectory&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::uint64_t bytes() const;  // of all files in it
  bool in_memory() const;       // tmpfs: nothing measured there is durable

 private:
  std::filesystem::path path_;
};

// Appends 512 bytes and syncs them, again and again.
Histogram sync_latency(const std::filesystem::path& directory, double seconds);

}  // namespace tote::bench
