#include "engine/watching.h"

#include <utility>

#include "engine/core.h"

namespace tote {

void Watching::look_at(Slot& watcher) {
  const Watches::Names& names = *watcher.entity->watches();
  auto seen = seen_.find(&watcher);
  if (seen == seen_.end()) {
    if (names.empty()) return;
    seen = seen_.emplace(&watcher, Watches::Names()).first;
  }
  ended_.clear();
  begun_.clear();
  Watches::Names::compare(seen->second, names, ended_, begun_);
  if (names.empty() && news_.erase(&watcher) > 0) watcher.has_news = false;
  for (const EntityName& name : ended_) end(watcher, name);
  for (const EntityName& name : begun_) begin(watcher, name);
  if (names.empty())
    seen_.erase(seen);
  else
    seen->second = names;
}

// An entity that doesn't exist yet may come to be.
void Watching::begin(Slot& watcher, const EntityName& name) {
  const Kind* kind = core_.kind(name.first);
  if (kind == nullptr) return;
  Slot* watched = core_.slots().find(watcher.tenant, name.first, name.second);
  if (watched == nullptr) watched = core_.slots().insert(watcher.tenant, *kind, name.second);
  watched->is_watched = true;
  watchers_[watched][&watcher] = true;
  news_[&watcher].push_back(watched);
  watcher.has_news = true;
}

void Watching::end(Slot& watcher, const EntityName& name) {
  Slot* watched = core_.slots().find(watcher.tenant, name.first, name.second);
  const auto found = watchers_.find(watched);
  if (found == watchers_.end()) return;
  const auto news = news_.find(&watcher);
  if (found->second[&watcher] && news != news_.end()) std::erase(news->second, watched);
  found->second.erase(&watcher);
  if (!found->second.empty()) return;
  watchers_.erase(found);
  forget(watched);
}

// One that was never made was kept for its watchers only.
void Watching::forget(Slot* watched) {
  watched->is_watched = false;
  const bool is_at_rest = watched->dormant != nullptr && watched->holder == nullptr && watched->staged.empty() &&
                          watched->parked.empty() && watched->pending == 0 && watched->awaited == 0 &&
                          !watched->leaving && !watched->freed && !watched->asks;
  if (watched->entity->version == Version{} && is_at_rest) core_.slots().erase(watched);
}

void Watching::changed(Slot& watched) {
  for (auto& [watcher, is_to_be_told] : watchers_.at(&watched)) {
    if (std::exchange(is_to_be_told, true)) continue;
    news_[watcher].push_back(&watched);
    watcher->has_news = true;
    core_.activity().changed(*watcher);
  }
}

bool Watching::tell(Slot& watcher, Time now, std::string& events) {
  auto& news = news_.at(&watcher);
  for (std::size_t& left = core_.slice().news; left > 0 && !news.empty(); --left) {
    Slot* changed = news.back();
    news.pop_back();
    watchers_.at(changed).at(&watcher) = false;
    watcher.entity->hear({changed->kind->id(), changed->id}, *changed->entity, now, events);
  }
  if (!news.empty()) return false;
  news_.erase(&watcher);
  watcher.has_news = false;
  return true;
}

}  // namespace tote
