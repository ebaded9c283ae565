// What an operator watches, in Prometheus' text format. Plain counters of the loop thread; the text is made beside it,
// of a copy: some hundred figures take a millisecond.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "adapters/events/follower_status.h"
#include "adapters/http/quotas.h"
#include "adapters/server/state.h"
#include "engine/backup_status.h"
#include "engine/request.h"

namespace tote::http {

// Of a node of a cluster.
struct ClusterFigures {
  bool is_owner = false;
  std::uint64_t epoch = 0, in_sync = 0, lag_records = 0, filling = 0;
};

// What the page tells beside the counters below.
struct MetricsView {
  std::optional<Figures> figures{};      // none while the engine isn't there yet
  std::optional<BackupStatus> backup{};  // the same
  std::string version{};
  std::optional<events::FollowerStatus> projection{};
  std::vector<events::FollowerStatus> followers{};
  std::vector<TenantView> tenants{};
  const server::State* server = nullptr;  // never null on a page
  std::uint64_t streams = 0;              // connections that follow the log
  std::uint64_t unsent_bytes = 0;         // of answers that clients haven't taken
  std::optional<ClusterFigures> cluster{};
  server::Counts forwarding{};  // of what is handed on to the owner
};

struct Route;  // routes.h

class Metrics {
 public:
  static constexpr std::size_t routes_max = 128;  // one more for what has no route
  static constexpr std::size_t buckets = 14;      // upper bounds in metrics.cc, and one for everything above

  server::Counts counts;  // of the API's own
  server::Count unauthorized{counts, server::Count::Type::total, "tote_http_unauthorized_total",
                             "Requests without a valid token"};

  server::Count settings_refused{counts, server::Count::Type::now, "tote_settings_refused",
                                 "1: the settings that were read last (SIGHUP) are wrong, those before them hold"};

  // `route`: a row of routes(); null for none.
  void count(const Route* route, unsigned status, std::int64_t nanoseconds);

  struct Now;
  Now now(MetricsView view) const;

 private:
  struct PerRoute {
    std::array<std::uint64_t, 6> by_class{};  // 1xx … 5xx at their first digit
    std::array<std::uint64_t, buckets + 1> latency{};
    std::uint64_t nanoseconds = 0;
  };
  using Routes = std::array<PerRoute, routes_max + 1>;
  Routes routes_{};
};

// All figures as of one moment: what it views into never changes.
struct Metrics::Now {
  struct Value {
    const server::Count* of = nullptr;  // only what never changes of it
    std::uint64_t value = 0;
  };

  MetricsView view;
  std::vector<Value> counts, forwarding;
  std::optional<server::Turns> turns;
  Routes routes;

  std::string page(std::int64_t wall_s) const;  // any thread; `wall_s`: since 1970

  struct Page;  // of metrics.cc

 private:
  void add_routes(Page& page) const;
};

}  // namespace tote::http
