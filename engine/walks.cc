#include "engine/walks.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace tote {

std::optional<IdsPage> Walks::page(Tenant tenant, const IdsAsk& ask, Lsn durable, std::int64_t now_ns) {
  drop_unused(now_ns);
  for (Walk& walk : walks_) {
    if (!has_all_of(walk, tenant, ask)) continue;
    walk.used_at_ns = now_ns;
    return page_of(walk, ask, durable);
  }
  return std::nullopt;
}

bool Walks::has_all_of(const Walk& walk, Tenant tenant, const IdsAsk& ask) {
  const bool is_same = walk.tenant == tenant && walk.ask.kind == ask.kind && walk.ask.prefix == ask.prefix;
  if (walk.is_looking || !is_same || ask.only_alerted || ask.after < walk.ask.after) return false;
  const auto from = std::ranges::upper_bound(walk.ids, ask.after);
  return walk.is_last || std::distance(from, walk.ids.end()) > static_cast<std::ptrdiff_t>(ask.limit);
}

IdsPage Walks::page_of(const Walk& walk, const IdsAsk& ask, Lsn durable) {
  IdsPage page;
  page.as_of = durable;
  auto from = std::ranges::upper_bound(walk.ids, ask.after);
  const std::ptrdiff_t more =
      std::min<std::ptrdiff_t>(std::distance(from, walk.ids.end()), static_cast<std::ptrdiff_t>(ask.limit) + 1);
  page.ids.assign(from, from + more);
  // Behind the last that the look has found there may be others that it hasn't: they are of a page of the next look.
  for (const Newcomer& newcomer : walk.newcomers)
    if (newcomer.lsn <= durable && newcomer.id > ask.after && (walk.is_last || newcomer.id < walk.ids.back()))
      page.ids.push_back(newcomer.id);
  std::ranges::sort(page.ids);
  const auto twice = std::ranges::unique(page.ids);
  page.ids.erase(twice.begin(), twice.end());
  page.is_last = page.ids.size() <= ask.limit;
  if (!page.is_last) page.ids.resize(ask.limit);
  return page;
}

Walks::Number Walks::begin(Tenant tenant, const IdsAsk& ask, std::int64_t now_ns) {
  drop_unused(now_ns);
  if (!make_room()) return 0;
  walks_.push_back({.number = ++last_, .tenant = tenant, .ask = ask, .used_at_ns = now_ns});
  return last_;
}

bool Walks::make_room() {
  if (walks_.size() < walks_max) return true;
  auto oldest = walks_.end();
  for (auto walk = walks_.begin(); walk != walks_.end(); ++walk)
    if (!walk->is_looking && (oldest == walks_.end() || walk->used_at_ns < oldest->used_at_ns)) oldest = walk;
  if (oldest == walks_.end()) return false;
  walks_.erase(oldest);
  return true;
}

void Walks::keep(Number number, std::vector<std::string> ids, bool is_last) {
  const auto walk = std::ranges::find(walks_, number, &Walk::number);
  if (walk == walks_.end()) return;  // too many have come meanwhile
  if (ids.empty()) return drop(number);
  walk->ids = std::move(ids);
  walk->is_last = is_last;
  walk->is_looking = false;
}

void Walks::drop(Number number) {
  std::erase_if(walks_, [number](const Walk& walk) { return walk.number == number; });
}

void Walks::note(Tenant tenant, KindId kind, std::string_view id, Lsn lsn) {
  std::erase_if(walks_, [&](Walk& walk) {
    const bool is_met = walk.tenant == tenant && walk.ask.kind == kind && id > std::string_view(walk.ask.after) &&
                        id.starts_with(walk.ask.prefix);
    if (!is_met) return false;
    if (walk.newcomers.size() >= newcomers_max) return true;
    walk.newcomers.push_back({lsn, std::string(id)});
    return false;
  });
}

void Walks::drop_unused(std::int64_t now_ns) {
  std::erase_if(walks_,
                [now_ns](const Walk& walk) { return !walk.is_looking && now_ns - walk.used_at_ns > unused_max_ns; });
}

}  // namespace tote
