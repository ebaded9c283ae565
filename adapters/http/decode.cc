#include "adapters/http/decode.h"

#include <xxhash.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <limits>

#include "actors/match/match.h"
#include "actors/refund/refunds.h"
#include "adapters/http/log_feed.h"
#include "adapters/http/request_headers.h"
#include "adapters/http/resources.h"
#include "engine/kernel/limits.h"
#include "engine/kernel/name.h"

namespace tote::http {
namespace {

bool is_change(Method method) {
  return method == Method::post || method == Method::put || method == Method::patch || method == Method::delete_;
}

bool is_history(Endpoint endpoint) {
  return endpoint == Endpoint::wallet_history || endpoint == Endpoint::item_history ||
         endpoint == Endpoint::match_history;
}

bool is_saga(Endpoint endpoint) {
  return endpoint == Endpoint::saga_read || endpoint == Endpoint::saga_retry || endpoint == Endpoint::saga_skip;
}

bool is_gateway(Endpoint endpoint) {
  return endpoint == Endpoint::gateway_balance || endpoint == Endpoint::gateway_charges ||
         endpoint == Endpoint::gateway_refunds;
}

// One request on its way through the checks: each is false when it has put a problem into `out`.
struct Decoder {
  const Message& message;
  const Target& target;
  const RouteMatch& match;
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
    const bool is_batch = out.route->endpoint == Endpoint::batch;  // its lines may have keys of their own
    if (out.request.key.empty())
      return is_batch || !options.require_idempotency_key || refuse(Problem(Code::idempotency_key_missing));
    out.request.fingerprint = fingerprint_of(message.method, target, message.body);
    return true;
  }

  bool read_conditions() {
    if (!take(read_deadline(message.headers), out.request.deadline_ms)) return false;
    return is_change(message.method) ? read_change_conditions() : read_read_conditions();
  }

  // If-Match names a version of the one entity that a change is addressed to, in its path.
  bool takes_if_match() const {
    const Endpoint endpoint = out.route->endpoint;
    if (const Resource* resource = resource_of(endpoint))
      return resource->ids > 0 && resource->kind != Refunds::kind_id;
    return is_saga(endpoint);
  }

  bool read_change_conditions() {
    if (message.headers.has(Header::if_none_match))
      return refuse(Problem(Code::invalid_request, "The header If-None-Match is for GET; a change takes If-Match."));
    if (message.headers.has(Header::if_match) && !takes_if_match())
      return refuse(
          Problem(Code::invalid_request, "This change is of no one entity whose version If-Match could name."));
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

  bool parse_body(Body body) {
    const bool none = message.body.empty() && body == Body::optional;
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

  bool read_resource(const Resource& resource) {
    std::string second;
    std::string& first = out.request.entity;
    if (resource.ids > 0 && !read_id(0, first)) return false;
    if (resource.ids > 1 && !read_id(1, second)) return false;
    out.request.kind = resource.kind;
    out.action = Action::submit;
    if (is_history(resource.endpoint)) return read_history();
    if (resource.endpoint == Endpoint::refunds_read) return read_refunds();
    if (resource.endpoint == Endpoint::match_players) return read_players();
    if (!check_query()) return false;
    if (resource.endpoint == Endpoint::match_booking) ask({.player = std::move(second)});
    if (resource.reader == nullptr) return read_state();
    if (resource.body == Body::none) {
      json.parse("{}");
      if (!check_no_body()) return false;
    } else if (!parse_body(resource.body)) {
      return false;
    }
    std::string path_id = first;  // a reader may move it away
    Reading reading{path_id, second, JsonObject(json), out.request, options.accepts_cards};
    resource.reader(reading);
    return reading.body.finish() || refuse_body();
  }

  bool read_state() {
    out.argument = message.headers.value(Header::if_none_match);
    return check_no_body();
  }

  // One integer of the query; `into` keeps its value when the query doesn't have it.
  bool read_number(std::string_view name, std::string_view value, std::int64_t min, std::int64_t max,
                   std::int64_t& into) {
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), into);
    if (error == std::errc() && end == value.data() + value.size() && into >= min && into <= max) return true;
    return refuse(Problem(Code::invalid_request, "The query parameter " + std::string(name) +
                                                     " must be an integer from " + std::to_string(min) + " to " +
                                                     std::to_string(max) + '.'));
  }

  // Calls take(name, value) for each parameter; it is false when it has put a problem into `out`.
  template <class Take>
  bool each_parameter(const Take& take) {
    std::string_view rest = target.query;
    while (!rest.empty()) {
      const std::string_view one = rest.substr(0, rest.find('&'));
      rest.remove_prefix(std::min(rest.size(), one.size() + 1));
      const auto equals = one.find('=');
      const std::string_view value = equals == std::string_view::npos ? std::string_view{} : one.substr(equals + 1);
      if (!take(one.substr(0, equals), value)) return false;
    }
    return true;
  }

  bool refuse_parameter(std::string_view name) {
    return refuse(Problem(Code::invalid_request, "This path takes no query parameter " + std::string(name) + '.'));
  }

