// Every "no" of the door: its code, status, title, detail and the page that explains it (RFC 9457, API.md Errors).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "adapters/server/failure.h"
#include "engine/kernel/code.h"
#include "engine/kernel/refusal.h"

namespace tote::http {

// One row of the catalog. All text is static.
struct ProblemKind {
  std::string_view code;
  unsigned status;
  std::string_view title;
  std::string_view detail;  // {available} and the like stand for facts; without the facts the title is said instead
  std::string_view help;    // for the page: what it means and what to do
  std::int64_t retry_after_s = 0;  // said with it unless a fact says otherwise; 0 = not worth a Retry-After
};

// Those that the door gives itself.
namespace problem {
extern const ProblemKind &invalid_request, &not_found, &method_not_allowed, &request_timeout, &header_too_large,
    &internal_error;
}

struct Problem {
  const ProblemKind* kind = nullptr;
  Facts facts{};
  std::string detail{};   // empty: made of kind and facts
  std::string pointer{};  // of the member of the body that is wrong (RFC 6901)
  bool has_pointer = false;
  bool is_unknown = false;   // whether anything was executed isn't known
  std::string id{};          // of what it is about, if it names that
  std::string_view allow{};  // of 405
  std::string_view role{};   // of 403: the one that is missing

  Problem() = default;
  explicit Problem(const ProblemKind& problem_kind, std::string what = {});
  explicit Problem(Code code, std::string what = {});
  std::int64_t retry_after_s() const;
  // Refused for the moment, and nobody has looked whether the idempotency key was there before: who sends a request
  // again must not read that it wasn't executed. Other refusals stay as they are.
  void leave_open();
};

// Whether a refusal of the engine's with this code says nothing of what became of its key before. A node of a cluster
// says none of them as the owner: another one may be that by now, and have executed it.
bool says_nothing_of_key(Code code, bool is_of_cluster);

// The catalog, ordered by status. The same code never comes twice.
std::span<const ProblemKind> problem_kinds();
const ProblemKind* find_problem(std::string_view code);
// For every refusal of the engine; `internal_error` for a number without a name.
const ProblemKind& problem_of(Code code);
// What the server itself turned away.
Problem problem_of(const server::Failure& failure);

// The body: a pure function of the problem, so that a stored refusal is replayed byte for byte.
void append_problem(std::string& out, const Problem& problem);

}  // namespace tote::http
