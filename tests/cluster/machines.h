// Machines of a cluster in one process: each a Member and an Engine over a directory of its own, with a real etcd.
#pragma once

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <thread>
#include <vector>

#include "adapters/cluster/member.h"
#include "engine/tote.h"
#include "tests/cluster/etcd_servers.h"
#include "tests/temp_directory.h"

namespace tote::cluster::test {

using Clock = std::chrono::steady_clock;

class Machine {
 public:
  Machine(std::string node, const tests::EtcdServers& etcd, Kinds kinds);
  ~Machine() { kill(); }

  void start();
  // At once: what is in its memory is gone, and nobody hears of it again.
  void kill();

  bool is_running() const { return member_ != nullptr; }
  // Its engine, where it is the owner; else null.
  Engine* engine() const { return is_open_ ? engine_.get() : nullptr; }
  // Its engine's answer, or nothing where it has none. Any thread, while others kill it.
  std::optional<Outcome> call(Request request);
  Member& member() { return *member_; }
  MemberStatus status() const { return member_->status(); }
  const std::string& node() const { return node_; }
  const std::string& directory() const { return data_; }
  void use_directory(const std::string& data) { data_ = data; }
  bool has_stopped() const { return has_stopped_; }
  std::string refusal() const;  // why it isn't a part of the cluster
  std::size_t min_in_sync = 2;
  std::function<void(Options&)> change_options;  // of its engine, before start()

 private:
  const std::string node_;
  const std::vector<std::string> etcd_;
  const Kinds kinds_;
  const int port_;
  tests::TempDirectory directory_;
  std::string data_ = directory_.file("log");
  std::unique_ptr<Member> member_;
  std::unique_ptr<Engine> engine_;
  std::thread opening_;
  std::atomic<bool> is_open_{false}, has_stopped_{false}, has_asked_{false};
  std::shared_mutex calling_;  // held by those who call
  mutable std::mutex mutex_;
  std::string refusal_;
};

class Machines {
 public:
  // Not started.
  explicit Machines(std::size_t count = 3, std::size_t etcd_members = 1);

  Machine& at(std::size_t number) { return *machines_[number]; }
  std::size_t size() const { return machines_.size(); }
  // All started, one of them open, the others in sync.
  void start_all();
  // The one whose engine is open: the test ends when there is none after a while.
  Machine& owner();
  Machine* look_for_owner();
  void wait_for_in_sync(std::size_t count);
  std::string refusals() const;  // a line of each machine
  tests::EtcdServers& etcd() { return etcd_; }

  static void wait(const std::function<bool()>& is_so, const char* what);

 private:
  tests::EtcdServers etcd_;
  std::vector<std::unique_ptr<Machine>> machines_;
};

}  // namespace tote::cluster::test
