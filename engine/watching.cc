#include "engine/watching.h"

#include <utility>

#include "engine/context.h"

namespace tote {

Watching::Watching(Context& context) : context_(context), watchers_(context.pages()), watched_(context.pages()) {}

void Watching::look_at(Slot& watcher) {
  Watcher* known = watchers_.find(watcher);
  if (known == nullptr) {
    if (watcher.entity->watches()->empty()) return void(watcher.has_news = false);
    known = &watchers_[watcher];
  }
  if (!look(watcher, *known)) watcher.has_news = true;
  drop_idle(watcher, *known);
}

// False: it goes on in the next turn.
bool Watching::look(Slot& slot, Watcher& watcher) {
  const Watches::Names& names = *slot.entity->watches();
  while (watcher.looking || !watcher.seen.is_same(names)) {
    if (!watcher.looking) watcher.looking.emplace(watcher.seen, names);
    ended_.clear();
    begun_.clear();
    const bool is_done = watcher.looking->go_on(context_.slice().news, ended_, begun_);
    for (const EntityName& name : ended_) end(slot, name);
    for (const EntityName& name : begun_) begin(slot, watcher, name);
    if (!is_done) return false;
    watcher.seen = watcher.looking->second();
    watcher.looking.reset();
  }
  return true;
}

void Watching::drop_idle(Slot& slot, const Watcher& watcher) {
  if (watcher.looking || !watcher.news.empty()) return;
  slot.has_news = false;
  if (watcher.seen.empty()) watchers_.erase(slot);
}

// An entity that doesn't exist yet may come to be.
void Watching::begin(Slot& slot, Watcher& watcher, const EntityName& name) {
  const Kind* kind = context_.kind(name.first);
  if (kind == nullptr) return;
  Slot* watched = context_.tiers().home(slot.tenant, *kind, name.second);
  watched->is_watched = true;
  const auto [at, is_new] = watched_[*watched].by.try_emplace(&slot, State::to_be_told);
  if (is_new || std::exchange(at->second, State::to_be_told) == State::told) watcher.news.push_back(watched);
  slot.has_news = true;
}

void Watching::end(Slot& slot, const EntityName& name) {
  Slot* changed = context_.slots().find(slot.tenant, name.first, name.second);
  Watched* watched = changed == nullptr ? nullptr : watched_.find(*changed);
  if (watched == nullptr) return;
  State& state = watched->by.at(&slot);
  if (state == State::told) return end(slot, *changed, *watched);
  state = State::to_be_ended;
}

void Watching::end(Slot& slot, Slot& changed, Watched& watched) {
  watched.by.erase(&slot);
  if (!watched.by.empty()) return;
  watched_.erase(changed);
  forget(changed);
}

// One that was never made was kept for its watchers only.
void Watching::forget(Slot& watched) {
  watched.is_watched = false;
  if (watched.residence.is(Residence::State::dormant) && watched.is_needless()) context_.slots().erase(&watched);
}

void Watching::changed(Slot& watched) {
  for (auto& [watcher, state] : watched_.find(watched)->by) {
    if (state != State::told) continue;
    state = State::to_be_told;
    watchers_.find(*watcher)->news.push_back(&watched);
    watcher->has_news = true;
    context_.activity().changed(*watcher);
  }
}

bool Watching::tell(Slot& watcher, Time now, std::string& events) {
  look_at(watcher);
  Watcher* known = watchers_.find(watcher);
  if (known == nullptr) return true;
  if (known->looking) return false;
  for (std::size_t& left = context_.slice().news; left > 0 && !known->news.empty(); --left) {
    Slot* changed = known->news.back();
    if (changed->entity == nullptr) return false;
    known->news.pop_back();
    Watched& watched = *watched_.find(*changed);
    State& state = watched.by.at(&watcher);
    if (std::exchange(state, State::told) == State::to_be_ended)
      end(watcher, *changed, watched);
    else
      watcher.entity->hear({changed->kind->id(), changed->id}, *changed->entity, now, events);
  }
  drop_idle(watcher, *known);
  return !watcher.has_news;
}

}  // namespace tote
