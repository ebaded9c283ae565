// The HTTP door: listens, reads requests, hands them to the engine, writes the answers (API.md, Common).
//
// Threads: everything happens on the loop thread of the host; only what says so may be called from another one.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "adapters/http/access.h"
#include "adapters/http/answers.h"
#include "adapters/http/destination_view.h"
#include "adapters/http/gateway_port.h"
#include "adapters/http/host.h"
#include "adapters/http/projection_view.h"

namespace tote::http {

struct ServerOptions {
  std::string listen = "127.0.0.1:8080";  // HOST:PORT, [::1]:8080; port 0 = any free one, see Server::port()
  std::vector<TenantTokens> tenants;      // none: everybody is tenant `default`, and only loopback may be listened on
  Kinds kinds;                            // how answers are written: the same list as the engine's
  bool require_idempotency_key = false;
  std::size_t refusing_max = 256;         // connections that are being told 503; beyond: closed without a word
  std::size_t batch_bytes_max = 1 << 20;  // of POST /v1/batch
  std::size_t body_bytes_max = std::size_t{64} << 10;
  std::size_t header_bytes_max = std::size_t{16} << 10;
  // What all tenants share (quotas.h); with one alone, beyond it is 503 overloaded.
  std::size_t connections_max = 10'000;
  std::size_t requests_in_flight_max = 262'144;
  std::size_t streams_max = 256;
  std::size_t histories_max = 64;
  std::size_t pages_max = 512;  // of the log, being read
  std::size_t batches_max = 128;
  std::size_t projections_max = 10'000;                   // requests that wait for PostgreSQL
  std::size_t unsent_bytes_max = std::size_t{256} << 20;  // beyond: no pages and batches, whose answers are large
  std::size_t pipeline_depth_max = 64;  // requests of one connection that wait for their answers; beyond: not read
  std::int64_t header_timeout_ms = 10'000;
  std::int64_t body_timeout_ms = 30'000;  // also: how long a client may leave an answer unread
  std::int64_t idle_timeout_ms = 75'000;
  std::int64_t drain_grace_ms = 0;             // drain: how long the listener stays open while /readyz already fails
  std::int64_t drain_timeout_ms = 5'000;       // drain: then every connection is closed
  std::optional<GatewayPort> gateway;          // none: no such paths
  std::function<ProjectionView()> projection;  // none: no such path; any thread's, called on the loop thread
  std::function<std::vector<DestinationView>()> destinations;  // for the metrics; on the loop thread
  std::string version = "0.0.0";                               // GET /version
  std::string instance;                                        // GET /version: which of several servers this is
};

// Why a server can't listen. Nothing was started.
struct ServerError {
  std::string detail;
};

class Server {
 public:
  using Listening = std::variant<std::unique_ptr<Server>, ServerError>;

  // Listens at once; before the engine is attached every request for it is answered 503 and /readyz says `recovering`.
  static Listening listen(Host& host, ServerOptions options);
  // Closes everything at once. On the loop thread, or when the loop doesn't run.
  ~Server();

  // The engine, also attached to the host by the caller. It must answer or outlive everything it was given: close it
  // before the server is destroyed. Nothing on success, else what is wrong (too many tenants).
  std::string attach(Engine& engine);

  std::uint16_t port() const;          // any thread
  const std::string& address() const;  // HOST:PORT as bound, any thread

  // The projection's cursor has moved: who waits for it is answered. On the loop thread.
  void projection_moved();

  // /readyz fails, the listener closes, connections close after their next answer, idle ones at once; `done` is called
  // when the last is gone, after drain_grace_ms + drain_timeout_ms at most. Only the first call counts.
  void drain(std::function<void()> done);

  struct Impl;
  explicit Server(std::shared_ptr<Impl> impl);

 private:
  std::shared_ptr<Impl> impl_;
};

}  // namespace tote::http
