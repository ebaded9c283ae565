// actors/saga/scripts.h: what starts a saga and brings it on. E is a saga::Saga<Plan>.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "actors/saga/entity.h"

namespace tote::saga {

// How a transaction has left a saga.
struct Stand {
  Verdict verdict{};  // refused: there is one already, or a step's own refusal
  Status status = Status::none;
};

// Starts a saga within a transaction, and runs every step that it can: look at nothing of what it may command, and
// stage nothing on it, before (that would copy states). The first refusal of a step is the verdict: a script that is
// refused with it leaves the saga behind as compensated, and nothing else. A saga that was compensated may be started
// again.
template <class E>
Stand start(Transaction& on, std::string_view id, typename E::InputPtr input) {
  const auto* seen = look<E>(on, id);
  Progress progress = seen == nullptr ? Progress{} : seen->progress;
  const auto table = E::steps({input, {}});
  TOTE_INVARIANT(!table.empty() && table.size() <= steps_max);
  if (!fits_start(progress, table.size())) return {{Code::already_exists}, progress.status};
  start(progress, table.size(), on.now());
  Driver driver(on, E::kind, id, CommandRef::to(*input), table, progress);
  driver.advance();
  typename E::Start begin{std::move(input), driver.changes()};
  if (driver.refusal().refused()) {
    if_refused<E>(on, id, std::move(begin));
    return {driver.refusal(), driver.progress().status};
  }
  if (const tote::Step step = tote::run<E>(on, id, begin); step.refused()) return {step.verdict()};
  return {{}, driver.progress().status};
}

// What one does with a saga that is on its way: its state is read, the driver is told, the changes are recorded.
template <class E, class Tell>
Verdict drive(Transaction& on, std::string_view id, const Tell& tell) {
  const auto* saga = look<E>(on, id);
  if (saga == nullptr) return {Code::not_found, {}, {{}, public_id(E::kind, id)}};
  const auto input = saga->input;
  Driver driver(on, E::kind, id, CommandRef::to(*input), E::steps(*saga), saga->progress);
  if (Verdict verdict = tell(driver); verdict.refused()) return verdict;
  if (driver.changes().empty()) return {};
  return tote::run<E>(on, id, typename E::Record{driver.changes()}).verdict();
}

// A script about one saga; what it answers is the saga's view.
template <class E>
class About : public Script {
 public:
  explicit About(std::string_view id) : id_(id) {}

  void entities(std::vector<EntityRef>& out) const override { out.push_back({E::kind_id, id_}); }
  void answer(Transaction& on, std::string& out) const override {
    const AnyEntity* entity = on.look({E::kind_id, id_});
    const typename E::Command view{typename E::Record{}};
    if (entity != nullptr) entity->answer(CommandRef::to(view), out);
  }

 protected:
  const std::string id_;
};

// The engine's own: what is next, after a timer or a deadline.
template <class E>
class Advance final : public About<E> {
 public:
  using About<E>::About;

  Verdict run(Transaction& on) const override {
    return drive<E>(on, this->id_, [](Driver& driver) {
      driver.advance();
      return Verdict{};
    });
  }
  void digest(std::string& out) const override { out.append("advance ").append(this->id_); }
};

// What a call came to. A report that comes twice, or of a call that isn't waited for any more, changes nothing.
template <class E>
class Report final : public About<E> {
 public:
  Report(std::string_view id, std::string_view effect, Reply reply)
      : About<E>(id), effect_(effect), reply_(std::move(reply)) {}

  Verdict run(Transaction& on) const override {
    const auto* saga = look<E>(on, this->id_);
    if (saga == nullptr || !saga->progress.is_calling) return {};
    if (effect_id(E::steps(*saga), saga->progress) != effect_) return {};
    return drive<E>(on, this->id_, [this](Driver& driver) {
      driver.report(reply_);
      return Verdict{};
    });
  }
  void digest(std::string& out) const override {
    out.append("report ").append(effect_).append(1, ' ').append(this->id_);
  }

 private:
  const std::string effect_;
  const Reply reply_;
};

// What an operator may do with a saga that is stuck.
enum class Remedy : std::uint8_t { retry, skip };

// RetrySaga, SkipSaga: saga_not_stuck unless it is. The reason is recorded.
template <class E>
class Operate final : public About<E> {
 public:
  Operate(std::string_view id, Remedy remedy, std::string reason)
      : About<E>(id), remedy_(remedy), reason_(std::move(reason)) {}

  Verdict run(Transaction& on) const override {
    if (reason_.empty() || reason_.size() > text_bytes_max) return {Code::invalid_request};
    return drive<E>(on, this->id_, [this](Driver& driver) -> Verdict {
      if (driver.progress().status != Status::stuck) return {Code::saga_not_stuck};
      remedy_ == Remedy::retry ? driver.retry(reason_) : driver.skip(reason_);
      return {};
    });
  }
  void digest(std::string& out) const override {
    out.append(remedy_ == Remedy::retry ? "retry " : "skip ").append(this->id_).append(1, ' ').append(reason_);
  }

 private:
  const Remedy remedy_;
  const std::string reason_;
};

template <class E>
ScriptPtr advance_script(std::string_view id) {
  return std::make_unique<Advance<E>>(id);
}
template <class E>
ScriptPtr report_script(std::string_view id, std::string_view effect, Reply reply) {
  return std::make_unique<Report<E>>(id, effect, std::move(reply));
}
template <class E>
ScriptPtr operate_script(std::string_view id, Remedy remedy, std::string reason) {
  return std::make_unique<Operate<E>>(id, remedy, std::move(reason));
}

// The entity that a public id names, and the script for it: null when it is none of the kinds Es.
//   auto operate = operate_public<Order, BookingSaga>("order:o1", Remedy::retry, "provider is back");
struct Operation {
  KindId kind = 0;
  std::string_view id{};  // looks into the public id
  ScriptPtr script{};
};
template <class... Es>
Operation operate_public(std::string_view public_id, Remedy remedy, const std::string& reason) {
  Operation found;
  const std::size_t colon = public_id.find(':');
  if (colon == std::string_view::npos) return found;
  const std::string_view id = public_id.substr(colon + 1);
  const auto try_one = [&]<class E>(const E*) {
    if (found.script == nullptr && E::kind == public_id.substr(0, colon))
      found = {E::kind_id, id, operate_script<E>(id, remedy, reason)};
  };
  (try_one(static_cast<const Es*>(nullptr)), ...);
  return found;
}

// The same for a read that sees it as a saga; null command: none of the kinds Es.
struct View {
  KindId kind = 0;
  std::string_view id{};  // looks into the public id
  tote::Command question{};
};
template <class... Es>
View view_public(std::string_view public_id) {
  View found;
  const std::size_t colon = public_id.find(':');
  if (colon == std::string_view::npos) return found;
  const auto try_one = [&]<class E>(const E*) {
    if (E::kind == public_id.substr(0, colon))
      found = {E::kind_id, public_id.substr(colon + 1), tote::Command(typename E::Question{})};
  };
  (try_one(static_cast<const Es*>(nullptr)), ...);
  return found;
}

}  // namespace tote::saga
