#include "adapters/http/answers.h"

#include "adapters/http/json_writer.h"

namespace tote::http {
namespace {

unsigned status_of(Code success) {
  switch (success) {
    case Code::created: return 201;
    case Code::accepted: return 202;
    default: return 200;
  }
}

const Kind* find_kind(const Kinds& kinds, KindId id) {
  for (const auto& kind : kinds)
    if (kind->id() == id) return kind.get();
  return nullptr;
}

Answer append_refusal(std::string& out, Problem problem) {
  append_problem(out, problem);
  return {problem.kind->status, problem.kind, problem.retry_after_s()};
}

// {the kind's own fields, "version", "lsn", nested objects}
bool append_success(std::string& out, const Outcome& outcome, const Kinds& kinds) {
  const Kind* kind = find_kind(kinds, outcome.kind);
  if (kind == nullptr) return false;
  thread_local std::string tail;  // reused
  tail = ",\"version\":";
  append_unsigned(tail, outcome.version.value);
  tail += ",\"lsn\":";
  append_unsigned(tail, outcome.lsn.value);
  out += '{';
  JsonFields fields(out, tail);
  if (!kind->describe_answer(outcome.entity, outcome.answer, fields)) return false;
  fields.finish();
  out += '}';
  return true;
}

}  // namespace

Answer append_answer(std::string& out, const Outcome& outcome, const Kinds& kinds) {
  const std::size_t before = out.size();
  if (is_success(outcome.code)) {
    if (append_success(out, outcome, kinds)) return {status_of(outcome.code)};
    out.resize(before);
    return append_refusal(out, Problem(problem::internal_error));
  }
  Problem problem(outcome.code);
  problem.facts = outcome.facts;
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
