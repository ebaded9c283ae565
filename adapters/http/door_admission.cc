// Who may ask, and how much of what tenants share a request takes.
#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>

#include "adapters/http/door.h"

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

}  // namespace

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

}  // namespace tote::http
