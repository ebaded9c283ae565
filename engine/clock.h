// Time enters the engine here and nowhere else. Loop thread only.
#pragma once

#include <algorithm>
#include <cstdint>
#include <ctime>

#include "engine/kernel/time.h"

namespace tote {

// Where the time comes from; tests and the simulation bring their own.
class ClockSource {
 public:
  virtual ~ClockSource() = default;
  virtual Time wall() const = 0;
  virtual std::int64_t monotonic_ns() const = 0;
};

class SystemClock final : public ClockSource {
 public:
  Time wall() const override { return {read(CLOCK_REALTIME)}; }
  std::int64_t monotonic_ns() const override { return read(CLOCK_MONOTONIC); }

 private:
  static std::int64_t read(clockid_t id) {
    timespec at{};
    clock_gettime(id, &at);
    return at.tv_sec * ns_per_s + at.tv_nsec;
  }
};

// The log's time: the wall clock, made strictly increasing. A wall clock that is set back holds it, never turns it
// back.
class LogClock {
 public:
  LogClock(const ClockSource& source, Time last) : source_(source), last_(last) {}

  void start_after(Time last) { last_ = std::max(last_, last); }

  // Reads the source; once per message, not per command.
  void sample() {
    last_ = std::max(last_, source_.wall());
    monotonic_ns_ = source_.monotonic_ns();
  }
  Time next() {
    ++last_.ns;
    return last_;
  }
  Time last() const { return last_; }
  std::int64_t monotonic_ns() const { return monotonic_ns_; }

 private:
  const ClockSource& source_;
  Time last_;
  std::int64_t monotonic_ns_ = 0;
};

}  // namespace tote
