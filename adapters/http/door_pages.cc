// The part of the door that answers by itself: pages for people and machines, and the test gateway's.
#include "adapters/http/door.h"
#include "adapters/http/json_writer.h"
#include "adapters/http/openapi.h"
#include "adapters/http/pages.h"

namespace tote::http {

void Door::serve(const Decoded& decoded, const Ticket& ticket, std::string& out) {
  Response response;
  std::string text;
  switch (decoded.route->endpoint) {
    case Endpoint::live: text = "{\"status\":\"live\"}"; break;
    case Endpoint::ready: serve_ready(ticket, out); return;
    case Endpoint::version: text = version_page(options_.version, options_.instance); break;
    case Endpoint::openapi: response.body = openapi_document(); break;
    case Endpoint::metrics:
      text = metrics_page();
      response.content_type = "text/plain; version=0.0.4; charset=utf-8";
      break;
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

std::string Door::metrics_page() const {
  MetricsView view;
  const Figures figures = engine_ == nullptr ? Figures{} : engine_->figures();
  if (engine_ != nullptr) view.figures = &figures;
  view.version = options_.version;
  if (options_.projection != nullptr) view.projection = options_.projection();
  if (options_.destinations != nullptr) view.destinations = options_.destinations();
  view.tenants = quotas_->view();
  view.streams = quotas_->used(Shared::streams);
  view.unsent_bytes = quotas_->used(Shared::unsent_bytes);
  view.turns = turns;
  return metrics.page(view);
}

void Door::serve_ready(const Ticket& ticket, std::string& out) {
  std::string_view reason;
  if (draining) {
    reason = "draining";
  } else if (engine_ == nullptr) {
    reason = "recovering";
  } else {
    const Figures figures = engine_->figures();
    if (figures.log_full) reason = "log_full";
    if (figures.draining) reason = "draining";
  }
  const std::string text = ready_page(reason);
  Response response;
  response.status = reason.empty() ? 200 : 503;
  response.body = text;
  response.retry_after_s = reason.empty() ? 0 : 1;
  write(ticket, response, out);
}

void Door::serve_gateway(const Decoded& decoded, const Ticket& ticket, std::string& out) {
  if (!options_.gateway) return refuse(ticket, Problem(problem::not_found, "This server has no test gateway."), out);
  const GatewayPort& gateway = *options_.gateway;
  const std::string tenant = options_.tenants.empty() ? "default" : options_.tenants[ticket.tenant].id;
  std::string text;
  switch (decoded.route->endpoint) {
    case Endpoint::gateway_charges: append_entries(text, gateway.charges(tenant)); break;
    case Endpoint::gateway_refunds: append_entries(text, gateway.refunds(tenant)); break;
    default: try { gateway.set_balance(tenant, decoded.amount);
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

}  // namespace tote::http
