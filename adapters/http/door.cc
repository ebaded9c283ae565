#include "adapters/http/door.h"

#include <algorithm>

#include "adapters/http/batch.h"
#include "adapters/http/histories.h"
#include "adapters/http/json_writer.h"
#include "adapters/http/openapi.h"
#include "adapters/http/pages.h"
#include "adapters/http/request_headers.h"

namespace tote::http {
namespace {

Problem denied(const Access::Denied& denied) {
  if (!denied.forbidden) return Problem(Code::unauthorized);
  return Problem(Code::forbidden, "A page of another origin may not use a server that has no tokens.");
}

// Of a deadline, which counts from the arrival of the request's first byte. 0: there is none, -1: nothing is left.
std::int64_t left_of(std::int64_t deadline_ms, const Ticket& ticket) {
  using std::chrono::milliseconds;
  if (deadline_ms == 0) return 0;
  const auto left = deadline_ms - std::chrono::duration_cast<milliseconds>(ticket.read - ticket.started).count();
  return left > 0 ? left : -1;
}

void append_projection(std::string& out, const ProjectionView& view) {
  out += R"({"lsn":)" + std::to_string(view.cursor.value) + R"(,"connected":)" +
         (view.is_connected ? "true" : "false") + R"(,"lag_ms":)" + std::to_string(view.lag_ms);
  if (!view.problem.empty()) append_string(out.append(R"(,"problem":)"), view.problem);
  out += '}';
}

// Of what is made on other threads, or of many outcomes: it comes as an outcome whose answer is the body.
std::string_view ready_type_of(Action action) {
  switch (action) {
    case Action::batch:
    case Action::log: return ndjson_type;
    case Action::history:
    case Action::projection: return json_type;
    default: return {};
  }
}

Facts at_lsn(Lsn lsn) { return {{FactName::lsn, static_cast<std::int64_t>(lsn.value)}}; }

bool needs_token(const RouteMatch& match) { return match.route == nullptr || match.route->needs_token; }

}  // namespace

std::string Door::configure() { return access_.configure(options_.tenants).value_or(std::string{}); }

std::string Door::attach(Engine& engine) {
  std::vector<Tenant> tenants;
  for (const auto& configured : options_.tenants) {
    const auto tenant = engine.tenant(configured.id);
    if (!tenant) return "there are too many tenants for " + configured.id;
    tenants.push_back(*tenant);
  }
  tenants_ = std::move(tenants);
  engine_ = &engine;
  feed_ = std::make_unique<LogFeed>(engine, options_.kinds);
  return {};
}

bool Door::take(const Message& message, Ticket& ticket, Sink& sink, std::uint64_t tag, std::string& out) {
  const Target target = split_target(message.target);
  const RouteMatch match = match_route(message.method, target.path);
  if (match.route != nullptr) ticket.route = static_cast<std::size_t>(match.route - routes().data());
  Access::Grant grant;
  if (needs_token(match)) {
    grant = access_.check(message.headers);
    if (!grant.tenant) {
      refuse(ticket, denied(grant.denied), out);
      return true;
    }
  }
  Decoded decoded =
      decode(message, target, match, {options_.require_idempotency_key, options_.gateway.has_value()}, json_);
  ticket.ready_type = ready_type_of(decoded.action);
  ticket.is_large = !ticket.ready_type.empty() && decoded.action != Action::projection;
  if (ticket.is_large && metrics.unsent_bytes > options_.unsent_bytes_max) {
    refuse(ticket, Problem(Code::overloaded, "Too much of what was answered hasn't been read by those who asked."),
           out);
    return true;
  }
  switch (decoded.action) {
    case Action::refuse: refuse(ticket, decoded.problem, out); return true;
    case Action::serve: serve(decoded, ticket, out); return true;
    case Action::gateway: serve_gateway(decoded, ticket, out); return true;
    case Action::batch:
      return submit_batch(decoded, message.body, tenant_at(grant.tenant.value_or(0)), ticket, sink, tag, out);
    case Action::projection: return serve_projection(decoded, ticket, sink, tag, out);
    case Action::log: return serve_log(decoded, tenant_at(grant.tenant.value_or(0)), ticket, sink, tag, out);
    case Action::history:
    case Action::submit:
    case Action::find_outcome: break;
  }
  return submit(decoded, tenant_at(grant.tenant.value_or(0)), ticket, sink, tag, out);
}

bool Door::submit(Decoded& decoded, Tenant tenant, Ticket& ticket, Sink& sink, std::uint64_t tag, std::string& out) {
  if (engine_ == nullptr) {
    refuse(ticket, Problem(Code::overloaded, "The server is still reading its log; nothing was executed."), out);
    return true;
  }
  if (decoded.action == Action::find_outcome) {
    ticket.lookup = true;
    ticket.note = decoded.argument;
    engine_->find_outcome(tenant, std::move(decoded.argument), sink, tag);
    return false;
  }
  if (decoded.action == Action::history) {
    ask_history(decoded, tenant, sink, tag);
    return false;
  }
  Request& request = decoded.request;
  request.deadline_ms = left_of(request.deadline_ms, ticket);
  if (request.deadline_ms < 0) {
    refuse(ticket, Problem(Code::deadline_exceeded), out);
    return true;
  }
  request.tenant = tenant;
  ticket.is_read = !request.command;
  ticket.note = std::move(decoded.argument);
  engine_->submit(std::move(request), sink, tag);
  return false;
}

bool Door::submit_batch(Decoded& decoded, std::string_view body, Tenant tenant, Ticket& ticket, Sink& sink,
                        std::uint64_t tag, std::string& out) {
  auto batch = std::make_shared<Batch>();
  const DecodeOptions how{options_.require_idempotency_key, options_.gateway.has_value()};
  std::optional<Problem> problem = read_batch(body, decoded.request.key, how, json_, *batch);
  if (engine_ == nullptr)
    problem = Problem(Code::overloaded, "The server is still reading its log; nothing was executed.");
  const std::int64_t deadline_ms = left_of(decoded.request.deadline_ms, ticket);
  if (!problem && deadline_ms < 0) problem = Problem(Code::deadline_exceeded);
  if (problem) {
    refuse(ticket, *problem, out);
    return true;
  }
  for (Request& request : batch->requests) {
    request.tenant = tenant;
    request.deadline_ms = deadline_ms;
  }
  engine_->submit(std::move(batch->requests), [this, batch, &sink, tag](std::span<Outcome> outcomes) {
    Outcome whole;
    for (const Outcome& outcome : outcomes) whole.lsn = std::max(whole.lsn, outcome.lsn);
    append_batch(whole.answer, *batch, outcomes, options_.kinds);
    sink.done(tag, whole);
  });
  return false;
}

bool Door::serve_projection(const Decoded& decoded, const Ticket& ticket, Sink& sink, std::uint64_t tag,
                            std::string& out) {
  if (options_.projection == nullptr || projection_waiters_.size() >= projection_waiters_max) {
    refuse(ticket,
           options_.projection == nullptr ? Problem(problem::not_found, "This server projects into no database.")
                                          : Problem(Code::overloaded),
           out);
    return true;
  }
  constexpr std::int64_t wait_ms_max = 30'000;
  const auto deadline = std::chrono::milliseconds(std::min(decoded.request.deadline_ms, wait_ms_max));
  projection_waiters_.push_back({decoded.request.min_lsn, ticket.read + deadline, &sink, tag});
  post([this] { answer_projection_waiters(); });
  return false;
}

void Door::answer_projection_waiters() {
  if (projection_waiters_.empty()) return;
  const ProjectionView view = options_.projection();
  const auto now = Ticket::Clock::now();
  auto waiting = std::exchange(projection_waiters_, {});
  for (const ProjectionWaiter& waiter : waiting) {
    const bool is_there = waiter.min_lsn == Lsn{} || (view.is_connected && view.cursor >= waiter.min_lsn);
    if (!is_there && now < waiter.ends_at) {
      projection_waiters_.push_back(waiter);
      continue;
    }
    Outcome outcome;
    outcome.code = is_there ? Code::ok : Code::deadline_exceeded;
    outcome.lsn = view.cursor;
    append_projection(outcome.answer, view);
    waiter.sink->done(waiter.tag, outcome);
  }
}

bool Door::serve_log(const Decoded& decoded, Tenant tenant, Ticket& ticket, Sink& sink, std::uint64_t tag,
                     std::string& out) {
  Problem problem;
  if (engine_ == nullptr)
    problem = Problem(Code::overloaded, "The server is still reading its log.");
  else if (decoded.after_lsn > engine_->durable())
    problem = Problem(Code::invalid_request,
                      "The log ends before: its last LSN is " + std::to_string(engine_->durable().value) + '.');
  else if (decoded.is_stream && metrics.streams >= streams_max)
    problem = Problem(Code::overloaded, "As many clients follow the log as the server takes.");
  if (problem.kind != nullptr) {
    refuse(ticket, problem, out);
    return true;
  }
  if (decoded.is_stream) {
    begin_stream(decoded, tenant, ticket, out);
    return true;
  }
  const auto done = [this, &sink, tag](LogFeed::Page&& page) {
    Outcome outcome;
    outcome.code = page.code;
    if (page.damaged != Lsn{}) outcome.facts = at_lsn(page.damaged);
    outcome.lsn = page.to;
    outcome.answer = std::move(page.text);
    sink.done(tag, outcome);
  };
  if (ask_page(tenant, decoded.after_lsn, decoded.limit, LogFeed::Form::ndjson, done)) return false;
  refuse(ticket, Problem(Code::overloaded), out);
  return true;
}

void Door::begin_stream(const Decoded& decoded, Tenant tenant, Ticket& ticket, std::string& out) {
  ticket.is_stream = ticket.close = true;
  ticket.after = decoded.after_lsn;
  ticket.tenant = tenant;
  Response response;
  response.content_type = event_stream_type;
  response.is_stream = true;
  response.body = ": the log\n\n";  // so that whoever stands between passes the headers on
  write(ticket, response, out);
}

bool Door::ask_log(Tenant tenant, Lsn after, std::function<void(LogFeed::Page&&)> done) {
  return ask_page(tenant, after, log_limit, LogFeed::Form::events, std::move(done));
}

bool Door::ask_page(Tenant tenant, Lsn after, std::size_t limit, LogFeed::Form form,
                    std::function<void(LogFeed::Page&&)> done) {
  if (feed_ == nullptr) return false;
  LogFeed::Question question{name_of(tenant), after, limit, form, nullptr};
  // What it holds goes over to the loop: nothing of a connection may die on the feed's thread.
  question.done = [this, done = std::move(done)](LogFeed::Page&& page) mutable {
    post([done = std::move(done), page = std::make_shared<LogFeed::Page>(std::move(page))] { done(std::move(*page)); });
  };
  return feed_->ask(std::move(question));
}

std::string Door::name_of(Tenant tenant) const {
  for (std::size_t i = 0; i < tenants_.size(); ++i)
    if (tenants_[i] == tenant) return options_.tenants[i].id;
  return std::string(wal::default_tenant);
}

void Door::ask_history(Decoded& decoded, Tenant tenant, Sink& sink, std::uint64_t tag) {
  const KindId kind = decoded.request.kind;
  engine_->history(tenant, kind, decoded.request.entity, decoded.after, decoded.limit,
                   [this, kind, &sink, tag](History& history) {
                     Outcome outcome;
                     outcome.code = history.code;
                     outcome.kind = kind;
                     outcome.lsn = history.lsn;
                     if (history.damage.lsn != Lsn{}) outcome.facts = at_lsn(history.damage.lsn);
                     const Kind* known = find_kind(options_.kinds, kind);
                     if (known != nullptr && history.code == Code::ok)
                       append_history(outcome.answer, history, *known, options_.kinds);
                     sink.done(tag, outcome);
                   });
}

Answer Door::append_body(const Ticket& ticket, const Outcome& outcome) {
  if (!ticket.ready_type.empty() && is_success(outcome.code)) {
    body_ = outcome.answer;
    return {};
  }
  if (ticket.lookup) return append_stored_outcome(body_, outcome, options_.kinds, ticket.note);
  switch (ticket.route < routes().size() ? routes()[ticket.route].endpoint : Endpoint::home) {
    case Endpoint::saga_read: return append_saga(body_, outcome, options_.kinds);
    case Endpoint::refunds_read: return append_refunds(body_, outcome, ticket.note);
    default: break;
  }
  return append_answer(body_, outcome, options_.kinds);
}

void Door::serve_gateway(const Decoded& decoded, const Ticket& ticket, std::string& out) {
  if (!options_.gateway) return refuse(ticket, Problem(problem::not_found, "This server has no test gateway."), out);
  const GatewayPort& gateway = *options_.gateway;
  std::string text;
  switch (decoded.route->endpoint) {
    case Endpoint::gateway_charges: append_entries(text, gateway.charges()); break;
    case Endpoint::gateway_refunds: append_entries(text, gateway.refunds()); break;
    default: try { gateway.set_balance(decoded.amount);
      } catch (const std::exception& error) {
        return refuse(ticket, Problem(problem::internal_error, error.what()), out);
      }
      text = "{\"amount\":" + std::to_string(decoded.amount) + '}';
      break;
  }
  Response response;
  response.body = text;
  write(ticket, response, out);
}

void Door::answer(const Ticket& ticket, const Outcome& outcome, std::string& out) {
  body_.clear();
  const Answer answer = append_body(ticket, outcome);
  Response response;
  response.status = answer.status;
  response.body = body_;
  response.lsn = outcome.lsn;
  if (!ticket.ready_type.empty()) response.content_type = ticket.ready_type;
  if (answer.problem != nullptr) {
    response.content_type = problem_type;
    response.retry_after_s = answer.retry_after_s;
  } else if (!ticket.lookup && outcome.version != Version{}) {
    response.etag = outcome.version;
  }
  response.replayed = outcome.replayed && !ticket.lookup && is_stored(outcome.code);
  const bool unchanged = ticket.is_read && answer.problem == nullptr && !ticket.note.empty() &&
                         outcome.version != Version{} && names_version(ticket.note, outcome.version);
  if (unchanged) response.status = 304;
  write(ticket, response, out);
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

Problem Door::too_large(const Message& message) {
  const RouteMatch match = match_route(message.method, split_target(message.target).path);
  if (needs_token(match)) {
    const auto grant = access_.check(message.headers);
    if (!grant.tenant) return denied(grant.denied);
  }
  return Problem(Code::body_too_large);
}

void Door::serve(const Decoded& decoded, const Ticket& ticket, std::string& out) {
  Response response;
  std::string text;
  switch (decoded.route->endpoint) {
    case Endpoint::live: text = "{\"status\":\"live\"}"; break;
    case Endpoint::ready: serve_ready(ticket, out); return;
    case Endpoint::version: text = version_page(options_.version, options_.instance); break;
    case Endpoint::openapi: response.body = openapi_document(); break;
    case Endpoint::metrics: {
      const Figures figures = engine_ == nullptr ? Figures{} : engine_->figures();
      std::optional<ProjectionView> projection;
      if (options_.projection != nullptr) projection = options_.projection();
      std::vector<DestinationView> destinations;
      if (options_.destinations != nullptr) destinations = options_.destinations();
      text = metrics.page(engine_ == nullptr ? nullptr : &figures, options_.version, projection, destinations);
      response.content_type = "text/plain; version=0.0.4; charset=utf-8";
      break;
    }
    case Endpoint::problem_page: {
      const ProblemKind* kind = find_problem(decoded.argument);
      if (kind == nullptr) return refuse(ticket, Problem(problem::not_found, "There is no such problem."), out);
      text = problem_page(*kind);
      response.content_type = html_type;
      break;
    }
    default:
      text = home_page(options_.version);
      response.content_type = text_type;
      break;
  }
  if (response.body.empty()) response.body = text;
  write(ticket, response, out);
}

void Door::serve_ready(const Ticket& ticket, std::string& out) {
  std::string_view check;
  if (draining) {
    check = "draining";
  } else if (engine_ == nullptr) {
    check = "recovering";
  } else {
    const Figures figures = engine_->figures();
    if (figures.log_full) check = "log_full";
    if (figures.draining) check = "draining";
  }
  const std::string text = ready_page(check);
  Response response;
  response.status = check.empty() ? 200 : 503;
  response.body = text;
  response.retry_after_s = check.empty() ? 0 : 1;
  write(ticket, response, out);
}

void Door::write(const Ticket& ticket, const Response& response, std::string& out) {
  append_response(out, response, {ticket.head_only, ticket.close, ticket.http_1_0, date_});
  metrics.count(ticket.route, response.status,
                std::chrono::duration_cast<std::chrono::nanoseconds>(Ticket::Clock::now() - ticket.read).count());
}

void Door::set_time(std::int64_t unix_s) {
  if (unix_s == date_s_) return;
  date_s_ = unix_s;
  date_ = http_date(unix_s);
}

}  // namespace tote::http
