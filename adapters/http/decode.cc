#include "adapters/http/decode.h"

#include <xxhash.h>

#include <cstring>

#include "actors/wallet/wallet.h"
#include "adapters/http/request_headers.h"
#include "adapters/http/wallet_bodies.h"
#include "engine/kernel/name.h"

namespace tote::http {
namespace {

bool is_change(Method method) { return method == Method::post || method == Method::put || method == Method::delete_; }

bool is_wallet(Endpoint endpoint) { return endpoint <= Endpoint::wallet_release; }

// One request on its way through the checks: each is false when it has put a problem into `out`.
struct Decoder {
  const Message& message;
  const Target& target;
  const Match& match;
  const DecodeOptions& options;
  JsonDocument& json;
  Decoded& out;

  bool refuse(Problem problem) {
    out.action = Action::refuse;
    out.problem = std::move(problem);
    return false;
  }

  template <class T>
  bool take(Read<T>&& read, T& into) {
    if (read.problem) return refuse(std::move(*read.problem));
    into = std::move(read.value);
    return true;
  }

  bool find_route() {
    out.route = match.route;
    if (match.route != nullptr) return true;
    if (match.allow.empty()) return refuse(Problem(problem::not_found, "There is no such path."));
    Problem problem(problem::method_not_allowed);
    problem.allow = match.allow;
    return refuse(std::move(problem));
  }

  bool read_key() {
    if (!is_change(message.method)) return true;
    if (!take(read_idempotency_key(message.headers), out.request.key)) return false;
    if (out.request.key.empty())
      return !options.require_idempotency_key || refuse(Problem(Code::idempotency_key_missing));
    out.request.fingerprint = fingerprint_of(message.method, target, message.body);
    return true;
  }

  bool read_conditions() {
    if (!take(read_deadline(message.headers), out.request.deadline_ms)) return false;
    return is_change(message.method) ? read_change_conditions() : read_read_conditions();
  }

  bool read_change_conditions() {
    if (message.headers.has(Header::if_none_match))
      return refuse(Problem(Code::invalid_request, "The header If-None-Match is for GET; a change takes If-Match."));
    const bool creates = out.route->method == Method::put;
    return take(read_if_match(message.headers, creates), out.request.expected_version);
  }

  bool read_read_conditions() {
    if (!take(read_min_lsn(message.headers), out.request.min_lsn)) return false;
    const bool waits = out.request.min_lsn.value != 0;
    if (waits && out.request.deadline_ms == 0) out.request.deadline_ms = min_lsn_deadline_ms;
    return true;
  }

  bool read_id(std::size_t parameter, std::string& into) {
    if (percent_decode(match.raw[parameter], into) && is_valid_id(into)) return true;
    return refuse(Problem(Code::invalid_id));
  }

  bool check_query() {
    return target.query.empty() || refuse(Problem(Code::invalid_request, "This path takes no query parameters."));
  }

  bool check_no_body() {
    return message.body.empty() || refuse(Problem(Code::invalid_request, "This request takes no body."));
  }

  bool parse_body() {
    const bool none = message.body.empty() && body_is_optional(out.route->endpoint);
    return json.parse(none ? std::string_view("{}") : std::string_view(message.body)) || refuse_body();
  }

  bool refuse_body() {
    const JsonError& error = json.error();
    std::string where = error.pointer.empty() ? "The body " : error.pointer + ' ';
    Problem problem(error.bad_id ? Code::invalid_id : Code::invalid_request, std::move(where) + error.detail + '.');
    problem.pointer = error.pointer;
    problem.has_pointer = true;
    return refuse(std::move(problem));
  }

  bool read_wallet() {
    std::string hold;
    const bool has_hold = body_is_optional(out.route->endpoint);
    if (!read_id(0, out.request.entity) || (has_hold && !read_id(1, hold)) || !check_query()) return false;
    out.request.kind = Wallet::kind_id;
    out.action = Action::submit;
    if (out.route->endpoint == Endpoint::wallet_read) {
      out.argument = message.headers.value(Header::if_none_match);
      return check_no_body();
    }
    if (!parse_body()) return false;
    out.request.command = read_wallet_command(out.route->endpoint, std::move(hold), json);
    return !json.failed() || refuse_body();
  }

  bool read_outcome() {
    const bool decoded = percent_decode(match.raw[0], out.argument);
    if (!decoded || !is_valid_idempotency_key(out.argument)) return refuse(Problem(Code::idempotency_key_invalid));
    out.action = Action::find_outcome;
    return check_query() && check_no_body();
  }

  bool read_page() {
    out.action = Action::serve;
    if (!percent_decode(match.raw[0], out.argument)) return refuse(Problem(problem::not_found));
    return check_query() && check_no_body();
  }

  void run() {
    if (!find_route() || !read_key() || !read_conditions()) return;
    if (is_wallet(out.route->endpoint))
      read_wallet();
    else if (out.route->endpoint == Endpoint::outcome)
      read_outcome();
    else
      read_page();
  }
};

void append_part(std::string& out, std::string_view part) {
  const auto size = static_cast<std::uint32_t>(part.size());
  char bytes[sizeof size];
  std::memcpy(bytes, &size, sizeof size);
  out.append(bytes, sizeof bytes);
  out.append(part);
}

}  // namespace

Decoded decode(const Message& message, const Target& target, const Match& match, const DecodeOptions& options,
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