  bool read_history() {
    std::int64_t after = 0, limit = history_limit;
    out.action = Action::history;
    const bool good = each_parameter([&](std::string_view name, std::string_view value) {
      if (name == "after_version") return read_number(name, value, 0, std::numeric_limits<std::int64_t>::max(), after);
      return name == "limit" ? read_number(name, value, 1, history_limit_max, limit) : refuse_parameter(name);
    });
    out.after = {static_cast<std::uint64_t>(after)};
    out.limit = static_cast<std::size_t>(limit);
    return good && check_no_body();
  }

  bool read_players() {
    Match::Question question;
    std::int64_t limit = Match::players_shown_max;
    const bool good = each_parameter([&](std::string_view name, std::string_view value) {
      if (name == "limit") return read_number(name, value, 1, Match::players_page_max, limit);
      if (name != "after") return refuse_parameter(name);
      const bool is_id = percent_decode(value, question.after) && is_valid_id(question.after);
      return is_id || refuse(Problem(Code::invalid_id, "The query parameter after must be a player."));
    });
    question.limit = static_cast<std::size_t>(limit);
    ask(std::move(question));
    return good && read_state();
  }

  void ask(Match::Question question) {
    out.request.command = Command(std::move(question));
    out.request.is_question = true;
  }

  bool read_refunds() {
    out.request.entity = Refunds::id;
    return each_parameter([&](std::string_view name, std::string_view value) {
             if (name != "status") return refuse_parameter(name);
             for (int status = 0; status <= static_cast<int>(Refunds::Status::failed); ++status)
               if (name_of(static_cast<Refunds::Status>(status)) == value) return out.status = value, true;
             return refuse(
                 Problem(Code::invalid_request, "status must be queued, sent, pending_funds, succeeded or failed."));
           }) &&
           read_state();
  }

  bool read_saga() {
    std::string public_id;
    KindId kind = 0;
    std::string_view id;
    if (!percent_decode(match.raw[0], public_id) || public_id.empty() ||
        !std::all_of(public_id.begin(), public_id.end(), is_id_char))
      return refuse(Problem(Code::invalid_id));
    if (!read_saga_id(public_id, kind, id)) return refuse(Problem(problem::not_found, "There is no such saga."));
    if (!check_query()) return false;
    out.action = Action::submit;
    out.request.kind = kind;
    out.request.entity = id;
    if (out.route->endpoint == Endpoint::saga_read) return read_state();
    if (!parse_body(Body::required)) return false;
    std::string none;
    Reading reading{none, none, JsonObject(json), out.request};
    (out.route->endpoint == Endpoint::saga_retry ? read_saga_retry : read_saga_skip)(public_id, reading);
    return reading.body.finish() || refuse_body();
  }

  bool read_gateway() {
    out.action = Action::gateway;
    if (out.route->endpoint != Endpoint::gateway_balance) return check_query() && check_no_body();
    if (!check_query() || !parse_body(Body::required)) return false;
    JsonObject body(json);
    out.amount = body.integer("amount", 0, limits::balance_max);
    return body.finish() || refuse_body();
  }

  // Its lines are read with the tenant known (batch.h).
  bool read_batch_request() {
    out.action = Action::batch;
    return check_query();
  }

  bool read_projection() {
    out.action = Action::projection;
    return check_query() && check_no_body();
  }

  bool read_log() {
    std::int64_t after = 0, limit = log_limit;
    out.action = Action::log;
    out.is_stream = message.method == Method::get &&
                    message.headers.value(Header::accept).find("text/event-stream") != std::string_view::npos;
    constexpr std::int64_t lsn_max = std::numeric_limits<std::int64_t>::max();
    const bool good = each_parameter([&](std::string_view name, std::string_view value) {
      if (name == "after") return read_number(name, value, 0, lsn_max, after);
      return name == "limit" ? read_number(name, value, 1, log_limit_max, limit) : refuse_parameter(name);
    });
    if (!good || !check_no_body()) return false;
    // A client that comes back says where it was.
    const std::string_view last = message.headers.value(Header::last_event_id);
    if (out.is_stream && !last.empty()) {
      const auto [end, error] = std::from_chars(last.data(), last.data() + last.size(), after);
      if (error != std::errc() || end != last.data() + last.size() || after < 0)
        return refuse(Problem(Code::invalid_request, "The header Last-Event-ID must be an LSN."));
    }
    out.after_lsn = {static_cast<std::uint64_t>(after)};
    out.limit = static_cast<std::size_t>(limit);
    return true;
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
    const Endpoint endpoint = out.route->endpoint;
    if (const Resource* resource = resource_of(endpoint))
      read_resource(*resource);
    else if (is_saga(endpoint))
      read_saga();
    else if (is_gateway(endpoint))
      read_gateway();
    else if (endpoint == Endpoint::batch)
      read_batch_request();
    else if (endpoint == Endpoint::projection)
      read_projection();
    else if (endpoint == Endpoint::log)
      read_log();
    else if (endpoint == Endpoint::outcome)
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
