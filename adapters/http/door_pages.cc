// The part of the door that answers by itself: pages for people and machines, and the test gateway's.
#include <ctime>
#include <memory>

#include "actors/transaction/batch_record.h"
#include "actors/transaction/results.h"
#include "adapters/events/followers.h"
#include "adapters/http/door.h"
#include "adapters/http/json_writer.h"
#include "adapters/http/openapi.h"
#include "adapters/http/pages.h"

namespace tote::http {

bool Door::show(Asked& asked, std::string_view text, std::string_view content_type) {
  Response response;
  response.body = text;
  response.content_type = content_type;
  write(asked.ticket, response, asked.out);
  return true;
}

bool Door::serve_home(Asked& asked) { return show(asked, home_page(options_.version), text_type); }

bool Door::serve_live(Asked& asked) { return show(asked, R"({"status":"live"})"); }

bool Door::serve_version(Asked& asked) { return show(asked, version_page(options_.version, options_.instance)); }

bool Door::serve_openapi(Asked& asked) { return show(asked, openapi_document()); }

bool Door::serve_problem(Asked& asked) {
  const ProblemKind* kind = find_problem(asked.decoded.argument);
  if (kind != nullptr) return show(asked, problem_page(*kind), html_type);
  refuse(asked.ticket, Problem(problem::not_found, "There is no such problem."), asked.out);
  return true;
}

bool Door::serve_metrics(Asked& asked) {
  MetricsView view;
  if (engine_ != nullptr) view.figures = engine_->figures();
  if (engine_ != nullptr) view.backup = engine_->backup();
  view.version = options_.version;
  if (options_.followers != nullptr) {
    view.projection = options_.followers->projection();
    view.followers = options_.followers->statuses();
  }
  // Nothing of one tenant is visible to another, or to whoever has no token; an operator's listener is for whoever may
  // see all.
  view.tenants = quotas_->view();
  const Access::Grant asker = access_.check(asked.message.headers);
  if (!access_.open() && !asked.ticket.is_admin && !asker.is_of_server)
    std::erase_if(view.tenants,
                  [&](const TenantView& one) { return !asker.tenant || one.name != quotas_->name(*asker.tenant); });
  view.streams = quotas_->used(Shared::streams) + operators_quotas_->used(Shared::streams);
  view.unsent_bytes = quotas_->used(Shared::unsent_bytes) + operators_quotas_->used(Shared::unsent_bytes);
  view.server = state_;
  tell_cluster(view);
  const auto now = std::make_shared<const Metrics::Now>(metrics_.now(std::move(view)));
  const auto outcome = std::make_shared<Outcome>();
  watchers_renderer_->ask([now, outcome] { outcome->answer = now->page(std::time(nullptr)); },
                          [outcome, &sink = asked.sink, tag = asked.tag] { sink.done(tag, *outcome); });
  return false;
}

bool Door::serve_ready(Asked& asked) {
  std::string_view reason;
  if (state_->draining) {
    reason = "draining";
  } else if (engine_ == nullptr || stands_by_) {
    if (!can_forward()) reason = "recovering";
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
  write(asked.ticket, response, asked.out);
  return true;
}

// False: there is none, and that was said.
bool Door::has_gateway(Asked& asked) {
  if (!options_.gateway)
    refuse(asked.ticket, Problem(problem::not_found, "This server has no test gateway."), asked.out);
  return options_.gateway.has_value();
}

std::string Door::gateway_tenant(const Ticket& ticket) const {
  return options_.tenants.empty() ? "default" : options_.tenants[ticket.tenant].id;
}

// Under a key it is done once: the log keeps the key, the gateway's file the balance.
bool Door::serve_gateway_balance(Asked& asked) {
  if (!has_gateway(asked)) return true;
  if (asked.ticket.is_keyed && engine_ != nullptr) {
    Request request = std::move(asked.decoded.request);
    request.tenant = tenant_at(asked.ticket.tenant);
    request.kind = transaction::kind_id;
    request.command = transaction::batch_command({});
    engine_->submit(std::move(request), [this, amount = asked.decoded.amount, tenant = gateway_tenant(asked.ticket),
                                         &sink = asked.sink, tag = asked.tag](Outcome& outcome) {
      try {
        if (is_success(outcome.code) && !outcome.replayed) options_.gateway->set_balance(tenant, amount);
      } catch (const std::exception&) {
        outcome.code = Code::internal_error;
      }
      outcome.answer = "{\"amount\":" + std::to_string(amount) + '}';
      sink.done(tag, outcome);
    });
    return false;
  }
  try {
    options_.gateway->set_balance(gateway_tenant(asked.ticket), asked.decoded.amount);
  } catch (const std::exception& error) {
    refuse(asked.ticket, Problem(problem::internal_error, error.what()), asked.out);
    return true;
  }
  return show(asked, "{\"amount\":" + std::to_string(asked.decoded.amount) + '}');
}

bool Door::serve_gateway_charges(Asked& asked) {
  return !has_gateway(asked) || show(asked, entries_text(options_.gateway->charges(gateway_tenant(asked.ticket))));
}

bool Door::serve_gateway_refunds(Asked& asked) {
  return !has_gateway(asked) || show(asked, entries_text(options_.gateway->refunds(gateway_tenant(asked.ticket))));
}

}  // namespace tote::http
