#include "adapters/http/metrics.h"

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <limits>
#include <span>
#include <vector>

#include "adapters/http/routes.h"

namespace tote::http {
namespace {

using events::FollowerStatus;
using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

constexpr std::array<std::int64_t, Metrics::buckets> bounds_ns = {
    100'000,    250'000,    500'000,     1'000'000,   2'500'000,   5'000'000,     10'000'000,
    25'000'000, 50'000'000, 100'000'000, 250'000'000, 500'000'000, 1'000'000'000, 5'000'000'000};

double number(std::uint64_t value) { return static_cast<double>(value); }
double seconds(std::uint64_t ns) { return static_cast<double>(ns) / 1e9; }

}  // namespace

struct Metrics::Now::Page {
  std::vector<MetricFamily> families;

  MetricFamily& family(std::string name, std::string help, MetricType type) {
    families.push_back({std::move(name), std::move(help), type, {}});
    return families.back();
  }
  void counter(std::string name, std::string help, double value) {
    family(std::move(name), std::move(help), MetricType::Counter).metric.emplace_back().counter.value = value;
  }
  void gauge(std::string name, std::string help, double value) {
    family(std::move(name), std::move(help), MetricType::Gauge).metric.emplace_back().gauge.value = value;
  }
};

namespace {

using Page = Metrics::Now::Page;

std::vector<ClientMetric::Label> route_labels(std::size_t index) {
  if (index >= http::routes().size()) return {{"method", "other"}, {"route", "other"}};
  const Route& route = http::routes()[index];
  return {{"method", std::string(name_of(route.method))}, {"route", std::string(route.pattern)}};
}

void add_count(Page& page, const Metrics::Now::Value& count) {
  const auto add = count.of->type == server::Count::Type::total ? &Page::counter : &Page::gauge;
  (page.*add)(std::string(count.of->name), std::string(count.of->help), number(count.value));
}

void add_backups(Page& page, const BackupStatus& backup, std::int64_t wall_s) {
  page.gauge("tote_backup_running", "1: a backup is being made", backup.state == BackupStatus::State::running ? 1 : 0);
  page.counter("tote_backups_total", "Backups made since the start", number(backup.made));
  page.counter("tote_backups_failed_total", "Backups that couldn't be made since the start", number(backup.failed));
  if (backup.newest == Time{}) return;  // an age that nobody knows isn't 0
  const std::int64_t age_s = std::max<std::int64_t>(wall_s - backup.newest.ns / ns_per_s, 0);
  page.gauge("tote_backup_age_seconds", "Since the newest backup of this log that is known",
             static_cast<double>(age_s));
}

void add_cluster(Page& page, const ClusterFigures& cluster) {
  page.gauge("tote_cluster_is_owner", "1: this node has the log, and answers", cluster.is_owner ? 1 : 0);
  page.gauge("tote_cluster_epoch", "How often the log has changed hands, as etcd says", number(cluster.epoch));
  page.gauge("tote_cluster_in_sync", "Nodes that have all that is acknowledged", number(cluster.in_sync));
  page.gauge("tote_cluster_lag_records", "How far this node is behind the owner's log", number(cluster.lag_records));
  page.gauge("tote_cluster_filling", "Nodes that are given all of the owner's log", number(cluster.filling));
}

void add_requests_answered(Page& page, const Figures& figures) {
  auto& answered =
      page.family("tote_requests_total", "Requests the engine answered, by what they came to", MetricType::Counter);
  auto add = [&](const char* result, std::uint64_t value) {
    auto& metric = answered.metric.emplace_back();
    metric.label.push_back({"result", result});
    metric.counter.value = number(value);
  };
  add("executed", figures.executed);
  add("refused", figures.refused);
  add("replayed", figures.replayed);
  add("read", figures.reads);
}

void add_snapshots(Page& page, const Figures& figures) {
  page.gauge("tote_snapshot_lsn", "What the newest snapshot is as of, 0: there is none",
             number(figures.snapshot.value));
  page.gauge("tote_snapshot_behind_records", "Newer than the newest snapshot: a start replays them",
             number(figures.last.value - std::min(figures.last.value, figures.snapshot.value)));
  page.gauge("tote_snapshot_age_seconds", "Since its newest record", seconds(figures.snapshot_age_ns));
  page.counter("tote_snapshot_rows_total", "Entities written for snapshots", number(figures.snapshot_rows));
  page.gauge("tote_snapshot_round_seconds", "Time that the last one took", seconds(figures.snapshot_round_ns));
  page.gauge("tote_entities_unsaved", "Entities that have changed since they were written",
             number(figures.entities_unsaved));
}

void add_engine(Page& page, const Figures& figures) {
  add_requests_answered(page, figures);
  page.gauge("tote_requests_in_flight", "Requests accepted by the engine and not yet answered",
             number(figures.in_flight));
  page.gauge("tote_entities", "Entities that exist", number(figures.entities));
  page.gauge("tote_entities_live", "Entities with an actor in memory", number(figures.entities_live));
  page.gauge("tote_entities_resting", "Entities that aren't in memory", number(figures.entities_resting));
  page.gauge("tote_entities_bytes", "What those in memory take, reckoned", number(figures.entities_bytes));
  page.gauge("tote_entities_fetching", "Entities that are being read from disk", number(figures.entities_fetching));
  page.counter("tote_entities_fetched_total", "Entities that came back into memory", number(figures.entities_fetched));
  page.counter("tote_entities_left_total", "Entities that left memory", number(figures.entities_left));
  page.gauge("tote_keys_in_memory", "Finished idempotency keys in memory", number(figures.keys_in_memory));
  page.gauge("tote_keys_on_disk", "Finished idempotency keys on disk only", number(figures.keys_on_disk));
  page.gauge("tote_key_runs", "Files that they are in", number(figures.key_runs));
  page.counter("tote_timers_fired_total", "Changes that time alone brought", number(figures.timers_fired));
  page.gauge("tote_reads_waiting", "Reads that wait for an LSN", number(figures.waiting_reads));
  page.counter("tote_internal_errors_total", "Requests that met a defect: an exception, a code that nobody registers",
               number(figures.internal_errors));
  page.counter("tote_log_damage_total", "Times that a reader of the log met damage", number(figures.log_damage));
  page.gauge("tote_log_first_lsn", "The oldest record in the log itself", number(figures.untrimmed.value));
  page.gauge("tote_archive_first_lsn", "The oldest record that can be read", number(figures.first.value));
  page.gauge("tote_archive_segments", "Sealed segments in the archive", number(figures.segments));
  page.gauge("tote_log_damage_lsn", "Where damage was first met, 0: nowhere", number(figures.log_damage_lsn.value));
  page.gauge("tote_calls_outstanding", "Outside calls (charges, refunds) without an answer yet",
             number(figures.calls_outstanding));
  page.gauge("tote_alerts", "Entities that an operator must look at: stuck sagas, paused payments, failed refunds",
             number(figures.alerts));
  page.gauge("tote_recovery_records", "Records read when the engine started", number(figures.records_recovered));
  page.gauge("tote_recovery_seconds", "Time the engine took to start", seconds(figures.recovery_ns));
  page.counter("tote_log_syncs_total", "Group commits", number(figures.syncs));
  page.counter("tote_log_sync_seconds_total", "Time spent in group commits", seconds(figures.sync_ns));
  page.counter("tote_log_bytes_total", "Bytes written to the log", number(figures.log_bytes));
  page.gauge("tote_disk_free_bytes", "Free room on the log's disk", number(figures.disk_free_bytes));
  page.gauge("tote_clock_skew_seconds", "The log's time is so far ahead of the clock, and stands still",
             seconds(static_cast<std::uint64_t>(figures.clock_skew_ns)));
  add_snapshots(page, figures);
  page.gauge("tote_log_last_lsn", "The newest record", number(figures.last.value));
  page.gauge("tote_log_durable_lsn", "The newest record that is on disk", number(figures.durable.value));
  page.gauge("tote_log_full", "1: changes are refused because the disk is nearly full", figures.log_full ? 1 : 0);
  page.gauge("tote_draining", "1: new requests are refused", figures.draining ? 1 : 0);
}

void add_projection(Page& page, const FollowerStatus& projection, const std::optional<Figures>& figures) {
  const std::uint64_t durable = figures ? figures->durable.value : 0;
  page.gauge("tote_projection_connected", "1: PostgreSQL answers", projection.connected ? 1 : 0);
  page.gauge("tote_projection_lsn", "Everything up to here is in PostgreSQL", number(projection.cursor.value));
  page.gauge("tote_projection_lag_lsn", "Records that aren't",
             number(durable - std::min(durable, projection.cursor.value)));
  page.gauge("tote_projection_lag_seconds", "Since PostgreSQL had everything",
             static_cast<double>(projection.lag_ms()) / 1e3);
  page.counter("tote_projection_rows_total", "Rows written", number(projection.told));
}

void add_turns(Page& page, const server::Turns& turns) {
  auto& family =
      page.family("tote_loop_turn_seconds", "Turns of the loop, on which everything waits", MetricType::Histogram);
  auto& histogram = family.metric.emplace_back().histogram;
  for (std::size_t i = 0; i <= server::Turns::bounds_ns.size(); ++i) {
    histogram.sample_count += turns.in_bucket(i);
    const double bound = i < server::Turns::bounds_ns.size() ? static_cast<double>(server::Turns::bounds_ns[i]) / 1e9
                                                             : std::numeric_limits<double>::infinity();
    histogram.bucket.push_back({histogram.sample_count, bound});
  }
  histogram.sample_sum = static_cast<double>(turns.sum_ns()) / 1e9;
  page.gauge("tote_loop_turn_seconds_max", "The longest turn since start", static_cast<double>(turns.max_ns()) / 1e9);
}

void add_tenants(Page& page, std::span<const TenantView> tenants) {
  const auto add = [&](const char* name, const char* help, MetricType type, auto member) {
    auto& family = page.family(name, help, type);
    for (const TenantView& tenant : tenants) {
      auto& metric = family.metric.emplace_back();
      metric.label.push_back({"tenant", tenant.name});
      (type == MetricType::Counter ? metric.counter.value : metric.gauge.value) = number(tenant.*member);
    }
  };
  add("tote_tenant_connections", "Open connections", MetricType::Gauge, &TenantView::connections);
  add("tote_tenant_requests_in_flight", "Requests not yet answered, of a batch its lines", MetricType::Gauge,
      &TenantView::requests_in_flight);
  add("tote_tenant_streams", "Connections that follow the log", MetricType::Gauge, &TenantView::streams);
  add("tote_tenant_requests_total", "Requests, of a batch its lines", MetricType::Counter, &TenantView::requests);
  add("tote_tenant_refused_total", "Requests beyond the tenant's limits or share", MetricType::Counter,
      &TenantView::refused);
}

void add_destinations(Page& page, std::vector<FollowerStatus> all, const std::optional<Figures>& figures) {
  std::erase_if(all, [](const FollowerStatus& follower) { return follower.role != events::Role::destination; });
  if (all.empty()) return;
  const std::uint64_t durable = figures ? figures->durable.value : 0;
  const auto add = [&](const char* name, const char* help, MetricType type, auto&& value_of) {
    auto& family = page.family(name, help, type);
    for (const FollowerStatus& destination : all) {
      auto& metric = family.metric.emplace_back();
      metric.label.push_back({"destination", destination.name});
      (type == MetricType::Counter ? metric.counter.value : metric.gauge.value) = value_of(destination);
    }
  };
  add("tote_destination_connected", "1: it takes events", MetricType::Gauge,
      [](const FollowerStatus& of) { return of.connected ? 1.0 : 0.0; });
  add("tote_destination_lsn", "All events up to here are there", MetricType::Gauge,
      [](const FollowerStatus& of) { return number(of.cursor.value); });
  add("tote_destination_lag_lsn", "Records it hasn't been told", MetricType::Gauge,
      [durable](const FollowerStatus& of) { return number(durable - std::min(durable, of.cursor.value)); });
  add("tote_destination_lag_seconds", "Since it had all events", MetricType::Gauge,
      [](const FollowerStatus& of) { return of.lag_seconds; });
  add("tote_destination_events_total", "Events it took", MetricType::Counter,
      [](const FollowerStatus& of) { return number(of.told); });
  add("tote_destination_failures_total", "Tries that failed", MetricType::Counter,
      [](const FollowerStatus& of) { return number(of.failures); });
  add("tote_destination_put_aside", "Events given up, kept in a file", MetricType::Gauge,
      [](const FollowerStatus& of) { return number(of.put_aside); });
}

}  // namespace

void Metrics::count(const Route* route, unsigned status, std::int64_t nanoseconds) {
  const std::size_t index = route == nullptr ? routes_max : static_cast<std::size_t>(route - http::routes().data());
  PerRoute& of = routes_[std::min(index, routes_max)];
  ++of.by_class[std::min<std::size_t>(status / 100, of.by_class.size() - 1)];
  const auto bucket = std::lower_bound(bounds_ns.begin(), bounds_ns.end(), nanoseconds) - bounds_ns.begin();
  ++of.latency[static_cast<std::size_t>(bucket)];
  of.nanoseconds += static_cast<std::uint64_t>(std::max<std::int64_t>(nanoseconds, 0));
}

Metrics::Now Metrics::now(MetricsView view) const {
  const auto add = [](std::vector<Now::Value>& to, const server::Counts& list) {
    for (const server::Count* count : list) to.push_back({count, count->value()});
  };
  const server::State& server = *view.server;
  Now now{.view = std::move(view), .counts = {}, .forwarding = {}, .turns = {}, .routes = routes_};
  add(now.counts, server.counts);
  add(now.counts, counts);
  add(now.forwarding, now.view.forwarding);
  if (server.turns != nullptr) now.turns = *server.turns;
  return now;
}

std::string Metrics::Now::page(std::int64_t wall_s) const {
  Page page;
  page.families.reserve(64);
  auto& info = page.family("tote_build_info", "The running version", MetricType::Gauge).metric.emplace_back();
  info.label.push_back({"version", view.version});
  info.gauge.value = 1;
  for (const Value& count : counts) add_count(page, count);
  page.gauge("tote_http_unsent_bytes", "Of answers that clients are slow to take", number(view.unsent_bytes));
  page.gauge("tote_http_log_streams", "Connections that follow the log", number(view.streams));
  add_routes(page);
  if (turns) add_turns(page, *turns);
  add_tenants(page, view.tenants);
  if (view.projection) add_projection(page, *view.projection, view.figures);
  add_destinations(page, view.followers, view.figures);
  for (const Value& count : forwarding) add_count(page, count);
  if (view.cluster) add_cluster(page, *view.cluster);
  if (view.figures) add_engine(page, *view.figures);
  if (view.backup) add_backups(page, *view.backup, wall_s);
  return prometheus::TextSerializer().Serialize(page.families);
}

void Metrics::Now::add_routes(Page& page) const {
  MetricFamily requests{"tote_http_requests_total", "Requests answered", MetricType::Counter, {}};
  MetricFamily latency{
      "tote_http_request_seconds", "From the whole request read to its answer written", MetricType::Histogram, {}};
  for (std::size_t route = 0; route < routes.size(); ++route) {
    const PerRoute& of = routes[route];
    std::uint64_t total = 0;
    for (std::size_t digit = 1; digit < of.by_class.size(); ++digit) {
      if (of.by_class[digit] == 0) continue;
      total += of.by_class[digit];
      auto& metric = requests.metric.emplace_back();
      metric.label = route_labels(route);
      metric.label.push_back({"status", std::to_string(digit) + "xx"});
      metric.counter.value = number(of.by_class[digit]);
    }
    if (total == 0) continue;
    auto& metric = latency.metric.emplace_back();
    metric.label = route_labels(route);
    std::uint64_t below = 0;
    for (std::size_t i = 0; i < of.latency.size(); ++i) {
      below += of.latency[i];
      const double bound =
          i < buckets ? static_cast<double>(bounds_ns[i]) / 1e9 : std::numeric_limits<double>::infinity();
      metric.histogram.bucket.push_back({below, bound});
    }
    metric.histogram.sample_count = total;
    metric.histogram.sample_sum = seconds(of.nanoseconds);
  }
  page.families.push_back(std::move(requests));
  page.families.push_back(std::move(latency));
}

}  // namespace tote::http
