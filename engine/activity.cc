#include "engine/activity.h"

#include "engine/context.h"
#include "engine/recorder.h"

namespace tote {

Activity::Activity(Context& context) : context_(context), outstanding_(context.pages()), alerted_(context.pages()) {}

void Activity::changed(Slot& slot) {
  if (slot.asks) return;
  slot.asks = true;
  changed_.push_back(&slot);
}

void Activity::recovered(Slot& slot) {
  if (slot.asks) return;
  slot.asks = true;
  recovered_.push_back(&slot);
  slot.has_news = slot.entity->watches() != nullptr;  // perhaps: what needs it asks first
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
  if (slot.entity->watches() != nullptr) context_.watching().look_at(slot);
  if (slot.has_news && !tell_news(context_, slot)) return changed(slot);  // first it hears all
  if (ScriptPtr script = slot.entity->follow_up(slot.id)) {
    Flight* flight = context_.pool().take();
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
  Calls* known = outstanding_.find(slot);
  if (effects_.empty() && known == nullptr) return;
  Calls& calls = known == nullptr ? outstanding_[slot] : *known;
  Calls wanted;
  calls_outstanding_ -= calls.size();
  for (Effect& effect : effects_) {
    if (auto call = calls.extract(effect.id); !call.empty())
      wanted.insert(std::move(call));
    else if (wanted.try_emplace(effect.id, std::move(effect.call)).second)
      waiting_.push_back({context_.log().last(), &slot, std::move(effect.id)}), ++slot.offers;
  }
  calls_outstanding_ += wanted.size();
  if (wanted.empty())
    outstanding_.erase(slot);
  else
    calls = std::move(wanted);
}

// With nobody to make a call it would wait in silence.
std::string Activity::alert_of(Slot& slot) const {
  std::string text = slot.entity->alert();
  const bool is_stranded = !context_.options().on_effect && outstanding_.find(slot) != nullptr;
  if (text.empty() && is_stranded)
    text = "waits for a call to the outside that nobody makes: no payment gateway is configured";
  return text;
}

void Activity::take_alert(Slot& slot) {
  const std::string text = alert_of(slot);
  std::size_t* const known = alerted_.find(slot);
  if (known == nullptr && text.empty()) return;
  const std::size_t hash = std::hash<std::string>()(text);
  if (known != nullptr && *known == hash) return;
  const auto& tell = known == nullptr ? context_.options().on_alert : context_.options().on_alert_change;
  if (text.empty())
    alerted_.erase(slot);
  else
    alerted_[slot] = hash;
  if (tell) tell({context_.tenant_name(slot.tenant), slot.kind->name(), slot.id, text});
}

void Activity::start_calls(Lsn durable) {
  constexpr std::int64_t offer_again_every_ns = 100 * ns_per_ms;
  std::size_t left = 256;  // a turn
  if (!put_back_.empty() && (has_started_enough_ || context_.clock().monotonic_ns() >= offer_again_ns_)) {
    for (; left > 0 && !put_back_.empty() && offer(put_back_.front()); --left) drop_first(put_back_);
    offer_again_ns_ = context_.clock().monotonic_ns() + offer_again_every_ns;
  }
  const bool has_offered_enough = left == 0;
  for (; left > 0 && !waiting_.empty() && waiting_.front().lsn <= durable; --left) {
    if (!put_back_.empty() || !offer(waiting_.front()))
      put_back_.push_back(std::move(waiting_.front())), waiting_.pop_front();
    else
      drop_first(waiting_);
  }
  const bool has_waiting = !waiting_.empty() && waiting_.front().lsn <= durable;
  has_started_enough_ = left == 0 && (has_waiting || (has_offered_enough && !put_back_.empty()));
}

// False: the host has no room for it now.
bool Activity::offer(const Waiting& waiting) {
  Calls* calls = outstanding_.find(*waiting.slot);
  if (calls == nullptr || !context_.options().on_effect) return true;
  const auto found = calls->find(waiting.id);
  if (found == calls->end() || !found->second) return true;
  Slot& slot = *waiting.slot;
  EffectCall call{slot.tenant, slot.kind->id(),          slot.id,
                  waiting.id,  std::move(found->second), std::string(context_.tenant_name(slot.tenant))};
  if (context_.options().on_effect(call)) return true;
  found->second = std::move(call.call);
  return false;
}

}  // namespace tote
