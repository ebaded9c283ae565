// A node of the protocol as it runs: on a thread of its own, with the clock, the register in etcd, the connections to
// the others and a disk. It carries out what the node demands; what it means to the engine is told by Served.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "adapters/cluster/etcd.h"
#include "adapters/cluster/links.h"
#include "replication/node.h"

namespace tote::cluster {

struct ReplicaOptions {
  replication::Options node{};
  LinkOptions links{};  // `self` is the node's
  EtcdOptions etcd{};
  std::map<replication::NodeId, std::string> peers{};  // where the others listen: address and port
};

// The log on this node's disk. Called on the replica's thread, but for what it calls back.
class Storage : public replication::LogView {
 public:
  virtual replication::Kept kept() const = 0;
  // The log shows it at once; `on_synced` is called, on any thread, when it would survive a power cut. In order.
  virtual void write(const replication::Write& write, std::function<void()> on_synced) = 0;
};

// The engine beside a replica. Called on the replica's thread, one call after the other; none may take long.
class Served {
 public:
  virtual ~Served() = default;

  // This node owns the log: the first frame of the epoch, to follow `end`. Nothing: not yet, ask again soon.
  virtual std::optional<replication::Frame> claim(replication::Epoch epoch, const replication::Mark& end) = 0;
  // The log is open: the next frame, to follow `end`. Nothing: there is none, wake() when there is.
  virtual std::optional<replication::Frame> next(replication::Epoch, const replication::Mark&) { return {}; }
  // The number of the newest question whether anybody else owns the log: released() answers it, and those before it.
  virtual std::uint64_t asked() { return 0; }
  virtual void opened(replication::Epoch epoch) = 0;
  virtual void durable(Lsn lsn) = 0;
  virtual void may_apply(Lsn lsn) = 0;
  virtual void released(std::uint64_t number) = 0;
  // Some 20 times a second: how things are.
  virtual void looked(const replication::Node&, Time) {}
  // This node's log, which ends there, is to be replaced by the owner's; again and again while it is so.
  virtual void needs_fill(const replication::NodeId&, const replication::Mark&) {}
  virtual void take_fill(const replication::NodeId&, FillMessage, const replication::Node&) {}
  // The process should end: this replica does nothing any more.
  virtual void stopped(const std::string& why) = 0;
  virtual void problem(const std::string& sentence) = 0;  // of etcd or a connection; it goes on
};

class Replica {
 public:
  // Both outlive it. Throws std::runtime_error when it can't listen.
  Replica(ReplicaOptions options, Storage& storage, Served& served);
  ~Replica();  // at once, as if the process had been killed
  Replica(const Replica&) = delete;
  Replica& operator=(const Replica&) = delete;

  std::uint16_t port() const;
  // What is done with the node, on its thread, soon. Any thread.
  using Work = std::function<void(replication::Node& node, Time now)>;
  void post(Work work);
  void know(const replication::NodeId& node, const std::string& address);
  // Soon, for connections made from then on; what is wrong with the files is a problem() of Served's. Any thread.
  void reread_certificates();
  void send(const replication::NodeId& to, FillMessage said);  // any thread
  void wake();                                                 // Served has something new. Any thread

 private:
  struct Running;
  std::unique_ptr<Running> running_;
};

}  // namespace tote::cluster
