// What is true of a saga whatever the outside answers, and whenever.
#include "tests/actors/property.h"
#include "tests/actors/saga_words.h"

namespace tote {
namespace {

saga::Reply any_reply() {
  switch (*rc::gen::inRange(0, 3)) {
    case 0: return reply_done("id");
    case 1: return reply_refused();
    default: return reply_lost();
  }
}

// An outside with a memory: what it has really done, by key.
struct Outside {
  int done = 0, undone = 0;

  void heard(const std::string& effect, const saga::Reply& reply) {
    if (!effect.starts_with("ask/") || reply.answer != saga::Reply::Answer::done) return;
    ++(effect.starts_with("ask/undo/") ? undone : done);
  }
};

void report(ProbeWorld& probe, Outside& outside, std::vector<std::string>& seen) {
  const std::string effect = probe.waits_for();
  if (effect.empty()) return;
  const saga::Reply reply = any_reply();
  probe.report(effect, reply);
  outside.heard(effect, reply);
  seen.push_back(effect);
}

// At its end, all is done or all is undone; but for what no plan undoes.
void check_end(ProbeWorld& probe, const Outside& outside, bool was_skipped) {
  const bool completed = probe.status() == saga::Status::completed;
  RC_ASSERT(outside.done <= 1);
  if (completed) {
    RC_ASSERT(probe.balance("a") == 90);
    RC_ASSERT(probe.balance("b") == 90);
    RC_ASSERT(outside.done == 1);
    RC_ASSERT(outside.undone == 0);
  } else if (!was_skipped) {
    RC_ASSERT(probe.balance("a") + probe.balance("back") == 100);
    RC_ASSERT(outside.done == outside.undone);
  }
}

TEST_CASE("saga: every history ends completed, compensated or with an operator, and is never lost") {
  check_property("random reports and timers", [] {
    ProbeWorld probe;
    probe.open("back", 0);
    if (*rc::gen::inRange(0, 3) == 0) probe.world.command<Wallet>("b", Wallet::Debit{{95}});
    const bool has_b = probe.balance("b") == 100;
    probe.start();
    Outside outside;
    std::vector<std::string> seen;
    for (int i = 0; i < 40; ++i) {
      switch (*rc::gen::inRange(0, 4)) {
        case 0: probe.world.pass(*rc::gen::inRange<std::int64_t>(0, 15 * ns_per_s)); break;
        case 1:
          if (!seen.empty()) probe.report_late(*rc::gen::elementOf(seen), any_reply());
          break;
        default: report(probe, outside, seen); break;
      }
      RC_ASSERT(saga::check(probe.progress()));
    }
    // From here on the outside answers, and operators retry: it must come to an end.
    bool is_open = true;
    for (int i = 0; i < 20 && is_open; ++i) {
      if (probe.status() == saga::Status::stuck) probe.operate(saga::Remedy::retry);
      const std::string effect = probe.waits_for();
      if (effect.empty()) {
        probe.world.pass_to_next_timer();
      } else {
        probe.report(effect, reply_done("id"));
        outside.heard(effect, reply_done());
      }
      is_open = saga::current(probe.progress()).has_value();
    }
    RC_ASSERT(!is_open);
    RC_ASSERT(has_b || probe.status() == saga::Status::compensated);
    check_end(probe, outside, false);
  });
}

TEST_CASE("saga: one that waits for nothing is at its end, or stuck and says so") {
  check_property("no silent saga", [] {
    ProbeWorld probe;
    if (*rc::gen::arbitrary<bool>()) probe.open("back", 0);
    probe.start();
    Outside outside;
    std::vector<std::string> seen;
    for (int i = 0; i < 25; ++i) {
      report(probe, outside, seen);
      const bool waits = !probe.waits_for().empty() || Probe::next_due(probe.world.state<Probe>("p")) != Time::never();
      const bool is_stuck = probe.status() == saga::Status::stuck;
      RC_ASSERT(waits == (saga::current(probe.progress()).has_value() && !is_stuck));
      RC_ASSERT(is_stuck == !probe.world.alert(Probe::kind_id, "p").empty());
      if (is_stuck && *rc::gen::arbitrary<bool>())
        probe.operate(*rc::gen::element(saga::Remedy::retry, saga::Remedy::skip));
      probe.world.pass_to_next_timer();
    }
  });
}

}  // namespace
}  // namespace tote
