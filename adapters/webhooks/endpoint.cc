#include "adapters/webhooks/endpoint.h"

#include <algorithm>
#include <fstream>

#include "adapters/webhooks/address.h"
#include "adapters/webhooks/signature.h"
#include "engine/kernel/name.h"

namespace tote::webhooks {
namespace {

constexpr std::size_t name_bytes_max = 64, secrets_max = 4, types_max = 100;
constexpr int concurrency_max = 64;
constexpr std::int64_t hour_ms = 3'600'000, month_s = 31 * 86'400;

bool is_lower(char c) { return c >= 'a' && c <= 'z'; }

bool is_name(const std::string& name) {
  return !name.empty() && name.size() <= name_bytes_max && std::all_of(name.begin(), name.end(), [](char c) {
    return is_lower(c) || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
}

bool is_word(std::string_view word) {
  return !word.empty() && std::all_of(word.begin(), word.end(), [](char c) { return is_lower(c) || c == '_'; });
}

bool is_pattern(std::string_view pattern) {
  const std::size_t dot = pattern.find('.');
  if (dot == std::string_view::npos || !is_word(pattern.substr(0, dot))) return false;
  const std::string_view event = pattern.substr(dot + 1);
  return event == "*" || is_word(event);
}

std::string problem_of_numbers(const EndpointOptions& options) {
  if (options.retry_first_ms < 1 || options.retry_first_ms > hour_ms) return "the first retry is after 1 ms to 1 h";
  if (options.timeout_ms < 1 || options.timeout_ms > hour_ms) return "the timeout is 1 ms to 1 h";
  if (options.give_up_after_s < 1 || options.give_up_after_s > month_s) return "giving up is after 1 s to 31 days";
  if (options.concurrency < 1 || options.concurrency > concurrency_max) return "the concurrency is 1 to 64";
  return {};
}

}  // namespace

std::string problem_of(const EndpointOptions& options) {
  if (!is_name(options.name)) return "the name is 1 to 64 of a-z, 0-9, _ and -";
  if (auto problem = problem_of_url(options.url, options.allow_private); !problem.empty()) return problem;
  if (options.secrets.empty() || options.secrets.size() > secrets_max) return "an endpoint has 1 to 4 secrets";
  for (const std::string& secret : options.secrets)
    if (auto problem = problem_of_secret(secret); !problem.empty()) return problem;
  if (!options.ca_file.empty() && !std::ifstream(options.ca_file)) return "the ca_file can't be read";
  if (!options.tenant.empty() && !is_valid_id(options.tenant)) return "the tenant isn't an id";
  if (options.types.size() > types_max) return "an endpoint has at most 100 types";
  for (const std::string& pattern : options.types)
    if (!is_pattern(pattern)) return "a type is like wallet.debited or order.*";
  return problem_of_numbers(options);
}

bool is_wanted(const std::vector<std::string>& patterns, std::string_view type) {
  return patterns.empty() || std::any_of(patterns.begin(), patterns.end(), [type](std::string_view pattern) {
           return pattern.ends_with('*') ? type.starts_with(pattern.substr(0, pattern.size() - 1)) : type == pattern;
         });
}

}  // namespace tote::webhooks
