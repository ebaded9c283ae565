// What the door does with one request, apart from sockets: token, decoding, engine, answer, metrics.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "adapters/http/access.h"
#include "adapters/http/batch_runs.h"
#include "adapters/http/decode.h"
#include "adapters/http/lists.h"
#include "adapters/http/log_feed.h"
#include "adapters/http/metrics.h"
#include "adapters/http/overview.h"
#include "adapters/http/quotas.h"
#include "adapters/http/renderer.h"
#include "adapters/http/response.h"
#include "adapters/http/server.h"
#include "adapters/http/ticket.h"
#include "adapters/server/handler.h"

namespace tote::http {

class Door final : public server::Handler {
 public:
  explicit Door(ServerOptions options) : options_(std::move(options)) {}
  // What is wrong with the options, or nothing. `listen_host`: see Access.
  std::string configure(std::string_view listen_host);
  std::string attach(Engine& engine);  // the same of the tenants
  // See Server.
  std::string change_tokens(std::vector<TenantTokens> tenants, std::vector<NamedToken> operators);
  void settings_refused(bool are_refused) { metrics_.settings_refused.set(are_refused ? 1 : 0); }
  bool open_to_all() const { return access_.open(); }
  void stand_by(bool stands_by) { stands_by_ = stands_by; }    // the engine that is attached
  void forward(std::shared_ptr<server::Forwarder> forwarder);  // by whom requests are handed on until attach()

  // -- Handler
  void mount(const server::State& state) override;
  std::unique_ptr<Exchange> make_exchange() override { return std::make_unique<Ticket>(); }
  std::size_t body_bytes_max(std::string_view target) const override;
  Admission admit(const Message& message, Exchange& exchange, std::unique_ptr<Owner>& owner) override;
  bool take(Message& message, Exchange& exchange, Sink& sink, std::uint64_t tag, std::string& out) override;
  void answer(Exchange& exchange, Outcome& outcome, std::string& out) override;
  void deny(const Message& message, Exchange& exchange, std::string& out) override;
  void refuse(const Message& message, Exchange& exchange, const Failure& failure, std::string& out) override;
  bool is_of_this_node(std::string_view target) const override;
  void release(Exchange& exchange) override;
  void cancel(Sink& sink, std::uint64_t tag) override;
  void tick() override;
  void begin_stop() override { feed_.reset(); }
  void stop() override;

  // Those whose LSN has come, or whose time is over.
  void answer_projection_waiters();

  // What serves a route (serving.h). door.cc, the commands and reads:
  bool submit(Asked& asked);
  bool submit_batch(Asked& asked);
  bool find_outcome(Asked& asked);
  // door_feeds.cc, what lies in the log:
  bool ask_history(Asked& asked);
  bool serve_list(Asked& asked);
  bool serve_log(Asked& asked);
  bool serve_projection(Asked& asked);
  // door_watch.cc, what is watched:
  bool serve_hot(Asked& asked);
  bool serve_overview(Asked& asked);
  bool serve_followers(Asked& asked);
  bool serve_token(Asked& asked);
  bool serve_tenants(Asked& asked);
  bool serve_alerts(Asked& asked);
  // door_cluster.cc, the nodes of a cluster:
  bool serve_cluster(Asked& asked);
  bool serve_transfer(Asked& asked);
  bool serve_add_node(Asked& asked);
  bool serve_remove_node(Asked& asked);
  // door_backup.cc:
  bool serve_backup(Asked& asked);
  bool begin_backup(Asked& asked);
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
  class TenantsOwn;  // a connection of a tenant's
  class LogStream;
  class LsnWait;

  // door_admission.cc
  std::optional<Problem> look_at(const Message& message, Ticket& ticket, std::unique_ptr<Owner>& owner);
  std::optional<Problem> name_tenant(const Access::Grant& grant, Ticket& ticket) const;
  std::optional<Problem> join(const Account& account, std::unique_ptr<Owner>& owner);
  void join_trace(const Message& message, Ticket& ticket);
  void note_stranger(const Message& message);
  std::optional<Problem> why_not(Asked& asked);
  std::optional<Problem> refuse_lines(std::uint64_t lines, const Account& account) const;
  std::optional<Problem> take_share(Asked& asked, std::uint64_t requests);
  Account account_of(const Ticket& ticket) {
    return ticket.is_of_server ? Account{&*operators_quotas_, 0} : Account{&*quotas_, ticket.tenant};
  }

