// Which entities are hot: who gets the most requests, refuses most, lets them wait longest, in the last ten seconds.
//
// A request in so many is a sample: it is marked when it comes in, and counted, for as many as it stands for, when its
// answer leaves. So all of them pay a decrement and a branch, however they are answered and by whom, and the samples,
// 10 000 a second at most, are some thousandths of the loop's time. With fewer requests each of them is one.
//
// Two sketches of 1 024 counters (kernel/space_saving.h), of this window and the one before: about 1.5 MB, whatever
// comes. All tenants share them, nobody is told of another's. Loop thread only.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/flight.h"
#include "engine/hot_entity.h"
#include "engine/kernel/latency_histogram.h"
#include "engine/kernel/space_saving.h"
#include "engine/kernel/time.h"

namespace tote {

class ClockSource;

class Radar {
 public:
  static constexpr std::size_t counters_max = 1'024;
  static constexpr std::int64_t window_ns = HotEntities::window_s * ns_per_s;

  explicit Radar(const ClockSource& clock);

  // A request has come in.
  [[gnu::always_inline]] void arrived(Flight& flight) {
    if (--until_sample_ == 0) [[unlikely]]
      mark(flight);
  }
  // Its answer leaves; only for one that stands for some (Flight::stands_for). `has_entities`: of a kind.
  template <class HasEntities>
  void answered(const Flight& flight, const HasEntities& has_entities) {
    if (!is_counted(flight)) return;
    name_entities(flight);
    const std::int64_t took_ns = now_ns() - flight.arrived_ns;
    for (const EntityRef& ref : refs_)
      if (has_entities(ref.kind)) count(flight, ref, took_ns);
  }
  // Once a turn, with a time that may be a turn old.
  void turn(std::int64_t monotonic_ns) {
    if (monotonic_ns - adjusted_ns_ >= adjust_every_ns || samples_ >= samples_max) adjust(monotonic_ns);
  }

  // Those of one tenant, or of all where none is named; at most so many.
  HotEntities hottest(std::optional<Tenant> tenant, std::size_t count_max) const;
  std::size_t counters() const { return now_.size() + before_.size(); }

 private:
  static constexpr std::int64_t adjust_every_ns = 100 * ns_per_ms;
  static constexpr std::uint64_t samples_max = 1'000;  // about, from one adjustment to the next
  static constexpr std::size_t codes_max = 4;          // that are told of one entity

  struct Key {
    Tenant tenant;
    KindId kind = 0;
    std::string_view id;
  };
  struct Refusals {
    Code code{};
    std::uint32_t count = 0;
  };
  // What is kept of one entity.
  struct Seen {
    Tenant tenant{};
    KindId kind = 0;
    std::string id;
    std::uint32_t refused = 0;
    std::array<Refusals, codes_max> refusals{};
    std::uint64_t waited_us = 0;
    LatencyHistogram<std::uint32_t> latency;

    bool is(const Key& key) const { return tenant == key.tenant && kind == key.kind && id == key.id; }
    void take(const Key& key) { tenant = key.tenant, kind = key.kind, id = key.id; }
    void refuse(Code code, std::uint32_t times);
  };
  using Sketch = SpaceSaving<Seen>;
  struct Found;

  static bool is_counted(const Flight& flight);
  static std::uint64_t hash_of_key(const Key& key);
  std::int64_t now_ns() const;
  void mark(Flight& flight);
  void draw_gap();
  void name_entities(const Flight& flight);
  void count(const Flight& flight, const EntityRef& ref, std::int64_t took_ns);
  void adjust(std::int64_t monotonic_ns);
  void begin_window(std::int64_t monotonic_ns);
  std::vector<Found> find_all(std::optional<Tenant> tenant, std::uint64_t left_ms) const;
  static HotEntity told(const Found& found, std::uint64_t left_ms);

  const ClockSource& clock_;
  std::uint32_t until_sample_ = 1;  // requests
  std::uint32_t stands_for_ = 1;    // requests, a sample
  std::uint64_t random_ = 0x9e3779b97f4a7c15;
  std::uint64_t samples_ = 0;  // since the last adjustment
  std::int64_t adjusted_ns_ = 0;
  std::int64_t began_ns_ = 0;        // this window
  std::int64_t first_began_ns_ = 0;  // the first one
  Sketch now_{counters_max}, before_{counters_max};
  std::vector<EntityRef> refs_;  // scratch
};

}  // namespace tote
