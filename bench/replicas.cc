#include "bench/replicas.h"

#include <chrono>
#include <cstdio>
#include <stdexcept>
#include <thread>
#include <utility>

namespace tote::bench {
namespace {

cluster::MemberOptions options_of(const std::vector<std::string>& etcd) {
  cluster::MemberOptions options;
  options.node = "n1";
  options.etcd = etcd;
  options.listen = "127.0.0.1:0";
  options.http = "http://127.0.0.1:1";  // nobody asks it
  options.create_after_ms = 0;
  if (const std::string problem = cluster::problem_of(options); !problem.empty()) throw std::runtime_error(problem);
  return options;
}

// What is measured has an end: nothing goes on without it.
cluster::Member::Told told() {
  const auto say = [](const std::string& sentence) { std::fprintf(stderr, "cluster: %s\n", sentence.c_str()); };
  return {.on_stop = say, .on_refused = say, .on_problem = say};
}

}  // namespace

Replicas::Replicas(const std::vector<std::string>& etcd, std::size_t count)
    : count_(count), member_(options_of(etcd), told()) {}

decltype(Options::open_log) Replicas::open_log() {
  return [this](wal::LogOptions log) { return member_.open_log(std::move(log)); };
}

void Replicas::wait_until_in_sync() const {
  for (const auto ends_at = std::chrono::steady_clock::now() + std::chrono::minutes(1); in_sync() != count_;) {
    if (std::chrono::steady_clock::now() > ends_at)
      throw std::runtime_error(std::to_string(in_sync()) + " of " + std::to_string(count_) + " nodes are in sync");
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

}  // namespace tote::bench
