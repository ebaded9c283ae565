#include "tests/support/aftermath.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "tests/support/session.h"

namespace tests {
namespace {

constexpr std::size_t pipeline_depth = 32;

struct ByKey {
  std::vector<Operation> lost;  // different requests
  bool answered = false;
};

std::vector<Operation> lost_operations(const History& history, std::size_t from) {
  std::map<std::string, ByKey> keys;
  std::set<std::tuple<std::string, std::string, std::string, std::string>> seen;
  for (auto event = history.begin() + static_cast<std::ptrdiff_t>(from); event != history.end(); ++event) {
    if (event->kind != Event::Kind::request || event->operation.key.empty()) continue;
    ByKey& key = keys[event->operation.key];
    key.answered |= is_final(event->status);
    const Wire wire = wire_of(event->operation);
    if (event->status == 0 && seen.emplace(event->operation.key, wire.method, wire.target, wire.body).second)
      key.lost.push_back(event->operation);
  }
  std::vector<Operation> all;
  for (auto& [name, key] : keys)
    if (!key.answered)
      for (auto& operation : key.lost) {
        operation.deadline_ms = 0;
        all.push_back(std::move(operation));
      }
  return all;
}

bool ask_in_pipelines(Session& session, const std::vector<Operation>& operations) {
  for (std::size_t at = 0; at < operations.size(); at += pipeline_depth)
    if (!session.ask(std::span(operations).subspan(at, std::min(pipeline_depth, operations.size() - at)))) return false;
  return true;
}

}  // namespace

void end_unanswered(History& history) {
  const auto now = now_ns();
  for (auto& event : history)
    if (event.status == 0 && event.returned_ns == never_ns) event.returned_ns = now;
}

bool resolve(std::uint16_t port, History& history, std::size_t from) {
  Session session(port, history);
  return session.connect() && ask_in_pipelines(session, lost_operations(history, from));
}

bool read_all(std::uint16_t port, const World& world, History& history) {
  std::vector<Operation> reads;
  for (const auto& wallet : world.wallets()) reads.push_back({.kind = Operation::Kind::read, .wallet = wallet});
  Session session(port, history);
  return session.connect() && ask_in_pipelines(session, reads);
}

std::vector<Event> answered_keys(const History& history, std::size_t from, std::size_t to) {
  std::set<std::string> keys;
  std::vector<Event> events;
  for (std::size_t i = from; i < to; ++i) {
    const Event& event = history[i];
    if (event.kind != Event::Kind::request || event.operation.key.empty() || !is_final(event.status)) continue;
    if (keys.insert(event.operation.key).second) events.push_back(event);
  }
  return events;
}

bool look_up(std::uint16_t port, const std::vector<Event>& events, History& history) {
  Session session(port, history);
  if (!session.connect()) return false;
  return std::ranges::all_of(events, [&](const Event& event) { return session.look_up(event.operation.key); });
}

std::string replay(std::uint16_t port, const std::vector<Event>& events, History& history) {
  std::vector<Operation> operations;
  for (const auto& event : events) {
    operations.push_back(event.operation);
    operations.back().deadline_ms = 0;
  }
  const std::size_t first = history.size();
  Session session(port, history);
  if (!session.connect() || !ask_in_pipelines(session, operations)) return "the connection was lost";
  std::string differences;
  for (std::size_t i = 0; i < events.size(); ++i) {
    const Event &old = events[i], &now = history[first + i];
    if (now.status == old.status && now.body == old.body && now.replayed_headers == 2) continue;
    differences += text_of(old.operation) + "\n  was  " + std::to_string(old.status) + ' ' + old.body + "\n  is   " +
                   std::to_string(now.status) + ' ' + now.body + "\n  with " + std::to_string(now.replayed_headers) +
                   " replay headers\n";
  }
  return differences;
}

}  // namespace tests
