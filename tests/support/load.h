// Clients at work: each a thread and a connection, until as much was answered as wanted, or the server is gone.
#pragma once

#include <atomic>
#include <cstdint>
#include <thread>
#include <vector>

#include "tests/support/history.h"
#include "tests/support/workload.h"

namespace tests {

struct LoadOptions {
  std::uint16_t port = 0;
  std::uint64_t seed = 0;
  std::size_t clients = 12;
};

class Load {
 public:
  Load(World& world, const LoadOptions& options);
  ~Load() { finish(); }
  Load(const Load&) = delete;
  Load& operator=(const Load&) = delete;

  // Waits until so many requests were answered in all, or every client has given up.
  void wait_for(std::uint64_t answers) const;
  // No more is asked; what is on its way is waited for.
  History finish();

  // Connections that ended though no client wanted it.
  std::uint64_t lost_connections() const { return lost_; }

 private:
  void run(std::uint64_t seed, History& history);

  World& world_;
  std::uint16_t port_;
  std::atomic<bool> stop_{false};
  mutable std::atomic<std::uint64_t> answers_{0};
  std::atomic<std::uint64_t> lost_{0};
  std::vector<History> histories_;
  std::vector<std::thread> threads_;
};

}  // namespace tests
