#include "adapters/cli/progress.h"

#include <unistd.h>

#include <cstdio>

#include "adapters/cli/text.h"

namespace tote::cli {
namespace {
constexpr std::uint64_t look_every = 1'000;
constexpr auto draw_every = std::chrono::milliseconds(100);
}  // namespace

Progress::Progress(std::string what) : what_(std::move(what)), terminal_(isatty(STDERR_FILENO) == 1) {}

Progress::~Progress() {
  if (drawn_) std::fputs("\r\x1b[K", stderr);
}

void Progress::at(std::uint64_t done, std::uint64_t total) {
  if (!terminal_ || done < looked_ + look_every) return;
  looked_ = done;
  const auto now = Clock::now();
  if (now - drawn_at_ < draw_every) return;
  drawn_at_ = now;
  draw(done, total, now);
}

void Progress::draw(std::uint64_t done, std::uint64_t total, Clock::time_point now) {
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(now - begun_).count();
  const auto rate = ms > 0 ? done * 1000 / static_cast<std::uint64_t>(ms) : 0;
  const auto of_total = total > 0 ? " of " + grouped(total) : "";
  const auto line = what_ + " " + grouped(done) + of_total + " records, " + grouped(rate) + "/s";
  std::fprintf(stderr, "\r%s\x1b[K", line.c_str());
  drawn_ = true;
}

}  // namespace tote::cli
