// The words that tests of resources share: what an answer says.
#pragma once

#include <doctest/doctest.h>

#include <boost/json.hpp>
#include <cstdint>
#include <string>
#include <string_view>

#include "tests/http/client.h"

namespace tests::http {

// The problem's code, once the rest of the problem is as every problem is; "?" and the body of another answer.
inline std::string code_of(const Response& response) {
  if (response.header("Content-Type") != "application/problem+json") return "?" + response.body;
  const auto problem = boost::json::parse(response.body).as_object();
  CHECK(problem.at("status").as_int64() == response.status);
  CHECK(problem.at("type").as_string() == "/problems/" + std::string(problem.at("code").as_string()));
  CHECK(problem.at("outcome").as_string() == (problem.contains("retention_s") ? "unknown" : "not_executed"));
  return std::string(problem.at("code").as_string());
}

inline std::string text(const boost::json::value& value) { return std::string(value.as_string()); }
inline std::string text(const boost::json::value& from, std::string_view name) { return text(from.at(name)); }
inline std::string text(const Response& response, std::string_view name) {
  return text(boost::json::parse(response.body), name);
}
inline std::int64_t number(const Response& response, std::string_view name) {
  return boost::json::parse(response.body).at(name).as_int64();
}

// The answer of before, told again, says so in both ways.
inline bool is_replay(const Response& response) {
  return response.header("Idempotent-Replayed") == "true" && response.header("X-Idempotent-Replayed") == "true";
}

}  // namespace tests::http