  // door.cc
  void refuse(const Ticket& ticket, const Problem& problem, std::string& out);
  void refuse_early(Ticket& ticket, Problem problem, std::string& out);
  Answer append_body(const Ticket& ticket, const Outcome& outcome);
  void write(const Ticket& ticket, Response response, std::string& out, std::string* body = nullptr);
  DecodeOptions decode_options(Role role = Role::issuer, std::string_view actor = {}, bool is_always_told = false,
                               const Trace& trace = {}) const {
    return {options_.require_idempotency_key,
            options_.accepts_cards || options_.gateway.has_value(),
            options_.card_webhooks,
            role,
            actor,
            is_always_told,
            trace};
  }
  bool sees_all(const Ticket& ticket) const { return ticket.is_of_all || ticket.is_admin || open_to_all(); }
  std::string_view tenant_name(Tenant tenant) const;
  Tenant tenant_at(std::size_t index) const { return tenants_.empty() ? Tenant{} : tenants_[index]; }

  // door_feeds.cc
  // Who is answered from beside the loop, with a deadline: once, by whichever comes first. Null: it is over already,
  // and that was said.
  struct Promise;
  std::shared_ptr<Promise> promise(Asked& asked);
  void watch(const std::shared_ptr<Promise>& promise);
  void end_late();
  // What is read beside the loop: `then` is called when what was asked for by Tote-Min-Lsn is durable, at once or
  // later; or never, and that is answered.
  void when_durable(Asked& asked, std::function<void()> then);
  void begin_stream(Asked& asked);
  // Of all tenants, where none is named.
  bool ask_page(LogFeed::Question question, std::function<void(LogFeed::Page&&)> done);
  std::string tenant_of_log(const Ticket& ticket) const {
    return ticket.is_of_all ? std::string() : quotas_->name(ticket.tenant);
  }

  // door_cluster.cc
  bool has_cluster(Asked& asked);
  bool may_change_cluster(Asked& asked) { return has_cluster(asked) && concerns_asker(asked); }
  bool can_forward() const;
  ClusterPort::Done cluster_change(Asked& asked) const;
  void tell_cluster(MetricsView& view) const;

  // door_backup.cc
  bool concerns_asker(Asked& asked);
  bool may_back_up(Asked& asked);
  void say_backup(Asked& asked, unsigned status);

  // door_pages.cc
  bool show(Asked& asked, std::string_view text, std::string_view content_type = json_type);
  bool has_gateway(Asked& asked);
  std::string gateway_tenant(const Ticket& ticket) const;

  struct ProjectionWaiter {
    Lsn min_lsn{};
    Exchange::Clock::time_point ends_at{};
    Sink* sink = nullptr;
    std::uint64_t tag = 0;
  };

  ServerOptions options_;
  const server::State* state_ = nullptr;
  Metrics metrics_;
  Overview overview_;
  Access access_;
  std::string listen_host_;
  std::optional<Quotas> quotas_, operators_quotas_;  // once it is configured
  std::vector<Tenant> tenants_;
  Engine* engine_ = nullptr;
  bool stands_by_ = false;                        // it answers reads that may be old, and nothing else
  std::shared_ptr<server::Forwarder> forwarder_;  // null: nothing is handed on
  std::unique_ptr<LogFeed> feed_;
  std::unique_ptr<Renderer> renderer_;
  std::unique_ptr<Renderer> watchers_renderer_;  // of figures and alerts: they don't wait behind tenants' large pages
  std::unique_ptr<ListRuns> lists_;
  std::unique_ptr<BatchRuns> batches_;
  std::vector<ProjectionWaiter> projection_waiters_;
  std::vector<std::weak_ptr<Promise>> promises_;  // with a deadline; no more than requests in flight
  std::map<std::pair<const Sink*, std::uint64_t>, LsnWait*> lsn_waits_;  // by who asked; the engine has them
  std::uint64_t lsn_waits_ever_ = 0;
  Exchange::Clock::time_point strangers_told_at_{};  // last, in the program's log
  std::uint64_t strangers_untold_ = 0;               // since then
  std::mt19937_64 spans_{std::random_device{}()};
  JsonDocument json_;
  std::string body_;  // scratch
};

}  // namespace tote::http
