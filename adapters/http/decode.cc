#include <xxhash.h>

#include <charconv>
#include <cstring>
#include <limits>

#include "adapters/http/decoder.h"
#include "engine/kernel/name.h"

namespace tote::http {
namespace {

bool is_change(Method method) {
  return method == Method::post || method == Method::put || method == Method::patch || method == Method::delete_;
}

}  // namespace

bool Decoder::refuse(Problem problem) {
  out.problem = std::move(problem);
  return false;
}

bool Decoder::allow(Role needed) { return options.role >= needed || refuse(forbidden_without(needed)); }

bool Decoder::find_route() {
  out.route = match.route;
  if (match.route != nullptr && match.route->serving->is_of_server && options.role < role_of(*match.route))
    return refuse(forbidden_to_tenants());
  if (match.route != nullptr) return allow(role_of(*match.route));
  if (match.allow.empty()) return refuse(Problem(problem::not_found, "There is no such path."));
  Problem problem(problem::method_not_allowed);
  problem.allow = match.allow;
  return refuse(std::move(problem));
}

bool Decoder::read_key() {
  if (!is_change(message.method)) return true;
  if (!take(read_idempotency_key(message.headers), out.request.key)) return false;
  if (out.request.key.empty())  // lines may have keys of their own
    return out.route->serving->has_lines || !options.require_idempotency_key ||
           refuse(Problem(Code::idempotency_key_missing));
  out.request.fingerprint = fingerprint_of(message.method, target, message.body);
  return true;
}

bool Decoder::read_conditions() {
  if (!take(read_deadline(message.headers), out.request.deadline_ms)) return false;
  return is_change(message.method) ? read_change_conditions() : read_read_conditions();
}

bool Decoder::read_change_conditions() {
  if (message.headers.has(Header::if_none_match))
    return refuse(Problem(Code::invalid_request, "The header If-None-Match is for GET; a change takes If-Match."));
  const bool takes_if_match = match.parameters > 0 && out.route->is_of_one_entity;
  if (message.headers.has(Header::if_match) && !takes_if_match)
    return refuse(Problem(Code::invalid_request, "This change is of no one entity whose version If-Match could name."));
  const bool creates = out.route->method == Method::put;
  return take(read_if_match(message.headers, creates), out.request.expected_version);
}

bool Decoder::read_read_conditions() {
  if (!take(read_min_lsn(message.headers), out.request.min_lsn)) return false;
  const bool waits = out.request.min_lsn.value != 0;
  if (waits && out.request.deadline_ms == 0) out.request.deadline_ms = min_lsn_deadline_ms;
  return true;
}

bool Decoder::read_id(std::size_t parameter, std::string& into) {
  if (percent_decode(match.raw[parameter], into) && is_valid_id(into)) return true;
  return refuse(Problem(Code::invalid_id));
}

bool Decoder::check_query() {
  return target.query.empty() || refuse(Problem(Code::invalid_request, "This path takes no query parameters."));
}

bool Decoder::check_no_body() {
  return message.body.empty() || refuse(Problem(Code::invalid_request, "This request takes no body."));
}

bool Decoder::parse_body(Body body) {
  if (body == Body::none) return json.parse("{}") && check_no_body();
  const bool none = message.body.empty() && body == Body::optional;
  return json.parse(none ? std::string_view("{}") : std::string_view(message.body)) || refuse_body();
}

bool Decoder::refuse_body() {
  const JsonError& error = json.error();
  std::string where = error.pointer.empty() ? "The body " : error.pointer + ' ';
  Problem problem(error.bad_id ? Code::invalid_id : Code::invalid_request, std::move(where) + error.detail + '.');
  problem.pointer = error.pointer;
  problem.has_pointer = true;
  return refuse(std::move(problem));
}

bool Decoder::read_state() {
  out.if_none_match = message.headers.value(Header::if_none_match);
  return check_no_body();
}

void Decoder::ask(Command question) {
  out.request.command = std::move(question);
  out.request.is_question = true;
}

bool Decoder::read_number(std::string_view name, std::string_view value, std::int64_t min, std::int64_t max,
                          std::int64_t& into) {
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), into);
  if (error == std::errc() && end == value.data() + value.size() && into >= min && into <= max) return true;
  return refuse(Problem(Code::invalid_request, "The query parameter " + std::string(name) +
                                                   " must be an integer from " + std::to_string(min) + " to " +
                                                   std::to_string(max) + '.'));
}

