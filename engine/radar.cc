#include "engine/radar.h"

#include <algorithm>

#include "engine/clock.h"
#include "engine/hash_index.h"
#include "engine/kernel/name.h"

namespace tote {
namespace {

constexpr std::uint64_t window_ms = static_cast<std::uint64_t>(HotEntities::window_s) * 1'000;

}  // namespace

// An entity's counters: either may be null.
struct Radar::Found {
  const Sketch::Counter* now = nullptr;
  const Sketch::Counter* before = nullptr;
  std::uint64_t requests = 0;
};

Radar::Radar(const ClockSource& clock) : clock_(clock) {
  adjusted_ns_ = began_ns_ = first_began_ns_ = clock_.monotonic_ns();
}

std::int64_t Radar::now_ns() const { return clock_.monotonic_ns(); }

void Radar::mark(Flight& flight) {
  ++samples_;
  flight.stands_for = stands_for_;
  flight.arrived_ns = now_ns();
  draw_gap();
}

// Somewhere from 1 to twice as many less one: nobody's rhythm fits it.
void Radar::draw_gap() {
  random_ ^= random_ << 13;
  random_ ^= random_ >> 7;
  random_ ^= random_ << 17;
  until_sample_ = 1 + static_cast<std::uint32_t>((random_ >> 32) % (2 * std::uint64_t{stands_for_} - 1));
}

// As many as come decide how many a sample stands for; after a burst the next one comes soon.
void Radar::adjust(std::int64_t monotonic_ns) {
  const auto elapsed_ns = static_cast<std::uint64_t>(std::max(monotonic_ns - adjusted_ns_, ns_per_ms));
  const std::uint64_t arrived = samples_ * stands_for_ * static_cast<std::uint64_t>(adjust_every_ns) / elapsed_ns;
  stands_for_ = static_cast<std::uint32_t>(std::clamp<std::uint64_t>(arrived / samples_max, 1, 1'000'000));
  until_sample_ = std::min(until_sample_, 2 * stands_for_ - 1);
  samples_ = 0;
  adjusted_ns_ = monotonic_ns;
  if (monotonic_ns - began_ns_ >= window_ns) begin_window(monotonic_ns);
}

void Radar::begin_window(std::int64_t monotonic_ns) {
  std::swap(now_, before_);
  now_.clear();
  if (monotonic_ns - began_ns_ >= 2 * window_ns) before_.clear();
  began_ns_ = monotonic_ns;
}

// What was only told again is nothing that an entity did, and who has no name is no entity.
bool Radar::is_counted(const Flight& flight) {
  return flight.purpose == Flight::Purpose::execute && !flight.outcome.replayed;
}

void Radar::name_entities(const Flight& flight) {
  refs_.clear();
  const Script* script = flight.script();
  if (script == nullptr) {
    refs_.push_back({flight.request.kind, flight.request.entity});
    return;
  }
  if (flight.request.is_question && flight.request.entity.empty()) return;  // a list's: nobody asked for any of them
  try {
    script->entities(refs_);
  } catch (...) {
    refs_.clear();  // who asked was told of it
  }
  std::sort(refs_.begin(), refs_.end());
  refs_.erase(std::unique(refs_.begin(), refs_.end()), refs_.end());
}

std::uint64_t Radar::hash_of_key(const Key& key) {
  return hash_of(key.id, (std::uint64_t{key.tenant.index} << 16) | key.kind);
}

void Radar::count(const Flight& flight, const EntityRef& ref, std::int64_t took_ns) {
  const Key key{flight.request.tenant, ref.kind, ref.id};
  if (!is_valid_id(key.id)) return;
  Seen* seen = now_.add(hash_of_key(key), key, flight.stands_for);
  if (seen == nullptr) return;
  const auto us = static_cast<std::uint64_t>(std::max<std::int64_t>(took_ns, 0)) / 1'000;
  seen->waited_us += us * flight.stands_for;
  seen->latency.add(took_ns, flight.stands_for);
  if (!is_success(flight.outcome.code)) seen->refuse(flight.outcome.code, flight.stands_for);
}

void Radar::Seen::refuse(Code code, std::uint32_t times) {
  refused += times;
  auto* of_code = std::find_if(refusals.begin(), refusals.end(),
                               [code](const Refusals& one) { return one.code == code || one.count == 0; });
  if (of_code == refusals.end()) return;
  of_code->code = code;
  of_code->count += times;
}

HotEntities Radar::hottest(std::optional<Tenant> tenant, std::size_t count_max) const {
  const std::int64_t now = now_ns();
  const std::int64_t elapsed_ns = std::clamp<std::int64_t>(now - began_ns_, 0, window_ns);
  const auto left_ms = static_cast<std::uint64_t>((window_ns - elapsed_ns) / ns_per_ms);
  std::vector<Found> all = find_all(tenant, left_ms);
  const std::size_t told_count = std::min(count_max, all.size());
  const auto end = all.begin() + static_cast<std::ptrdiff_t>(told_count);
  std::partial_sort(all.begin(), end, all.end(),
                    [](const Found& one, const Found& other) { return one.requests > other.requests; });
  HotEntities hot;
  hot.window_us = std::clamp<std::int64_t>(now - first_began_ns_, ns_per_s, window_ns) / 1'000;
  for (auto found = all.begin(); found != end; ++found) hot.entities.push_back(told(*found, left_ms));
  return hot;
}

std::vector<Radar::Found> Radar::find_all(std::optional<Tenant> tenant, std::uint64_t left_ms) const {
  std::vector<Found> all;
  all.reserve(counters());
  now_.for_each([&](const Sketch::Counter& counter) {
    const Seen& seen = counter.value;
    if (!tenant || seen.tenant == *tenant)
      all.push_back({&counter, before_.find(counter.hash, Key{seen.tenant, seen.kind, seen.id}), counter.own()});
  });
  before_.for_each([&](const Sketch::Counter& counter) {
    const Seen& seen = counter.value;
    if ((!tenant || seen.tenant == *tenant) && now_.find(counter.hash, Key{seen.tenant, seen.kind, seen.id}) == nullptr)
      all.push_back({nullptr, &counter, 0});
  });
  for (Found& found : all)
    if (found.before != nullptr) found.requests += found.before->own() * left_ms / window_ms;
  std::erase_if(all, [](const Found& found) { return found.requests == 0; });
  return all;
}

// All of this window, and of the one before as much as still lies in the last ten seconds.
HotEntity Radar::told(const Found& found, std::uint64_t left_ms) {
  const Seen& named = found.now != nullptr ? found.now->value : found.before->value;
  HotEntity told{.tenant = named.tenant, .kind = named.kind, .id = named.id, .requests = found.requests};
  LatencyHistogram<std::uint32_t> latency;
  const auto add = [&](const Sketch::Counter* counter, std::uint64_t parts, std::uint64_t whole) {
    if (counter == nullptr) return;
    const Seen& seen = counter->value;
    told.refused += std::uint64_t{seen.refused} * parts / whole;
    told.waited_us += seen.waited_us / whole * parts;
    latency.add(seen.latency, parts, whole);
    for (const auto& [code, count] : seen.refusals) {
      const std::uint64_t share = std::uint64_t{count} * parts / whole;
      const auto same = std::find_if(told.refusals.begin(), told.refusals.end(),
                                     [of = code](const auto& one) { return one.first == of; });
      if (same != told.refusals.end())
        same->second += share;
      else if (share > 0)
        told.refusals.emplace_back(code, share);
    }
  };
  add(found.now, 1, 1);
  add(found.before, left_ms, window_ms);
  std::sort(told.refusals.begin(), told.refusals.end(),
            [](const auto& one, const auto& other) { return one.second > other.second; });
  told.p99_ns = latency.quantile_ns(990);
  return told;
}

}  // namespace tote
