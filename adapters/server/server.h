// The HTTP server: listens, reads requests, hands them to doors, writes the answers.
//
// Threads: everything happens on the loop thread of the host; only what says so may be called from another one.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "adapters/server/handler.h"
#include "adapters/server/host.h"
#include "adapters/server/options.h"

namespace tote::server {

class Forwarder;  // forwarder.h

// Why a server can't listen. Nothing was started.
struct ServerError {
  std::string detail;
};

struct HostPort {
  std::string host;  // of an IPv6 address: without brackets
  std::uint16_t port = 0;
};
std::optional<HostPort> split_listen(std::string_view listen);

class Server {
 public:
  using Listening = std::variant<std::unique_ptr<Server>, ServerError>;

  // Listens at once. `root`: the door of every path that no other has.
  static Listening listen(Host& host, Options options, std::shared_ptr<Handler> root);
  // Closes everything at once. On the loop thread, or when the loop doesn't run.
  ~Server();

  // Another door, for the paths below `prefix` ("/callbacks/acme"). On the loop thread, or before it runs.
  void mount(std::string prefix, std::shared_ptr<Handler> door);

  // From now on requests are answered by whom the forwarder knows, but for those that each node answers for itself;
  // until serve(): then those that come from then on are this server's own. Again and again, always with the same
  // forwarder. On the loop thread, or before it runs.
  void forward(std::shared_ptr<Forwarder> forwarder);
  void serve();
  // While they are forwarded the root answers reads that may be old (`Tote-Read: stale`), and says how old, so long as
  // `age_ms` says something (stale_door.h). On the loop thread, or before it runs.
  void read_stale(std::function<std::optional<std::int64_t>()> age_ms);

  // Who connects from now on is shown this one. A server that speaks plain HTTP stays so. On the loop thread.
  void change_tls(std::shared_ptr<const TlsContext> tls);

  std::uint16_t port() const;          // any thread
  const std::string& address() const;  // HOST:PORT as bound, any thread

  // Closes every connection at once: what is still answered reaches nobody. On the loop thread, or when it doesn't run.
  void cut();

  // Writes what doors have answered outside of a turn of the loop's. On the loop thread.
  void flush();

  // The listener closes, connections close after their next answer, idle ones at once; `done` is called
  // when the last is gone, after drain_grace_ms + drain_timeout_ms at most. Only the first call counts.
  void drain(std::function<void()> done);

  struct Impl;
  explicit Server(std::shared_ptr<Impl> impl);

 private:
  std::shared_ptr<Impl> impl_;
};

}  // namespace tote::server
