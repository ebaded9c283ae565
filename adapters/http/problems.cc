#include "adapters/http/problems.h"

#include <array>

#include "adapters/http/json_writer.h"

namespace tote::http {
namespace {

std::int64_t seconds_of(const ProblemKind& kind, const Facts& facts) {
  return facts.find(FactName::retry_after_s).value_or(kind.retry_after_s);
}

const Fact* find_fact(const Facts& facts, std::string_view name) {
  for (const Fact& fact : facts)
    if (name_of(fact.name) == name) return &fact;
  return nullptr;
}

// Fills the {facts} of a detail; the title when one of them isn't there.
std::string detail_of(const ProblemKind& kind, const Facts& facts) {
  std::string out;
  std::string_view rest = kind.detail;
  for (;;) {
    const auto open = rest.find('{');
    out += rest.substr(0, open);
    if (open == std::string_view::npos) return out;
    const auto close = rest.find('}', open);
    const Fact* fact = find_fact(facts, rest.substr(open + 1, close - open - 1));
    if (fact == nullptr) return std::string(kind.title);
    append_integer(out, fact->value);
    rest.remove_prefix(close + 1);
  }
}

// Code numbers are small: one look into a table instead of a search by name.
class ByNumber {
 public:
  ByNumber() {
    for (std::size_t number = 0; number < kinds_.size(); ++number) {
      const auto code = code_of(static_cast<std::uint16_t>(number));
      if (code && !is_success(*code)) kinds_[number] = find_problem(name_of(*code));
    }
  }
  const ProblemKind* find(Code code) const {
    const auto number = static_cast<std::size_t>(code);
    return number < kinds_.size() ? kinds_[number] : nullptr;
  }

 private:
  std::array<const ProblemKind*, 1'024> kinds_{};
};

void append_member(std::string& out, std::string_view name, std::string_view value) {
  out += ",\"";
  out += name;
  out += "\":";
  append_string(out, value);
}

void append_member(std::string& out, std::string_view name, std::int64_t value) {
  out += ",\"";
  out += name;
  out += "\":";
  append_integer(out, value);
}

}  // namespace

Problem::Problem(const ProblemKind& problem_kind, std::string what)
    : kind(&problem_kind), detail(std::move(what)), is_unknown(kind == &problem::internal_error) {}

// The engine's own internal error is definite: a defect that was met before anything had happened. What can't be read
// isn't: nobody knows what was executed.
Problem::Problem(Code code, std::string what) : kind(&problem_of(code)), detail(std::move(what)) {
  const bool is_engines = code == Code::internal_error;
  if (is_engines && detail.empty()) detail = "The server met a mistake of its own; nothing was executed.";
  is_unknown =
      (kind == &problem::internal_error && !is_engines) || code == Code::log_damaged || code == Code::owner_changed;
}

std::int64_t Problem::retry_after_s() const { return seconds_of(*kind, facts); }

void Problem::leave_open() {
  if (kind->status != 429 && kind->status < 500) return;
  is_unknown = true;
  if (!detail.empty()) detail += ' ';
  detail += "Its idempotency key wasn't looked up: send it again, or ask for the outcome of the key.";
}

bool says_nothing_of_key(Code code, bool is_of_cluster) {
  if (code == Code::overloaded || code == Code::draining || code == Code::not_enough_replicas) return true;
  return is_of_cluster && (code == Code::log_full || code == Code::deadline_exceeded);
}

const ProblemKind* find_problem(std::string_view code) {
  for (const auto& kind : problem_kinds())
    if (kind.code == code) return &kind;
  return nullptr;
}

const ProblemKind& problem_of(Code code) {
  static const ByNumber by_number;
  const ProblemKind* kind = by_number.find(code);
  return kind == nullptr ? problem::internal_error : *kind;
}

Problem problem_of(const server::Failure& failure) {
  using Reason = server::Failure::Reason;
  switch (failure.reason) {
    case Reason::malformed: return Problem(Code::invalid_request, failure.detail);
    case Reason::timed_out: return Problem(problem::request_timeout);
    case Reason::body_too_large: return Problem(Code::body_too_large);
    case Reason::header_too_large: return Problem(problem::header_too_large);
    case Reason::overloaded:
    case Reason::unavailable:
    case Reason::unanswered: break;
  }
  Problem problem(Code::overloaded, failure.detail);
  problem.is_unknown = failure.reason == Reason::unanswered;
  return problem;
}

void append_problem(std::string& out, const Problem& problem) {
  const ProblemKind& kind = *problem.kind;
  out += "{\"type\":\"/problems/";
  out += kind.code;
  out += '"';
  append_member(out, "title", kind.title);
  append_member(out, "status", static_cast<std::int64_t>(kind.status));
  append_member(out, "detail", problem.detail.empty() ? detail_of(kind, problem.facts) : problem.detail);
  append_member(out, "code", kind.code);
  append_member(out, "outcome", problem.is_unknown ? "unknown" : "not_executed");
  if (problem.has_pointer) append_member(out, "pointer", problem.pointer);
  if (!problem.id.empty()) append_member(out, "id", problem.id);
  if (!problem.role.empty()) append_member(out, "role", problem.role);
  for (const Fact& fact : problem.facts)
    if (fact.name != FactName::retry_after_s) append_member(out, name_of(fact.name), fact.value);
  if (problem.retry_after_s() > 0) append_member(out, "retry_after_s", problem.retry_after_s());
  out += '}';
}

}  // namespace tote::http
