#include "adapters/sportsbook/options.h"

#include <algorithm>

#include "actors/bet/bet.h"
#include "engine/kernel/name.h"

namespace tote::sportsbook {
namespace {

bool is_path(std::string_view path) {
  return path.size() > 1 && path.size() <= 128 && path.front() == '/' && path.back() != '/' &&
         path.find("//") == std::string_view::npos &&
         std::all_of(path.begin(), path.end(), [](char c) { return c == '/' || is_id_char(c); });
}

// What the API, and the server itself, have for themselves.
bool is_of_api(std::string_view path) {
  static constexpr std::string_view own[] = {"/v1",       "/livez",        "/readyz",       "/metrics", "/version",
                                             "/problems", "/openapi.json", "/test-gateway", "/console"};
  return std::any_of(std::begin(own), std::end(own), [&](std::string_view one) {
    return path.starts_with(one) && (path.size() == one.size() || path[one.size()] == '/');
  });
}

// What stays of a template without its placeholders.
std::string without_placeholders(std::string text) {
  for (const std::string_view name : {"{player_id}", "{currency}"})
    for (auto at = text.find(name); at != std::string::npos; at = text.find(name)) text.erase(at, name.size());
  return text;
}

}  // namespace

std::string problem_of(const Options& options) {
  const bool is_name = is_valid_id(options.name) && options.name.find(':') == std::string::npos &&
                       options.name.size() <= Bet::provider_bytes_max;
  if (!is_name) return "name: must be 1 to 20 characters of A-Z a-z 0-9 . _ -";
  if (!is_path(options.path)) return "path: must be a path such as /callbacks/acme";
  if (is_of_api(options.path)) return "path: " + options.path + " is the API's";
  if (!is_valid_id(options.tenant)) return "tenant: must be a tenant's id";
  if (options.keys.empty()) return "keys: needs at least one file with public keys";
  if (options.leeway_s < 0 || options.leeway_s > 3'600) return "leeway_s: must be 0 to 3600";
  if (options.timeout_ms < 100 || options.timeout_ms > 60'000) return "timeout_ms: must be 100 to 60000";
  if (options.wallet.find("{player_id}") == std::string::npos) return "wallet: must have {player_id} in it";
  const std::string rest = without_placeholders(options.wallet);
  if (rest.size() > 24 || !std::all_of(rest.begin(), rest.end(), is_id_char))
    return "wallet: beside {player_id} and {currency} at most 24 characters of A-Z a-z 0-9 . _ : -";
  if (options.error_status != 400 && options.error_status != 200) return "error_status: must be 400 or 200";
  return {};
}

}  // namespace tote::sportsbook
