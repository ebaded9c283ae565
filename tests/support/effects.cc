#include "tests/support/effects.h"

#include <algorithm>

namespace tests {
namespace {

using Events = std::vector<const Event*>;

std::string key_text(const std::string& key) { return "key " + key + ": "; }

bool may_happen(unsigned status) { return is_final(status) || status == 422 || status == 503 || status == 504; }

void check_shape(const Event& event, const Answer& answer, Verdict& verdict) {
  const auto wrong = [&](const std::string& what) {
    add(verdict, Violation::Kind::lsn, text_of(event.operation) + ": " + what + " in " + event.body);
  };
  if (event.status >= 400) {
    const auto status = answer.facts.find("status");
    if (status == answer.facts.end() || status->second != event.status) wrong("another status");
    if (answer.outcome != "not_executed") wrong("another outcome");
    return;
  }
  // A read tells the LSN of the last change; so does every change. Only a repeated PUT with a key has a record that
  // changes nothing.
  if (answer.lsn != event.lsn) wrong("Tote-Lsn " + std::to_string(event.lsn) + " but another");
  if (answer.version != event.version) wrong("ETag v" + std::to_string(event.version) + " but another");
}

Effect effect_of(const Event& event, Verdict& verdict) {
  Effect effect{.operation = event.operation, .invoked_ns = event.invoked_ns, .ended_ns = event.returned_ns};
  effect.status = event.status;
  effect.lsn = event.lsn;
  if (event.status == 0) return effect;
  const auto answer = parse_answer(event.body);
  if (!answer) {
    add(verdict, Violation::Kind::unexpected, text_of(event.operation) + ": not an answer: " + event.body);
    return effect;
  }
  effect.answer = *answer;
  check_shape(event, *answer, verdict);
  // Of a wallet that doesn't exist, any LSN so far may be told: its own is 0.
  if (!effect.is_recorded() && answer->code == "not_found") effect.lsn = 0;
  return effect;
}

// All answers to one key, of which the first counts.
class KeyGroup {
 public:
  KeyGroup(const std::string& key, const Events& events, Verdict& verdict)
      : key_(key), events_(events), verdict_(verdict) {
    for (const auto* event : events)
      if (event->kind == Event::Kind::request && is_final(event->status)) {
        if (told_ == nullptr) told_ = event;
        ++(event->replayed_headers == 0 ? firsts_ : replays_);
      }
  }

  void put_into(Effects& effects) {
    if (told_ == nullptr) return put_unknown(effects);
    check();
    verdict_.replays += replays_;
    Effect effect = effect_of(*told_, verdict_);
    for (const auto* event : events_) {
      if (event->kind != Event::Kind::request || !same_request(*event)) continue;
      effect.invoked_ns = std::min(effect.invoked_ns, event->invoked_ns);
      if (is_final(event->status)) effect.ended_ns = std::min(effect.ended_ns, event->returned_ns);
    }
    effects.push_back(std::move(effect));
  }

 private:
  void fail(const std::string& what) { add(verdict_, Violation::Kind::key, key_text(key_) + what); }
  bool same_request(const Event& event) const { return wire_of(event.operation) == wire_of(told_->operation); }

  // Nobody was told anything: every request that got lost may have been the one.
  void put_unknown(Effects& effects) {
    Events distinct;
    for (const auto* event : events_) {
      const bool is_new = std::none_of(distinct.begin(), distinct.end(), [&](const Event* other) {
        return wire_of(other->operation) == wire_of(event->operation);
      });
      if (event->kind == Event::Kind::request && event->status == 0 && is_new) distinct.push_back(event);
    }
    for (const auto* event : distinct) effects.push_back(effect_of(*event, verdict_));
  }

  void check() {
    const bool answer_lost = std::any_of(events_.begin(), events_.end(), [&](const Event* event) {
      return event->kind == Event::Kind::request && event->status == 0 && same_request(*event);
    });
    if (firsts_ > 1) fail(std::to_string(firsts_) + " answers without replay headers");
    if (firsts_ == 0 && !answer_lost) fail("no answer without replay headers");
    for (const auto* event : events_) {
      if (event->kind == Event::Kind::lookup)
        check_lookup(*event);
      else if (is_final(event->status))
        check_answer(*event);
      else if (event->status == 422 && same_request(*event))
        fail("refused as reused, though it is the same request");
    }
  }

  void check_answer(const Event& event) {
    if (!same_request(event)) fail("two different requests were answered");
    if (event.status != told_->status)
      fail("status " + std::to_string(event.status) + " after " + std::to_string(told_->status));
    if (event.body != told_->body) fail("body " + event.body + " after " + told_->body);
    if (event.lsn != told_->lsn) fail("another Tote-Lsn: " + std::to_string(event.lsn));
    if (event.version != told_->version) fail("another ETag: v" + std::to_string(event.version));
    if (event.replayed_headers == 1) fail("one of the two replay headers");
  }

  void check_lookup(const Event& event) {
    if (event.status == 200) {
      const std::string stored = R"({"status":)" + std::to_string(told_->status) + R"(,"body":)" + told_->body +
                                 R"(,"key":")" + key_ + R"(","lsn":)" + std::to_string(told_->lsn) + '}';
      if (event.body != stored) fail("looked up as " + event.body + " instead of " + stored);
    } else if (event.status == 404) {
      for (const auto* other : events_)
        if (other->kind == Event::Kind::request && is_final(other->status) && other->returned_ns < event.invoked_ns)
          return fail("unknown when looked up, though it had been answered");
    }
  }

  const std::string& key_;
  const Events& events_;
  Verdict& verdict_;
  const Event* told_ = nullptr;
  std::size_t firsts_ = 0, replays_ = 0;
};

}  // namespace

bool Effect::is_change() const {
  using Kind = Operation::Kind;
  if (!is_success() || operation.kind == Kind::read) return false;
  return operation.kind != Kind::open || status == 201;
}

void add(Verdict& verdict, Violation::Kind kind, std::string text) {
  if (verdict.violations.size() < violations_max) verdict.violations.push_back({kind, std::move(text)});
}

Effects effects_of(const History& history, Verdict& verdict) {
  Effects effects;
  std::map<std::string, Events> by_key;
  for (const auto& event : history) {
    const bool lookup = event.kind == Event::Kind::lookup;
    if (event.status != 0 && !may_happen(event.status))
      add(verdict, Violation::Kind::unexpected,
          text_of(event.operation) + " got " + std::to_string(event.status) + ' ' + event.body);
    else if (!event.operation.key.empty())
      by_key[event.operation.key].push_back(&event);
    else if (!lookup && (event.status == 0 || is_final(event.status)))
      effects.push_back(effect_of(event, verdict));
  }
  for (const auto& [key, events] : by_key) KeyGroup(key, events, verdict).put_into(effects);
  return effects;
}

}  // namespace tests
