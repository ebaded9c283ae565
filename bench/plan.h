// What to run: the arguments of `tote bench`.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace tote::bench {

struct Plan {
  std::string workload;
  std::uint64_t wallets = 0;         // 0: the workload's own
  double seconds = 10;               // measured, after the warm-up
  std::uint64_t entities_bytes = 0;  // at-rest: what entities may take in memory; 0: 32 bytes a wallet
  std::size_t batch = 256;           // commands in one submit
  std::size_t in_flight = 0;         // commands sent and not yet answered; 0: 32 batches, or 4096 single ones
  std::uint64_t requests = 0;        // recovery: records to write; flash-sale, last-seat: attempts; http: stop after so
                                     // many; 0: the workload's own
  std::uint64_t stock = 10'000;      // flash-sale, http --picks: what there is of the item
  std::size_t connections = 64;      // http
  std::string url;                   // http
  std::string data;                  // a fresh directory is made in here and removed at the end
  double every_s = 0;                // embedded: the rate of each so many seconds, too; 0: only the whole
  double rate = 0;                   // http, snapshots: requests a second, evenly; 0: as fast as answers come, 50000
  std::vector<std::size_t> parallel{5, 20, 200};  // callbacks: bets at once, one figure after the other
  std::vector<std::string> algorithms;            // callbacks: whose door is measured in the long run
  std::vector<std::string> etcd;                  // credits: the log is kept by a cluster; empty: by this process alone
  std::size_t replicas = 3;                       // credits: nodes of it in sync, this process among them
  std::size_t lines = 0;                          // http: commands in one POST /v1/batch; 0: a request each
  bool json = false;
  bool fixed_reply = false;  // http: the server answers all alike; create and check nothing
  bool get = false;          // http: plain GET / instead of credits
  bool picks = false;        // http: picks of one item instead of credits
  bool announce = false;     // say on standard error when the measured part begins, for a profiler
  bool help = false;

  double warm_up_s() const { return seconds < 2 ? seconds / 2 : 1; }
};

// The plan, or what is wrong with the arguments.
std::variant<Plan, std::string> plan_of(std::span<const std::string> args);

extern const char* const help_text;

}  // namespace tote::bench
