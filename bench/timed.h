// What every workload of an embedded engine does alike: send for a while or so many, and report what it came to.
#pragma once

#include <cstdint>
#include <functional>

#include "bench/bank.h"
#include "bench/disk.h"
#include "bench/driver.h"
#include "bench/plan.h"
#include "bench/report.h"

namespace tote::bench {

using NextRequest = std::function<Request()>;

// One run over one driver. Commands have keys of their own; what the books must say afterwards is the workload's part.
class Timed {
 public:
  Timed(const Plan& plan, Report& report, Bank& bank, Driver& driver)
      : plan_(plan), report_(report), bank_(bank), driver_(driver) {}

  // A warm-up, then plan.seconds of it. Counts what was acknowledged, hence durable, inside of the window only.
  void for_seconds(const NextRequest& next);
  // So many, to the last answer; nothing before it is counted.
  void for_count(std::uint64_t count, const NextRequest& next);

  double seconds() const { return seconds_; }
  std::uint64_t records() const { return records_; }

 private:
  void send_for(double seconds, const NextRequest& next);
  void start();
  void stop();
  void send_in_parts(const NextRequest& next);

  const Plan& plan_;
  Report& report_;
  Bank& bank_;
  Driver& driver_;
  Figures figures_start_;
  std::uint64_t answered_start_ = 0;
  std::int64_t start_ns_ = 0;
  double seconds_ = 0;
  std::uint64_t records_ = 0;
};

void describe_disk(Report& report, const ScratchDirectory& scratch);
// Says on standard error that the measured part begins, when the plan wants it.
void announce(const Plan& plan);
// Every answer a success, none of them of an earlier command.
void check_success(Report& report, const Driver& driver);
void check_keys(Report& report, const Driver& driver);

}  // namespace tote::bench
