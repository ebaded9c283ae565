#include "bench/workloads.h"

#include <cstdio>
#include <exception>
#include <variant>

#include "bench/callbacks.h"
#include "bench/embedded.h"
#include "bench/http.h"
#include "bench/plan.h"

namespace tote::bench {

namespace {

struct Workload {
  const char* name;
  Report (*run)(const Plan& plan);
};

constexpr Workload workloads[] = {
    {"hot-batch", run_credits},
    {"hot-single", run_credits},
    {"wallets-batch", run_credits},
    {"wallets-single", run_credits},
    {"transfers-hot", run_transfers},
    {"transfers-10k", run_transfers},
    {"flash-sale", run_flash_sale},
    {"last-seat", run_last_seat},
    {"orders", run_orders},
    {"recovery", run_recovery},
    {"memory", run_memory},
    {"at-rest", run_at_rest},
    {"snapshots", run_snapshots},
    {"sync", run_sync},
    {"http", run_http},
    {"callbacks", run_callbacks},
};

}  // namespace

int run(std::span<const std::string> args) {
  const auto parsed = plan_of(args);
  if (const auto* wrong = std::get_if<std::string>(&parsed)) {
    std::fprintf(stderr, "tote bench: %s\n", wrong->c_str());
    return 2;
  }
  const Plan& plan = std::get<Plan>(parsed);
  if (plan.help) {
    std::fputs(help_text, stdout);
    return 0;
  }
  for (const Workload& workload : workloads) {
    if (plan.workload != workload.name) continue;
    try {
      const Report report = workload.run(plan);
      report.print(plan.json);
      return report.valid() ? 0 : 1;
    } catch (const std::exception& error) {
      std::fprintf(stderr, "tote bench: %s: %s\n", workload.name, error.what());
      return 1;
    }
  }
  std::fprintf(stderr, "tote bench: no workload '%s'; see --help\n", plan.workload.c_str());
  return 2;
}

}  // namespace tote::bench
