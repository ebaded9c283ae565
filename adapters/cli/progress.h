// How far long work is, on a terminal; silent when stderr is a file or a pipe.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace tote::cli {

class Progress {
 public:
  explicit Progress(std::string what);  // "checked", "recovered": before "1 000 of 50 000 records, 800 000/s"
  ~Progress();                          // clears the line
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  // Cheap: it looks at the clock once in a thousand calls with `done` going up by one, and draws ten times a second.
  void at(std::uint64_t done, std::uint64_t total);

 private:
  using Clock = std::chrono::steady_clock;
  void draw(std::uint64_t done, std::uint64_t total, Clock::time_point now);

  std::string what_;
  bool terminal_;
  bool drawn_ = false;
  std::uint64_t looked_ = 0;
  Clock::time_point begun_ = Clock::now();
  Clock::time_point drawn_at_ = begun_;
};

}  // namespace tote::cli
