// What a workload found out: figures in order, and the checks that make them valid.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "bench/histogram.h"

namespace tote::bench {

class Report {
 public:
  void text(std::string_view name, std::string_view value);
  void count(std::string_view name, std::uint64_t value);
  void number(std::string_view name, double value);  // two decimals below 1000, none above
  void latency(const Histogram& histogram);          // p50_us, p99_us, p999_us, max_us
  void check(std::string_view name, bool holds, std::string detail);

  bool valid() const;
  void print(bool json) const;  // to standard output

 private:
  struct Figure {
    std::string name;
    std::string value;
    bool quoted;
  };
  struct Check {
    std::string name;
    bool holds;
    std::string detail;
  };
  std::vector<Figure> figures_;
  std::vector<Check> checks_;
};

// "Is it still running?" for a person: one line that is overwritten, only on a terminal.
class Progress {
 public:
  explicit Progress(bool quiet);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  void show(std::string_view what, std::uint64_t done);  // at most five times a second

 private:
  bool shown_;
  std::int64_t next_ns_ = 0;
};

// Steady time, to measure with.
std::int64_t now_ns();

}  // namespace tote::bench
