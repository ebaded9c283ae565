#include "adapters/http/answers.h"

#include "actors/match/match.h"
#include "actors/payment_event/payment_events.h"
#include "actors/refund/refunds.h"
#include "actors/saga/describe.h"
#include "actors/transaction/results.h"
#include "adapters/http/json_writer.h"
#include "engine/kernel/subject.h"

namespace tote::http {
namespace {

unsigned status_of(Code success) {
  switch (success) {
    case Code::created: return 201;
    case Code::accepted: return 202;
    default: return 200;
  }
}

Answer append_refusal(std::string& out, Problem problem) {
  append_problem(out, problem);
  return {problem.kind->status, problem.kind, problem.retry_after_s()};
}

std::string tail_of(Version version, Lsn lsn) {
  std::string tail = ",\"version\":";
  append_unsigned(tail, version.value);
  tail += ",\"lsn\":";
  append_unsigned(tail, lsn.value);
  return tail;
}

// {the kind's own fields, the tail, nested objects}. `describe` gives the fields.
template <class Describe>
bool append_object(std::string& out, std::string_view tail, const Describe& describe) {
  out += '{';
  JsonFields fields(out, tail);
  if (!describe(fields)) return false;
  fields.finish();
  out += '}';
  return true;
}

template <class Describe>
bool append_object(std::string& out, Version version, Lsn lsn, const Describe& describe) {
  return append_object(out, tail_of(version, lsn), describe);
}

bool append_result(std::string& out, const transaction::Result& result, Lsn lsn, const Kinds& kinds) {
  const Kind* kind = find_kind(kinds, result.kind);
  return kind != nullptr && append_object(out, result.version, lsn, [&](Fields& fields) {
           return kind->describe_answer(result.entity, result.answer, fields);
         });
}

// {"from":wallet,"to":wallet,"lsn":n} where the results have names, else {"lsn":n,"results":[…]}.
bool append_transaction(std::string& out, const Outcome& outcome, const Kinds& kinds) {
  std::vector<transaction::Result> results;
  if (!transaction::read_results(outcome.answer, results)) return false;
  const bool is_named = !results.empty() && !results.front().name.empty();
  out += '{';
  if (!is_named) {
    append_unsigned(out += "\"lsn\":", outcome.lsn.value);
    out += ",\"results\":[";
  }
  for (const auto& result : results) {
    if (&result != &results.front()) out += ',';
    if (is_named) {
      append_string(out, result.name);
      out += ':';
    }
    if (!append_result(out, result, outcome.lsn, kinds)) return false;
  }
  if (is_named)
    append_unsigned(out += ",\"lsn\":", outcome.lsn.value);
  else
    out += ']';
  out += '}';
  return true;
}

bool append_success(std::string& out, const Outcome& outcome, const Kinds& kinds) {
  if (outcome.kind == transaction::kind_id) return append_transaction(out, outcome, kinds);
  const Kind* kind = find_kind(kinds, outcome.kind);
  return kind != nullptr && append_object(out, outcome.version, outcome.lsn, [&](Fields& fields) {
           return kind->describe_answer(outcome.entity, outcome.answer, fields);
         });
}

// A refusal that doesn't say what it is about is about the entity that was asked.
Problem problem_of(const Outcome& outcome, std::string_view named_at = {}) {
  Problem problem(outcome.code);
  problem.facts = outcome.facts;
  if (auto subject = Subject::decode(outcome.answer)) {
    problem.pointer = std::move(subject->pointer);
    problem.has_pointer = !problem.pointer.empty();
    problem.id = std::move(subject->id);
  } else if (outcome.code == Code::not_found || outcome.code == Code::out_of_stock) {
    problem.id = outcome.entity;
    problem.pointer = named_at;
    problem.has_pointer = !named_at.empty();
  }
  return problem;
}

// The body that `append` makes of a success, or the problem.
template <class Append>
Answer append_either(std::string& out, const Outcome& outcome, const Append& append, std::string_view named_at = {}) {
  const std::size_t before = out.size();
  if (is_success(outcome.code)) {
    if (append()) return {status_of(outcome.code)};
    out.resize(before);
    return append_refusal(out, Problem(problem::internal_error));
  }
  return append_refusal(out, problem_of(outcome, named_at));
}

}  // namespace

Answer append_answer(std::string& out, const Outcome& outcome, const Kinds& kinds, std::string_view named_at) {
  return append_either(
      out, outcome, [&] { return append_success(out, outcome, kinds); }, named_at);
}

Answer append_saga(std::string& out, const Outcome& outcome, const Kinds& kinds, std::string_view) {
  if (outcome.code == Code::not_found) {
    const Kind* kind = find_kind(kinds, outcome.kind);
    Problem problem(outcome.code);
    problem.id = saga::public_id(kind == nullptr ? "?" : kind->name(), outcome.entity);
    return append_refusal(out, std::move(problem));
  }
  return append_answer(out, outcome, kinds);
}

Answer append_page(std::string& out, const Outcome& outcome, const Kinds& kinds, std::string_view) {
  return append_either(out, outcome, [&] {
    const Kind* kind = find_kind(kinds, outcome.kind);
    return kind != nullptr && append_object(out, {}, [&](Fields& fields) {
             return kind->describe_answer(outcome.entity, outcome.answer, fields);
           });
  });
}

Answer append_booking(std::string& out, const Outcome& outcome, const Kinds& kinds, std::string_view) {
  if (is_success(outcome.code)) {
    Problem problem(Code::not_booked);
    problem.id = Match::unbooked(outcome.answer);
    if (!problem.id.empty()) return append_refusal(out, std::move(problem));
  }
  return append_answer(out, outcome, kinds);
}

Answer append_refunds(std::string& out, const Outcome& outcome, const Kinds&, std::string_view status) {
  if (outcome.code == Code::not_found) {
    out += R"({"card_payments":"running","refunds":[]})";
    return {};
  }
  return append_either(out, outcome, [&] {
    return append_object(out, outcome.version, outcome.lsn,
                         [&](Fields& fields) { return Refunds::describe_refunds(outcome.answer, status, fields); });
  });
}

Answer append_payment_event(std::string& out, const Outcome& outcome, const Kinds& kinds, std::string_view event) {
  const bool is_known = is_success(outcome.code) && !PaymentEvents::is_of_nothing(outcome.answer);
  if (is_known || (!is_success(outcome.code) && outcome.code != Code::not_found))
    return append_page(out, outcome, kinds, {});
  Problem problem(Code::not_found);
  problem.id = event;
  return append_refusal(out, std::move(problem));
}

Answer append_payment_events(std::string& out, const Outcome& outcome, const Kinds& kinds, std::string_view) {
  if (outcome.code != Code::not_found) return append_page(out, outcome, kinds, {});
  out += R"({"payment_events":[],"next":null})";
  return {};
}

Answer append_no_outcome(std::string& out, const Outcome& outcome, const Kinds& kinds, std::string_view key) {
  if (outcome.code != Code::outcome_unknown) return append_answer(out, outcome, kinds);
  Problem problem(Code::outcome_unknown, outcome.answer);  // an answer: the sentence of an unfinished batch
  problem.id = key;
  problem.facts = outcome.facts;
  problem.is_unknown = !outcome.answer.empty() || outcome.facts.find(FactName::retention_s).has_value();
  return append_refusal(out, std::move(problem));
}

Answer append_stored_outcome(std::string& out, const Outcome& outcome, const Kinds& kinds, std::string_view key) {
  if (outcome.code == Code::outcome_unknown || !is_stored(outcome.code)) return append_answer(out, outcome, kinds);
  std::string body;
  const Answer stored = append_answer(body, outcome, kinds);
  out += "{\"status\":";
  append_unsigned(out, stored.status);
  out += ",\"body\":";
  out += body;
  out += ",\"key\":";
  append_string(out, key);
  out += ",\"lsn\":";
  append_unsigned(out, outcome.lsn.value);
  out += '}';
  return {};
}

}  // namespace tote::http
