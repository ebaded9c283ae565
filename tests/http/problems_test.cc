#include "adapters/http/problems.h"

#include <doctest/doctest.h>

#include <map>
#include <set>

namespace tote::http {

namespace {

// The status table of API.md, Common.
const std::map<unsigned, std::set<std::string_view>> table = {
    {400, {"invalid_request", "invalid_id", "idempotency_key_invalid", "idempotency_key_missing"}},
    {401, {"unauthorized"}},
    {402, {"insufficient_funds", "payment_required", "payment_declined"}},
    {403, {"forbidden"}},
    {404, {"not_found", "hold_not_found", "reservation_not_found", "not_booked", "outcome_unknown"}},
    {409,
     {"already_exists",       "currency_mismatch", "balance_limit",      "hold_exists",        "hold_closed",
      "capture_exceeds_hold", "out_of_stock",      "reservation_exists", "reservation_closed", "match_full",
      "already_booked",       "order_exists",      "same_wallet",        "sales_closed",       "payments_paused",
      "wallet_frozen",        "wallet_closed",     "not_failed",         "seats_taken",        "refund_exceeds_order",
      "refund_exists"}},
    {410, {"trimmed"}},
    {412, {"version_mismatch"}},
    {413, {"body_too_large"}},
    {422, {"idempotency_key_reused"}},
    {429, {"too_many_attempts", "quota_exceeded"}},
    {503, {"overloaded", "log_full", "draining", "not_enough_replicas"}},
    {504, {"deadline_exceeded"}},
};

// Codes that API.md's table doesn't have: the door's own, and the bound on a wallet's holds.
const std::map<std::string_view, unsigned> others = {
    {"method_not_allowed", 405}, {"request_timeout", 408},     {"header_too_large", 431},
    {"internal_error", 500},     {"too_many_holds", 409},      {"too_many_reservations", 409},
    {"stock_limit", 409},        {"waitlist_full", 409},       {"signature_invalid", 400},
    {"signature_expired", 400},  {"bet_unknown", 404},         {"bet_conflict", 409},
    {"wallet_not_empty", 409},   {"session_ended", 409},       {"wrong_amount", 409},
    {"not_awaited", 409},        {"log_damaged", 500},         {"saga_not_stuck", 409},
    {"refund_not_failed", 409},  {"order_not_confirmed", 409}, {"too_many_refunds", 409},
    {"cluster_refused", 409},    {"backup_running", 409},      {"owner_changed", 503}};

}  // namespace

TEST_CASE("every refusal of the engine has its row in the catalog") {
  for (std::uint16_t number = 0; number < 2'000; ++number) {
    const auto code = code_of(number);
    if (!code || is_success(*code)) continue;
    CHECK_MESSAGE(problem_of(*code).code == name_of(*code), name_of(*code));
  }
}

TEST_CASE("statuses are those of API.md") {
  std::set<std::string_view> seen;
  for (const auto& kind : problem_kinds()) {
    INFO(kind.code);
    CHECK(seen.insert(kind.code).second);
    const auto row = table.find(kind.status);
    const bool in_table = row != table.end() && row->second.contains(kind.code);
    const auto other = others.find(kind.code);
    CHECK((in_table || (other != others.end() && other->second == kind.status)));
    CHECK_FALSE(kind.title.empty());
    CHECK_FALSE(kind.detail.empty());
    CHECK_FALSE(kind.help.empty());
    CHECK((kind.status == 429 || kind.status == 503) == (kind.retry_after_s > 0));
  }
}

TEST_CASE("a problem is a pure function of its code and facts") {
  Problem problem(Code::insufficient_funds);
  problem.facts = {{FactName::available, 800}, {FactName::requested, 900}};
  std::string out;
  append_problem(out, problem);
  CHECK(out ==
        R"({"type":"/problems/insufficient_funds","title":"Not enough money","status":402,)"
        R"("detail":"800 is available, 900 was requested.","code":"insufficient_funds","outcome":"not_executed",)"
        R"("available":800,"requested":900})");
}

TEST_CASE("a detail without its facts falls back to the title, and Retry-After to the catalog") {
  std::string out;
  append_problem(out, Problem(Code::version_mismatch));
  CHECK(out.find("It was changed in the meantime\",\"code\"") != std::string::npos);
  Problem later(Code::too_many_attempts);
  CHECK(later.retry_after_s() == 60);
  later.facts.add({FactName::retry_after_s, 7});
  CHECK(later.retry_after_s() == 7);
  out.clear();
  append_problem(out, later);
  CHECK(out.ends_with("\"retry_after_s\":7}"));
}

}  // namespace tote::http
