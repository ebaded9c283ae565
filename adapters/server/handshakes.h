// Handshakes of TLS, on a thread of their own: a signature takes up to some milliseconds, and the loop has other
// clients. Private to the room: it brings Boost.Asio.
#pragma once

#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <string>
#include <thread>

#include "adapters/server/tls.h"
#include "adapters/server/wire.h"

namespace tote::server {

class Handshake;

class Handshakes {
 public:
  struct Limits {
    std::size_t open_max = 1'024;  // beyond: whoever has been at it for the longest time makes way
    std::int64_t timeout_ms = 10'000;
    std::string plain_answer;  // to a client that speaks HTTP without TLS
  };
  // A socket, the receiver's from now on, and what was agreed on it; null: it failed. On the thread of the handshakes,
  // or within begin().
  using Done = std::function<void(int socket, SslPtr ssl)>;

  Handshakes(Limits limits, Done done);
  ~Handshakes();

  // Takes the socket over. From any thread.
  void begin(int socket, std::shared_ptr<const TlsContext> context);

 private:
  friend class Handshake;
  using List = std::list<std::shared_ptr<Handshake>>;

  void start(const std::shared_ptr<Handshake>& handshake);
  void end(Handshake& handshake, SslPtr ssl);

  const Limits limits_;
  const Done done_;
  std::atomic<std::size_t> begun_ = 0;  // and not ended
  boost::asio::io_context io_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{io_.get_executor()};
  List open_;  // oldest first; its thread only
  std::thread thread_;
};

}  // namespace tote::server
