// The API over HTTP (API.md): the door of the engine, on a server.
//
// Threads: everything happens on the loop thread of the host; only what says so may be called from another one.
#pragma once

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
#include "adapters/http/cluster_port.h"
#include "adapters/http/gateway_port.h"
#include "adapters/server/server.h"

namespace tote::events {
class Followers;
}
namespace tote::server {
class Forwarder;
}

namespace tote::http {

using server::Host, server::ServerError;

class Alerts;  // alerts.h
class Door;    // door.h

struct ServerOptions : server::Options {
  std::vector<TenantTokens> tenants;  // none: everybody is tenant `default`, and only loopback may be listened on
  std::vector<NamedToken> operators;  // of the whole server; only with tenants
  Kinds kinds;                        // how answers are written: the same list as the engine's
  bool require_idempotency_key = false;
  std::string admin_listen;  // HOST:PORT, plain HTTP: health, figures and console are there and nowhere else
  std::size_t batch_bytes_max = 1 << 20;  // of POST /v1/batch
  std::size_t body_bytes_max = std::size_t{64} << 10;
  // What all tenants share (quotas.h), as they do the connections; with one alone, beyond it is 503 overloaded.
  std::size_t requests_in_flight_max = 262'144;
  std::size_t streams_max = 256;
  std::size_t histories_max = 64;
  std::size_t pages_max = 512;  // of the log, being read
  std::size_t batches_max = 128;
  std::size_t projections_max = 10'000;                   // requests that wait for PostgreSQL
  std::size_t unsent_bytes_max = std::size_t{256} << 20;  // beyond: no pages and batches, whose answers are large
  std::optional<GatewayPort> gateway;                     // none: no such paths
  std::optional<ClusterPort> cluster;                     // none: one machine
  bool accepts_cards = false;                             // there is another gateway
  std::vector<std::string> card_webhooks;                 // names: orders may say that they are paid for by one
  const events::Followers* followers = nullptr;           // of the engine's log; null: none. They outlive the server
  bool makes_backups = false;                             // the engine has a directory for them
  Alerts* alerts = nullptr;                               // what GET /v1/alerts tells; null: none. They outlive it, too
  std::string version = "0.0.0";                          // GET /version
  std::string instance;                                   // GET /version: which of several servers this is
};

// The server with the API as its root.
class Server {
 public:
  using Listening = std::variant<std::unique_ptr<Server>, ServerError>;

  // Listens at once; before the engine is attached every request for it is answered 503 and /readyz says `recovering`.
  static Listening listen(Host& host, ServerOptions options);

  // Until attach() or serve() requests are handed on to the node that has the log, and answered there. Again and again,
  // always with the same forwarder. On the loop thread, or before it runs.
  void forward(std::shared_ptr<server::Forwarder> forwarder);
  void serve();
  // The engine, also attached to the host by the caller. It must answer or outlive everything it was given: close it
  // before the server is destroyed. Nothing on success, else what is wrong (too many tenants).
  std::string attach(Engine& engine);
  // The same, while requests are handed on: the engine answers reads that may be old, so long as `age_ms` says how old
  // what it has is (server/stale_door.h). Once; serve() is next.
  std::string attach_stale(Engine& engine, const std::function<std::optional<std::int64_t>()>& age_ms);

  // Other tokens from the next request on; the tenants stay. What is wrong with them: then nothing has changed. On the
  // loop thread, as is the next.
  std::string change_tokens(std::vector<TenantTokens> tenants, std::vector<NamedToken> operators = {});
  // Whether the settings that were read last were refused: /metrics tells it.
  void settings_refused(bool are_refused);

  // A door beside the API, and all else that any server can.
  server::Server& doors() { return *server_; }
  // The same for doors that operators use: of their listener, where there is one.
  server::Server& operators_doors() { return admin_ == nullptr ? *server_ : *admin_; }
  const std::string& admin_address() const { return admin_->address(); }       // only where there is one; any thread
  std::uint16_t port() const { return server_->port(); }                       // any thread
  const std::string& address() const { return server_->address(); }            // HOST:PORT as bound, any thread
  void drain(std::function<void()> done) { server_->drain(std::move(done)); }  // and /readyz fails

  // Closes every connection at once: what the engine still answers reaches nobody. As server::Server's.
  void cut();

  // Writes what was answered outside of a turn of the loop's. On the loop thread.
  void flush();

  // The projection's cursor has moved: who waits for it is answered. On the loop thread.
  void projection_moved();

 private:
  Server(std::shared_ptr<Door> door, std::unique_ptr<server::Server> server)
      : door_(std::move(door)), server_(std::move(server)) {}

  std::string listen_admin(Host& host, server::Options options, const std::string& listen);

  std::shared_ptr<Door> door_;
  std::unique_ptr<server::Server> server_;
  std::unique_ptr<server::Server> admin_;  // null: none. Its door asks the other server
};

}  // namespace tote::http
