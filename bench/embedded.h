// The workloads that run inside this process.
#pragma once

#include "bench/plan.h"
#include "bench/report.h"

namespace tote::bench {

Report run_credits(const Plan& plan);    // hot-batch, hot-single, wallets-batch, wallets-single
Report run_transfers(const Plan& plan);  // transfers-hot, transfers-10k
Report run_flash_sale(const Plan& plan);
Report run_last_seat(const Plan& plan);
Report run_orders(const Plan& plan);
Report run_recovery(const Plan& plan);
Report run_memory(const Plan& plan);
Report run_at_rest(const Plan& plan);
Report run_snapshots(const Plan& plan);
Report run_sync(const Plan& plan);

}  // namespace tote::bench
