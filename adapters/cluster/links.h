// The connections between nodes: one in each direction, over TCP, made when there is something to say and made again
// when it breaks. A message that has no way now is dropped: the protocol says it again. Packets: wire.h.
//
// One thread, that of the io_context. Not encrypted yet, so for loopback and tests alone.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "replication/message.h"

namespace boost::asio {
class io_context;
}

namespace tote::cluster {

struct LinkOptions {
  std::string shard{};
  replication::NodeId self{};
  std::string listen = "127.0.0.1:0";       // address and port; 0: a free one
  std::int64_t retry_ms = 50;               // between two tries to connect
  std::size_t queued_bytes_max = 64 << 20;  // to one node, not yet with the kernel; what comes then is dropped
  std::size_t connections_max = 64;         // from others
};

class Links {
 public:
  struct Told {
    std::function<void(const replication::NodeId& from, replication::Message message)> on_message;
    std::function<void(const std::string& sentence)> on_problem;  // of a connection that was closed for it
  };

  // Throws std::runtime_error when it can't listen there.
  Links(boost::asio::io_context& io, LinkOptions options, Told told);
  ~Links();  // at once; nothing is told any more
  Links(const Links&) = delete;
  Links& operator=(const Links&) = delete;

  std::uint16_t port() const;
  // Where a node listens: address and port. Numbers, no names: nothing is looked up here.
  void know(const replication::NodeId& node, const std::string& address);
  void send(const replication::NodeId& to, const replication::Message& message);

 private:
  struct All;
  std::shared_ptr<All> all_;
};

}  // namespace tote::cluster
