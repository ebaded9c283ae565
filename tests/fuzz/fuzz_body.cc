// Any bytes as the body of any route: it is refused naming what is wrong, or it is a command with a digest.
//
//   first line: the route, as "POST /v1/transfers" (else its length chooses one); the rest: the body
#include <string>
#include <string_view>
#include <vector>

#include "adapters/http/batch.h"
#include "adapters/http/decode.h"
#include "adapters/http/routes.h"
#include "adapters/server/message.h"
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
  std::string target(route.pattern);
  for (std::size_t at = target.find('{'); at != std::string::npos; at = target.find('{', at + 1))
    target.replace(at, target.find('}', at) - at + 1, target.compare(at, 6, "{saga}") == 0 ? "order:x" : "x");
  return target;
}

void check_batch(std::string_view body) {
  const std::size_t lines = count_lines(body);
  if (lines == 0 || lines > batch_lines_max) return;
  JsonDocument json;
  Batch batch;
  batch.body = body;
  std::vector<Request> requests;
  while (!batch.is_read()) {
    const std::size_t before = batch.read;
    read_lines(batch, "batch-key", {.accepts_cards = true}, json, requests);
    TOTE_INVARIANT(batch.read > before);
  }
  std::size_t refused = 0;
  for (const auto& problem : batch.problems) {
    if (problem == nullptr) continue;
    ++refused;
    check_problem(*problem);
  }
  TOTE_INVARIANT(batch.problems.size() == lines && requests.size() + refused == lines);
  for (const Request& request : requests) check_request(request);
}

void check_body(const Route& route, std::string_view body) {
  Message message;
  message.method = route.method;
  message.target = target_of(route);
  message.body = body;
  const Decoded decoded = decode(message, DecodeOptions{.accepts_cards = true});
  TOTE_INVARIANT(decoded.route == &route);
  if (decoded.is_for_engine()) check_request(decoded.request);
  if (decoded.is_refused()) check_problem(decoded.problem);
  if (route.serving->has_lines && !decoded.is_refused()) check_batch(body);
}

}  // namespace
}  // namespace tote::http

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view rest = tote::fuzz::text_of(data, size);
  const auto& route = tote::http::route_of(tote::fuzz::take_until(rest, '\n'));
  tote::http::check_body(route, rest);
  return 0;
}
