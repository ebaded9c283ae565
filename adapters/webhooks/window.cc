#include "adapters/webhooks/window.h"

#include <algorithm>

namespace tote::webhooks {
namespace {

using events::DomainEvent;
using events::Position;

// Before the event, when everything before it is told.
Position before(Position after) { return {after.lsn, after.events - 1}; }

}  // namespace

void Window::push(DomainEvent event, TimePoint now) {
  std::string entity = entity_of(event);
  if (left_.contains(entity)) return;
  const auto known = entities_.find(entity);
  if (known != entities_.end() && known->second.size() >= entity_events_max) {
    left_.emplace(std::move(entity), before(Position::after(event)));
    return;
  }
  add(entity, std::move(event), now);
}

void Window::add(const std::string& entity, DomainEvent event, TimePoint now) {
  const Position after = Position::after(event);
  Item& item = items_[after];
  item.event = std::move(event);
  item.due_at = now;
  Positions& positions = entities_[entity];
  positions.push_back(after);
  if (positions.size() > 1) return;
  if (const auto shed = shed_.extract(entity); !shed.empty()) {
    const Tried& tried = shed.mapped();
    item.failures = tried.failures;
    item.failures_beside = tried.failures_beside;
    item.first_failed_at = tried.first_failed_at;
    item.last_failed_at = tried.last_failed_at;
    item.due_at = tried.due_at;
  }
  wait(item);
}

void Window::wait(const Item& item) { waiting_.emplace(item.due_at, Position::after(item.event)); }

Window::Item* Window::take_due(TimePoint now) {
  if (waiting_.empty() || waiting_.begin()->first > now) return nullptr;
  Item& item = items_.at(waiting_.begin()->second);
  waiting_.erase(waiting_.begin());
  item.is_flying = true;
  return &item;
}

Window::Item* Window::take_any() {
  const auto best = std::min_element(waiting_.begin(), waiting_.end(), [this](const auto& a, const auto& b) {
    return items_.at(a.second).failures < items_.at(b.second).failures;
  });
  if (best == waiting_.end()) return nullptr;
  Item& item = items_.at(best->second);
  waiting_.erase(best);
  item.is_flying = true;
  return &item;
}

void Window::settle(Position after, TimePoint now) {
  const auto item = items_.find(after);
  const auto entity = entities_.find(entity_of(item->second.event));
  waiting_.erase({item->second.due_at, after});  // unless it was flying
  items_.erase(item);
  entity->second.pop_front();
  if (entity->second.empty()) {
    entities_.erase(entity);
    return;
  }
  Item& next = items_.at(entity->second.front());
  next.due_at = now;
  wait(next);
}

void Window::retry(Position after, TimePoint now, TimePoint due_at, TimePoint delivered_at) {
  Item& item = items_.at(after);
  if (item.failures == 0)
    item.first_failed_at = now;
  else if (delivered_at > item.last_failed_at)
    ++item.failures_beside;
  ++item.failures;
  item.last_failed_at = now;
  item.due_at = due_at;
  item.is_flying = false;
  wait(item);
}

bool Window::is_stuck() const {
  return std::all_of(entities_.begin(), entities_.end(),
                     [this](const auto& entity) { return items_.at(entity.second.front()).failures > 0; });
}

bool Window::shed() {
  auto last = entities_.end();
  for (auto entity = entities_.begin(); entity != entities_.end(); ++entity) {
    const Item& first = items_.at(entity->second.front());
    if (first.is_flying || first.failures == 0) continue;
    if (last == entities_.end() || entity->second.front() > last->second.front()) last = entity;
  }
  if (last == entities_.end() || left_.size() >= left_max) return false;
  left_[last->first] = before(last->second.front());
  const Item& first = items_.at(last->second.front());
  shed_[last->first] = {first.failures, first.failures_beside, first.first_failed_at, first.last_failed_at,
                        first.due_at};
  for (const Position& after : last->second) {
    waiting_.erase({items_.at(after).due_at, after});
    items_.erase(after);
  }
  entities_.erase(last);
  return true;
}

void Window::hurry(TimePoint now) {
  const auto late = std::move(waiting_);
  waiting_.clear();
  for (const auto& [due_at, after] : late) {
    Item& item = items_.at(after);
    item.due_at = std::min(due_at, now);
    wait(item);
  }
}

std::optional<Position> Window::settled_to() const {
  std::optional<Position> oldest;
  if (!items_.empty()) oldest = before(items_.begin()->first);
  for (const auto& [entity, from] : left_) oldest = oldest ? std::min(*oldest, from) : from;
  return oldest;
}

Window::Progress Window::progress() const {
  Progress progress{.ahead = std::nullopt, .stuck = left_};
  for (const auto& [entity, positions] : entities_) {
    const Position from = before(positions.front());
    if (items_.at(positions.front()).failures > 0 || left_.contains(entity))
      progress.stuck[entity] = from;
    else
      progress.ahead = progress.ahead ? std::min(*progress.ahead, from) : from;
  }
  if (progress.stuck.size() > stuck_max) return {settled_to()};
  return progress;
}

std::optional<Window::Starved> Window::starved() {
  const auto found = [this](auto from, auto to) {
    return std::find_if(from, to, [this](const auto& left) { return !entities_.contains(left.first); });
  };
  const auto next = left_.upper_bound(starved_last_);
  auto left = found(next, left_.end());
  if (left == left_.end()) {
    left = found(left_.begin(), next);
    if (left == next) return std::nullopt;
  }
  starved_last_ = left->first;
  return Starved{left->first, left->second};
}

void Window::refill(const std::string& entity, std::vector<DomainEvent> found, Position to, bool caught_up,
                    TimePoint now) {
  const bool is_more = found.size() > entity_events_max;
  if (is_more) to = before(Position::after(found[entity_events_max]));
  found.resize(std::min(found.size(), entity_events_max));
  for (DomainEvent& event : found) add(entity, std::move(event), now);
  if (caught_up && !is_more)
    left_.erase(entity);
  else
    left_[entity] = to;
}

}  // namespace tote::webhooks
