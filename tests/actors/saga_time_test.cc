// Calls without an answer: back-off, deadlines, and reports that come late or twice.
#include "actors/payment/gateway.h"
#include "tests/actors/saga_words.h"

namespace tote {
namespace {

constexpr std::int64_t ms = ns_per_ms;

TEST_CASE("saga: waits double from 100 ms to 60 s, of which the second half is jitter") {
  const std::int64_t longest[] = {100, 200, 400, 800, 1'600, 3'200, 6'400, 12'800, 25'600, 51'200, 60'000, 60'000};
  for (std::uint32_t attempt = 1; attempt <= std::size(longest); ++attempt) {
    const std::int64_t wait = saga::backoff.wait_ns("o1", "charge", attempt);
    CAPTURE(attempt);
    CHECK(wait <= longest[attempt - 1] * ms);
    CHECK(wait >= longest[attempt - 1] * ms / 2);
  }
  CHECK(saga::backoff.wait_ns("o1", "charge", UINT32_MAX) <= saga::backoff.max_ns);
}

TEST_CASE("saga: the jitter is the same at every replay, and differs between sagas and attempts") {
  CHECK(saga::backoff.wait_ns("o1", "charge", 1) == saga::backoff.wait_ns("o1", "charge", 1));
  CHECK(saga::backoff.wait_ns("o1", "charge", 1) != saga::backoff.wait_ns("o2", "charge", 1));
  CHECK(saga::backoff.wait_ns("o1", "charge", 1) != saga::backoff.wait_ns("o1", "refund", 1));
  CHECK(saga::backoff.wait_ns("o1", "charge", 11) != saga::backoff.wait_ns("o1", "charge", 12));
}

TEST_CASE("saga: no answer: it is called again after the wait, with another effect id and the same key") {
  ProbeWorld probe;
  probe.start();
  const std::string key = probe.world.calls()[0].command.get<ProbeQuestion>()->key;
  probe.report("ask/1", reply_lost());
  CHECK(probe.waits_for().empty());
  const Time reported = probe.world.now();
  CHECK(probe.progress().retry_at.ns == reported.ns + saga::backoff.wait_ns("p", "ask", 1));
  probe.world.pass(probe.progress().retry_at.ns - reported.ns - 1);
  CHECK(probe.waits_for().empty());
  probe.world.pass(1);
  CHECK(probe.waits_for() == "ask/2");
  CHECK(probe.world.calls()[0].command.get<ProbeQuestion>()->key == key);
  probe.report("ask/2", reply_lost());
  CHECK(probe.progress().retry_at.ns == probe.world.now().ns + saga::backoff.wait_ns("p", "ask", 2));
}

TEST_CASE("saga: a report that comes twice, too late or of nobody changes nothing") {
  ProbeWorld probe;
  probe.start();
  probe.report("ask/1", reply_lost());
  std::size_t before = probe.world.records();
  for (const auto& reply : {reply_done(), reply_refused(), reply_lost()})
    CHECK(probe.report_late("ask/1", reply).code == Code::ok);
  CHECK(probe.world.records() == before);
  probe.world.pass_to_next_timer();
  before = probe.world.records();
  for (const char* effect : {"ask/1", "ask/3", "ask/undo/2", "last/2", "", "ask"})
    CHECK(probe.report_late(effect, reply_done()).code == Code::ok);
  CHECK(probe.world.records() == before);
  probe.report("ask/2", reply_done());
  before = probe.world.records();
  for (const auto& reply : {reply_done(), reply_refused(), reply_lost()})
    CHECK(probe.report_late("ask/2", reply).code == Code::ok);
  CHECK(probe.world.records() == before);
  const auto reply = reply_done();
  CHECK(probe.world.report(Probe::kind_id, "nobody", "ask/1", CommandRef::to(reply)).code == Code::ok);
  CHECK(probe.world.records() == before);
}

TEST_CASE("saga: a report of an earlier run changes nothing in the next") {
  ProbeWorld probe;
  probe.open("back", 0);
  probe.start();
  probe.report("ask/1", reply_refused());
  probe.start();
  probe.report_late("ask/1", reply_refused());
  CHECK(probe.text() == "probe running: take completed, ask pending 1, give pending, last pending");
}

TEST_CASE("saga: out of attempts without an answer: nothing is undone before the answer is known") {
  ProbeWorld probe;
  probe.open("back", 0);
  probe.start();
  probe.report("ask/1", reply_lost());
  for (const char* effect : {"ask/2", "ask/3", "ask/4"}) {
    probe.world.pass_to_next_timer();
    probe.report(effect, reply_lost());
  }
  CHECK(probe.text() == "probe compensating: take completed, ask pending 4 [timed out], give pending, last pending");
  CHECK(probe.progress().code == Code::deadline_exceeded);
  CHECK(probe.balance("back") == 0);
  probe.world.pass_to_next_timer();
  CHECK(probe.waits_for() == "ask/5");
  SUBCASE("it had happened: it is undone") {
    probe.report("ask/5", reply_done("id-7"));
    CHECK(probe.progress().result(1) == "id-7");
    CHECK(probe.waits_for() == "ask/undo/1");
    probe.report("ask/undo/1", reply_done());
  }
  SUBCASE("it had not") { probe.report("ask/5", reply_refused()); }
  SUBCASE("still no answer: stuck, and an operator has it asked again") {
    for (const char* effect : {"ask/5", "ask/6", "ask/7", "ask/8"}) {
      probe.report(effect, reply_lost());
      probe.world.pass_to_next_timer();
    }
    CHECK(probe.status() == saga::Status::stuck);
    CHECK(probe.world.alert(Probe::kind_id, "p") ==
          "stuck: nobody knows whether step 'ask' has happened: timed out; retry it, or skip it with a reason");
    probe.operate(saga::Remedy::retry);
    CHECK(probe.waits_for() == "ask/9");
    probe.report("ask/9", reply_done());
    probe.report("ask/undo/1", reply_done());
  }
  SUBCASE("still no answer: stuck, and an operator skips it") {
    for (const char* effect : {"ask/5", "ask/6", "ask/7", "ask/8"}) {
      probe.report(effect, reply_lost());
      probe.world.pass_to_next_timer();
    }
    probe.operate(saga::Remedy::skip);
    CHECK(probe.progress().steps[1].status == saga::StepStatus::skipped);
  }
  CHECK(probe.status() == saga::Status::compensated);
  CHECK(probe.balance("back") == 10);
}

TEST_CASE("saga: the deadline while a call is out: its answer still counts, and is undone") {
  ProbeWorld probe;
  probe.open("back", 0);
  probe.start();
  const Time deadline = after({probe.progress().started_at}, 10);
  CHECK(probe.progress().deadline == deadline);
  probe.world.pass(deadline.ns - probe.world.now().ns - 1);
  CHECK(probe.status() == saga::Status::running);
  probe.world.pass(1);
  CHECK(probe.status() == saga::Status::compensating);
  CHECK(probe.waits_for() == "ask/1");
  probe.report("ask/1", reply_done());
  CHECK(probe.waits_for() == "ask/undo/1");
  probe.report("ask/undo/1", reply_done());
  CHECK(probe.status() == saga::Status::compensated);
  CHECK(probe.balance("back") == 10);
}

TEST_CASE("saga: the deadline while it waits to call again: it is asked once more all the same") {
  ProbeWorld probe;
  probe.open("back", 0);
  probe.start();
  const Time deadline = probe.progress().deadline;
  probe.world.pass(deadline.ns - probe.world.now().ns - 2);
  probe.report("ask/1", reply_lost());
  const Time retry_at = probe.progress().retry_at;
  CHECK(retry_at > deadline);
  probe.world.pass_to_next_timer();
  CHECK(probe.status() == saga::Status::compensating);
  CHECK(probe.progress().retry_at == retry_at);
  probe.world.pass_to_next_timer();
  CHECK(probe.waits_for() == "ask/2");
  probe.report("ask/2", reply_refused());
  CHECK(probe.status() == saga::Status::compensated);
}

TEST_CASE("saga: an undo without an answer is called again, and is stuck when nobody ever answers") {
  ProbeWorld probe;
  probe.open("back", 0);
  probe.start();
  probe.report("ask/1", reply_done());
  probe.report("last/1", reply_refused());
  probe.report("ask/undo/1", reply_lost());
  CHECK(probe.progress().retry_at.ns == probe.world.now().ns + saga::backoff.wait_ns("p", "ask", 1));
  for (const char* effect : {"ask/undo/2", "ask/undo/3", "ask/undo/4"}) {
    probe.world.pass_to_next_timer();
    probe.report(effect, reply_lost());
  }
  CHECK(probe.status() == saga::Status::stuck);
  probe.operate(saga::Remedy::retry);
  probe.report("ask/undo/5", reply_done());
  CHECK(probe.status() == saga::Status::compensated);
}

TEST_CASE("saga: what a worker's result means") {
  const auto answer_to = [](payment::Status status, std::string error = {}) {
    const payment::Result result{status, "ch_1", std::move(error)};
    return saga::reply_of(CommandRef::to(result));
  };
  using Answer = saga::Reply::Answer;
  CHECK(answer_to(payment::Status::succeeded).answer == Answer::done);
  CHECK(answer_to(payment::Status::succeeded).text == "ch_1");
  CHECK(answer_to(payment::Status::already_refunded).answer == Answer::done);
  CHECK(answer_to(payment::Status::declined).answer == Answer::refused);
  CHECK(answer_to(payment::Status::declined).text == "declined");
  CHECK(answer_to(payment::Status::declined, "no money").text == "no money");
  CHECK(answer_to(payment::Status::failed).code == Code::payment_declined);
  CHECK(answer_to(payment::Status::disputed).answer == Answer::refused);
  CHECK(answer_to(payment::Status::balance_insufficient).answer == Answer::refused);
  CHECK(answer_to(payment::Status::unreachable, "timed out").answer == Answer::unreachable);
  CHECK(answer_to(payment::Status::declined, std::string(5'000, 'x')).text.size() == saga::text_bytes_max);
  const payment::Result too_long{payment::Status::succeeded, std::string(saga::text_bytes_max + 1, 'x'), {}};
  CHECK(saga::reply_of(CommandRef::to(too_long)).answer == Answer::unreachable);
  const int no_reply = 7;
  CHECK(saga::reply_of(CommandRef::to(no_reply)).answer == Answer::unreachable);
  CHECK(saga::reply_of({}).answer == Answer::unreachable);
}

}  // namespace
}  // namespace tote
