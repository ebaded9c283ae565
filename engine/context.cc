#include "engine/context.h"

#include <limits>

#include "wal/failure.h"

namespace tote {
namespace {

// The others are said whatever the state is: nobody has to wait for them, least of all while other machines are away.
bool tells_state(Code code) { return is_stored(code) || code == Code::idempotency_key_reused; }

}  // namespace

Context::Context(caf::actor_system& system, wal::Log& log, const ClockSource& clock, Tenants& tenants,
                 CoreOptions options)
    : system_(system),
      log_(log),
      is_shared_(log.is_shared()),
      is_passive_(options.read_only),
      clock_(clock, log.last_time()),
      tenants_(tenants),
      options_(std::move(options)),
      slots_(pages_),
      activity_(*this),
      watching_(*this),
      tiers_(*this),
      radar_(clock) {
  if (!options_.on_failure) options_.on_failure = wal::stop_for_failed_disk;
  for (const auto& kind : options_.kinds) {
    if (kind->make() == nullptr) continue;  // no entities: a kind of answers
    if (kinds_.size() <= kind->id()) kinds_.resize(kind->id() + std::size_t{1});
    kinds_[kind->id()] = kind.get();
  }
}

// Actors have references to what is here.
Context::~Context() {
  tiers_.stop();
  directory_ = nullptr;
  slots_.for_each([](Slot* slot) { slot->actor = nullptr; });
}

void Context::refuse(Flight* flight, Code code) {
  flight->outcome.code = code;
  flight->outcome.kind = flight->request.kind;
  flight->outcome.entity = flight->request.entity;
  flight->outcome.version = {};
  flight->outcome.lsn = durable();
  flight->outcome.answer.clear();
  refused_.push(flight);
}

void Context::fail(Flight* flight, const std::string& what) {
  tell_defect(*flight, what);
  flight->outcome.facts.clear();
  refuse(flight, Code::internal_error);
}

// A client that makes it happen again and again doesn't fill the operator's day: it is told once a second at most.
void Context::tell_defect(const Flight& flight, const std::string& what) {
  constexpr std::int64_t told_every_ns = ns_per_s;
  ++figures_.internal_errors;
  const std::int64_t now_ns = clock_.monotonic_ns();
  if (options_.on_alert && (failure_told_ns_ == 0 || now_ns - failure_told_ns_ >= told_every_ns)) {
    failure_told_ns_ = now_ns;
    const Kind* of = find_kind(options_.kinds, flight.request.kind);
    const std::string text = "internal error: " + what;
    options_.on_alert({tenant_name(flight.request.tenant), of == nullptr ? std::string_view() : of->name(),
                       flight.request.entity, text, "defect", false});
  }
}

void Context::judge(Flight* flight, Lsn lsn) {
  flight->is_recorded = lsn > committed_;
  if (!flight->is_recorded) flight->question = question();
}

void Context::ask() {
  if (!std::exchange(is_asked_, false)) return;
  asked_ = log_.confirm();
}

void Context::reply_confirmed(std::size_t count_max) {
  for (; count_max > 0 && has_confirmed(); --count_max) deliver(unconfirmed_.pop());
}

FlightList Context::abandon() {
  const auto give_up = [](Flight& flight) {
    flight.outcome = {.code = Code::owner_changed, .kind = flight.request.kind, .entity = flight.request.entity};
    flight.is_recorded = true;
  };
  // These have been through the hands of who holds their keys.
  FlightList unconfirmed = std::exchange(unconfirmed_, {});
  while (!unconfirmed.empty()) {
    Flight* flight = unconfirmed.pop();
    give_up(*flight);
    deliver(flight);
  }
  FlightList all;
  gate_.release({std::numeric_limits<std::uint64_t>::max()}, std::numeric_limits<std::size_t>::max(), all);
  for (Flight* flight = all.front(); flight != nullptr; flight = flight->next) give_up(*flight);
  return all;
}

void Context::reply(Flight* flight) {
  if (flight->purpose == Flight::Purpose::follow_up) return pool_.give_back(flight);
  if (is_shared_ && !flight->is_recorded && tells_state(flight->outcome.code)) [[unlikely]] {
    if (flight->question == 0) flight->question = question();
    if (!is_confirmed(flight->question)) return unconfirmed_.push(flight);
  }
  deliver(flight);
}

namespace {

// What a callback throws would end the actor that delivers, and leave its list half done: it ends the process instead,
// which says what it was.
void tell(const Flight& flight, Outcome& outcome) noexcept { flight.sink->done(flight.tag, outcome); }

}  // namespace

void Context::deliver(Flight* flight) {
  const Code code = flight->outcome.code;
  if (flight->is_read()) {
    ++figures_.reads;
  } else if (!flight->outcome.replayed) {
    ++(is_success(code) ? figures_.executed : figures_.refused);
  }
  if (flight->stands_for != 0) [[unlikely]]
    radar_.answered(*flight, [this](KindId of) { return kind(of) != nullptr; });
  tell(*flight, flight->outcome);
  ++answered_;
  pool_.give_back(flight);
}

}  // namespace tote
