#include "tests/actors/saga_world.h"

#include "tests/actors/samples.h"
#include "tests/actors/state_copy.h"

namespace tote {
namespace {

// Of this kind, what the records say of each entity, once more through the bytes of its states.
template <class E, class Records, class Entities>
void check_states(const Records& records, const Entities& entities) {
  std::map<std::string, StateCopy<E>> copies;
  for (const auto& record : records)
    for (const auto& change : record)
      if (change.key.first == E::kind_id) copies[change.key.second].replay(change.events);
  for (const auto& [id, copy] : copies)
    copy.check_like(static_cast<const EntityOf<E>&>(*entities.at({E::kind_id, id})).state());
}

std::string read(const AnyEntity& entity) {
  std::string bytes;
  entity.answer({}, bytes);
  return bytes;
}

}  // namespace

SagaWorld::SagaWorld(Kinds kinds) {
  for (auto& kind : kinds) kinds_.emplace(kind->id(), std::move(kind));
}

SagaWorld::~SagaWorld() {
  std::map<Key, std::unique_ptr<AnyEntity>> again;
  for (const Record& record : records_) {
    for (const Change& change : record) {
      auto& entity = again[change.key];
      if (entity == nullptr) entity = kinds_.at(change.key.first)->make();
      CHECK(entity->replay(change.events));
    }
  }
  for (const auto& [key, entity] : entities_) {
    CHECK(entity->staged() == 0);
    if (entity->version == Version{}) continue;
    CHECK(read(*again.at(key)) == read(*entity));
    CHECK(again.at(key)->next_due() == entity->next_due());
  }
  each_kind([&]<class E>() { check_states<E>(records_, entities_); });
}

AnyEntity& SagaWorld::entity(KindId kind, std::string_view id) {
  auto& entity = entities_[{kind, std::string(id)}];
  if (entity == nullptr) entity = kinds_.at(kind)->make();
  return *entity;
}

Staging::Touched SagaWorld::find(EntityRef ref) {
  if (!kinds_.contains(ref.kind)) return {};
  AnyEntity& found = entity(ref.kind, ref.id);
  const auto at = entities_.find({ref.kind, std::string(ref.id)});
  return {{at->first.first, at->first.second}, &found, nullptr};
}

bool SagaWorld::fire_timers() {
  bool fired = false;
  for (auto& [key, entity] : entities_) {
    std::string events;
    while (entity->version != Version{} && entity->pass_time(now_, events)) {
      entity->version = entity->version.next();
      records_.push_back({{key, std::exchange(events, {})}});
      fired = true;
    }
  }
  return fired;
}

void SagaWorld::commit_staged() {
  Record record;
  std::string events;
  commit(events, [&](const Touched& touched, std::size_t from) {
    touched.entity->version = touched.entity->version.next();
    record.push_back({{touched.ref.kind, std::string(touched.ref.id)}, events.substr(from)});
  });
  if (!record.empty()) records_.push_back(std::move(record));
}

Verdict SagaWorld::run(const Script& script) {
  fire_timers();
  ++now_.ns;
  begin(now_);
  const Verdict verdict = perform(script);
  commit_staged();
  answer_.clear();
  if (!verdict.refused()) script.answer(*this, answer_);
  forget([](const Touched&) {});
  follow_up();
  return verdict;
}

// As the engine, but of all that is watched: who hears of it twice makes nothing of it.
void SagaWorld::tell_news() {
  for (auto& [key, watcher] : entities_) {
    if (watcher->version == Version{} || watcher->watches() == nullptr) continue;
    std::string events;
    const Watches::Names names = *watcher->watches();
    for (const auto& [name, reasons] : names) {
      const auto changed = entities_.find(name);
      if (changed != entities_.end()) watcher->hear({name.first, name.second}, *changed->second, now_, events);
    }
    if (events.empty()) continue;
    watcher->version = watcher->version.next();
    records_.push_back({{key, std::move(events)}});
  }
}

bool SagaWorld::follow_up_once() {
  tell_news();
  for (auto& [key, entity] : entities_) {
    if (entity->version == Version{}) continue;
    const ScriptPtr script = entity->follow_up(key.second);
    if (script == nullptr) continue;
    ++now_.ns;
    begin(now_);
    perform(*script);
    CHECK(changed());
    commit_staged();
    forget([](const Touched&) {});
    return true;
  }
  return false;
}

void SagaWorld::follow_up() {
  forget([](const Touched&) {});
  for (int rounds = 0; follow_up_once(); ++rounds) REQUIRE(rounds < 100);
}

void SagaWorld::pass(std::int64_t ns) {
  const Time until{now_.ns + ns};
  while (now_ < until) {
    Time next = until;
    for (const auto& [key, entity] : entities_)
      if (entity->version != Version{}) next = std::min(next, entity->next_due());
    now_ = std::max(now_, next);
    fire_timers();
    follow_up();
  }
}

bool SagaWorld::pass_to_next_timer() {
  Time next = Time::never();
  for (const auto& [key, entity] : entities_)
    if (entity->version != Version{}) next = std::min(next, entity->next_due());
  if (next == Time::never()) return false;
  pass(std::max<std::int64_t>(next.ns - now_.ns, 1));
  return true;
}

std::vector<SagaCall> SagaWorld::calls() {
  std::vector<SagaCall> out;
  for (const auto& [key, entity] : entities_) {
    Effects effects;
    if (entity->version != Version{}) entity->effects(key.second, effects);
    for (Effect& effect : effects) out.push_back({key.first, key.second, effect.id, std::move(effect.call)});
  }
  return out;
}

Verdict SagaWorld::report(std::string_view effect, CommandRef result) {
  for (const SagaCall& call : calls())
    if (call.effect == effect) return report(call.kind, call.entity, effect, result);
  FAIL("nobody waits for " << std::string(effect));
  return {};
}

Verdict SagaWorld::report(KindId kind, std::string_view entity, std::string_view effect, CommandRef result) {
  const ScriptPtr script = kinds_.at(kind)->report(entity, effect, result);
  REQUIRE(script != nullptr);
  return run(*script);
}

std::vector<std::string> SagaWorld::events_of(KindId kind, std::string_view id) const {
  std::vector<std::string> out;
  for (const Record& record : records_)
    for (const Change& change : record)
      if (change.key.first == kind && change.key.second == id) out.push_back(change.events);
  return out;
}

std::string SagaWorld::alert(KindId kind, std::string_view id) { return entity(kind, id).alert(); }
std::string SagaWorld::answer(KindId kind, std::string_view id) { return read(entity(kind, id)); }

}  // namespace tote
