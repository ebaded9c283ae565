// What the API tells and changes of a cluster, as the program has it.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace tote::http {

// As one node knows it.
struct ClusterView {
  struct Node {
    std::string node, http;
    std::string state;  // owner, in_sync, learner, away, removed
    std::optional<std::uint64_t> lsn{}, lag_records{};
    bool is_filling = false;                         // a learner that is given all of the owner's log …
    std::uint64_t filled_bytes = 0, fill_bytes = 0;  // … and how much of that it has
  };
  std::string node;
  std::string state;  // of this node: starting, standing_by, taking_over, owner, stopped
  std::uint64_t epoch = 0;
  std::string owner{};
  std::vector<std::string> isr{};
  std::vector<Node> nodes{};
  std::string problem{};  // why nothing goes on; empty: nothing is wrong
};

struct ClusterPort {
  // What is done: empty, or a sentence that says why it isn't. On any thread.
  using Done = std::function<void(const std::string& problem)>;

  std::function<ClusterView()> view;  // these three: on the loop thread, none waits
  std::function<void(const std::string& node, Done)> transfer;
  std::function<void(const std::string& node, bool is_removed, Done)> set_removed;
};

// The body of GET /v1/cluster.
void append_cluster(std::string& out, const ClusterView& view);

}  // namespace tote::http
