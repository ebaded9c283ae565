#include "adapters/sportsbook/token.h"

#include <algorithm>

namespace tote::sportsbook {
namespace {

constexpr std::size_t body_values_max = 64;

Refused bad_token(std::string message) { return {token_code, std::move(message)}; }
Refused bad_request(std::string message) { return {request_code, std::move(message)}; }

// Milliseconds of a time claim; nothing where the claim isn't there, `good` false where it isn't a time.
std::optional<std::int64_t> time_in(const Json& claims, std::string_view name, bool& good) {
  const Json* claim = claims.find(name);
  if (claim == nullptr) return std::nullopt;
  const auto time = claim->is(Json::Type::number) ? read_numeric_date(claim->text) : std::nullopt;
  good = good && time.has_value();
  return time;
}

std::string problem_of_times(const Json& claims, std::int64_t leeway_ms, std::int64_t now_ms) {
  bool good = true;
  const auto expires = time_in(claims, "exp", good), begins = time_in(claims, "nbf", good),
             issued = time_in(claims, "iat", good);
  if (!good) return "a time of the token isn't one";
  if (!expires) return "the token has no exp";
  if (now_ms >= *expires + leeway_ms) return "the token has expired";
  if (begins && *begins > now_ms + leeway_ms) return "the token isn't valid yet";
  if (issued && *issued > now_ms + leeway_ms) return "the token was issued in the future";
  return {};
}

bool is_text(const Json* claim, std::string_view wanted) {
  return claim != nullptr && claim->is(Json::Type::text) && claim->text == wanted;
}

bool is_for(const Json* audience, std::string_view wanted) {
  if (audience == nullptr || !audience->is(Json::Type::list)) return is_text(audience, wanted);
  return std::ranges::any_of(audience->elements, [&](const Json& one) { return is_text(&one, wanted); });
}

}  // namespace

std::optional<std::int64_t> read_numeric_date(std::string_view text) {
  const auto point = text.find('.');
  const auto seconds = whole_number(text.substr(0, point));
  constexpr std::int64_t seconds_max = 253'402'300'800;  // year 10000
  if (!seconds || *seconds < 0 || *seconds >= seconds_max || text.starts_with('-')) return std::nullopt;
  std::int64_t ms = 0;
  if (point != std::string_view::npos) {
    std::string fraction(text.substr(point + 1));
    const bool is_number =
        !fraction.empty() && std::ranges::all_of(fraction, [](char c) { return c >= '0' && c <= '9'; });
    if (!is_number) return std::nullopt;
    fraction.resize(3, '0');
    ms = *whole_number(fraction);
  }
  return *seconds * 1'000 + ms;
}

Opened open_token(std::string_view body, const Options& options, const KeySetPtr& keys, Verifier& verifier,
                  std::int64_t now_ms) {
  const auto envelope = Json::parse(body);
  if (!envelope || !envelope->is(Json::Type::object) || envelope->members.size() > body_values_max)
    return bad_request("the body isn't a JSON object");
  const Json* token = envelope->find("payload");
  if (token == nullptr || !token->is(Json::Type::text)) return bad_request("the body has no text `payload`");
  const auto jws = split_jws(token->text);
  if (!jws) return bad_token("the token isn't one that can be taken");
  if (!verifier.verify(*jws, keys)) return bad_token("the token's signature is wrong");
  auto claims = Json::parse(jws->payload);
  if (!claims || !claims->is(Json::Type::object)) return bad_request("the claims can't be read");
  if (auto problem = problem_of_times(*claims, options.leeway_s * 1'000, now_ms); !problem.empty())
    return bad_token(std::move(problem));
  if (!options.issuer.empty() && !is_text(claims->find("iss"), options.issuer)) return bad_request("iss is wrong");
  if (!options.audience.empty() && !is_for(claims->find("aud"), options.audience)) return bad_request("aud is wrong");
  for (auto& [name, claim] : claims->members)
    if (name == "payload" && claim.is(Json::Type::object)) return std::move(claim);
  return bad_request("the claims have no object `payload`");
}

}  // namespace tote::sportsbook
