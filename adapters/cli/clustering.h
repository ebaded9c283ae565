// A server's part in a cluster: the node that it is, and what becomes of requests while another node has the log.
//
// All of it on the loop thread, but for what says so.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "adapters/cli/settings.h"
#include "adapters/cluster/member.h"
#include "adapters/http/server.h"
#include "adapters/server/condition_wait.h"
#include "adapters/server/forwarder.h"

namespace tote::cli {

class Clustering {
 public:
  // On the loop thread.
  struct Told {
    std::function<void(const std::string& why)> on_stop;     // the process is to begin again
    std::function<void(const std::string& why)> on_refused;  // it is to end
    std::function<void()> on_reached;                        // once: requests can be handed on
  };

  // Looks at etcd from now on. Throws UsageError when the settings' files are wrong.
  Clustering(http::Host& host, const Settings& settings, Told told);
  Clustering(const Clustering&) = delete;
  Clustering& operator=(const Clustering&) = delete;

  http::ClusterPort port();
  // Requests are handed on from now on. The server ends before this does.
  void forward(http::Server& server);
  // Until this node has the log. On the thread that opens an engine, whose log is gone before this is.
  wal::Log::Opened open_log(wal::LogOptions log) { return member_.open_log(std::move(log)); }
  // The server answers by itself from now on. `is_idle`: whether nothing waits for this node's engine.
  void serve(std::function<bool()> is_idle);
  // The log goes to the node that is least behind, if one is in sync; `then` when that is done, or can't be.
  void hand_over(std::function<void()> then);
  // Calls `then` once what waits here was handed on to the next owner, as far as one is known.
  void finish(std::function<void()> then);
  // What nodes show each other, for connections made from now on: as read_tls() has it on any thread, then take_tls()
  // on the loop's. A sentence when it can't be used: what was read before holds.
  static server::TlsContext::Read read_tls(const Settings& settings);
  std::string take_tls(const server::TlsContext::Read& read);

  // Milliseconds since this node's engine was last known to have all that the owner had; nothing: it never was,
  // or it owns the log.
  std::optional<std::int64_t> age_ms() const;
  cluster::MemberStatus status() const { return member_.status(); }  // any thread

 private:
  cluster::Member::Told told_by(http::Host& host, Told told);
  server::ForwarderOptions forwarder_options(const Settings& settings, std::function<void()> on_reached);
  std::string owner_url() const;
  std::string url_of(const std::string& node) const;
  void transfer(const std::string& node, http::ClusterPort::Done done);
  void yield(const std::string& node, bool was_serving, http::ClusterPort::Done done);
  void go_on();

  http::Host& host_;
  cluster::Member member_;
  const std::shared_ptr<server::Forwarder> forwarder_;
  http::Server* server_ = nullptr;
  std::function<bool()> engine_is_idle_{};
  bool is_serving_ = false;
  std::string next_url_{};  // of whom the log was handed over to
  server::ConditionWait yield_wait_{host_}, end_wait_{host_};
};

}  // namespace tote::cli
