// Sagas go forward, and back.
#include "tests/actors/saga_words.h"

namespace tote {
namespace {

TEST_CASE("saga: steps inside are one record with the saga's own event, a step outside is waited for") {
  ProbeWorld probe;
  const std::size_t before = probe.world.records();
  CHECK(probe.start().code == Code::ok);
  CHECK(probe.world.records() == before + 1);
  CHECK(probe.balance("a") == 90);
  CHECK(probe.text() == "probe running: take completed, ask pending 1, give pending, last pending");
  CHECK(probe.waits_for() == "ask/1");
  const auto calls = probe.world.calls();
  REQUIRE(calls.size() == 1);
  REQUIRE(calls[0].command.get<ProbeQuestion>() != nullptr);
  const std::string key = "probe:p:" + std::to_string(probe.progress().started_at.ns) + ":ask";
  CHECK(calls[0].command.get<ProbeQuestion>()->key == key);
}

TEST_CASE("saga: the answer brings it on, to the next step outside and to its end") {
  ProbeWorld probe;
  probe.start();
  const std::size_t before = probe.world.records();
  CHECK(probe.report("ask/1", reply_done("id-7")).code == Code::ok);
  CHECK(probe.world.records() == before + 1);
  CHECK(probe.balance("b") == 90);
  CHECK(probe.progress().result(1) == "id-7");
  CHECK(probe.waits_for() == "last/1");
  CHECK(probe.report("last/1", reply_done()).code == Code::ok);
  CHECK(probe.text() == "probe completed: take completed, ask completed 1, give completed, last completed 1");
  CHECK(probe.waits_for().empty());
  CHECK(!probe.world.pass_to_next_timer());
}

TEST_CASE("saga: the first step refuses: nothing has happened, and that is on record with the refusal's facts") {
  ProbeWorld probe;
  probe.world.command<Wallet>("a", Wallet::Debit{{95}});
  const Verdict verdict = probe.start();
  CHECK(verdict.code == Code::insufficient_funds);
  CHECK(verdict.facts.find(FactName::available) == 5);
  CHECK(probe.balance("a") == 5);
  CHECK(probe.text() == "probe compensated: take failed [insufficient_funds], ask pending, give pending, last pending");
  CHECK(probe.progress().code == Code::insufficient_funds);
}

TEST_CASE("saga: a definite no from outside undoes what was before, last first") {
  ProbeWorld probe;
  probe.open("back", 0);
  probe.start();
  probe.report("ask/1", reply_refused());
  CHECK(probe.balance("back") == 10);
  CHECK(probe.text() == "probe compensated: take compensated, ask failed 1 [no money], give pending, last pending");
  CHECK(probe.progress().code == Code::payment_declined);
}

TEST_CASE("saga: a later step inside refuses: the call before it is undone outside, then the rest inside") {
  ProbeWorld probe;
  probe.open("back", 0);
  probe.world.command<Wallet>("b", Wallet::Debit{{95}});
  probe.start();
  probe.report("ask/1", reply_done("id-7"));
  CHECK(probe.text() ==
        "probe compensating: take completed, ask completed 1+1, give failed [insufficient_funds], last pending");
  CHECK(probe.waits_for() == "ask/undo/1");
  CHECK(probe.world.calls()[0].command.get<ProbeQuestion>()->step == "undo ask");
  CHECK(probe.balance("back") == 0);
  probe.report("ask/undo/1", reply_done());
  CHECK(probe.balance("back") == 10);
  CHECK(probe.text() ==
        "probe compensated: take compensated, ask compensated 1+1, give failed [insufficient_funds], last pending");
}

TEST_CASE("saga: a last step that fails undoes all that came before it") {
  ProbeWorld probe;
  probe.open("back", 0);
  probe.start();
  probe.report("ask/1", reply_done());
  probe.report("last/1", reply_refused());
  // Nothing undoes "give": its plan says so.
  CHECK(probe.balance("b") == 90);
  CHECK(probe.waits_for() == "ask/undo/1");
  probe.report("ask/undo/1", reply_done());
  CHECK(probe.status() == saga::Status::compensated);
}

TEST_CASE("saga: an undo inside that is refused is stuck, with an alert, until an operator retries") {
  ProbeWorld probe;
  probe.start();
  probe.report("ask/1", reply_refused());
  CHECK(probe.text() == "probe stuck: take completed [not_found], ask failed 1 [no money], give pending, last pending");
  CHECK(probe.world.alert(Probe::kind_id, "p") ==
        "stuck: step 'take' can't be undone: not_found; retry it, or skip it with a reason");
  CHECK(!probe.world.pass_to_next_timer());
  CHECK(probe.operate(saga::Remedy::retry).code == Code::ok);
  CHECK(probe.status() == saga::Status::stuck);
  probe.open("back", 0);
  CHECK(probe.operate(saga::Remedy::retry, "opened it").code == Code::ok);
  CHECK(probe.status() == saga::Status::compensated);
  CHECK(probe.balance("back") == 10);
  CHECK(probe.world.alert(Probe::kind_id, "p").empty());
}

TEST_CASE("saga: an operator skips what can't be undone, and the reason is on record") {
  ProbeWorld probe;
  probe.start();
  probe.report("ask/1", reply_refused());
  CHECK(probe.operate(saga::Remedy::skip, "paid by hand").code == Code::ok);
  CHECK(probe.text() ==
        "probe compensated: take skipped [not_found], ask failed 1 [no money], give pending, last pending");
  const std::string events = probe.world.events_of(Probe::kind_id, "p").back();
  CHECK(events.find("paid by hand") != std::string::npos);
}

TEST_CASE("saga: an undo outside that is refused for good is stuck; the skip goes on with the step before") {
  ProbeWorld probe;
  probe.open("back", 0);
  probe.start();
  probe.report("ask/1", reply_done());
  probe.report("last/1", reply_refused());
  probe.report("ask/undo/1", {saga::Reply::Answer::refused, Code::payment_declined, "disputed"});
  CHECK(probe.status() == saga::Status::stuck);
  CHECK(probe.waits_for().empty());
  SUBCASE("retry") {
    probe.operate(saga::Remedy::retry);
    CHECK(probe.waits_for() == "ask/undo/2");
    probe.report("ask/undo/2", reply_done());
    CHECK(probe.balance("back") == 10);
  }
  SUBCASE("skip") {
    probe.operate(saga::Remedy::skip);
    CHECK(probe.balance("back") == 10);
  }
  CHECK(probe.status() == saga::Status::compensated);
}

TEST_CASE("saga: retry and skip need a saga that is stuck, and a reason") {
  ProbeWorld probe;
  CHECK(probe.operate(saga::Remedy::retry).code == Code::not_found);
  probe.start();
  CHECK(probe.operate(saga::Remedy::retry).code == Code::saga_not_stuck);
  CHECK(probe.operate(saga::Remedy::skip).code == Code::saga_not_stuck);
  probe.report("ask/1", reply_refused());
  CHECK(probe.operate(saga::Remedy::skip, "").code == Code::invalid_request);
  CHECK(probe.operate(saga::Remedy::skip, std::string(saga::text_bytes_max + 1, 'x')).code == Code::invalid_request);
  CHECK(probe.status() == saga::Status::stuck);
}

TEST_CASE("saga: a public id finds its kind") {
  const auto found = saga::operate_public<Probe>("probe:a:b", saga::Remedy::skip, "why");
  CHECK(found.kind == Probe::kind_id);
  CHECK(found.id == "a:b");
  CHECK(found.script != nullptr);
  CHECK(saga::operate_public<Probe>("order:a", saga::Remedy::skip, "why").script == nullptr);
  CHECK(saga::operate_public<Probe>("probe", saga::Remedy::skip, "why").script == nullptr);
}

TEST_CASE("saga: it is started once; after compensation it may be started again") {
  ProbeWorld probe;
  probe.open("back", 0);
  probe.start();
  const std::size_t before = probe.world.records();
  CHECK(probe.start().code == Code::already_exists);
  CHECK(probe.world.records() == before);
  probe.report("ask/1", reply_refused());
  CHECK(probe.start().code == Code::ok);
  CHECK(probe.text() == "probe running: take completed, ask pending 1, give pending, last pending");
  // Its calls are other calls, for us and for the outside.
  CHECK(probe.waits_for() == "ask/2");
}

TEST_CASE("saga: one that was started without a driver is followed up") {
  ProbeWorld probe;
  const auto input = std::make_shared<ProbePlan::Input>();
  CHECK(probe.world.command<Probe>("p", Probe::Start{input, {}}).code == Code::created);
  CHECK(probe.text() == "probe running: take completed, ask pending 1, give pending, last pending");
}

TEST_CASE("saga: changes that don't fit are refused, not recorded") {
  using saga::ChangeType;
  ProbeWorld probe;
  const auto record = [&](ChangeType type, std::uint8_t step) {
    return probe.world.command<Probe>("p", Probe::Record{{{type, step}}}).code;
  };
  CHECK(record(ChangeType::completed, 0) == Code::not_found);
  CHECK(probe.world.command<Probe>("p", Probe::Start{nullptr, {}}).code == Code::invalid_request);
  probe.start();
  for (int type = 1; type <= 9; ++type)
    for (const std::uint8_t step : {std::uint8_t{0}, std::uint8_t{2}, std::uint8_t{3}, std::uint8_t{200}})
      CHECK(record(static_cast<ChangeType>(type), step) == Code::invalid_request);
  CHECK(record(ChangeType::called, 1) == Code::invalid_request);
  CHECK(record(ChangeType::compensated, 1) == Code::invalid_request);
  CHECK(record(ChangeType::stuck, 1) == Code::invalid_request);
  CHECK(record(ChangeType::retried, 1) == Code::invalid_request);
  CHECK(record(ChangeType::skipped, 1) == Code::invalid_request);
  CHECK(probe.world.command<Probe>("p", Probe::Record{}).code == Code::ok);
  const saga::Changes too_many(saga::changes_max + 1, {ChangeType::unreachable, 1});
  CHECK(probe.world.command<Probe>("p", Probe::Record{too_many}).code == Code::invalid_request);
}

}  // namespace
}  // namespace tote
