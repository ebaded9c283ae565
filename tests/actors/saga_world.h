// A world for tests of sagas: entities that live as in the engine, with follow-ups, timers and calls to an outside that
// answers when the test says so. Every record is kept: the whole world must come back from them.
#pragma once

#include <doctest/doctest.h>

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/kernel/staging.h"

namespace tote {

// A call that an entity waits for.
struct SagaCall {
  KindId kind = 0;
  std::string entity;
  std::string effect;
  Command command;
};

class SagaWorld final : private Staging {
 public:
  explicit SagaWorld(Kinds kinds);
  // Every test ends with this: what the records say is what is there.
  ~SagaWorld() override;
  SagaWorld(const SagaWorld&) = delete;
  SagaWorld& operator=(const SagaWorld&) = delete;

  // As the engine: time first, then the script as one record, then what the entities want done.
  Verdict run(const Script& script);
  template <class E>
  Step command(std::string_view id, const typename E::Command& command);
  // Lets time pass; timers fire when they are due, one record each.
  void pass(std::int64_t ns);
  // To the next timer; false when there is none.
  bool pass_to_next_timer();

  // Calls that are waited for now.
  std::vector<SagaCall> calls();
  // Reports to the one entity that waits for this effect, or to `entity` whatever it waits for.
  Verdict report(std::string_view effect, CommandRef result);
  Verdict report(KindId kind, std::string_view entity, std::string_view effect, CommandRef result);

  Time now() const override { return now_; }
  std::size_t records() const { return records_.size(); }
  // Events' bytes of one record, of one entity.
  std::vector<std::string> events_of(KindId kind, std::string_view id) const;
  std::string alert(KindId kind, std::string_view id);
  template <class E>
  const typename E::State& state(std::string_view id);
  // The entity's answer to a read.
  std::string answer(KindId kind, std::string_view id);
  // The script's answer after the last run() that succeeded.
  const std::string& answer() const { return answer_; }

 private:
  using Key = std::pair<KindId, std::string>;
  struct Change {
    Key key;
    std::string events;
  };
  using Record = std::vector<Change>;

  using Staging::run;
  Touched find(EntityRef ref) override;
  AnyEntity& entity(KindId kind, std::string_view id);
  bool fire_timers();
  void commit_staged();
  void follow_up();
  bool follow_up_once();
  void tell_news();

  std::map<KindId, std::shared_ptr<const Kind>> kinds_;
  std::map<Key, std::unique_ptr<AnyEntity>> entities_;
  std::vector<Record> records_;
  std::string answer_;
  Time now_{1'000'000'000'000};
};

template <class E>
Step SagaWorld::command(std::string_view id, const typename E::Command& command) {
  fire_timers();
  ++now_.ns;
  begin(now_);
  const Step step = tote::run<E>(*this, id, command);
  commit_staged();
  follow_up();
  return step;
}

template <class E>
const typename E::State& SagaWorld::state(std::string_view id) {
  return static_cast<const EntityOf<E>&>(entity(E::kind_id, id)).state();
}

}  // namespace tote
