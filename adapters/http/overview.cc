#include "adapters/http/overview.h"

#include <algorithm>
#include <iterator>

namespace tote::http {

const std::array<Moment::Column, 23> Moment::columns{{{"time_s", &Moment::time_s},
                                                      {"seconds", &Moment::seconds},
                                                      {"executed", &Moment::executed},
                                                      {"refused", &Moment::refused},
                                                      {"replayed", &Moment::replayed},
                                                      {"reads", &Moment::reads},
                                                      {"p50_us", &Moment::p50_us},
                                                      {"p99_us", &Moment::p99_us},
                                                      {"p999_us", &Moment::p999_us},
                                                      {"in_flight", &Moment::in_flight},
                                                      {"records", &Moment::records},
                                                      {"syncs", &Moment::syncs},
                                                      {"sync_us", &Moment::sync_us},
                                                      {"log_bytes", &Moment::log_bytes},
                                                      {"entities_live", &Moment::entities_live},
                                                      {"entities_dormant", &Moment::entities_dormant},
                                                      {"entities_resting", &Moment::entities_resting},
                                                      {"entities_bytes", &Moment::entities_bytes},
                                                      {"keys_in_memory", &Moment::keys_in_memory},
                                                      {"keys_on_disk", &Moment::keys_on_disk},
                                                      {"snapshot_age_s", &Moment::snapshot_age_s},
                                                      {"alerts", &Moment::alerts},
                                                      {"disk_free_bytes", &Moment::disk_free_bytes}}};

namespace {

std::uint64_t us(std::int64_t ns) { return static_cast<std::uint64_t>(ns) / 1'000; }

Moment moment_of(const Figures& now, const Figures& before, const LatencyHistogram<std::uint64_t>& latency) {
  Moment moment;
  moment.executed = now.executed - before.executed;
  moment.refused = now.refused - before.refused;
  moment.replayed = now.replayed - before.replayed;
  moment.reads = now.reads - before.reads;
  moment.p50_us = us(latency.quantile_ns(500));
  moment.p99_us = us(latency.quantile_ns(990));
  moment.p999_us = us(latency.quantile_ns(999));
  moment.in_flight = now.in_flight;
  moment.records = now.durable.value - before.durable.value;
  moment.syncs = now.syncs - before.syncs;
  moment.sync_us = (now.sync_ns - before.sync_ns) / 1'000;
  moment.log_bytes = now.log_bytes - before.log_bytes;
  moment.entities_live = now.entities_live;
  const std::uint64_t elsewhere = now.entities_live + now.entities_resting;
  moment.entities_dormant = now.entities - std::min(now.entities, elsewhere);
  moment.entities_resting = now.entities_resting;
  moment.entities_bytes = now.entities_bytes;
  moment.keys_in_memory = now.keys_in_memory;
  moment.keys_on_disk = now.keys_on_disk;
  moment.snapshot_age_s = now.snapshot_age_ns / static_cast<std::uint64_t>(ns_per_s);
  moment.alerts = now.alerts;
  moment.disk_free_bytes = now.disk_free_bytes;
  return moment;
}

}  // namespace

// The first look only says where counts begin.
void Overview::add_to(Ring& ring, std::int64_t now_s, const Figures& figures, const std::vector<std::uint64_t>& lags) {
  if (ring.ended_s != 0) {
    auto moment = std::make_shared<Moment>(moment_of(figures, ring.before, ring.latency));
    moment->time_s = static_cast<std::uint64_t>(now_s);
    moment->seconds = static_cast<std::uint64_t>(now_s - ring.ended_s);
    moment->lags = lags;
    ring.moments.push_back(std::move(moment));
    if (ring.moments.size() > ring.moments_max) ring.moments.pop_front();
  }
  ring.ended_s = now_s;
  ring.before = figures;
  ring.latency.clear();
}

void Overview::add(std::int64_t now_s, const Figures& figures, const std::vector<events::FollowerStatus>& followers) {
  if (followers_.empty())
    std::transform(followers.begin(), followers.end(), std::back_inserter(followers_),
                   [](const auto& follower) { return follower.name; });
  std::vector<std::uint64_t> lags;
  lags.reserve(followers.size());
  for (const auto& follower : followers)
    lags.push_back(figures.durable.value - std::min(figures.durable.value, follower.cursor.value));
  day_.latency.add(recent_.latency);
  add_to(recent_, now_s, figures, lags);
  if (day_.ended_s == 0 || now_s - day_.ended_s >= day_.step_s) add_to(day_, now_s, figures, lags);
}

Overview::Page Overview::page(std::int64_t step_s, std::int64_t after_s, std::size_t count_max) const {
  const Ring& ring = step_s == day_step_s ? day_ : recent_;
  const auto is_older = [after_s](const std::shared_ptr<const Moment>& moment) {
    return static_cast<std::int64_t>(moment->time_s) <= after_s;
  };
  auto first = std::find_if_not(ring.moments.begin(), ring.moments.end(), is_older);
  const auto newest = static_cast<std::ptrdiff_t>(std::min(count_max, ring.moments.size()));
  first = std::max(first, ring.moments.end() - newest);
  return {ring.step_s, followers_, {first, ring.moments.end()}};
}

}  // namespace tote::http
