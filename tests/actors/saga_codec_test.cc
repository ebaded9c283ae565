// Events, answers and digests of sagas as bytes.
#include <set>

#include "tests/actors/property.h"
#include "tests/actors/saga_words.h"

namespace tote {
namespace {

using saga::Change;
using saga::ChangeType;

rc::Gen<Change> any_change() {
  return rc::gen::exec([] {
    Change change;
    change.type = static_cast<ChangeType>(*rc::gen::inRange(1, 10));
    change.step = *rc::gen::inRange<std::uint8_t>(0, saga::steps_max);
    change.code = *rc::gen::element(Code::ok, Code::payment_declined, Code::deadline_exceeded);
    change.at = {*rc::gen::arbitrary<std::int64_t>()};
    change.text = *rc::gen::container<std::string>(rc::gen::arbitrary<char>());
    return change;
  });
}

rc::Gen<Probe::Event> any_event_of_a_saga() {
  return rc::gen::exec([] {
    Probe::Event event;
    event.changes = *rc::gen::container<saga::Changes>(any_change());
    if (event.changes.size() > saga::changes_max) event.changes.resize(saga::changes_max);
    if (*rc::gen::inRange(0, 2) == 0) return event;
    event.input = std::make_shared<ProbePlan::Input>(ProbePlan::Input{*rc::gen::string<std::string>()});
    event.steps_count = *rc::gen::inRange<std::size_t>(0, saga::steps_max + 1);
    event.started_at = {*rc::gen::arbitrary<std::int64_t>()};
    return event;
  });
}

std::string encoded(const Probe::Event& event) {
  std::string bytes;
  Probe::encode(event, bytes);
  return bytes;
}

struct Nothing final : Fields {
  void integer(std::string_view, std::int64_t) override {}
  void text(std::string_view, std::string_view) override {}
  void time(std::string_view, Time) override {}
  void begin(std::string_view) override { ++depth; }
  void end() override { --depth; }
  int depth = 0;
};

void mutate(std::string& bytes) {
  const auto changes = *rc::gen::inRange(0, 5);
  for (int i = 0; i < changes && !bytes.empty(); ++i)
    bytes[*rc::gen::inRange<std::size_t>(0, bytes.size())] = *rc::gen::arbitrary<char>();
  bytes.resize(*rc::gen::oneOf(rc::gen::just(bytes.size()), rc::gen::inRange<std::size_t>(0, bytes.size() + 1)));
}

TEST_CASE("saga codec: every event comes back as it was written") {
  check_property("decode(encode(event)) == event", [] {
    const Probe::Event event = *any_event_of_a_saga();
    Probe::Event back;
    RC_ASSERT(Probe::decode(encoded(event), back));
    RC_ASSERT(encoded(back) == encoded(event));
    RC_ASSERT(back.is_start() == event.is_start());
    RC_ASSERT(back.steps_count == event.steps_count);
    RC_ASSERT(back.started_at == event.started_at);
    RC_ASSERT(back.changes.size() == event.changes.size());
    for (std::size_t i = 0; i < back.changes.size(); ++i) {
      RC_ASSERT(back.changes[i].type == event.changes[i].type);
      RC_ASSERT(back.changes[i].step == event.changes[i].step);
      RC_ASSERT(back.changes[i].code == event.changes[i].code);
      RC_ASSERT(back.changes[i].at == event.changes[i].at);
      RC_ASSERT(back.changes[i].text == event.changes[i].text);
    }
    if (event.input != nullptr) RC_ASSERT(back.input->word == event.input->word);
  });
}

TEST_CASE("saga codec: random and damaged bytes do no harm, whatever the saga's state") {
  check_property("decode, fits and describe of damaged bytes end", [] {
    std::string bytes = *rc::gen::oneOf(rc::gen::container<std::string>(rc::gen::arbitrary<char>()),
                                        rc::gen::map(any_event_of_a_saga(), encoded));
    mutate(bytes);
    Probe::Event event;
    if (!Probe::decode(bytes, event)) return;
    Nothing fields;
    Probe::describe_event(event, fields);
    RC_ASSERT(fields.depth == 0);
    Probe::State saga;
    if (!Probe::fits(saga, event)) return;
    Probe::apply(saga, event);
    RC_ASSERT(Probe::check(saga));
  });
}

TEST_CASE("saga codec: events that fit leave a saga that checks") {
  check_property("fits => check after apply", [] {
    Probe::State saga;
    Probe::apply(saga, {std::make_shared<ProbePlan::Input>(), 4, {1}, {}});
    for (int i = 0; i < 60; ++i) {
      Change change = *any_change();
      if (const auto step = saga::current(saga.progress)) change.step = static_cast<std::uint8_t>(*step);
      const Probe::Event event{.changes = {change}};
      if (!Probe::fits(saga, event)) continue;
      Probe::apply(saga, event);
      RC_ASSERT(Probe::check(saga));
      if (Probe::next_due(saga) != Time::never()) RC_ASSERT(Probe::fits(saga, Probe::due(saga)));
    }
  });
}

TEST_CASE("saga codec: a damaged answer does no harm") {
  ProbeWorld probe;
  probe.start();
  probe.report("ask/1", reply_refused());
  std::string as_saga;
  Probe::answer(probe.world.state<Probe>("p"), Probe::Question{}, as_saga);
  const std::string answer = probe.world.answer(Probe::kind_id, "p");
  check_property("describe of damaged answers ends", [&] {
    std::string bytes = *rc::gen::element(answer, as_saga);
    mutate(bytes);
    Nothing fields;
    Probe::describe_answer("p", bytes, fields);
    RC_ASSERT(fields.depth == 0);
  });
}

TEST_CASE("saga codec: events that contradict the saga don't fit") {
  const auto input = std::make_shared<ProbePlan::Input>();
  Probe::State saga;
  CHECK(!Probe::fits(saga, {.changes = {}}));
  CHECK(!Probe::fits(saga, {input, 0, {1}, {}}));
  CHECK(!Probe::fits(saga, {input, 5, {1}, {}}));
  CHECK(Probe::fits(saga, {input, 3, {1}, {}}));
  Probe::apply(saga, {input, 4, {1}, {}});
  CHECK(!Probe::fits(saga, {input, 4, {1}, {}}));
  CHECK(!Probe::fits(saga, {.changes = {{ChangeType::compensated, 0}}}));
  CHECK(!Probe::fits(saga, {.changes = {{ChangeType::completed, 1}}}));
  CHECK(Probe::fits(saga, {.changes = {{ChangeType::completed, 0}, {ChangeType::called, 1}}}));
  CHECK(!Probe::fits(saga, {.changes = {{ChangeType::called, 0}, {ChangeType::called, 0}}}));
}

TEST_CASE("saga codec: digests differ where the commands do") {
  const auto word = [](const char* text) { return std::make_shared<ProbePlan::Input>(ProbePlan::Input{text}); };
  const std::vector<Probe::Command> commands{
      Probe::Start{word("a"), {}},
      Probe::Start{word("b"), {}},
      Probe::Start{word("a"), {{ChangeType::completed, 0}}},
      Probe::Record{},
      Probe::Record{{{ChangeType::completed, 0}}},
      Probe::Record{{{ChangeType::completed, 1}}},
      Probe::Record{{{ChangeType::failed, 0}}},
      Probe::Record{{{ChangeType::failed, 0, Code::not_found}}},
      Probe::Record{{{ChangeType::failed, 0, Code::not_found, {1}}}},
      Probe::Record{{{ChangeType::failed, 0, Code::not_found, {1}, "x"}}},
  };
  std::set<std::string> digests;
  for (const Probe::Command& command : commands) {
    std::string bytes;
    Probe::digest(command, bytes);
    CHECK(digests.insert(bytes).second);
  }
}

}  // namespace
}  // namespace tote
