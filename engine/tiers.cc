#include "engine/tiers.h"

#include "engine/context.h"
#include "engine/kernel/money_books.h"
#include "wal/state_row.h"

namespace tote {

Tiers::Tiers(Context& context)
    : context_(context),
      budget_(context.options().entities_bytes),
      fetcher_(context.log().states(), context.options().snapshot_thread, context.options().wake) {}

std::string Tiers::key_of(Tenant tenant, const Kind& kind, std::string_view id) const {
  return wal::state_key(context_.tenant_name(tenant), kind.id(), id);
}

bool Tiers::may_rest(Tenant tenant, const Kind& kind, std::string_view id) const {
  return resting_ > 0 && context_.log().states()->may_have(key_of(tenant, kind, id));
}

// A tenant has at most as many on their way as are left for the others.
bool Tiers::may_fetch(Tenant tenant, std::size_t count) const {
  if (is_full()) return false;
  const auto found = fetching_of_.find(tenant.index);
  const std::size_t own = found == fetching_of_.end() ? 0 : found->second;
  return own + count + fetching_ <= fetching_max;
}

Slot* Tiers::fetch(Tenant tenant, const Kind& kind, std::string_view id) {
  Slot* slot = context_.slots().insert(tenant, kind, id, nullptr);
  slot->residence.wake();
  fetcher_.ask(slot, key_of(tenant, kind, id));
  ++fetching_;
  ++fetching_of_[tenant.index];
  return slot;
}

Slot* Tiers::home(Tenant tenant, const Kind& kind, std::string_view id) {
  if (Slot* slot = context_.slots().find(tenant, kind.id(), id)) return slot;
  return may_rest(tenant, kind, id) ? fetch(tenant, kind, id) : context_.slots().insert(tenant, kind, id);
}

wal::Damage Tiers::fetch_now(Slot& slot) {
  auto answer = fetcher_.read(&slot, key_of(slot.tenant, *slot.kind, slot.id));
  if (answer.damage.is_none()) install(slot, answer);
  return answer.damage;
}

void Tiers::fetch_now(std::vector<Slot*> slots) {
  if (slots.empty()) return;
  for (RowFetcher::Answer& answer :
       fetcher_.read(std::move(slots), [this](const Slot& slot) { return key_of(slot.tenant, *slot.kind, slot.id); })) {
    if (answer.damage.is_none() && answer.entity != nullptr)
      install(*answer.slot, answer);
    else
      context_.slots().erase(answer.slot);
  }
}

std::vector<Slot*> Tiers::take(std::size_t count_max) {
  std::vector<Slot*> out;
  for (RowFetcher::Answer& answer : fetcher_.take(count_max)) {
    Slot* slot = answer.slot;
    --fetching_;
    if (--fetching_of_[slot->tenant.index] == 0) fetching_of_.erase(slot->tenant.index);
    if (slot->entity == nullptr) install(*slot, answer);  // else it couldn't wait for this
    out.push_back(slot);
  }
  return out;
}

// What it wants done is asked, as after a recovery: a newer program may see more in a state than the one that wrote it.
void Tiers::install(Slot& slot, RowFetcher::Answer& answer) {
  slot.used = true;
  if (is_started_ && answer.entity != nullptr && answer.entity->lsn > context_.durable())
    answer.damage = {answer.entity->lsn, "the snapshot has " + std::string(slot.kind->name()) + "/" + slot.id +
                                             " as of an LSN that the log doesn't reach"};
  if (!answer.damage.is_none()) return damaged(slot, answer.damage);
  if (answer.entity == nullptr) {
    slot.entity = slot.kind->make();
    return;
  }
  slot.entity = std::move(answer.entity);
  slot.has_row = true;
  if (slot.is_counted) slot.entity->take_moved();  // the books have it, wherever it is
  context_.slots().weigh(slot, answer.state_bytes);
  --resting_;
  ++fetched_;
  if (slot.is_active && !context_.is_passive()) context_.activity().recovered(slot);
}

// Whoever asks is told so; nobody takes it for one that doesn't exist.
void Tiers::damaged(Slot& slot, const wal::Damage& damage) {
  context_.options().on_damage(damage);
  if (slot.is_watched) context_.options().on_failure("an entity that others watch can't be read: " + damage.detail);
  slot.is_damaged = true;
  slot.entity = slot.kind->make();
}

std::uint64_t Tiers::bytes() const { return context_.slots().bytes() + context_.figures().entities_live * actor_bytes; }

bool Tiers::is_full() const {
  constexpr std::uint64_t beyond_bytes = 64 << 20;
  return is_bounded() && bytes() > 2 * budget_ + beyond_bytes;
}

Slot* Tiers::next_unused(std::size_t& looks) {
  constexpr std::size_t ahead = 8;
  const SlotTable& slots = context_.slots();
  for (; looks > 0 && slots.size() > 0; --looks) {
    if (hand_ >= slots.size()) hand_ = 0;
    Slot* slot = slots.at(hand_++);
    if (hand_ + ahead < slots.size()) __builtin_prefetch(slots.at(hand_ + ahead));
    ++in_vain_;
    if (slot->used)
      slot->used = false;
    else if (may_leave(*slot)) {
      in_vain_ = 0;
      return slot;
    }
  }
  return nullptr;
}

bool Tiers::may_leave(Slot& slot) {
  if (slot.is_unsaved || !slot.has_row || slot.is_damaged || slot.is_watched || slot.asks || slot.has_news ||
      slot.freed)
    return false;
  if (slot.residence.is_on_its_way() || slot.is_leaving || !slot.queue.is_empty()) return false;
  if (slot.row_batch > written_ || slot.offers > 0 || slot.timer != Time::never()) return false;
  return wants_nothing(slot);
}

// What is known of it beside its state says the same as its state, or it isn't up to date yet.
bool Tiers::wants_nothing(const Slot& slot) {
  const AnyEntity& entity = *slot.entity;
  if (entity.version == Version{} || entity.next_due() != Time::never()) return false;
  if (slot.kind->id() == MoneyBooks::kind_id) return false;  // the engine's own, few
  if (!slot.is_active) return true;
  if (const Watches::Names* watches = entity.watches(); watches != nullptr && !watches->empty()) return false;
  effects_.clear();
  entity.effects(slot.id, effects_);
  return effects_.empty() && entity.alert().empty() && entity.follow_up(slot.id) == nullptr &&
         !context_.activity().knows(slot) && !context_.watching().knows(slot);
}

void Tiers::leave(Slot* slot) {
  constexpr std::uint32_t large_bytes = 64 << 10;
  if (slot->bytes > large_bytes) fetcher_.destroy(std::move(slot->entity));
  context_.slots().erase(slot);
  ++resting_;
  ++left_;
}

bool Tiers::may_find_unused() const { return is_over() && in_vain_ <= 2 * context_.slots().size(); }

// They are a quarter, or enough to be worth it when nobody else can leave.
bool Tiers::wants_round() const {
  if (!is_over()) return false;
  const std::size_t size = context_.slots().size(), unsaved = context_.unsaved().size();
  return unsaved * 4 >= size || (in_vain_ > 2 * size && unsaved * 16 >= size);
}

bool Tiers::rests_at_start(const Slot& slot) {
  if (!is_over() || !wants_nothing(slot)) return false;
  ++resting_;
  return true;
}

}  // namespace tote
