// The part of the door that is watched: the radar, and what the server did moment by moment.
#include <algorithm>
#include <ctime>
#include <limits>

#include "adapters/events/followers.h"
#include "adapters/http/alerts.h"
#include "adapters/http/door.h"
#include "adapters/http/json_writer.h"
#include "adapters/http/watch.h"

namespace tote::http {

void Door::tick() {
  answer_projection_waiters();
  end_late();
  const std::int64_t now_s = std::time(nullptr);
  if (engine_ == nullptr || !overview_.is_due(now_s)) return;
  overview_.add(now_s, engine_->figures(),
                options_.followers == nullptr ? std::vector<events::FollowerStatus>{} : options_.followers->statuses());
}

bool Door::serve_hot(Asked& asked) {
  const Ticket& ticket = asked.ticket;
  const std::optional<Tenant> tenant = ticket.is_of_all ? std::nullopt : std::optional(tenant_at(ticket.tenant));
  engine_->hottest(tenant, asked.decoded.limit,
                   [this, tenant, &sink = asked.sink, tag = asked.tag](Code code, HotEntities& hot) {
                     Outcome outcome;
                     outcome.code = code;
                     outcome.lsn = engine_->log().durable();
                     TenantOf tenant_of;
                     if (!tenant) tenant_of = [this](Tenant of) { return tenant_name(of); };
                     if (code == Code::ok) append_hot(outcome.answer, hot, options_.kinds, tenant_of);
                     sink.done(tag, outcome);
                   });
  return false;
}

// Of one that isn't in the settings any more nothing is known but its number.
std::string_view Door::tenant_name(Tenant tenant) const {
  const auto found = std::ranges::find(tenants_, tenant);
  if (found != tenants_.end()) return quotas_->name(static_cast<std::size_t>(found - tenants_.begin()));
  return tenants_.empty() && tenant == Tenant{} ? std::string_view(wal::default_tenant) : "?";
}

// A day's are a megabyte of text.
bool Door::serve_overview(Asked& asked) {
  const Decoded& decoded = asked.decoded;
  const auto page =
      std::make_shared<const Overview::Page>(overview_.page(decoded.step_s, decoded.after_s, decoded.limit));
  const auto outcome = std::make_shared<Outcome>();
  outcome->lsn = engine_->log().durable();
  renderer_->ask([outcome, page] { append_overview(outcome->answer, *page); },
                 [outcome, &sink = asked.sink, tag = asked.tag] { sink.done(tag, *outcome); });
  return false;
}

bool Door::serve_followers(Asked& asked) {
  std::string text;
  append_followers(
      text, options_.followers == nullptr ? std::vector<events::FollowerStatus>{} : options_.followers->statuses(),
      engine_ == nullptr ? Lsn{} : engine_->log().durable());
  return show(asked, text);
}

bool Door::serve_token(Asked& asked) {
  const Ticket& ticket = asked.ticket;
  std::string text;
  text += "{\"tenant\":";
  ticket.is_of_all ? static_cast<void>(text += "null") : append_string(text, quotas_->name(ticket.tenant));
  append_string(text += ",\"role\":", name_of(ticket.role));
  append_string(text += ",\"name\":", ticket.actor);
  text += open_to_all() ? ",\"open\":true" : ",\"open\":false";
  text += ticket.is_of_server ? ",\"server\":true}" : ",\"server\":false}";
  return show(asked, text);
}

// Who looks at one tenant is told of its entities, who looks at all of the server, too.
bool Door::serve_alerts(Asked& asked) {
  const Ticket& ticket = asked.ticket;
  const auto outcome = std::make_shared<Outcome>();
  const std::optional<std::string> tenant =
      sees_all(ticket) ? std::nullopt : std::optional(quotas_->name(ticket.tenant));
  const std::int64_t after = asked.decoded.after_number;
  const auto before = after == 0 ? std::numeric_limits<std::uint64_t>::max() : static_cast<std::uint64_t>(after);
  watchers_renderer_->ask(
      [this, outcome, tenant, before, limit = asked.decoded.limit] {
        const Time now{std::time(nullptr) * ns_per_s};
        append_alerts(outcome->answer,
                      options_.alerts == nullptr ? Alerts::Page{} : options_.alerts->page(tenant, before, limit, now));
      },
      [outcome, &sink = asked.sink, tag = asked.tag] { sink.done(tag, *outcome); });
  return false;
}

// A tenant is told of itself alone.
bool Door::serve_tenants(Asked& asked) {
  const Ticket& ticket = asked.ticket;
  std::string text;
  append_tenants(text, ticket.is_of_server ? quotas_->view_of_each() : std::vector{quotas_->view_of(ticket.tenant)},
                 asked.decoded.argument, asked.decoded.limit);
  return show(asked, text);
}

}  // namespace tote::http