bool Decoder::refuse_parameter(std::string_view name) {
  return refuse(Problem(Code::invalid_request, "This path takes no query parameter " + std::string(name) + '.'));
}

bool Decoder::check_once(std::string_view name, std::string_view rest) {
  while (!rest.empty()) {
    const std::string_view one = rest.substr(0, rest.find('&'));
    rest.remove_prefix(std::min(rest.size(), one.size() + 1));
    if (one.substr(0, one.find('=')) == name)
      return refuse(Problem(Code::invalid_request, "The query parameter " + std::string(name) + " is there twice."));
  }
  return true;
}

void Decoder::run() {
  out.request.trace = options.trace;
  if (!find_route() || !read_key() || !read_conditions() || !out.route->read(*this)) return;
  if (options.is_always_told || is_told_of(role_of(*out.route))) out.request.actor = options.actor;
}

bool read_entity(Decoder& decoder) {
  const Route& route = *decoder.out.route;
  Request& request = decoder.out.request;
  std::string second;
  if (decoder.match.parameters > 0 && !decoder.read_id(0, request.entity)) return false;
  if (decoder.match.parameters > 1 && !decoder.read_id(1, second)) return false;
  request.kind = route.kind;
  if (!decoder.check_query()) return false;
  if (route.command == nullptr) return decoder.read_state();
  if (!decoder.parse_body(route.body)) return false;
  std::string first = request.entity;  // a reader may move it away
  Reading reading{
      first, second, JsonObject(decoder.json), request, decoder.options.accepts_cards, decoder.options.card_webhooks};
  route.command(reading);
  if (!reading.body.finish()) return decoder.refuse_body();
  if (is_told_of(reading.needs)) request.actor = decoder.options.actor;
  return decoder.allow(reading.needs);
}

bool read_history(Decoder& decoder) {
  Decoded& out = decoder.out;
  if (!decoder.read_id(0, out.request.entity)) return false;
  out.request.kind = out.route->kind;
  std::int64_t after = 0, limit = history_limit;
  const bool good = decoder.each_parameter([&](std::string_view name, std::string_view value) {
    if (name == "after_version")
      return decoder.read_number(name, value, 0, std::numeric_limits<std::int64_t>::max(), after);
    return name == "limit" ? decoder.read_number(name, value, 1, history_limit_max, limit)
                           : decoder.refuse_parameter(name);
  });
  out.after = {static_cast<std::uint64_t>(after)};
  out.limit = static_cast<std::size_t>(limit);
  return good && decoder.check_no_body();
}

namespace {

void append_part(std::string& out, std::string_view part) {
  const auto size = static_cast<std::uint32_t>(part.size());
  char bytes[sizeof size];
  std::memcpy(bytes, &size, sizeof size);
  out.append(bytes, sizeof bytes);
  out.append(part);
}

}  // namespace

Problem forbidden_without(Role needed) {
  Problem problem(Code::forbidden, "This needs a token with the role " + std::string(name_of(needed)) + '.');
  problem.role = name_of(needed);
  return problem;
}

Problem forbidden_to_tenants() {
  Problem problem(Code::forbidden, "This is about all tenants: it needs an operator of the whole server.");
  problem.role = name_of(Role::operator_);
  return problem;
}

Decoded decode(const Message& message, const Target& target, const RouteMatch& match, const DecodeOptions& options,
               JsonDocument& json) {
  Decoded out;
  Decoder{message, target, match, options, json, out}.run();
  return out;
}

Decoded decode(const Message& message, const DecodeOptions& options) {
  JsonDocument json;
  const Target target = split_target(message.target);
  return decode(message, target, match_route(message.method, target.path), options, json);
}

Fingerprint fingerprint_of(Method method, const Target& target, std::string_view body) {
  thread_local std::string bytes;  // reused: the hash in one go is several times faster than in pieces
  bytes.clear();
  append_part(bytes, name_of(method));
  append_part(bytes, target.path);
  append_part(bytes, target.query);
  append_part(bytes, body);
  const XXH128_hash_t hash = XXH3_128bits(bytes.data(), bytes.size());
  if (hash.high64 == 0 && hash.low64 == 0) return {0, 1};
  return {hash.high64, hash.low64};
}

}  // namespace tote::http
