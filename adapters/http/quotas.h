// What each tenant may have of the server at once: its own limits, and its share of what all of them share, so that one
// tenant at its worst never causes a refusal for another.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "adapters/http/problems.h"
#include "adapters/http/shares.h"

namespace tote::http {

// [tenant.limits]; 0: no limit but its share.
struct TenantLimits {
  std::int64_t requests_in_flight_max = 0;
  std::int64_t requests_per_s_max = 0;  // the lines of a batch are counted one by one
  std::int64_t connections_max = 0;
  std::int64_t streams_max = 16;
  std::int64_t entities_max = 0;  // the engine counts them

  bool operator==(const TenantLimits&) const = default;
};

// What tenants share, each with a bound for all of them together.
enum class Shared : std::uint8_t {
  connections,
  requests,      // given to the engine and not answered; of a batch: its lines
  streams,       // connections that follow the log
  histories,     // being read
  pages,         // of the log, being read
  batches,       // from their header to their answer
  projections,   // waiting for PostgreSQL
  unsent_bytes,  // of answers that clients haven't taken
};
inline constexpr std::size_t shared_count = 8;

// A tenant as the metrics show it.
struct TenantView {
  std::string name;
  std::uint64_t connections = 0, requests_in_flight = 0, streams = 0;
  std::uint64_t requests = 0, refused = 0;  // since start
};

class Quotas;

// Whose it is counted as: one of those that a Quotas has.
struct Account {
  Quotas* quotas = nullptr;
  std::size_t tenant = 0;

  bool operator==(const Account&) const = default;
};

// Loop thread only. Tenants are numbered from 0, in the order given.
class Quotas {
 public:
  using Clock = std::chrono::steady_clock;
  struct Tenant {
    std::string name;
    TenantLimits limits;
  };

  // At least one tenant; bounds by Shared.
  Quotas(std::vector<Tenant> tenants, const std::array<std::uint64_t, shared_count>& bounds);

  // Takes so many, or says why not and takes nothing: `quota_exceeded` beyond the tenant's own limit or share,
  // `overloaded` when a tenant that is alone has all there is.
  std::optional<Problem> take(Shared what, std::size_t tenant, std::uint64_t count = 1);
  void give_back(Shared what, std::size_t tenant, std::uint64_t count = 1) { of(what).give_back(tenant, count); }
  // Beyond any bound: what was there already has grown.
  void add(Shared what, std::size_t tenant, std::uint64_t count) { of(what).take(tenant, count); }
  // What the tenant can have at best: more at once is never possible.
  std::uint64_t most(Shared what, std::size_t tenant) const;
  // Why the tenant may have no more.
  Problem refuse(Shared what, std::size_t tenant, std::uint64_t count = 1);
  // Whether the tenant may have more; asked before something whose size isn't known yet.
  bool has_room(Shared what, std::size_t tenant) const { return of(what).has_room(tenant); }
  const std::string& name(std::size_t tenant) const { return tenants_[tenant].name; }
  std::uint64_t used(Shared what) const { return of(what).used(); }

  // Counts requests, and holds them against requests_per_s_max. A batch larger than what a second allows is taken when
  // nothing is owed, and owed afterwards.
  std::optional<Problem> spend(std::size_t tenant, std::uint64_t requests, Clock::time_point now);

  // The first `tenants_shown_max`, all others summed up as "other".
  std::vector<TenantView> view() const;
  std::vector<TenantView> view_of_each() const;
  TenantView view_of(std::size_t tenant) const;
  static constexpr std::size_t tenants_shown_max = 100;

 private:
  struct Spent {
    std::uint64_t requests = 0, refused = 0;
    Clock::time_point paid_until{};  // requests before now - 1 s are forgotten, later than now: owed
  };

  Shares& of(Shared what) { return shares_[static_cast<std::size_t>(what)]; }
  const Shares& of(Shared what) const { return shares_[static_cast<std::size_t>(what)]; }
  std::uint64_t own_limit(Shared what, std::size_t tenant) const;
  Problem exceeded(std::size_t tenant, std::string why, std::int64_t retry_after_s);

  std::vector<Tenant> tenants_;
  std::vector<Shares> shares_;
  std::vector<Spent> spent_;  // by tenant
};

}  // namespace tote::http
