// A log that other nodes keep, too: the process that measures owns it.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "adapters/cluster/member.h"
#include "engine/tote.h"

namespace tote::bench {

class Replicas {
 public:
  // Nobody owns the log yet: this node, n1, is the first to come. The others are empty. `count`: of all.
  Replicas(const std::vector<std::string>& etcd, std::size_t count);

  // For Options::open_log, once.
  decltype(Options::open_log) open_log();
  // Throws when they aren't within a minute.
  void wait_until_in_sync() const;
  std::size_t in_sync() const { return member_.status().isr.size(); }

 private:
  const std::size_t count_;
  cluster::Member member_;
};

}  // namespace tote::bench
