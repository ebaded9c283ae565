// The connections between nodes: one in each direction, over TCP, made when there is something to say and made again
// when it breaks. A message that has no way now is dropped: the protocol says it again. Packets: wire.h.
//
// With TLS both sides show a certificate that the cluster's authority has signed and that names the node. Without, it
// is for loopback. One thread, that of the io_context.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "adapters/cluster/wire.h"

namespace boost::asio {
class io_context;
}

namespace tote::cluster {

struct LinkOptions {
  std::string shard{};
  replication::NodeId self{};
  std::string listen = "127.0.0.1:0";        // address and port; 0: a free one
  std::int64_t retry_ms = 50;                // between two tries to connect
  std::size_t queued_bytes_max = 64 << 20;   // to one node, not yet with the kernel; what comes then is dropped
  std::size_t connections_max = 64;          // from others
  std::int64_t connect_timeout_ms = 2'000;   // until a connection can be used
  std::int64_t greeting_timeout_ms = 5'000;  // until another node has said who it is
  // What was said isn't acknowledged for so long: the connection is made anew. TCP itself would try again ever more
  // rarely, so that a network that was cut for a minute would be cut for up to another one.
  std::int64_t acknowledged_timeout_ms = 1'000;
  std::string tls_certificate{}, tls_key{}, tls_ca{};  // PEM files; empty: no TLS
};

class Links {
 public:
  struct Told {
    std::function<void(const replication::NodeId& from, replication::Message message)> on_message;
    std::function<void(const replication::NodeId& from, FillMessage message)> on_fill;
    std::function<void(const std::string& sentence)> on_problem;  // of a connection that was closed for it
  };

  // Throws std::runtime_error when it can't listen there, or a file can't be used.
  Links(boost::asio::io_context& io, LinkOptions options, Told told);
  ~Links();  // at once; nothing is told any more
  Links(const Links&) = delete;
  Links& operator=(const Links&) = delete;

  std::uint16_t port() const;
  // Where a node listens: address and port. Numbers, no names: nothing is looked up here. Throws std::runtime_error
  // when it isn't that.
  void know(const replication::NodeId& node, const std::string& address);
  void send(const replication::NodeId& to, const replication::Message& message);
  void send(const replication::NodeId& to, const FillMessage& message);
  // The files of the certificate, its key and the authority, again: for connections that are made from now on. Empty,
  // or what is wrong with them; then those that were read before hold.
  std::string reread_certificates();

 private:
  struct All;
  std::shared_ptr<All> all_;
};

}  // namespace tote::cluster
