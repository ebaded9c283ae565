// Where the nodes of a cluster are, as each says in etcd: `<prefix><node>` is {"advertise":"…","http":"…","disk":"…",
// "fills":1} or {"removed":true}; `fills`: it gives what others lack, and takes it (wire.h, from packet 10 on). Looked
// at once a second; nothing of it is part of the protocol, which is safe whatever it says.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "adapters/cluster/etcd_client.h"
#include "adapters/cluster/etcd_wire.h"

namespace tote::cluster {

struct ListedNode {
  replication::NodeId node{};
  std::string advertise{}, http{}, disk{};
  bool is_removed = false;
  bool fills = false;
  std::int64_t revision = 0;
};

class NodeList {
 public:
  // Both are called on the thread of this object.
  struct Told {
    std::function<void(const std::vector<ListedNode>&)> on_nodes;  // sorted; each time it was looked
    std::function<void(const std::string&)> on_problem;
  };
  using Done = std::function<void(const std::string& problem)>;

  NodeList(const EtcdOptions& etcd, std::string prefix, replication::NodeId self, Told told);
  ~NodeList();
  NodeList(const NodeList&) = delete;
  NodeList& operator=(const NodeList&) = delete;

  // -- any thread
  // What etcd is to say of this node from now on, unless it is removed.
  void say(const std::string& advertise, const std::string& http, const std::string& disk);
  void set_removed(const std::string& node, bool is_removed, Done done);

  static constexpr std::int64_t looked_every_ms = 1'000;

 private:
  struct Change {
    std::string node{};
    bool is_removed = false;
    Done done{};
  };

  void run();
  void look();
  std::string list(std::vector<ListedNode>& nodes);
  std::string put(const std::string& node, std::int64_t expected, const std::string& value);
  std::string change(const Change& change);

  EtcdClient client_;  // of the thread
  const std::string prefix_;
  const replication::NodeId self_;
  const Told told_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::string said_;            // under the mutex, as what follows
  std::deque<Change> changes_;  // at most changes_max
  bool is_stopped_ = false;
  std::thread thread_;

  static constexpr std::size_t changes_max = 16;
};

}  // namespace tote::cluster
