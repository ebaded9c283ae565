// Where an entity lives and who waits for it: every arrow that the tables have, and that they have no other.
#include "engine/residence.h"

#include <doctest/doctest.h>

#include <map>
#include <utility>

#include "actors/wallet/wallet.h"
#include "engine/entity_queue.h"
#include "engine/slot_table.h"

namespace tote {
namespace {

template <class Machine>
using Arrows = std::map<std::pair<typename Machine::State, typename Machine::Event>, typename Machine::State>;

// Of any two a machine has only these arrows.
template <class Machine>
void check_only(const Arrows<Machine>& arrows, int events = 4) {
  for (int state = 0; state < 4; ++state) {
    for (int event = 0; event < events; ++event) {
      CAPTURE(state);
      CAPTURE(event);
      const std::pair at{typename Machine::State(state), typename Machine::Event(event)};
      const auto found = arrows.find(at);
      const auto to = Machine::after(at.first, at.second);
      CHECK(to.has_value() == (found != arrows.end()));
      if (to.has_value() && found != arrows.end()) CHECK(*to == found->second);
    }
  }
}

TEST_CASE("residence: an entity is woken, lives and gives its state back, and nothing else happens to it") {
  using enum Residence::State;
  using enum Residence::Event;
  check_only<Residence>({{{dormant, wake}, activating},
                         {{activating, woken}, live},
                         {{activating, fetched}, dormant},
                         {{live, let_go}, passivating},
                         {{passivating, given_back}, dormant}},
                        5);
}

TEST_CASE("residence: on its way to its actor, or from it, what comes for it is parked") {
  Slot slot;
  CHECK_FALSE(slot.is_parking());
  slot.residence.wake();
  CHECK(slot.residence.is(Residence::State::activating));
  CHECK(slot.is_parking());
  slot.residence.woken();
  CHECK(slot.residence.is(Residence::State::live));
  CHECK_FALSE(slot.is_parking());
  slot.residence.let_go();
  CHECK(slot.residence.is(Residence::State::passivating));
  CHECK(slot.is_parking());
  slot.residence.given_back();
  CHECK(slot.residence.is(Residence::State::dormant));
  CHECK_FALSE(slot.is_parking());
}

TEST_CASE("queue: a transaction waits until the entity has settled, and no other comes between") {
  using enum EntityQueue::State;
  using enum EntityQueue::Event;
  check_only<EntityQueue>({{{idle, sent}, busy},
                           {{idle, hold}, held},
                           {{busy, sent}, busy},
                           {{busy, done}, idle},
                           {{busy, hold}, settling},
                           {{settling, sent}, settling},
                           {{settling, done}, held},
                           {{held, let_go}, idle}});
}

TEST_CASE("queue: the transaction is told once, when the last message is done") {
  Flight transaction;
  EntityQueue queue;
  queue.sent();
  queue.sent();
  queue.hold(&transaction);
  CHECK(queue.is(EntityQueue::State::settling));
  queue.sent();  // with its backlog
  CHECK_FALSE(queue.done(1));
  CHECK(queue.done(2));
  CHECK(queue.is(EntityQueue::State::held));
  CHECK(queue.holder() == &transaction);
  queue.let_go();
  CHECK(queue.is(EntityQueue::State::idle));
  CHECK(queue.is_empty());
  queue.sent();
  CHECK_FALSE(queue.done(1));  // nobody waits
}

TEST_CASE("queue: behind a transaction requests are parked, and so is who comes behind them") {
  Slot slot;
  Flight transaction, request;
  slot.queue.hold(&transaction);
  CHECK(slot.is_parking());
  slot.queue.park(&request);
  slot.queue.let_go();
  CHECK(slot.is_parking());
  CHECK_FALSE(slot.queue.is_empty());
  CHECK(slot.queue.take_parked() == &request);
  CHECK_FALSE(slot.is_parking());
  CHECK(slot.queue.is_empty());
}

TEST_CASE("queue: what was staged for an entity that is being fetched stays before what is parked") {
  Flight first, second, third;
  EntityQueue queue;
  queue.stage(&first);
  queue.stage(&second);
  queue.park(&third);
  queue.park_staged();
  CHECK_FALSE(queue.has_staged());
  for (const Flight* expected : {&first, &second, &third}) CHECK(queue.take_parked() == expected);
  CHECK(queue.is_empty());
}

TEST_CASE("slot: an entity that was named and never made is kept as long as somebody needs it") {
  Slot slot;
  slot.entity = kind_of<Wallet>()->make();
  CHECK(slot.is_needless());
  slot.queue.await();  // a transaction
  CHECK_FALSE(slot.is_needless());
  slot.queue.await_no_more();
  slot.queue.sent();
  CHECK_FALSE(slot.is_needless());
  slot.queue.done(1);
  slot.is_watched = true;
  CHECK_FALSE(slot.is_needless());
  slot.is_watched = false;
  CHECK(slot.is_needless());
  slot.entity->version = Version{1};
  CHECK_FALSE(slot.is_needless());
}

TEST_CASE("slot: what every request reads of an entity lies in two cache lines") {
  const Slot slot;
  const auto* begin = reinterpret_cast<const char*>(&slot);
  CHECK(reinterpret_cast<const char*>(&slot.timer + 1) - begin <= 128);
}

}  // namespace
}  // namespace tote
