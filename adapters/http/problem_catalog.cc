// The catalog: the refusals of the engine and the domain, whose texts stand with them (engine/kernel/refusals.inc), and
// those that only HTTP has.
#include <algorithm>
#include <array>
#include <vector>

#include "adapters/http/problems.h"

namespace tote::http {
namespace {

constexpr unsigned status_of(RefusalClass category) {
  switch (category) {
    case RefusalClass::invalid: return 400;
    case RefusalClass::unauthenticated: return 401;
    case RefusalClass::unpaid: return 402;
    case RefusalClass::forbidden: return 403;
    case RefusalClass::absent: return 404;
    case RefusalClass::conflict: return 409;
    case RefusalClass::stale: return 412;
    case RefusalClass::gone: return 410;
    case RefusalClass::too_large: return 413;
    case RefusalClass::reused: return 422;
    case RefusalClass::limited: return 429;
    case RefusalClass::failed: return 500;
    case RefusalClass::unavailable: return 503;
    case RefusalClass::late: return 504;
  }
  return 500;
}

constexpr auto of_http = std::to_array<ProblemKind>({
    {"method_not_allowed", 405, "Not a method of this path", "The Allow header names the methods of this path.",
     "The path exists, but not with this method."},
    {"signature_invalid", 400, "The signature isn't valid", "The body isn't what was signed with one of the secrets.",
     "A card payment provider's event must carry one Stripe-Signature over exactly the bytes of its body, made with "
     "one "
     "of the secrets in `secret_files`. SIGHUP reads them again."},
    {"signature_expired", 400, "The signature is too old", "The time of the signature is too far from now.",
     "A signature is good for `tolerance_s` seconds, so that nobody can send an old event again. The provider signs "
     "each "
     "retry anew; if all are refused, a clock is wrong."},
    {"cluster_refused", 409, "The cluster can't be changed like that", "The cluster can't be changed like that now.",
     "The log is handed over to a node that is in sync only, and by the node that owns it. GET /v1/cluster tells which "
     "nodes are, and how far the others are behind; an owner that is alone can't be taken out."},
    {"backup_running", 409, "A backup is being made", "A backup is being made already.",
     "One is made at a time. GET /v1/admin/backup says how far it is, and what became of it."},
    {"request_timeout", 408, "The request took too long to arrive", "The request wasn't complete in time.",
     "The header must arrive within 10 seconds and the body within 30. The connection is closed."},
    {"header_too_large", 431, "The header is too large", "The header block is larger than this server takes.",
     "The request line and all headers together are limited to 16 KiB. The connection is closed."},
});

std::vector<ProblemKind> catalog() {
  std::vector<ProblemKind> kinds(of_http.begin(), of_http.end());
  for (const RefusalText& refusal : refusals())
    kinds.push_back({refusal.name, status_of(refusal.category), refusal.title, refusal.detail, refusal.help,
                     refusal.retry_after_s});
  std::ranges::stable_sort(kinds, {}, &ProblemKind::status);
  return kinds;
}

}  // namespace

std::span<const ProblemKind> problem_kinds() {
  static const std::vector<ProblemKind> kinds = catalog();
  return kinds;
}

namespace problem {
namespace {

const ProblemKind& named(std::string_view code) { return *find_problem(code); }

}  // namespace

const ProblemKind& invalid_request = named("invalid_request");
const ProblemKind& not_found = named("not_found");
const ProblemKind& method_not_allowed = named("method_not_allowed");
const ProblemKind& request_timeout = named("request_timeout");
const ProblemKind& header_too_large = named("header_too_large");
const ProblemKind& internal_error = named("internal_error");
}  // namespace problem

}  // namespace tote::http
