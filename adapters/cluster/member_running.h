// What a member is made of. Private to member.cc and member_running.cc.
//
// Threads: open_log() is called on one that opens an engine; what Served has on the replica's; the list of nodes has
// its own. What they share is under the mutex.
#pragma once

#include <chrono>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "adapters/cluster/fill_threads.h"
#include "adapters/cluster/log_storage.h"
#include "adapters/cluster/member.h"
#include "adapters/cluster/node_list.h"
#include "adapters/cluster/replica.h"
#include "wal/frame_store.h"
#include "wal/replica_seam.h"

namespace tote::cluster {

struct Member::Running final : Served {
  Running(MemberOptions the_options, Told the_told);
  ~Running() override;

  wal::Log::Opened open_log(wal::LogOptions log);
  void transfer(const std::string& node, Done done);

  // -- Served
  std::optional<replication::Frame> claim(replication::Epoch epoch, const replication::Mark& end) override;
  std::optional<replication::Frame> next(replication::Epoch epoch, const replication::Mark& end) override;
  std::uint64_t asked() override { return seam->asked(); }
  void opened(replication::Epoch epoch) override;
  void durable(Lsn lsn) override { seam->durable(lsn); }
  void may_apply(Lsn lsn) override;
  void released(std::uint64_t number) override { seam->confirmed(number); }
  void needs_fill(const replication::NodeId& owner, const replication::Mark& end) override;
  void take_fill(const replication::NodeId& from, FillMessage said, const replication::Node& node) override;
  void stopped(const std::string& why) override;
  void problem(const std::string& sentence) override;
  void looked(const replication::Node& node, Time now) override;

  // -- bootstrap, on the thread that opens an engine; a sentence, or empty
  std::string wait_for_nodes();
  std::string read_register(replication::Registered& seen);
  std::string ask_register(const std::string& path, const std::string& body, replication::Registered& seen);
  std::string create_register(replication::Registered& seen);
  std::string check_disk(const wal::LogOptions& log);
  std::string join(replication::Registered& seen, wal::LogOptions log);
  void start_replica();
  bool sleep_ms(std::int64_t ms);  // false: it was stopped

  void take_nodes(const std::vector<ListedNode>& nodes);
  replication::Frame frame_of(std::string_view records, std::uint32_t count, replication::Epoch epoch,
                              const replication::Mark& end);
  void say(const replication::NodeId& to, FillMessage said);
  void make_taker();
  void drop_rest_of_fill();
  void show_fill(NodeStatus& of) const;
  EtcdOptions etcd_options() const;
  bool hears_etcd() const;
  std::string nodes_prefix() const { return "tote/" + options.name + "/nodes/"; }

  // What is waited for: an owner that hands over stops, or goes on.
  struct Transfer {
    Done done{};
    Time until{};
  };

  const MemberOptions options;
  const Told told;
  const std::shared_ptr<wal::ReplicaSeam> seam = std::make_shared<wal::ReplicaSeam>();
  std::size_t frame_bytes_max = 0;
  std::string disk{};  // this one (wal/store.h)
  std::shared_ptr<wal::FrameStore> frames;
  wal::FrameBuilder builder;  // of the replica's thread, as is `transferring`
  std::optional<Transfer> transferring;
  EtcdClient client;  // of the thread that opens an engine

  mutable std::mutex mutex;
  std::condition_variable changed;
  MemberStatus status;  // under the mutex, as what follows
  std::vector<ListedNode> listed;
  std::chrono::steady_clock::time_point listed_at{};                      // when etcd has answered last
  bool has_listed = false, has_ended = false;                             // told that it is over
  std::string ended;                                                      // why
  std::map<std::string, std::chrono::steady_clock::time_point> problems;  // when each was told last, by how it begins
  Lsn applied{};
  replication::Node::Heard awaited{};  // what the owner said that the engine hasn't come to

  std::mutex replica_mutex;  // of the pointer; others only post to it
  std::unique_ptr<LogStorage> storage;
  std::unique_ptr<Replica> replica;
  // Of the replica's thread, while there is one; made when they are needed.
  std::unique_ptr<FillGiverThread> giver;
  std::unique_ptr<FillTakerThread> taker;
  bool may_have_rest = true;        // of a fill that broke off, before this start
  std::unique_ptr<NodeList> nodes;  // last: it ends first
};

}  // namespace tote::cluster
