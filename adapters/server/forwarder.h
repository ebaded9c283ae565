// Hands requests on to another server of the same kind, over connections that it keeps: a node that hasn't the log
// gives them to the one that has. A request is sent once: when no answer came, whether it was done isn't known, and who
// asked is told so; only reads are sent again, once.
//
// Threads: all of it on the loop thread of the host.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "adapters/server/count.h"
#include "adapters/server/failure.h"
#include "adapters/server/handler.h"
#include "adapters/server/host.h"
#include "adapters/server/message.h"
#include "adapters/server/tls.h"

namespace tote::server {

// Says that a node has handed the request on, and which: it isn't handed on again.
inline constexpr std::string_view forwarded_header = "Tote-Forwarded";
// Of an answer: who was given the request hasn't the log either, and did nothing. So it is sent again.
inline constexpr std::string_view not_here_header = "Tote-Not-Here";

struct ForwarderOptions {
  std::string node{};  // this one's name
  // Whom to aim at (below), asked again and again; null: what aim() says.
  std::function<std::string()> find{};
  std::function<void()> on_reached{};              // once: there was a connection
  std::shared_ptr<const TlsContext> tls{};         // of https:// (read_client); null: such a URL can't be reached
  std::size_t connections_max = 512;               // beyond: requests wait
  std::size_t idle_max = 64;                       // kept open
  std::size_t streams_max = 256;                   // answers without an end; beyond: unavailable
  std::size_t requests_max = 10'000;               // in all; beyond: overloaded
  std::size_t bytes_max = std::size_t{256} << 20;  // of their bodies and answers; beyond: overloaded, or unanswered
  std::size_t answer_bytes_max = std::size_t{16} << 20;  // kept whole; a longer one is passed on as it comes
  std::int64_t connect_timeout_ms = 1'000;
  std::int64_t wait_ms = 3'000;             // for a connection, or for somebody to have the log; then unavailable
  std::int64_t answer_timeout_ms = 60'000;  // without a byte of the answer
  std::int64_t grace_ms = 500;              // for answers of one whom nothing is sent to any more
  std::int64_t idle_timeout_ms = 30'000;    // shorter than the other side's
};

class Forwarder {
 public:
  // What came: all of it, or its beginning and `rest`.
  struct Answered {
    std::optional<Failure> failure{};  // nothing did: unavailable, unanswered, overloaded
    std::string head{};                // status line and headers, but those of the connection; without the empty line
    std::string body{};
    std::unique_ptr<Stream> rest{};
  };
  using Done = std::function<void(Answered&& answered)>;
  using Id = std::uint64_t;

  Forwarder(Host& host, ForwarderOptions options);
  ~Forwarder();  // nobody is told any more
  Forwarder(const Forwarder&) = delete;
  Forwarder& operator=(const Forwarder&) = delete;

  // Whom requests go to from now on: "http://host:port", https; empty: nobody is known, so they wait. What the one
  // before has been sent it may still answer, for a moment.
  void aim(const std::string& url);
  // What it shows, and whom it believes, on connections made from now on.
  void change_tls(std::shared_ptr<const TlsContext> tls);
  // Whether requests can be expected to come through.
  bool can_reach() const;

  // `message` stays until `done` is called, which is within the server's `state`, never within ask().
  Id ask(const Message& message, const State& state, Done done);
  // `done` isn't called any more.
  void cancel(Id id);
  bool is_idle() const;  // nothing is on its way

  const std::string& node() const;
  Counts counts() const;

  struct Impl;  // forwarder_impl.h

 private:
  std::shared_ptr<Impl> impl_;
};

// What is wrong with a URL to forward to: a sentence without its subject; empty: nothing.
std::string problem_of_url(const std::string& url);

// The request as it is handed on by `node`, after so long a wait here, which its deadline counts.
std::string forwarded_text(const Message& message, std::string_view node, std::int64_t waited_ms);

}  // namespace tote::server
