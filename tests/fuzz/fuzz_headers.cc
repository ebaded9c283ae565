// Any bytes as the values of the headers that mean something, and as a target: what is accepted keeps its promises.
//
//   one value a line: Host, Idempotency-Key, If-Match, If-None-Match, Tote-Deadline-Ms, Tote-Min-Lsn, Origin,
//   Authorization, the target, a time
#include <array>
#include <string>
#include <string_view>

#include "adapters/http/access.h"
#include "adapters/http/json_time.h"
#include "adapters/http/request_headers.h"
#include "adapters/http/routes.h"
#include "adapters/server/message.h"
#include "engine/kernel/name.h"
#include "tests/fuzz/fuzz_target.h"

namespace tote::http {
namespace {

constexpr std::string_view token_sha256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";  // of ""

constexpr auto line_headers =
    std::to_array<Header>({Header::host, Header::idempotency_key, Header::if_match, Header::if_none_match,
                           Header::tote_deadline_ms, Header::tote_min_lsn, Header::origin, Header::authorization});

void check_values(const Headers& headers) {
  const auto key = read_idempotency_key(headers);
  TOTE_INVARIANT(key.problem || key.value.empty() || is_valid_idempotency_key(key.value));
  TOTE_INVARIANT(key.problem || key.value.empty() == !headers.has(Header::idempotency_key));
  for (const bool creates : {false, true}) {
    const auto if_match = read_if_match(headers, creates);
    TOTE_INVARIANT(!if_match.value || if_match.value->value > 0);
    // The tag that it was read from names the version that it says.
    if (if_match.value) TOTE_INVARIANT(names_version(headers.value(Header::if_match), *if_match.value));
  }
  const auto deadline_ms = read_deadline(headers);
  TOTE_INVARIANT(deadline_ms.value >= 0 && deadline_ms.value <= deadline_ms_max);
  read_min_lsn(headers);
  names_version(headers.value(Header::if_none_match), Version{1});
}

// Nobody knows the token of a digest: nothing that anybody says may be taken for it.
void check_access(const Headers& headers) {
  Access open, closed;
  TOTE_INVARIANT(!open.configure({}));
  TOTE_INVARIANT(!closed.configure({{"shop", {std::string(token_sha256)}}}));
  open.check(headers);
  TOTE_INVARIANT(!closed.check(headers).tenant);
}

void check_target(std::string_view text) {
  const Target target = split_target(text);
  TOTE_INVARIANT(target.path.size() + target.query.size() <= text.size());
  for (const Method method : {Method::get, Method::post, Method::put, Method::delete_, Method::head}) {
    const RouteMatch match = match_route(method, target.path);
    std::string decoded;
    for (const std::string_view raw : match.raw)
      if (percent_decode(raw, decoded)) TOTE_INVARIANT(decoded.size() <= raw.size());
  }
}

}  // namespace
}  // namespace tote::http

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tote::http;
  std::string_view rest = tote::fuzz::text_of(data, size);
  Headers headers;
  for (const Header header : line_headers) {
    const std::string_view line = tote::fuzz::take_until(rest, '\n');
    if (!line.empty()) headers.add(name_of(header), line);
  }
  check_values(headers);
  check_access(headers);
  check_target(tote::fuzz::take_until(rest, '\n'));
  if (const auto time = read_time(rest)) TOTE_INVARIANT(time->ns >= 0);
  return 0;
}
