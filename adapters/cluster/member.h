// A node of a cluster, all of it, as a program owns it: the replica of the log on this disk, the register and the
// addresses of the others in etcd, and the log that an engine beside it works on.
//
//   Member member(options, told);             looks at etcd from now on; nothing else is there yet
//   engine_options.open_log = [&](wal::LogOptions log) { return member.open_log(std::move(log)); };
//   Engine::open(engine_options)              returns when this node owns the log, and has applied all of it
//
// Until then Engine::open stands by: it applies what is committed, as it becomes so. A server that is to answer
// meanwhile forwards to status().owner_http. When `on_stop` is called the process has to end and to begin again (it has
// applied what may be cut, and nothing undoes that): started again it comes back as a learner by itself.
//
// In etcd: `tote/<name>` is the register (replication/register.h); `tote/<name>/nodes/<node>` says where a node is:
// {"advertise":"10.0.0.1:7400","http":"http://10.0.0.1:8080","disk":"n1/…"}, or {"removed":true}. A disk is a node: a
// node that comes with another disk (an empty one, or a copy) is refused under its old name.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "wal/log.h"

namespace tote::cluster {

struct MemberOptions {
  std::string name = "tote";        // of the cluster: the same on all nodes; as a node's
  std::string node{};               // this node with its disk: 1 to 128 of A-Z a-z 0-9 . _ : -
  std::vector<std::string> etcd{};  // URLs of all members of etcd
  std::string listen{};             // for the other nodes: address and port, no name; port 0: a free one
  std::string advertise{};          // where they find it; empty: `listen`, as bound
  std::string http{};               // URL of this node's door, for clients and for nodes that forward
  std::size_t min_in_sync = 2;      // copies of whatever is acknowledged, 1 … 16; all nodes have the same
  std::string tls_certificate{}, tls_key{}, tls_ca{};     // files, of connections between nodes; empty: not encrypted
  std::string etcd_certificate{}, etcd_key{}, etcd_ca{};  // files, of https members of etcd

  std::int64_t heartbeat_ms = 100, silence_ms = 1'000;  // replication/options.h
  std::int64_t create_after_ms = 3'000;  // so long a node without records waits for another one to make the register
};

// What is wrong with them, naming the setting; empty: nothing.
std::string problem_of(const MemberOptions& options);

// A node as this one knows it.
struct NodeStatus {
  std::string node{}, advertise{}, http{};
  // filling: it has nothing in common with what the owner still keeps, and is given all of it.
  enum class State { owner, in_sync, learner, filling, away, removed } state = State::away;
  std::optional<Lsn> lsn{};  // what it is known to hold; the owner knows it of all, others of themselves
  std::optional<std::uint64_t> lag_records{};      // behind the owner's log
  std::uint64_t filled_bytes = 0, fill_bytes = 0;  // while it is filled: so many of so many; 0 of 0: not known yet
};
const char* name_of(NodeStatus::State state);  // "owner", "in_sync", …

struct MemberStatus {
  enum class State {
    starting,  // nothing is known yet: etcd hasn't answered, or the log is being proved
    standing_by,
    taking_over,  // owns the log, and isn't open yet
    owner,
    stopped
  } state = State::starting;
  std::string name{}, node{};
  std::uint64_t epoch = 0;         // of the register; 0: there is none
  std::string owner{};             // as the register says; empty: nobody yet
  std::string owner_http{};        // empty: nobody, or not known
  std::vector<std::string> isr{};  // in sync, the owner among them; sorted
  bool has_enough = false;         // of the owner: changes are taken
  Lsn lsn{}, committed{};          // this node's log; what of it is known to be acknowledged
  // Standing by: when the engine was last known to have all that the owner had committed; nothing: not yet.
  std::optional<std::chrono::steady_clock::time_point> had_all_at{};
  std::vector<NodeStatus> nodes{};  // all that etcd names, sorted
  std::string problem{};            // the last that there was, of etcd only while it lasts
};

class Member {
 public:
  struct Told {
    // This node does nothing any more: the process is to begin again. Once, on a thread of the member's.
    std::function<void(const std::string& why)> on_stop{};
    // This node can't be a part of the cluster as it is: the process is to end, and a person has to do something, which
    // the sentence says. Once, instead of on_stop. Before Engine::open has returned that says so, too.
    std::function<void(const std::string& why)> on_refused{};
    // Of etcd, a connection, or another node; it goes on. Not again within seconds. On any thread.
    std::function<void(const std::string& sentence)> on_problem{};
  };
  // What is done: empty, or why it wasn't. On a thread of the member's.
  using Done = std::function<void(const std::string& problem)>;

  // The options are sound.
  Member(MemberOptions options, Told told);
  // At once, as if the process had been killed: an engine beside it was closed before, or will never acknowledge
  // anything again.
  ~Member();
  Member(const Member&) = delete;
  Member& operator=(const Member&) = delete;

  // For Options::open_log, once: the log as an engine sees it. Waits for etcd and proves the log; its replay() then
  // returns when this node owns it. Damage without an LSN: this node can't be part of the cluster, in a sentence. The
  // log is gone before the member.
  wal::Log::Opened open_log(wal::LogOptions options);

  // -- any thread; none waits
  MemberStatus status() const;
  // Of the owner: hands the log over to a node in sync, which then opens. Nothing new is acknowledged meanwhile.
  void transfer(const std::string& node, Done done);
  // Says in etcd that a node isn't to be part of the cluster any more, or again. One that is removed stops, and refuses
  // to start; the owner goes on without it when it is silent.
  void set_removed(const std::string& node, bool is_removed, Done done);
  // The files that nodes show each other, for connections from now on; what is wrong with them is a problem.
  void reread_certificates();

 private:
  struct Running;
  std::unique_ptr<Running> running_;
};

}  // namespace tote::cluster
