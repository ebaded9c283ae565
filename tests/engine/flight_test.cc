// Requests on their way, and the pool in which they live.
#include "engine/flight.h"

#include <doctest/doctest.h>

namespace tote {
namespace {

struct Nowhere final : Sink {
  void done(std::uint64_t, Outcome&) override {}
};

TEST_CASE("flight: one that comes back from the pool is as new, whatever it was before") {
  FlightPool pool;
  Nowhere sink;
  Flight other;
  Flight* used = pool.take();
  used->hash = used->tag = used->missing = 1;
  used->duplicates = used->transaction = &other;
  used->sink = &sink;
  used->deadline_ns = 1;
  used->gate = {1};
  used->time = {1};
  used->purpose = Flight::Purpose::find_outcome;
  used->lookup = Flight::Lookup::damaged;
  used->stored_fingerprint = {1, 1};
  used->visits.push_back(nullptr);
  used->request = {{1}, 1, "alice", Command(1), true, "key", {1, 1}, Version{1}, {1}, 1};
  used->outcome = {Code::not_found, {{FactName::limit, 1}}, {1}, {1}, true, 1, "alice", "answer"};
  pool.give_back(used);

  const Flight* taken = pool.take();
  REQUIRE(taken == used);
  const Flight fresh;
  CHECK(taken->hash == fresh.hash);
  CHECK(taken->duplicates == fresh.duplicates);
  CHECK(taken->transaction == fresh.transaction);
  CHECK(taken->sink == fresh.sink);
  CHECK(taken->tag == fresh.tag);
  CHECK(taken->deadline_ns == fresh.deadline_ns);
  CHECK(taken->gate == fresh.gate);
  CHECK(taken->time == fresh.time);
  CHECK(taken->purpose == fresh.purpose);
  CHECK(taken->lookup == fresh.lookup);
  CHECK(taken->stored_fingerprint == fresh.stored_fingerprint);
  CHECK(taken->visits == fresh.visits);
  CHECK(taken->missing == fresh.missing);

  CHECK(taken->request.tenant == fresh.request.tenant);
  CHECK(taken->request.kind == fresh.request.kind);
  CHECK(taken->request.entity == fresh.request.entity);
  CHECK_FALSE(taken->request.command);
  CHECK(taken->request.is_question == fresh.request.is_question);
  CHECK(taken->request.key == fresh.request.key);
  CHECK(taken->request.fingerprint == fresh.request.fingerprint);
  CHECK(taken->request.expected_version == fresh.request.expected_version);
  CHECK(taken->request.min_lsn == fresh.request.min_lsn);
  CHECK(taken->request.deadline_ms == fresh.request.deadline_ms);

  CHECK(taken->outcome.code == fresh.outcome.code);
  CHECK(taken->outcome.facts == fresh.outcome.facts);
  CHECK(taken->outcome.version == fresh.outcome.version);
  CHECK(taken->outcome.lsn == fresh.outcome.lsn);
  CHECK(taken->outcome.replayed == fresh.outcome.replayed);
  CHECK(taken->outcome.kind == fresh.outcome.kind);
  CHECK(taken->outcome.entity == fresh.outcome.entity);
  CHECK(taken->outcome.answer == fresh.outcome.answer);
}

}  // namespace
}  // namespace tote
