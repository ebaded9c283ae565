#include "adapters/http/door.h"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "adapters/http/request_headers.h"

namespace tote::http {
namespace {

Problem denied(const Access::Denied& denied) {
  if (!denied.forbidden) return Problem(Code::unauthorized);
  return Problem(Code::forbidden, "A page of another origin may not use a server that has no tokens.");
}

Problem foreign_host() {
  return Problem(Code::forbidden,
                 "A server that has no tokens answers under its own names only: localhost, 127.0.0.1, [::1] and the "
                 "address that it listens on.");
}

Problem still_recovering() { return Problem(Code::overloaded, "The server is still reading its log."); }

// When a deadline ends, which counts from the arrival of the request's first byte.
Exchange::Clock::time_point end_of(std::int64_t deadline_ms, const Ticket& ticket) {
  return deadline_ms == 0 ? Exchange::Clock::time_point::max()
                          : ticket.started + std::chrono::milliseconds(deadline_ms);
}

// 0: there is none, -1: nothing is left.
std::int64_t left_of(std::int64_t deadline_ms, const Ticket& ticket) {
  using std::chrono::milliseconds;
  if (deadline_ms == 0) return 0;
  const auto left = std::chrono::duration_cast<milliseconds>(end_of(deadline_ms, ticket) - ticket.read).count();
  return left > 0 ? left : -1;
}

std::array<std::uint64_t, shared_count> bounds_of(const ServerOptions& options) {
  std::array<std::uint64_t, shared_count> bounds{};
  const auto set = [&](Shared what, std::size_t max) { bounds[static_cast<std::size_t>(what)] = max; };
  set(Shared::connections, options.connections_max);
  set(Shared::requests, options.requests_in_flight_max);
  set(Shared::streams, options.streams_max);
  set(Shared::histories, options.histories_max);
  set(Shared::pages, options.pages_max);
  set(Shared::batches, options.batches_max);
  set(Shared::projections, options.projections_max);
  set(Shared::unsent_bytes, options.unsent_bytes_max);
  return bounds;
}

// What operators of the whole server have for themselves, beside what tenants share: no tenant keeps them out.
std::array<std::uint64_t, shared_count> operators_bounds() {
  std::array<std::uint64_t, shared_count> bounds{};
  const auto set = [&](Shared what, std::size_t max) { bounds[static_cast<std::size_t>(what)] = max; };
  set(Shared::connections, 64);
  set(Shared::requests, 10'000);  // a batch of as many lines as there may be
  set(Shared::streams, 16);
  set(Shared::histories, 8);
  set(Shared::pages, 16);
  set(Shared::batches, 4);
  set(Shared::projections, 16);
  set(Shared::unsent_bytes, std::size_t{64} << 20);
  return bounds;
}

// What moves to a listener of its own.
bool is_for_operators(std::string_view path) {
  return path == "/metrics" || path == "/livez" || path == "/readyz" || path == "/console" ||
         path.starts_with("/console/");
}

// "GET /v1/wallets/alice", when the log tells of requests: never a query, a key, a header or a body.
std::string line_for_log(const Message& message) {
  std::string line(name_of(message.method));
  const std::string_view path = split_target(message.target).path;
  constexpr std::string_view outcomes = "/v1/outcomes/";
  return line.append(" ").append(path.starts_with(outcomes) ? "/v1/outcomes/{key}" : path);
}

// A span, for whoever collects them from the log: OpenTelemetry's C++ library isn't in Debian 12.
std::string span_of(const Ticket& ticket) {
  const Trace& trace = ticket.trace;
  if (trace.is_none()) return {};
  return ", trace_id=" + hex_of(trace.id_high) + hex_of(trace.id_low) + " span_id=" + hex_of(trace.span) +
         " parent_span_id=" + hex_of(ticket.parent_span) + (trace.is_sampled() ? " sampled" : "");
}

}  // namespace

void Ticket::reset() {
  Exchange::reset();
  target = {};
  match = {};
  route = nullptr;
  tenant = 0;
  is_of_server = is_of_all = false;
  role = Role::reader;
  actor.clear();
  trace = {};
  parent_span = 0;
  denial.reset();
  if_none_match.clear();
  argument.clear();
  line.clear();
  is_keyed = false;
}

class Door::TenantsOwn final : public Owner {
 public:
  TenantsOwn(const Door& of_door, const Account& of) : Owner(of_door), account(of) {}
  ~TenantsOwn() override {
    account.quotas->give_back(Shared::unsent_bytes, account.tenant, unsent_);
    account.quotas->give_back(Shared::connections, account.tenant);
  }
  void hold_unsent(std::size_t bytes) override {
    Quotas& quotas = *account.quotas;
    if (bytes > unsent_) quotas.add(Shared::unsent_bytes, account.tenant, bytes - unsent_);
    if (bytes < unsent_) quotas.give_back(Shared::unsent_bytes, account.tenant, unsent_ - bytes);
    unsent_ = bytes;
  }

