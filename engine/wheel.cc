#include "engine/wheel.h"

#include <algorithm>
#include <caf/send.hpp>

#include "engine/directory.h"
#include "engine/idempotency.h"
#include "engine/kernel/limits.h"
#include "engine/kernel/money_books.h"
#include "engine/kernel/state_bytes.h"
#include "engine/recorder.h"

namespace tote {

namespace {

bool asks_for_books(const Flight& flight) {
  return flight.request.kind == MoneyBooks::kind_id && flight.request.entity == MoneyBooks::id;
}

}  // namespace

Wheel::Wheel(Context& context, Keys& keys, Snapshots& snapshots)
    : context_(context),
      keys_(keys),
      snapshots_(snapshots),
      waiting_reads_(context.options().waiting_reads_max, context.options().waiting_reads_per_tenant_max) {}

Wheel::~Wheel() {
  keys_.finished().stop();  // its threads read what the actors have
  context_.tiers().stop();
  snapshots_.stop();
  context_.set_directory(nullptr);
  idempotency_ = nullptr;
}

void Wheel::start() {
  context_.clock().start_after(context_.log().last_time());
  context_.set_committed(context_.log().last());
  context_.slots().for_each([this](Slot* slot) {
    if (slot->entity == nullptr) return;  // it is being fetched: who gets it asks (Tiers::take, Directory::fetched)
    context_.schedule(slot);
    if (slot->is_active && !context_.is_passive()) context_.activity().recovered(*slot);
  });
  if (idempotency_ == nullptr) stand_by();
}

void Wheel::stand_by() {
  auto& system = context_.system();
  context_.set_directory(system.spawn<Directory, caf::hidden + caf::lazy_init>(std::ref(context_)));
  idempotency_ = system.spawn<Idempotency, caf::hidden + caf::lazy_init>(std::ref(context_), std::ref(keys_));
}

void Wheel::accept(Flight* flight) {
  ++accepted_;
  context_.radar().arrived(*flight);
  const bool asks_for_key = flight->asks_for_key();
  if (!asks_for_key && flight->is_read() && flight->request.min_lsn > context_.durable()) {
    wait_for_lsn(flight);
  } else if (!asks_for_key && asks_for_books(*flight)) {
    tell_books(flight);
  } else if (asks_for_key || !keyed_.empty() || keys_.held().of(flight->request.tenant) != nullptr) {
    // Without a key, but behind requests of its tenant with one: it goes their way, so that their order stays.
    keyed_.push(flight);
  } else {
    unkeyed_.push(flight);
  }
}

bool Wheel::wants_turn() const {
  const Lsn durable = context_.durable();
  return context_.has_refused() || keys_.wants_actor() || context_.activity().wants_turn() ||
         waiting_reads_.is_ready(durable) || context_.gate().is_ready(durable) || context_.has_confirmed() ||
         context_.has_postponed() || context_.has_due_timers() || context_.tiers().has_fetched() ||
         context_.tiers().may_find_unused();
}

void Wheel::turn(const std::function<void()>& run_actors) {
  // A timer takes about 2 us with its record: these are some hundred microseconds.
  constexpr TimeSlice of_turn{.timers = 128, .catch_up = 256, .news = 512};
  constexpr std::size_t released_max = 2'048, fetched_max = 96;
  accepted_ = 0;
  context_.slice() = of_turn;
  context_.clock().sample();
  context_.radar().turn(context_.clock().monotonic_ns());
  end_waiting_reads();
  if (keys_.wants_actor()) caf::anon_send(idempotency_, LookedUp{});
  if (context_.tiers().has_fetched())
    for (Slot* slot : context_.tiers().take(fetched_max)) caf::anon_send(context_.directory(), Fetched{slot});
  if (!keyed_.empty()) caf::anon_send(idempotency_, Arrived{keyed_.take()});
  if (!unkeyed_.empty()) caf::anon_send(context_.directory(), Arrived{unkeyed_.take()});
  if (context_.has_due_timers() || context_.has_postponed()) caf::anon_send(context_.directory(), TimersDue{});
  if (context_.tiers().is_over()) caf::anon_send(context_.directory(), MakeRoom{});
  run_actors();
  follow_up(run_actors);
  context_.tiers().send();
  commit();

  FlightList ready = context_.take_refused();
  context_.gate().release(context_.durable(), released_max, ready);
  if (!ready.empty()) {
    settle(ready);
    run_actors();
    commit();
  }
  context_.tiers().send();
  // Whoever stands by goes by the log's time, not by its own.
  keys_.finished().turn(context_.is_standing_by() ? context_.log().last_time() : context_.clock().last());
  snapshots_.turn();
  if (context_.is_shared()) [[unlikely]]
    end_shared_turn(released_max);
}

// What was confirmed leaves; what was decided in this turn is asked about.
void Wheel::end_shared_turn(std::size_t released_max) {
  context_.reply_confirmed(released_max);
  if (context_.log().wants_record() && context_.log().takes_wanted_record()) {
    append(context_, {context_.clock().next(), {}, {}, {}, {}, {}, nullptr});
    commit();
  }
  context_.ask();
}

void Wheel::abandon(const std::function<void()>& run_actors) {
  FlightList lost = context_.abandon();
  settle(lost);
  run_actors();
}

// What the entities want done after what has happened to them. Entities that want ever more get a few rounds a turn.
void Wheel::follow_up(const std::function<void()>& run_actors) {
  constexpr int rounds_max = 8;
  std::size_t asked_left = 256;
  Activity& activity = context_.activity();
  if (context_.is_passive()) return;
  for (int round = 0; round < rounds_max && asked_left > 0 && activity.wants_turn(); ++round) {
    FlightList wanted;
    activity.ask(asked_left, wanted);
    if (wanted.empty()) break;
    caf::anon_send(context_.directory(), Arrived{wanted});
    run_actors();
  }
  activity.start_calls(context_.durable());
}

void Wheel::commit() {
  if (context_.is_passive()) return;
  if (context_.is_shared()) [[unlikely]]
    context_.set_committed(context_.log().last());
  context_.log().commit();
}

// Keyed requests go back through the actor that holds their key; the others are answered here.
void Wheel::settle(FlightList& ready) {
  FlightList keyed;
  while (!ready.empty()) {
    Flight* flight = ready.pop();
    if (flight->is_keyed()) {
      keyed.push(flight);
    } else {
      context_.reply(flight);
    }
  }
  if (!keyed.empty()) caf::anon_send(idempotency_, Settled{keyed});
}

// As they are after the newest record, whatever they were when they were last written down.
void Wheel::tell_books(Flight* flight) {
  if (!flight->is_read()) return context_.refuse(flight, Code::forbidden);  // they are the engine's
  Outcome& outcome = flight->outcome;
  outcome.kind = flight->request.kind;
  outcome.entity = flight->request.entity;
  encode_state(MoneyBooks::State{context_.books().lines(flight->request.tenant.index)}, outcome.answer);
  outcome.lsn = context_.log().last();
  context_.hold(flight, outcome.lsn);
}

void Wheel::wait_for_lsn(Flight* flight) {
  context_.clock().sample();
  const std::int64_t end_ns = context_.clock().monotonic_ns() + limits::waiting_read_s_max * ns_per_s;
  flight->deadline_ns = flight->deadline_ns == 0 ? end_ns : std::min(flight->deadline_ns, end_ns);
  if (!waiting_reads_.add(flight)) context_.refuse(flight, Code::overloaded);
}

// Some a turn: when very many are due at once, others take their turns in between.
void Wheel::end_waiting_reads() {
  constexpr int ended_max = 512;
  const Lsn up_to = context_.durable();
  for (int i = 0; i < ended_max; ++i) {
    Flight* flight = waiting_reads_.take_ready(up_to);
    if (flight == nullptr) break;
    asks_for_books(*flight) ? tell_books(flight) : unkeyed_.push(flight);
  }
  for (int i = 0; i < ended_max; ++i) {
    Flight* flight = waiting_reads_.take_over(context_.clock().monotonic_ns());
    if (flight == nullptr) break;
    context_.refuse(flight, Code::deadline_exceeded);
  }
}

void Wheel::cancel(const Sink& sink, std::uint64_t tag) {
  while (Flight* flight = waiting_reads_.take_of(sink, tag)) context_.refuse(flight, Code::deadline_exceeded);
}

std::int64_t Wheel::next_due_ms() {
  constexpr std::int64_t idle_ms = 1000;
  constexpr std::int64_t offers_ms = 10;
  if (wants_turn() || has_chores()) return 0;
  context_.clock().sample();
  std::int64_t ms = context_.activity().offers_again() ? offers_ms : idle_ms;
  const auto until = [&ms](std::int64_t at_ns, std::int64_t now_ns) {
    if (at_ns - now_ns < ms * ns_per_ms) ms = std::max<std::int64_t>((at_ns - now_ns + ns_per_ms - 1) / ns_per_ms, 0);
  };
  if (waiting_reads_.size() > 0) until(waiting_reads_.first_end_ns(), context_.clock().monotonic_ns());
  if (context_.may_fire() && context_.timers().next() != Time::never())
    until(context_.timers().next().ns, context_.clock().last().ns);
  return ms;
}

void Wheel::drain() {
  while (Flight* flight = waiting_reads_.take_any()) context_.refuse(flight, Code::draining);
}

}  // namespace tote
