// What a server takes, and for how long it waits.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "adapters/server/tls.h"

namespace tote::server {

struct Options {
  std::string listen = "127.0.0.1:8080";    // HOST:PORT, [::1]:8080; port 0 = any free one, see Server::port()
  std::shared_ptr<const TlsContext> tls{};  // null: plain HTTP
  std::size_t handshakes_max = 1'024;       // of TLS at a time; beyond: the oldest is closed
  std::size_t refusing_max = 256;           // connections that are being told 503; beyond: closed without a word
  std::size_t header_bytes_max = std::size_t{16} << 10;
  std::size_t connections_max = 10'000;
  std::size_t pipeline_depth_max = 64;  // requests of one connection that wait for their answers; beyond: not read
  bool strangers_make_way = false;      // when there are too many connections: the oldest that is nobody's is closed
  std::int64_t header_timeout_ms = 10'000;
  std::int64_t body_timeout_ms = 30'000;  // also: how long a client may leave an answer unread
  std::int64_t idle_timeout_ms = 75'000;
  std::int64_t drain_grace_ms = 0;        // drain: how long the listener stays open while /readyz already fails
  std::int64_t drain_timeout_ms = 5'000;  // drain: then every connection is closed
};

}  // namespace tote::server
