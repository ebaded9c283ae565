// What the radar says of an entity (engine/radar.h).
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "engine/kernel/code.h"
#include "engine/kernel/entity.h"
#include "engine/request.h"

namespace tote {

// All of it estimated, of one window.
struct HotEntity {
  Tenant tenant{};
  KindId kind = 0;
  std::string id{};
  std::uint64_t requests = 0;                              // answered, reads among them; repeats of an answer aren't
  std::uint64_t refused = 0;                               // of those
  std::vector<std::pair<Code, std::uint64_t>> refusals{};  // by code, the commonest first; the rarest may be missing
  std::uint64_t waited_us = 0;                             // from arrival to answer, of all of them together
  std::int64_t p99_ns = 0;                                 // from arrival to answer
};

struct HotEntities {
  static constexpr std::int64_t window_s = 10;

  std::int64_t window_us = 0;         // that was looked at: shorter in the first seconds after the start
  std::vector<HotEntity> entities{};  // most requests first
};

}  // namespace tote
