#include "adapters/http/door.h"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "adapters/http/request_headers.h"

namespace tote::http {
namespace {

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

// A span, for whoever collects them from the log: OpenTelemetry's C++ library isn't in Debian 12.
std::string span_of(const Ticket& ticket) {
  const Trace& trace = ticket.trace;
  if (trace.is_none()) return {};
  return ", trace_id=" + hex_of(trace.id_high) + hex_of(trace.id_low) + " span_id=" + hex_of(trace.span) +
         " parent_span_id=" + hex_of(ticket.parent_span) + (trace.is_sampled() ? " sampled" : "");
}

}  // namespace

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
  ask.is_of_cluster = options_.cluster.has_value();
  ask.body = std::move(asked.message.body);
  batches_->start(std::move(ask), asked.sink, asked.tag);
  return false;
}

Answer Door::append_body(const Ticket& ticket, const Outcome& outcome) {
  if (ticket.is_keyed && says_nothing_of_key(outcome.code, options_.cluster.has_value())) {
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
