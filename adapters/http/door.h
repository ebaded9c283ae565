// What the door does with one request, apart from sockets: token, decoding, engine, answer, metrics.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "adapters/http/access.h"
#include "adapters/http/decode.h"
#include "adapters/http/log_feed.h"
#include "adapters/http/metrics.h"
#include "adapters/http/response.h"
#include "adapters/http/server.h"

namespace tote::http {

// What is kept of a request until its answer is written.
struct Ticket {
  using Clock = std::chrono::steady_clock;

  std::size_t route = Metrics::routes_max;  // index into routes()
  bool lookup = false;                      // GET /v1/outcomes/{key}: `note` is the key
  bool is_read = false;                     // `note` is If-None-Match
  bool head_only = false;
  bool close = false;
  bool http_1_0 = false;
  Clock::time_point started{};  // when the first byte came
  Clock::time_point read{};     // when the last byte came
  std::string note;
  std::string_view ready_type{};  // a success brings the whole body, of this media type
  bool is_large = false;          // the answer may be: nothing more is read before it is there
  bool is_stream = false;         // the answer is followed by the log, from here on
  Lsn after{};
  Tenant tenant{};
};

class Door {
 public:
  explicit Door(ServerOptions options) : options_(std::move(options)) {}
  std::string configure();             // what is wrong with the options, or nothing
  std::string attach(Engine& engine);  // the same of the tenants

  const ServerOptions& options() const { return options_; }
  bool open_to_all() const { return access_.open(); }
  bool draining = false;
  Metrics metrics;

  // True: the answer is in `out`. False: sink.done(tag, outcome) brings it, then comes answer().
  bool take(const Message& message, Ticket& ticket, Sink& sink, std::uint64_t tag, std::string& out);
  void answer(const Ticket& ticket, const Outcome& outcome, std::string& out);
  void refuse(const Ticket& ticket, const Problem& problem, std::string& out);
  // For a request whose body is too large: 401 comes first.
  Problem too_large(const Message& message);
  void set_time(std::int64_t unix_s);  // of the Date header

  // Runs work on the loop thread, from any thread. Before attach().
  std::function<void(std::function<void()>)> post;
  static constexpr std::size_t streams_max = 256;
  bool has_news(Lsn after) const { return engine_ != nullptr && engine_->durable() > after; }
  // The next page of a stream; `done` on the loop thread. False: not now.
  bool ask_log(Tenant tenant, Lsn after, std::function<void(LogFeed::Page&&)> done);
  void detach() { feed_.reset(); }  // no more pages
  // Those whose LSN has come, or whose time is over.
  void answer_projection_waiters();

 private:
  bool submit(Decoded& decoded, Tenant tenant, Ticket& ticket, Sink& sink, std::uint64_t tag, std::string& out);
  void serve(const Decoded& decoded, const Ticket& ticket, std::string& out);
  void serve_gateway(const Decoded& decoded, const Ticket& ticket, std::string& out);
  bool submit_batch(Decoded& decoded, std::string_view body, Tenant tenant, Ticket& ticket, Sink& sink,
                    std::uint64_t tag, std::string& out);
  bool serve_log(const Decoded& decoded, Tenant tenant, Ticket& ticket, Sink& sink, std::uint64_t tag,
                 std::string& out);
  bool serve_projection(const Decoded& decoded, const Ticket& ticket, Sink& sink, std::uint64_t tag, std::string& out);
  void begin_stream(const Decoded& decoded, Tenant tenant, Ticket& ticket, std::string& out);
  bool ask_page(Tenant tenant, Lsn after, std::size_t limit, LogFeed::Form form,
                std::function<void(LogFeed::Page&&)> done);
  std::string name_of(Tenant tenant) const;
  void ask_history(Decoded& decoded, Tenant tenant, Sink& sink, std::uint64_t tag);
  Answer append_body(const Ticket& ticket, const Outcome& outcome);
  void serve_ready(const Ticket& ticket, std::string& out);
  void write(const Ticket& ticket, const Response& response, std::string& out);
  Tenant tenant_at(std::size_t index) const { return tenants_.empty() ? Tenant{} : tenants_[index]; }

  ServerOptions options_;
  Access access_;
  std::vector<Tenant> tenants_;
  Engine* engine_ = nullptr;
  std::unique_ptr<LogFeed> feed_;
  struct ProjectionWaiter {
    Lsn min_lsn{};
    Ticket::Clock::time_point ends_at{};
    Sink* sink = nullptr;
    std::uint64_t tag = 0;
  };
  static constexpr std::size_t projection_waiters_max = 10'000;
  std::vector<ProjectionWaiter> projection_waiters_;
  JsonDocument json_;
  std::string body_;  // scratch
  std::string date_;
  std::int64_t date_s_ = 0;
};

}  // namespace tote::http
