#include "bench/timed.h"

#include <pthread.h>

#include <algorithm>
#include <cstdio>
#include <string>

namespace tote::bench {

namespace {

void describe_syncs(Report& report, const Figures& start, const Figures& end) {
  const std::uint64_t syncs = end.syncs - start.syncs;
  if (syncs == 0) return;
  report.count("syncs", syncs);
  report.number("engine_sync_mean_us",
                static_cast<double>(end.sync_ns - start.sync_ns) / 1e3 / static_cast<double>(syncs));
  report.number("records_per_sync",
                static_cast<double>(end.durable.value - start.durable.value) / static_cast<double>(syncs));
}

}  // namespace

void Timed::for_seconds(const NextRequest& next) {
  send_for(plan_.warm_up_s(), next);
  start();
  plan_.every_s > 0 ? send_in_parts(next) : send_for(plan_.seconds, next);
  stop();  // before the drain: what is in flight at the window's end doesn't count
  driver_.drain();
  report_.latency(driver_.latency());
}

void Timed::for_count(std::uint64_t count, const NextRequest& next) {
  start();
  for (std::uint64_t i = 0; i < count; ++i) {
    driver_.send(next());
    if (i % 64 == 0) bank_.progress().show(plan_.workload, i);
  }
  driver_.drain();
  stop();
  report_.latency(driver_.latency());
}

// The clock is read every 64 commands.
void Timed::send_for(double seconds, const NextRequest& next) {
  const std::int64_t end = now_ns() + static_cast<std::int64_t>(seconds * 1e9);
  do {
    for (int i = 0; i < 64; ++i) driver_.send(next());
    bank_.progress().show(plan_.workload, driver_.answered());
  } while (now_ns() < end);
}

// What a long run comes to: does it stay as fast as it was at first?
void Timed::send_in_parts(const NextRequest& next) {
  std::string each;
  double first_s = 0, least_s = 0, passed_s = 0;
  while (passed_s < plan_.seconds) {
    const std::uint64_t answered = driver_.answered();
    const std::int64_t start_ns = now_ns();
    send_for(std::min(plan_.every_s, plan_.seconds - passed_s), next);
    const double took_s = static_cast<double>(now_ns() - start_ns) / 1e9;
    const double rate_s = static_cast<double>(driver_.answered() - answered) / took_s;
    passed_s += took_s;
    if (first_s == 0) first_s = least_s = rate_s;
    least_s = std::min(least_s, rate_s);
    const Figures figures = bank_.engine().figures();
    std::fprintf(stderr, "%7.0f s %9.0f tx/s, keys: %llu in memory, %llu in %llu runs\n", passed_s, rate_s,
                 static_cast<unsigned long long>(figures.keys_in_memory),
                 static_cast<unsigned long long>(figures.keys_on_disk),
                 static_cast<unsigned long long>(figures.key_runs));
    each.append(each.empty() ? "" : " ").append(std::to_string(static_cast<std::uint64_t>(rate_s)));
  }
  report_.text("tx_s_each", each);
  report_.number("tx_s_first", first_s);
  report_.number("tx_s_least", least_s);
  report_.number("least_by_first", least_s / first_s);
}

void Timed::start() {
  figures_start_ = bank_.engine().figures();
  answered_start_ = driver_.answered();
  start_ns_ = now_ns();
  driver_.measure(true);
  announce(plan_);
}

void Timed::stop() {
  records_ = driver_.answered() - answered_start_;
  seconds_ = static_cast<double>(now_ns() - start_ns_) / 1e9;
  driver_.measure(false);
  report_.number("seconds", seconds_);
  report_.count("records", records_);
  report_.number("tx_s", static_cast<double>(records_) / seconds_);
  describe_syncs(report_, figures_start_, bank_.engine().figures());
}

void describe_disk(Report& report, const ScratchDirectory& scratch) {
  report.number("sync_p50_us", sync_latency(scratch.path(), 0.3).us_at(0.5));
  report.check("data directory on a disk", !scratch.in_memory(), scratch.in_memory() ? "tmpfs" : "yes");
}

void announce(const Plan& plan) {
  if (!plan.announce) return;
  pthread_setname_np(pthread_self(), "tote-bench");  // told apart from the engine's threads in a profile
  std::fputs("measuring\n", stderr);
}

void check_success(Report& report, const Driver& driver) {
  const auto succeeded = driver.succeeded();
  report.check("every command succeeded", succeeded == driver.answered(),
               std::to_string(succeeded) + " of " + std::to_string(driver.answered()) +
                   (succeeded == driver.answered() ? "" : ", first " + std::string(name_of(driver.first_failure()))));
  check_keys(report, driver);
}

void check_keys(Report& report, const Driver& driver) {
  report.check("no key was seen before", driver.replayed() == 0, std::to_string(driver.replayed()) + " replayed");
}

}  // namespace tote::bench
