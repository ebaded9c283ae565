#include "bench/report.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <utility>

namespace tote::bench {

namespace {

std::string json_text(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  }
  return out + '"';
}

}  // namespace

std::int64_t now_ns() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

void Report::text(std::string_view name, std::string_view value) {
  figures_.push_back({std::string(name), std::string(value), true});
}

void Report::count(std::string_view name, std::uint64_t value) {
  figures_.push_back({std::string(name), std::to_string(value), false});
}

void Report::number(std::string_view name, double value) {
  char digits[64];
  std::snprintf(digits, sizeof digits, "%.*f", value < 1000 ? 2 : 0, value);
  figures_.push_back({std::string(name), digits, false});
}

void Report::latency(const Histogram& histogram) {
  number("p50_us", histogram.us_at(0.5));
  number("p99_us", histogram.us_at(0.99));
  number("p999_us", histogram.us_at(0.999));
  number("max_us", histogram.max_us());
}

void Report::check(std::string_view name, bool holds, std::string detail) {
  checks_.push_back({std::string(name), holds, std::move(detail)});
}

bool Report::valid() const {
  return std::all_of(checks_.begin(), checks_.end(), [](const Check& check) { return check.holds; });
}

void Report::print(bool json) const {
  std::string out;
  if (json) {
    for (const Figure& figure : figures_) {
      out += out.empty() ? '{' : ',';
      out += json_text(figure.name) + ':' + (figure.quoted ? json_text(figure.value) : figure.value);
    }
    out += std::string(out.empty() ? "{" : ",") + "\"valid\":" + (valid() ? "true" : "false") + ",\"checks\":[";
    for (const Check& check : checks_) {
      if (out.back() != '[') out += ',';
      out += "{\"name\":" + json_text(check.name) + ",\"holds\":" + (check.holds ? "true" : "false") +
             ",\"detail\":" + json_text(check.detail) + '}';
    }
    out += "]}\n";
  } else {
    for (const Figure& figure : figures_) {
      out += "  " + figure.name + std::string(figure.name.size() < 22 ? 22 - figure.name.size() : 1, ' ') +
             figure.value + '\n';
    }
    for (const Check& check : checks_)
      out += std::string(check.holds ? "  ok       " : "  NOT OK   ") + check.name + ": " + check.detail + '\n';
  }
  std::fputs(out.c_str(), stdout);
  std::fflush(stdout);
}

Progress::Progress(bool quiet) : shown_(!quiet && isatty(STDERR_FILENO) == 1) {}

Progress::~Progress() {
  if (shown_) std::fputs("\r\033[K", stderr);
}

void Progress::show(std::string_view what, std::uint64_t done) {
  if (!shown_) return;
  const std::int64_t now = now_ns();
  if (now < next_ns_) return;
  next_ns_ = now + 200'000'000;
  std::fprintf(stderr, "\r\033[K%.*s: %llu", static_cast<int>(what.size()), what.data(),
               static_cast<unsigned long long>(done));
}

}  // namespace tote::bench