  const Account account;

 private:
  std::size_t unsent_ = 0;
};

std::string Door::configure(std::string_view listen_host) {
  listen_host_ = listen_host;
  if (auto wrong = access_.configure(options_.tenants, listen_host, options_.operators)) return std::move(*wrong);
  std::vector<Quotas::Tenant> tenants;
  for (const auto& configured : options_.tenants) tenants.push_back({configured.id, configured.limits});
  if (tenants.empty()) tenants.push_back({std::string(wal::default_tenant), {.streams_max = 0}});
  quotas_.emplace(std::move(tenants), bounds_of(options_));
  operators_quotas_.emplace(std::vector<Quotas::Tenant>{{"", {.streams_max = 0}}}, operators_bounds());
  return {};
}

// Tenants are numbered in the order in which they came; their tokens may come in another.
std::string Door::change_tokens(std::vector<TenantTokens> tenants, std::vector<NamedToken> operators) {
  std::vector<TenantTokens> ordered = options_.tenants;
  for (TenantTokens& now : ordered) {
    const auto found = std::ranges::find(tenants, now.id, &TenantTokens::id);
    if (found == tenants.end()) return "the tenant " + now.id + " is missing: that needs a restart";
    now = std::move(*found);
    tenants.erase(found);
  }
  if (!tenants.empty()) return "the tenant " + tenants.front().id + " is new: that needs a restart";
  Access access;
  if (auto wrong = access.configure(ordered, listen_host_, operators)) return std::move(*wrong);
  access_ = std::move(access);
  options_.tenants = std::move(ordered);
  options_.operators = std::move(operators);
  return {};
}

void Door::mount(const server::State& state) {
  state_ = &state;
  renderer_ = std::make_unique<Renderer>(state.post);
  watchers_renderer_ = std::make_unique<Renderer>(state.post);
}

std::string Door::attach(Engine& engine) {
  std::vector<Tenant> tenants;
  for (const auto& configured : options_.tenants) {
    const auto tenant = engine.tenant(configured.id);
    if (!tenant) return "there are too many tenants for " + configured.id;
    tenants.push_back(*tenant);
    engine.limit_entities(*tenant, static_cast<std::uint64_t>(configured.limits.entities_max));
  }
  tenants_ = std::move(tenants);
  engine_ = &engine;
  feed_ = std::make_unique<LogFeed>(engine.log(), options_.kinds);
  lists_ = std::make_unique<ListRuns>(engine, options_.kinds, *renderer_);
  batches_ = std::make_unique<BatchRuns>(engine, options_.kinds, decode_options(), state_->post, *renderer_);
  return {};
}

void Door::stop() {
  if (lists_ != nullptr) lists_->stop();
  for (const auto& renderer : {&renderer_, &watchers_renderer_})
    if (*renderer != nullptr) (*renderer)->stop();
  if (batches_ != nullptr) batches_->stop();
}

std::size_t Door::body_bytes_max(std::string_view target) const {
  return target.substr(0, target.find('?')) == "/v1/batch" ? options_.batch_bytes_max : options_.body_bytes_max;
}

server::Handler::Admission Door::admit(const Message& message, Exchange& exchange, std::unique_ptr<Owner>& owner) {
  auto& ticket = static_cast<Ticket&>(exchange);
  if (spdlog::should_log(spdlog::level::debug)) ticket.line = line_for_log(message);
  join_trace(message, ticket);
  auto problem = look_at(message, ticket, owner);
  if (!problem) [[likely]]
    return Admission::admitted;
  const bool is_stranger = problem->kind->status == 401;
  ticket.denial = std::make_unique<Problem>(std::move(*problem));
  return is_stranger ? Admission::cut_off : Admission::denied;
}

// What comes of the request is told under a span of its own, below the caller's.
void Door::join_trace(const Message& message, Ticket& ticket) {
  const auto told = message.headers.other("traceparent");
  const auto trace = told ? read_traceparent(*told) : std::nullopt;
  if (!trace) return;
  ticket.trace = *trace;
  ticket.parent_span = trace->span;
  do {
    ticket.trace.span = spans_();
  } while (ticket.trace.span == 0);
}

std::optional<Problem> Door::look_at(const Message& message, Ticket& ticket, std::unique_ptr<Owner>& owner) {
  ticket.target = split_target(message.target);
  ticket.match = match_route(message.method, ticket.target.path);
  ticket.route = ticket.match.route;
  if (!access_.is_for_us(message.headers)) return foreign_host();
  if (!options_.admin_listen.empty() && !ticket.is_admin && is_for_operators(ticket.target.path))
    return Problem(problem::not_found);
  if (ticket.route != nullptr && !ticket.route->needs_token) return std::nullopt;
  const Access::Grant grant = access_.check(message.headers);
  if (!grant.is_known()) {
    if (!grant.denied.forbidden) note_stranger(message);
    return denied(grant.denied);
  }
  if (auto problem = name_tenant(grant, ticket)) return problem;
  ticket.role = grant.role;
  ticket.actor = grant.name;
  const Account account = account_of(ticket);
  if (ticket.route != nullptr && ticket.route->serving->has_lines) {
    auto problem = account.quotas->take(Shared::batches, account.tenant);
    if (problem && message.headers.has(Header::idempotency_key)) problem->leave_open();
    if (problem) return problem;
    ticket.place = Shared::batches;
  }
  return join(account, owner);
}

// Whom the request is about. Nobody is told which tenants there are but an operator of the whole server.
std::optional<Problem> Door::name_tenant(const Access::Grant& grant, Ticket& ticket) const {
  if (grant.is_foreign_tenant) return Problem(Code::forbidden, "The header Tote-Tenant names another tenant.");
  if (grant.is_unknown_tenant) return Problem(problem::not_found, "The header Tote-Tenant names no tenant.");
  ticket.is_of_server = grant.is_of_server;
  ticket.is_of_all = !grant.tenant;
  ticket.tenant = grant.tenant.value_or(0);
  if (!ticket.is_of_all || ticket.route == nullptr || ticket.route->serving->takes_all_tenants) return std::nullopt;
  return Problem(Code::invalid_request,
                 "An operator of the whole server says by the header Tote-Tenant which tenant this is about.");
}

// Once a second at most: whoever guesses mustn't fill the log. Nothing of what was presented is said.
void Door::note_stranger(const Message& message) {
  ++metrics_.unauthorized;
  ++strangers_untold_;
  const auto now = Exchange::Clock::now();
  if (now - strangers_told_at_ < std::chrono::seconds(1)) return;
  strangers_told_at_ = now;
  const bool has_one = message.headers.has(Header::authorization);
  spdlog::warn("http: {} requests without a good token since the last such line; the newest, {}, had {}",
               strangers_untold_, line_for_log(message), has_one ? "one that isn't known" : "none");
  strangers_untold_ = 0;
}

// The connection counts as that tenant's from here on.
std::optional<Problem> Door::join(const Account& account, std::unique_ptr<Owner>& owner) {
  const bool is_ours = owner != nullptr && &owner->door == this;
  if (is_ours && static_cast<const TenantsOwn&>(*owner).account == account) [[likely]]
    return std::nullopt;
  if (auto problem = account.quotas->take(Shared::connections, account.tenant)) return problem;
  owner = std::make_unique<TenantsOwn>(*this, account);
  return std::nullopt;
}

bool Door::take(Message& message, Exchange& exchange, Sink& sink, std::uint64_t tag, std::string& out) {
  auto& ticket = static_cast<Ticket&>(exchange);
  const DecodeOptions how = decode_options(ticket.role, ticket.actor, ticket.is_of_server, ticket.trace);
  Decoded decoded = decode(message, ticket.target, ticket.match, how, json_);
  ticket.is_keyed = !decoded.request.key.empty();
  Asked asked{decoded, message, ticket, sink, tag, out};
  if (auto problem = why_not(asked)) {
    refuse_early(ticket, std::move(*problem), out);
    return true;
  }
  return (this->*ticket.route->serving->serve)(asked);
}

// Lines are requests in flight: more than a tenant can ever have would wait for ever.
std::optional<Problem> Door::refuse_lines(std::uint64_t lines, const Account& account) const {
  const std::uint64_t most = account.quotas->most(Shared::requests, account.tenant);
  const std::uint64_t lines_max = std::min<std::uint64_t>(batch_lines_max, most);
  if (lines >= 1 && lines <= lines_max) return std::nullopt;
  std::string why = "A batch has 1 to " + std::to_string(lines_max) + " lines that aren't blank";
  if (most < batch_lines_max) why += ": this tenant may have so many requests in flight at once";
  return Problem(Code::invalid_request, why + '.');
}

std::optional<Problem> Door::why_not(Asked& asked) {
  if (asked.decoded.is_refused()) return std::move(asked.decoded.problem);
  const Serving& serving = *asked.ticket.route->serving;
  const std::uint64_t requests = serving.has_lines ? count_lines(asked.message.body) : 1;
  if (serving.has_lines)
    if (auto problem = refuse_lines(requests, account_of(asked.ticket))) return problem;
  return serving.is_counted ? take_share(asked, requests) : std::nullopt;
}

// Takes what the request needs of what tenants share; a problem has taken nothing that give_back() doesn't know.
std::optional<Problem> Door::take_share(Asked& asked, std::uint64_t requests) {
  Ticket& ticket = asked.ticket;
  const Serving& serving = *ticket.route->serving;
  if (engine_ == nullptr && serving.needs_engine) return still_recovering();
  const auto [quotas, payer] = account_of(ticket);
  if (auto problem = quotas->spend(payer, requests, ticket.read)) return problem;
  ticket.is_large = serving.is_large;
  if (ticket.is_large && !quotas->has_room(Shared::unsent_bytes, payer))
    return quotas->refuse(Shared::unsent_bytes, payer);
  if (serving.place && !ticket.place && !asked.decoded.is_stream) {
    if (auto problem = quotas->take(*serving.place, payer)) return problem;
    ticket.place = serving.place;
  }
  if (auto problem = quotas->take(Shared::requests, payer, requests)) return problem;
  ticket.requests_taken = requests;
  return std::nullopt;
}

void Door::release(Exchange& exchange) {
  auto& ticket = static_cast<Ticket&>(exchange);
  const auto [quotas, payer] = account_of(ticket);
  if (ticket.place) quotas->give_back(*std::exchange(ticket.place, std::nullopt), payer);
  quotas->give_back(Shared::requests, payer, std::exchange(ticket.requests_taken, 0));
}

// Nobody has looked its key up.
void Door::refuse_early(Ticket& ticket, Problem problem, std::string& out) {
  if (ticket.is_keyed) problem.leave_open();
  refuse(ticket, problem, out);
}

bool Door::find_outcome(Asked& asked) {
  asked.ticket.argument = asked.decoded.argument;
  when_durable(asked, [this, tenant = tenant_at(asked.ticket.tenant), key = asked.decoded.argument, &sink = asked.sink,
                       tag = asked.tag] { batches_->find_outcome(tenant, key, sink, tag); });
  return false;
}

bool Door::submit(Asked& asked) {
  Request& request = asked.decoded.request;
  Ticket& ticket = asked.ticket;
  request.deadline_ms = left_of(request.deadline_ms, ticket);
  if (request.deadline_ms < 0) {
    refuse_early(ticket, Problem(Code::deadline_exceeded), asked.out);
    return true;
  }
  request.tenant = tenant_at(ticket.tenant);
  ticket.waits = request.min_lsn != Lsn{};
  ticket.if_none_match = std::move(asked.decoded.if_none_match);
  ticket.argument = std::move(asked.decoded.argument);
  engine_->submit(std::move(request), asked.sink, asked.tag);
  return false;
}

bool Door::submit_batch(Asked& asked) {
  Request& request = asked.decoded.request;
  if (left_of(request.deadline_ms, asked.ticket) < 0) {
    refuse_early(asked.ticket, Problem(Code::deadline_exceeded), asked.out);
    return true;
  }
  BatchAsk ask;
  ask.tenant = tenant_at(asked.ticket.tenant);
  ask.key = std::move(request.key);
  ask.fingerprint = request.fingerprint;
  ask.ends_at = end_of(request.deadline_ms, asked.ticket);
  ask.lines = asked.ticket.requests_taken;
  ask.role = asked.ticket.role;
  ask.actor = asked.ticket.actor;
  ask.is_always_told = asked.ticket.is_of_server;
  ask.trace = asked.ticket.trace;
  ask.body = std::move(asked.message.body);
  batches_->start(std::move(ask), asked.sink, asked.tag);
  return false;
}

// Whether the refusal says nothing of what became of its key before. A node of a cluster says none of them as the
// owner: another one may be that by now, and have executed it.
bool Door::is_for_now(Code code) const {
  if (code == Code::overloaded || code == Code::draining || code == Code::not_enough_replicas) return true;
  return options_.cluster && (code == Code::log_full || code == Code::deadline_exceeded);
}

Answer Door::append_body(const Ticket& ticket, const Outcome& outcome) {
  if (ticket.is_keyed && is_for_now(outcome.code)) {
    Problem problem(outcome.code);
    problem.facts = outcome.facts;
    problem.leave_open();
    append_problem(body_, problem);
    return {problem.kind->status, problem.kind, problem.retry_after_s()};
  }
  return ticket.route->append(body_, outcome, options_.kinds, ticket.argument);
}

void Door::answer(Exchange& exchange, Outcome& outcome, std::string& out) {
  const auto& ticket = static_cast<const Ticket&>(exchange);
  body_.clear();
  const Serving& serving = *ticket.route->serving;
  const bool is_ready = !serving.ready_type.empty() && is_success(outcome.code);
  const Answer answer = is_ready ? Answer{} : append_body(ticket, outcome);
  Response response;
  response.status = answer.status;
  response.body = is_ready ? outcome.answer : body_;
  if (!is_ready || serving.tells_lsn) response.lsn = outcome.lsn;
  if (is_ready) response.content_type = serving.ready_type;
  if (answer.problem != nullptr) {
    response.content_type = problem_type;
    response.retry_after_s = answer.retry_after_s;
  } else if (outcome.version != Version{}) {
    response.etag = outcome.version;
  }
  response.replayed = outcome.replayed && !serving.tells_of_another && is_stored(outcome.code);
  const bool unchanged = answer.problem == nullptr && !ticket.if_none_match.empty() && outcome.version != Version{} &&
                         names_version(ticket.if_none_match, outcome.version);
  if (unchanged) response.status = 304;
  write(ticket, response, out, is_ready ? &outcome.answer : nullptr);
}

void Door::deny(const Message&, Exchange& exchange, std::string& out) {
  const auto& ticket = static_cast<const Ticket&>(exchange);
  refuse(ticket, *ticket.denial, out);
}

void Door::refuse(const Message& message, Exchange& exchange, const Failure& failure, std::string& out) {
  auto& ticket = static_cast<Ticket&>(exchange);
  if (ticket.line.empty() && !message.target.empty() && spdlog::should_log(spdlog::level::debug))
    ticket.line = line_for_log(message);
  Problem problem = problem_of(failure);
  const bool was_for_another = failure.reason == Failure::Reason::unavailable;
  if (was_for_another && message.headers.has(Header::idempotency_key)) problem.leave_open();
  refuse(ticket, problem, out);
}

void Door::refuse(const Ticket& ticket, const Problem& problem, std::string& out) {
  body_.clear();
  append_problem(body_, problem);
  Response response;
  response.status = problem.kind->status;
  response.content_type = problem_type;
  response.body = body_;
  response.retry_after_s = problem.retry_after_s();
  response.allow = problem.allow;
  write(ticket, response, out);
}

// `body`: what the response's body views, free to be taken.
void Door::write(const Ticket& ticket, Response response, std::string& out, std::string* body) {
  constexpr std::size_t moved_bytes_min = std::size_t{64} << 10;
  const Framing framing = server::framing_of(ticket, state_->date);
  response.trace = ticket.trace;
  if (body != nullptr && out.empty() && body->size() >= moved_bytes_min)
    move_response(out, response, framing, std::move(*body));
  else
    append_response(out, response, framing);
  const auto took = std::chrono::duration_cast<std::chrono::nanoseconds>(Exchange::Clock::now() - ticket.read).count();
  metrics_.count(ticket.route, response.status, took);
  if (ticket.route != nullptr && ticket.route->serving == &by_engine && !ticket.waits) overview_.answered(took);
  if (!ticket.line.empty())
    spdlog::debug("http: {} {} in {} us, tenant {}{}", ticket.line, response.status, took / 1'000,
                  ticket.is_of_all ? "of all" : quotas_->name(ticket.tenant), span_of(ticket));
}

}  // namespace tote::http
