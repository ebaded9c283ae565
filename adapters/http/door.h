// What the door does with one request, apart from sockets: token, decoding, engine, answer, metrics.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "adapters/http/access.h"
#include "adapters/http/batch_runs.h"
#include "adapters/http/decode.h"
#include "adapters/http/log_feed.h"
#include "adapters/http/metrics.h"
#include "adapters/http/quotas.h"
#include "adapters/http/renderer.h"
#include "adapters/http/response.h"
#include "adapters/http/server.h"

namespace tote::http {

// What the header of a request came to. Views into its message.
struct Admission {
  Target target{};
  RouteMatch match{};
  std::optional<std::size_t> tenant{};  // index into the tenants given, without tokens 0; none: nothing of a tenant's
  bool has_batch_place = false;         // one of Shared::batches
};

// What is kept of a request until its answer is written.
struct Ticket {
  using Clock = std::chrono::steady_clock;

  const Route* route = nullptr;  // null: none
  bool head_only = false;
  bool close = false;
  bool http_1_0 = false;
  Clock::time_point started{};  // when the first byte came
  Clock::time_point read{};     // when the last byte came
  std::string if_none_match;    // of a read
  std::string argument;         // of the path or the query (Decoded)
  std::string line;             // "GET /v1/…" for the log, when it wants that
  bool is_large = false;        // the answer may be: nothing more is read before it is there
  bool is_stream = false;       // the answer is followed by the log, from here on
  bool waits = false;           // for an LSN: needn't go on when the client has gone
  bool is_keyed = false;        // came with an idempotency key
  Lsn after{};
  std::size_t tenant = 0;            // index into the tenants given
  std::uint64_t requests_taken = 0;  // of Shared::requests
  std::optional<Shared> place{};     // what else was taken, one of it
};

class Door {
 public:
  explicit Door(ServerOptions options) : options_(std::move(options)) {}
  // What is wrong with the options, or nothing. `listen_host`: see Access.
  std::string configure(std::string_view listen_host);
  std::string attach(Engine& engine);  // the same of the tenants

  const ServerOptions& options() const { return options_; }
  bool open_to_all() const { return access_.open(); }
  bool draining = false;
  Metrics metrics;
  const Turns* turns = nullptr;  // of the loop
  Quotas& quotas() { return *quotas_; }

  // Who asks, and for what, as far as the header tells. Before any of the body is waited for; a problem ends the
  // connection. What an admission holds is given to take() or back.
  std::optional<Problem> admit(const Message& message, Admission& admission);
  void give_back(Admission& admission);
  // True: the answer is in `out`. False: sink.done(tag, outcome) brings it, then comes answer(). The message's body may
  // be taken away.
  bool take(Message& message, Admission& admission, Ticket& ticket, Sink& sink, std::uint64_t tag, std::string& out);
  // The client has gone: what only waits is ended, sink.done() comes soon.
  void cancel(Sink& sink, std::uint64_t tag);
  // Gives back what the request held. Once, when sink.done() was called.
  void give_back(Ticket& ticket);
  void answer(const Ticket& ticket, Outcome& outcome, std::string& out);
  void refuse(const Ticket& ticket, const Problem& problem, std::string& out);
  void set_time(std::int64_t unix_s);  // of the Date header
  // "GET /v1/wallets/alice", when the log tells of requests: never a query, a key, a header or a body.
  static std::string line_for_log(const Message& message);

  // Runs work on the loop thread, from any thread. Before attach().
  std::function<void(std::function<void()>)> post;
  bool has_news(Lsn after) const { return engine_ != nullptr && engine_->durable() > after; }
  // The next page of a stream; `done` on the loop thread. False: not now.
  bool ask_log(std::size_t tenant, Lsn after, std::function<void(LogFeed::Page&&)> done);
  void detach() { feed_.reset(); }  // no more pages
  void stop();                      // answers whoever is left, when nothing is written to them any more
  // Those whose LSN has come, or whose time is over.
  void answer_projection_waiters();

  // What serves a route (serving.h). door.cc, the commands and reads:
  bool submit(Asked& asked);
  bool submit_batch(Asked& asked);
  bool find_outcome(Asked& asked);
  // door_feeds.cc, what lies in the log:
  bool ask_history(Asked& asked);
  bool serve_log(Asked& asked);
  bool serve_projection(Asked& asked);
  // door_pages.cc, what the door has ready:
  bool serve_home(Asked& asked);
  bool serve_live(Asked& asked);
  bool serve_ready(Asked& asked);
  bool serve_metrics(Asked& asked);
  bool serve_version(Asked& asked);
  bool serve_openapi(Asked& asked);
  bool serve_problem(Asked& asked);
  bool serve_gateway_balance(Asked& asked);
  bool serve_gateway_charges(Asked& asked);
  bool serve_gateway_refunds(Asked& asked);

 private:
  void refuse_early(Ticket& ticket, Problem problem, std::string& out);
  // door.cc
  std::optional<Problem> refuse_lines(std::uint64_t lines, std::size_t tenant) const;
  std::optional<Problem> why_not(Asked& asked);
  std::optional<Problem> take_share(Asked& asked, std::uint64_t requests);
  Answer append_body(const Ticket& ticket, const Outcome& outcome);
  void write(const Ticket& ticket, const Response& response, std::string& out, std::string* body = nullptr);
  Tenant tenant_at(std::size_t index) const { return tenants_.empty() ? Tenant{} : tenants_[index]; }

  // door_feeds.cc
  void begin_stream(const Decoded& decoded, Ticket& ticket, std::string& out);
  bool ask_page(std::size_t tenant, Lsn after, std::size_t limit, LogFeed::Form form,
                std::function<void(LogFeed::Page&&)> done);

  // door_pages.cc
  bool show(Asked& asked, std::string_view text, std::string_view content_type = json_type);
  bool has_gateway(Asked& asked);
  std::string gateway_tenant(const Ticket& ticket) const;

  struct ProjectionWaiter {
    Lsn min_lsn{};
    Ticket::Clock::time_point ends_at{};
    Sink* sink = nullptr;
    std::uint64_t tag = 0;
  };

  ServerOptions options_;
  Access access_;
  std::optional<Quotas> quotas_;  // once it is configured
  std::vector<Tenant> tenants_;
  Engine* engine_ = nullptr;
  std::unique_ptr<LogFeed> feed_;
  std::unique_ptr<Renderer> renderer_;
  std::unique_ptr<BatchRuns> batches_;
  std::vector<ProjectionWaiter> projection_waiters_;
  JsonDocument json_;
  std::string body_;  // scratch
  std::string date_;
  std::int64_t date_s_ = 0;
};

}  // namespace tote::http
