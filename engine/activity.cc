#include "engine/activity.h"

#include <algorithm>

#include "engine/core.h"
#include "engine/recorder.h"

namespace tote {

void Activity::changed(Slot& slot) {
  if (std::exchange(slot.asks, true)) return;
  changed_.push_back(&slot);
}

void Activity::recovered(Slot& slot) {
  if (!std::exchange(slot.asks, true)) recovered_.push_back(&slot);
}

// Those that a round makes change again are asked in the next one.
void Activity::ask(std::size_t& count, FlightList& out) {
  for (std::size_t left = changed_.size(); left > 0 && count > 0; --left, --count) {
    Slot* slot = changed_.front();
    changed_.pop_front();
    slot->asks = false;
    ask(*slot, out);
  }
  for (; !recovered_.empty() && count > 0; --count) {
    Slot* slot = recovered_.back();
    recovered_.pop_back();
    slot->asks = false;
    ask(*slot, out);
  }
}

void Activity::ask(Slot& slot, FlightList& out) {
  if (slot.entity->watches() != nullptr) core_.watching().look_at(slot);
  if (slot.has_news && !tell_news(core_, slot)) return changed(slot);  // first it hears all
  if (ScriptPtr script = slot.entity->follow_up(slot.id)) {
    Flight* flight = core_.pool().take();
    flight->purpose = Flight::Purpose::follow_up;
    flight->deadline_ns = 0;
    flight->request = {.tenant = slot.tenant, .kind = slot.kind->id(), .entity = slot.id};
    flight->request.command = Command(std::move(script));
    out.push(flight);
  }
  take_effects(slot);
  take_alert(slot);
}

// Calls that the entity doesn't want any more are forgotten, those that are on their way are not started again.
void Activity::take_effects(Slot& slot) {
  effects_.clear();
  slot.entity->effects(slot.id, effects_);
  auto known = outstanding_.find(&slot);
  if (effects_.empty()) {
    if (known == outstanding_.end()) return;
    calls_outstanding_ -= known->second.size();
    outstanding_.erase(known);
    return;
  }
  if (known == outstanding_.end()) known = outstanding_.emplace(&slot, std::vector<Outstanding>()).first;
  auto& calls = known->second;
  calls_outstanding_ -= calls.size();
  std::erase_if(calls, [this](const Outstanding& call) {
    return std::none_of(effects_.begin(), effects_.end(), [&](const Effect& effect) { return effect.id == call.id; });
  });
  for (Effect& effect : effects_) {
    const auto is_it = [&](const Outstanding& call) { return call.id == effect.id; };
    if (std::any_of(calls.begin(), calls.end(), is_it)) continue;
    waiting_.push_back({core_.log().last(), &slot, effect.id});
    calls.push_back({std::move(effect.id), std::move(effect.call)});
  }
  calls_outstanding_ += calls.size();
}

// With nobody to make a call it would wait in silence.
std::string Activity::alert_of(Slot& slot) const {
  std::string text = slot.entity->alert();
  const bool is_stranded = !core_.options().on_effect && outstanding_.contains(&slot);
  if (text.empty() && is_stranded)
    text = "waits for a call to the outside that nobody makes: no payment gateway is configured";
  return text;
}

void Activity::take_alert(Slot& slot) {
  const std::string text = alert_of(slot);
  if (text.empty()) {
    alerted_.erase(&slot);
  } else if (alerted_.insert(&slot).second && core_.options().on_alert) {
    core_.options().on_alert({core_.tenant_name(slot.tenant), slot.kind->name(), slot.id, text});
  }
}

void Activity::start_calls(Lsn durable) {
  constexpr std::int64_t offer_again_every_ns = 100 * ns_per_ms;
  if (!put_back_.empty() && core_.clock().monotonic_ns() >= offer_again_ns_) {
    while (!put_back_.empty() && offer(put_back_.front())) put_back_.pop_front();
    offer_again_ns_ = core_.clock().monotonic_ns() + offer_again_every_ns;
  }
  std::size_t left = 256;  // a turn
  for (; left > 0 && !waiting_.empty() && waiting_.front().lsn <= durable; --left) {
    if (!put_back_.empty() || !offer(waiting_.front())) put_back_.push_back(std::move(waiting_.front()));
    waiting_.pop_front();
  }
  has_started_enough_ = left == 0 && !waiting_.empty() && waiting_.front().lsn <= durable;
}

// False: the host has no room for it now.
bool Activity::offer(const Waiting& waiting) {
  const auto known = outstanding_.find(waiting.slot);
  if (known == outstanding_.end() || !core_.options().on_effect) return true;
  for (Outstanding& outstanding : known->second) {
    if (outstanding.id != waiting.id || !outstanding.call) continue;
    EffectCall call{
        waiting.slot->tenant, waiting.slot->kind->id(),    waiting.slot->id,
        waiting.id,           std::move(outstanding.call), std::string(core_.tenant_name(waiting.slot->tenant))};
    if (core_.options().on_effect(call)) return true;
    outstanding.call = std::move(call.call);
    return false;
  }
  return true;
}

}  // namespace tote
