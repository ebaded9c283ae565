// Any bytes as the body of any route: it is refused naming what is wrong, or it is a command with a digest.
//
//   first line: the route, as "POST /v1/transfers" (else its length chooses one); the rest: the body
#include <string>
#include <string_view>

#include "adapters/http/batch.h"
#include "adapters/http/decode.h"
#include "adapters/http/message.h"
#include "adapters/http/routes.h"
#include "tests/fuzz/fuzz_target.h"
#include "tests/fuzz/request_checks.h"

namespace tote::http {
namespace {

using fuzz::check_problem;
using fuzz::check_request;

const Route& route_of(std::string_view line) {
  const auto table = routes();
  for (const Route& route : table) {
    const std::string_view method = name_of(route.method);
    if (line.starts_with(method) && line.substr(method.size()).starts_with(' ') &&
        line.substr(method.size() + 1) == route.pattern)
      return route;
  }
  return table[line.size() % table.size()];
}

// "/v1/wallets/{id}/credits" with its parameters filled in.
std::string target_of(const Route& route) {
  const std::string_view parameter = route.endpoint == Endpoint::saga_retry || route.endpoint == Endpoint::saga_skip ||
                                             route.endpoint == Endpoint::saga_read
                                         ? "order:x"
                                         : "x";
  std::string target(route.pattern);
  for (std::size_t at = target.find('{'); at != std::string::npos; at = target.find('{', at + 1))
    target.replace(at, target.find('}', at) - at + 1, parameter);
  return target;
}

void check_batch(std::string_view body) {
  JsonDocument json;
  Batch batch;
  if (const auto problem = read_batch(body, "batch-key", {.accepts_cards = true}, json, batch))
    return check_problem(*problem);
  std::size_t refused = 0;
  for (const auto& line : batch.lines) {
    if (!line) continue;
    ++refused;
    check_problem(*line);
  }
  TOTE_INVARIANT(batch.requests.size() + refused == batch.lines.size());
  for (const Request& request : batch.requests) check_request(request);
}

void check_body(const Route& route, std::string_view body) {
  Message message;
  message.method = route.method;
  message.target = target_of(route);
  message.body = body;
  const Decoded decoded = decode(message, DecodeOptions{.accepts_cards = true});
  TOTE_INVARIANT(decoded.route != nullptr && decoded.route->endpoint == route.endpoint);
  if (decoded.action == Action::submit) check_request(decoded.request);
  if (decoded.action == Action::refuse) check_problem(decoded.problem);
  if (decoded.action == Action::batch) check_batch(body);
}

}  // namespace
}  // namespace tote::http

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view rest = tote::fuzz::text_of(data, size);
  const auto& route = tote::http::route_of(tote::fuzz::take_until(rest, '\n'));
  tote::http::check_body(route, rest);
  return 0;
}
