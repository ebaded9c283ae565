// The answers and their names: what clients and records on disk rely on.
#include "engine/kernel/code.h"

#include <doctest/doctest.h>

#include <set>
#include <string>
#include <vector>

namespace tote {
namespace {

std::vector<Code> all_codes() {
  std::vector<Code> codes;
  for (std::uint32_t number = 0; number < static_cast<std::uint32_t>(Code::first_of_users); ++number)
    if (const auto code = code_of(static_cast<std::uint16_t>(number))) codes.push_back(*code);
  return codes;
}

TEST_CASE("code: a number leads to its code and back") {
  for (const Code code : all_codes()) {
    const auto number = static_cast<std::uint16_t>(code);
    CAPTURE(number);
    CHECK(code_of(number) == code);
  }
  CHECK(code_of(203) == Code::insufficient_funds);
  CHECK(code_of(0) == Code::ok);
}

TEST_CASE("code: a number that was never given out is no code") {
  for (const int free : {3, 99, 130, 199, 9'999, 39'999}) {
    const auto number = static_cast<std::uint16_t>(free);
    CAPTURE(number);
    CHECK_FALSE(code_of(number).has_value());
    CHECK(name_of(static_cast<Code>(number)).empty());
  }
}

TEST_CASE("code: those of users are refusals that are stored, and have their names elsewhere") {
  for (const int number : {40'000, 40'001, 65'535}) {
    const auto code = code_of(static_cast<std::uint16_t>(number));
    REQUIRE(code.has_value());
    CHECK(is_of_users(*code));
    CHECK(is_stored(*code));
    CHECK_FALSE(is_success(*code));
    CHECK(name_of(*code).empty());
  }
}

TEST_CASE("code: names are unique and look like the contract's") {
  std::set<std::string_view> names;
  for (const Code code : all_codes()) {
    const std::string_view name = name_of(code);
    CAPTURE(name);
    CHECK(names.insert(name).second);
    CHECK(name.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") == std::string_view::npos);
  }
  CHECK(names.size() >= 28);
}

TEST_CASE("code: the numbers on disk never move") {
  CHECK(static_cast<int>(Code::created) == 1);
  CHECK(static_cast<int>(Code::deadline_exceeded) == 112);
  CHECK(static_cast<int>(Code::not_found) == 200);
  CHECK(static_cast<int>(Code::insufficient_funds) == 203);
  CHECK(static_cast<int>(Code::too_many_holds) == 211);
}

TEST_CASE("code: every code is a success, a stored refusal or a refusal that is forgotten") {
  const std::set<Code> successes{Code::ok, Code::created, Code::accepted};
  const std::set<Code> forgotten{Code::invalid_request,
                                 Code::invalid_id,
                                 Code::idempotency_key_invalid,
                                 Code::idempotency_key_missing,
                                 Code::unauthorized,
                                 Code::forbidden,
                                 Code::body_too_large,
                                 Code::idempotency_key_reused,
                                 Code::too_many_attempts,
                                 Code::overloaded,
                                 Code::log_full,
                                 Code::not_enough_replicas,
                                 Code::owner_changed,
                                 Code::draining,
                                 Code::deadline_exceeded,
                                 Code::internal_error,
                                 Code::log_damaged,
                                 Code::trimmed,
                                 Code::quota_exceeded};
  for (const Code code : all_codes()) {
    CAPTURE(name_of(code));
    CHECK(is_success(code) == successes.contains(code));
    CHECK(is_stored(code) == !forgotten.contains(code));
  }
}

}  // namespace
}  // namespace tote
