#include "adapters/http/quotas.h"

#include <algorithm>

namespace tote::http {
namespace {

std::string_view name_of(Shared what) {
  switch (what) {
    case Shared::connections: return "connections";
    case Shared::requests: return "requests in flight";
    case Shared::streams: return "event streams";
    case Shared::histories: return "histories being read";
    case Shared::pages: return "pages of the log and of lists being read";
    case Shared::batches: return "batches in flight";
    case Shared::projections: return "requests that wait for the projection";
    case Shared::unsent_bytes: return "answers that its clients haven't taken";
  }
  return {};
}

}  // namespace

Quotas::Quotas(std::vector<Tenant> tenants, const std::array<std::uint64_t, shared_count>& bounds)
    : tenants_(std::move(tenants)), spent_(tenants_.size()) {
  for (const std::uint64_t max : bounds) shares_.emplace_back(max, tenants_.size());
}

std::uint64_t Quotas::own_limit(Shared what, std::size_t tenant) const {
  const TenantLimits& limits = tenants_[tenant].limits;
  switch (what) {
    case Shared::connections: return static_cast<std::uint64_t>(limits.connections_max);
    case Shared::requests: return static_cast<std::uint64_t>(limits.requests_in_flight_max);
    case Shared::streams: return static_cast<std::uint64_t>(limits.streams_max);
    default: return 0;
  }
}

std::uint64_t Quotas::most(Shared what, std::size_t tenant) const {
  const std::uint64_t limit = own_limit(what, tenant);
  return limit == 0 ? of(what).most() : std::min(limit, of(what).most());
}

Problem Quotas::exceeded(std::size_t tenant, std::string why, std::int64_t retry_after_s) {
  ++spent_[tenant].refused;
  Problem problem(Code::quota_exceeded, std::move(why));
  problem.facts.add({FactName::retry_after_s, retry_after_s});
  return problem;
}

std::optional<Problem> Quotas::take(Shared what, std::size_t tenant, std::uint64_t count) {
  Shares& shares = of(what);
  const std::uint64_t limit = own_limit(what, tenant);
  const bool is_over_limit = limit != 0 && shares.used_by(tenant) + count > limit;
  if (!is_over_limit && shares.has_room(tenant, count)) [[likely]] {
    shares.take(tenant, count);
    return std::nullopt;
  }
  return refuse(what, tenant, count);
}

Problem Quotas::refuse(Shared what, std::size_t tenant, std::uint64_t count) {
  constexpr std::int64_t retry_after_s = 1;
  const std::uint64_t limit = own_limit(what, tenant);
  const std::string things(name_of(what));
  if (limit != 0 && of(what).used_by(tenant) + count > limit)
    return exceeded(tenant, "This tenant may have " + std::to_string(limit) + ' ' + things + " at once.",
                    retry_after_s);
  if (tenants_.size() > 1) return exceeded(tenant, "This tenant has its share of " + things + '.', retry_after_s);
  return Problem(Code::overloaded, "The server has as many " + things + " as it takes.");
}

// Each request moves the time up to which is paid by its price; what a second brings may be saved up, and no more.
std::optional<Problem> Quotas::spend(std::size_t tenant, std::uint64_t requests, Clock::time_point now) {
  Spent& spent = spent_[tenant];
  spent.requests += requests;
  const std::int64_t per_s = tenants_[tenant].limits.requests_per_s_max;
  if (per_s == 0) [[likely]]
    return std::nullopt;
  spent.paid_until = std::max(spent.paid_until, now - std::chrono::seconds(1));
  if (spent.paid_until > now) {
    const auto wait = std::chrono::ceil<std::chrono::seconds>(spent.paid_until - now);
    return exceeded(tenant, "This tenant may send " + std::to_string(per_s) + " requests a second.", wait.count());
  }
  spent.paid_until += std::chrono::nanoseconds(1'000'000'000 / per_s) * static_cast<std::int64_t>(requests);
  return std::nullopt;
}

TenantView Quotas::view_of(std::size_t tenant) const {
  return {.name = tenants_[tenant].name,
          .connections = of(Shared::connections).used_by(tenant),
          .requests_in_flight = of(Shared::requests).used_by(tenant),
          .streams = of(Shared::streams).used_by(tenant),
          .requests = spent_[tenant].requests,
          .refused = spent_[tenant].refused};
}

std::vector<TenantView> Quotas::view_of_each() const {
  std::vector<TenantView> views;
  for (std::size_t tenant = 0; tenant < tenants_.size(); ++tenant) views.push_back(view_of(tenant));
  return views;
}

std::vector<TenantView> Quotas::view() const {
  std::vector<TenantView> views;
  for (std::size_t tenant = 0; tenant < tenants_.size(); ++tenant) {
    if (views.size() <= tenants_shown_max)
      views.push_back({.name = tenant < tenants_shown_max ? tenants_[tenant].name : "other"});
    TenantView& view = views.back();
    const TenantView one = view_of(tenant);
    view.connections += one.connections;
    view.requests_in_flight += one.requests_in_flight;
    view.streams += one.streams;
    view.requests += one.requests;
    view.refused += one.refused;
  }
  return views;
}

}  // namespace tote::http
